"""A flow as plain JSON, as items keep it and the flow builder edits it.

Each node is an object with its ``kind``; fields of no use are refused, so that a misspelt one is not lost in silence::

    {"kind": "seq", "children": [
      {"kind": "step", "code": "review", "name": "初审", "attributes": {"office": "lead"}},
      {"kind": "choice", "branches": [{"condition": "金额 > 1000000", "node": {…}}], "otherwise": null},
      {"kind": "repeat", "code": "hearing", "body": {…}, "until": "无异议", "at_most": 3}]}
"""

from __future__ import annotations

import copy
from collections.abc import Mapping

from .errors import FlowError
from .plain import Json
from .tree import DEPTH, All, Branch, Choice, Flow, Node, Repeat, Seq, Step, too_deep

_FIELDS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    # kind: (fields it needs, fields it may have)
    "step": (frozenset({"code", "name"}), frozenset({"attributes"})),
    "seq": (frozenset({"children"}), frozenset()),
    "all": (frozenset({"children"}), frozenset()),
    "choice": (frozenset({"branches"}), frozenset({"otherwise"})),
    "repeat": (frozenset({"code", "body", "until", "at_most"}), frozenset()),
}


def read(document: Json) -> Flow:
    """Read a document. Raises :class:`FlowError` saying what is wrong where; besides the codes of
    :func:`~yizhantong.foundation.flow.tree.validate`: ``flow.not_an_object``, ``flow.unknown_kind``, ``flow.missing_field``,
    ``flow.unknown_field``, ``flow.bad_field``.
    """
    return Flow(_read(document, "$", 1))


def write(flow: Flow) -> dict[str, Json]:
    """The document of a flow; ``read(write(flow)) == flow``."""
    return _write(flow.root)


def _read(value: object, path: str, depth: int) -> Node:
    if depth > DEPTH:
        raise too_deep(path)
    kind, fields = _node_fields(value, path)
    if kind == "step":
        return _read_step(fields, path)
    if kind in ("seq", "all"):
        nodes = tuple(
            _read(child, f"{path}.children[{index}]", depth + 1)
            for index, child in enumerate(_list(fields["children"], f"{path}.children"))
        )
        return Seq(nodes) if kind == "seq" else All(nodes)
    if kind == "choice":
        return _read_choice(fields, path, depth)
    body = _read(fields["body"], f"{path}.body", depth + 1)
    at_most = fields["at_most"]
    if isinstance(at_most, bool) or not isinstance(at_most, int):
        raise FlowError("flow.bad_at_most", "重复的最多轮数应是整数", f"{path}.at_most")
    return Repeat(_text(fields["code"], f"{path}.code"), body, _text(fields["until"], f"{path}.until"), at_most)


def _node_fields(value: object, path: str) -> tuple[str, dict[str, object]]:
    if not isinstance(value, dict):
        raise FlowError("flow.not_an_object", "这里应是一个 JSON 对象；请核对括号与逗号", path)
    kind = value.get("kind")
    if not isinstance(kind, str) or kind not in _FIELDS:
        known = "、".join(_FIELDS)
        raise FlowError("flow.unknown_kind", f"不认识的种类“{kind}”；可用的种类是 {known}", f"{path}.kind")
    needed, optional = _FIELDS[kind]
    _fields(value, needed | {"kind"}, optional, path)
    return kind, value


def _fields(value: dict[str, object], needed: frozenset[str], optional: frozenset[str], path: str) -> None:
    for name in sorted(needed - value.keys()):
        code = "flow.missing_condition" if name in ("condition", "until") else "flow.missing_field"
        raise FlowError(code, f"缺少“{name}”；请补上", path)
    for name in value:
        if name not in needed and name not in optional:
            raise FlowError("flow.unknown_field", f"这里不应有“{name}”；请核对拼写或删去", path)


def _read_step(fields: dict[str, object], path: str) -> Step:
    attributes = fields.get("attributes", {})
    if not isinstance(attributes, dict):
        raise FlowError("flow.bad_attributes", "步骤的属性应是一个 JSON 对象", f"{path}.attributes")
    return Step(_text(fields["code"], f"{path}.code"), _text(fields["name"], f"{path}.name"), copy.deepcopy(attributes))


def _read_choice(fields: dict[str, object], path: str, depth: int) -> Choice:
    branches = []
    for index, branch in enumerate(_list(fields["branches"], f"{path}.branches")):
        place = f"{path}.branches[{index}]"
        if not isinstance(branch, dict):
            raise FlowError("flow.not_an_object", "分支应是一个 JSON 对象", place)
        _fields(branch, frozenset({"condition", "node"}), frozenset(), place)
        condition = _text(branch["condition"], f"{place}.condition")
        branches.append(Branch(condition, _read(branch["node"], f"{place}.node", depth + 1)))
    otherwise = fields.get("otherwise")
    return Choice(tuple(branches), None if otherwise is None else _read(otherwise, f"{path}.otherwise", depth + 1))


def _list(value: object, path: str) -> list[object]:
    if not isinstance(value, list):
        raise FlowError("flow.bad_field", "这里应是一个列表", path)
    return value


def _text(value: object, path: str) -> str:
    if not isinstance(value, str):
        raise FlowError("flow.bad_field", f"这里应是文字，收到的是 {type(value).__name__}", path)
    return value


def _write(node: Node) -> dict[str, Json]:
    if isinstance(node, Step):
        return {
            "kind": "step",
            "code": node.code,
            "name": node.name,
            "attributes": copy.deepcopy(dict(node.attributes)),
        }
    if isinstance(node, Seq | All):
        kind = "seq" if isinstance(node, Seq) else "all"
        return {"kind": kind, "children": [_write(child) for child in node.children]}
    if isinstance(node, Choice):
        branches: list[Json] = [
            {"condition": branch.condition, "node": _write(branch.node)} for branch in node.branches
        ]
        otherwise = None if node.otherwise is None else _write(node.otherwise)
        return {"kind": "choice", "branches": branches, "otherwise": otherwise}
    return {
        "kind": "repeat",
        "code": node.code,
        "body": _write(node.body),
        "until": node.until,
        "at_most": node.at_most,
    }
