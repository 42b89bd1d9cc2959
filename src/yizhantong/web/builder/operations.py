"""What the buttons beside rows do: move up, move down, remove, add."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from yizhantong.web.builder.nested import at

Tree = dict[str, Any]


def free_code(stem: str, taken: set[str]) -> str:
    """Return a code that is not taken: ``material_1``, ``material_2`` …"""
    number = 1
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"


def operate(tree: Tree, do: str) -> None:
    """Change a posted tree as a button says: ``up:materials.2``, ``remove:form.0.fields.1``, ``add:materials``."""
    verb, _, path = do.partition(":")
    if verb == "add" or verb == "add-field":
        _ADD.get(path.partition(":")[0].partition(".")[0], _nothing)(tree, path)
        return
    where, _, last = path.rpartition(".")
    rows = at(tree, where) if where else None
    if not isinstance(rows, list) or not last.isdigit() or int(last) >= len(rows):
        return
    place = int(last)
    if verb == "remove":
        del rows[place]
    elif verb in ("up", "down"):
        other = place - 1 if verb == "up" else place + 1
        if 0 <= other < len(rows):
            rows[place], rows[other] = rows[other], rows[place]


def _nothing(_tree: Tree, _path: str) -> None:
    """An unknown button changes nothing."""


def _codes(rows: Any) -> set[str]:
    return {str(row.get("code")) for row in rows or () if isinstance(row, Mapping)}


def _listed(tree: Tree, name: str) -> list[Any]:
    rows = tree.get(name)
    if not isinstance(rows, list):
        rows = tree[name] = []
    return rows


def _add_form(tree: Tree, path: str) -> None:
    """``form`` adds a section; ``form.0:<element>`` adds a field to the first."""
    sections = _listed(tree, "form")
    place, _, element = path.partition(":")
    if place == "form":
        number = len(sections) + 1
        sections.append({"code": free_code("section", _codes(sections)), "title": f"第 {number} 部分", "fields": []})
        return
    section = at(tree, place)
    if isinstance(section, dict) and element:
        fields = section.get("fields")
        if not isinstance(fields, list):
            fields = section["fields"] = []
        fields.append({"element": element, "required": "true"})


def _add_material(tree: Tree, _path: str) -> None:
    rows = _listed(tree, "materials")
    code = free_code("material", _codes(rows))
    rows.append({"code": code, "name": f"新材料 {code.rpartition('_')[2]}"})


def _add_condition(tree: Tree, _path: str) -> None:
    rows = _listed(tree, "conditions")
    code = free_code("condition", _codes(rows))
    rows.append({"code": code, "text": f"新条件 {code.rpartition('_')[2]}", "mode": "rows"})


def _add_guide(tree: Tree, path: str) -> None:
    guide = tree.setdefault("guide", {})
    if path == "guide.fees":
        _listed(guide, "fees").append({"name": "新收费项目", "standard": "", "by_law": ""})
    elif path == "guide.questions":
        _listed(guide, "questions").append({"question": "新问题", "answer": ""})


_ADD: Mapping[str, Callable[[Tree, str], None]] = {
    "form": _add_form,
    "materials": _add_material,
    "conditions": _add_condition,
    "guide": _add_guide,
}
