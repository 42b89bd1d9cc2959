"""Declared types: what conforms to them, and how values are brought into them (DMN 1.5, clauses 10.3.2.9 and 7.3.2).

A definition is a name (``"number"``, a name of ``types``), or one of ``{"list": T}``, ``{"range": T}``, ``{"context": {name: T}}``,
``{"function": {"parameters": [T], "result": T}}`` and ``{"allowed": unary tests, "of": T}``, with definitions T.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from . import ast
from .ast import Node
from .limits import FeelError
from .moments import AnyDate, DateTime, date_days
from .runtime import Env, OwnFunction, Run
from .values import Function, Range, kind, label

Definition = str | Mapping[str, object]
KIND_NAMES = {
    "number": "number",
    "string": "string",
    "boolean": "boolean",
    "date": "date",
    "time": "time",
    "date and time": "date and time",
    "dateTime": "date and time",
    "years and months duration": "years and months duration",
    "yearMonthDuration": "years and months duration",
    "days and time duration": "days and time duration",
    "dayTimeDuration": "days and time duration",
    "list": "list",
    "context": "context",
    "range": "range",
    "function": "function",
}
MAX_TYPE_DEPTH = 50


def definition_of(node: Node) -> Definition:
    """The definition that a type in an expression means."""
    if isinstance(node, ast.ListType):
        return {"list": definition_of(node.item)}
    if isinstance(node, ast.RangeType):
        return {"range": definition_of(node.item)}
    if isinstance(node, ast.ContextType):
        return {"context": {name: definition_of(kind_node) for name, kind_node in node.entries}}
    if isinstance(node, ast.FunctionType):
        return {
            "function": {
                "parameters": [definition_of(part) for part in node.parameters],
                "result": definition_of(node.result),
            }
        }
    assert isinstance(node, ast.TypeName)
    return node.name


def conforms(run: Run, value: object, node: Node) -> bool | None:
    """``value instance of type`` for a value that is not null; None (and an error noted) for an unknown type.

    Allowed values do not count here: they bind where values are assigned (see :func:`coerce`).
    """
    return _conforms(run, value, definition_of(node), MAX_TYPE_DEPTH)


def _conforms(run: Run, value: object, definition: object, depth: int) -> bool | None:
    if depth == 0:
        return run.fail("rules.bad_type", "类型的定义嵌套过深，或自己引用自己。")
    if isinstance(definition, Mapping):
        for key, check in _CHECKS.items():
            if key in definition:
                return check(run, value, definition, depth - 1)
        return run.fail("rules.bad_type", "读不懂类型的定义。")
    name = str(definition)
    if name in run.types:
        return _conforms(run, value, run.types[name], depth - 1)
    if name == "Any":
        return value is not None
    if name == "Null":
        return value is None
    wanted = KIND_NAMES.get(name)
    if wanted is None:
        return run.fail("rules.unknown_type", f"没有名为“{name}”的类型。")
    return kind(value) == wanted


def _accepts(run: Run, value: object, definition: object, depth: int) -> bool | None:
    """As :func:`_conforms`, but null is a value of every type (parts of lists and contexts)."""
    return True if value is None else _conforms(run, value, definition, depth)


def _all(results: list[bool | None]) -> bool | None:
    return None if None in results else all(results)


def _check_list(run: Run, value: object, definition: Mapping[str, object], depth: int) -> bool | None:
    if not isinstance(value, list):
        return False
    run.budget.spend(len(value))
    return _all([_accepts(run, item, definition["list"], depth) for item in value])


def _check_range(run: Run, value: object, definition: Mapping[str, object], depth: int) -> bool | None:
    if not isinstance(value, Range):
        return False
    ends = [end for end in (value.low, value.high) if end is not None]
    return _all([_conforms(run, end, definition["range"], depth) for end in ends]) if ends else False


def _check_context(run: Run, value: object, definition: Mapping[str, object], depth: int) -> bool | None:
    members = cast(Mapping[str, object], definition["context"])
    if not isinstance(value, dict) or any(name not in value for name in members):
        return False
    return _all([_accepts(run, value[name], part, depth) for name, part in members.items()])


def _check_function(run: Run, value: object, definition: Mapping[str, object], depth: int) -> bool | None:
    if not isinstance(value, Function):
        return False
    shape = cast(Mapping[str, object], definition["function"])
    wanted = cast("list[object]", shape.get("parameters", []))
    if not isinstance(value, OwnFunction):
        return True
    if len(value.parameters) != len(wanted):
        return False
    declared = [definition_of(node) if node is not None else "Any" for node in value.kinds]
    return all(own == "Any" or own == other for own, other in zip(declared, wanted, strict=True))


def _check_allowed(run: Run, value: object, definition: Mapping[str, object], depth: int) -> bool | None:
    return _conforms(run, value, definition.get("of", "Any"), depth)


_CHECKS = {
    "allowed": _check_allowed,
    "list": _check_list,
    "range": _check_range,
    "context": _check_context,
    "function": _check_function,
}


def allows(run: Run, value: object, tests: str) -> bool:
    """Whether unary tests (allowed values) let a value pass; tests that cannot be read let none and are noted."""
    try:
        check = run.engine.compile_tests(tests, ())
    except FeelError as error:
        run.fail(error.code, error.message)
        return False
    return check(Env({}, None, run, value), value) is True


def _within_allowed(run: Run, value: object, definition: object, depth: int = MAX_TYPE_DEPTH) -> bool:
    """Whether the value and its parts keep to the allowed values; the value conforms to the definition already."""
    if value is None or depth == 0:
        return value is None
    if isinstance(definition, Mapping):
        if "allowed" in definition:
            inner = _within_allowed(run, value, definition.get("of", "Any"), depth - 1)
            return inner and allows(run, value, str(definition["allowed"]))
        if "list" in definition:
            return all(
                _within_allowed(run, item, definition["list"], depth - 1) for item in cast("list[object]", value)
            )
        if "context" in definition:
            members = cast(Mapping[str, object], definition["context"])
            return all(
                _within_allowed(run, cast("dict[str, object]", value)[name], part, depth - 1)
                for name, part in members.items()
            )
        return True
    name = str(definition)
    return _within_allowed(run, value, run.types[name], depth - 1) if name in run.types else True


def _fits(run: Run, value: object, definition: object) -> bool:
    return _conforms(run, value, definition, MAX_TYPE_DEPTH) is True and _within_allowed(run, value, definition)


def coerce(run: Run, value: object, definition: object) -> object:
    """The value as of the declared type: itself, its only item, a list of it, or midnight UTC of a date; else null, noted."""
    if value is None or _fits(run, value, definition):
        return value
    candidates: list[object] = [[value]]
    if isinstance(value, list) and len(value) == 1:
        candidates = [value[0]]
    elif kind(value) == "date":
        candidates.append(DateTime(date_days(cast(AnyDate, value)), 0, 0))
    for candidate in candidates:
        if candidate is not None and _fits(run, candidate, definition):
            return candidate
    return run.fail("rules.wrong_type", f"{label(value)}不合所声明的类型，按未知处理。")
