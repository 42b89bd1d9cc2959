"""Conditions as rows that can be built without knowing FEEL, and back: element, operator, value, in groups of and/or.

``年营业收入 >= 4000000 and (行业大类 = "C38" or 行业大类 = "C39")`` is two groups joined by ``and``: one row, and two rows joined by ``or``.
What rows cannot show (arithmetic, ``if``, functions, deeper nesting) is None here and stays text. ``as_rows(as_feel(rows))`` gives
the rows back (:func:`normal`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import reduce
from typing import Literal, TypeAlias

from yizhantong.foundation.rules import FeelError, ast, parse
from yizhantong.foundation.rules.chains import operands
from yizhantong.foundation.rules.explain.conditions import negation_of
from yizhantong.foundation.rules.unparse import to_text

Joiner = Literal["and", "or"]
Value: TypeAlias = Decimal | str | bool | dt.date
OPERATORS = (">=", ">", "<=", "<", "=", "!=", "in", "not in", "known", "missing")
LISTS = ("in", "not in")
BARE = ("known", "missing")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: ``values`` has one value, several for ``in`` and ``not in``, none for ``known`` and ``missing``."""

    name: str
    operator: str
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one joiner."""

    joiner: Joiner
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """Groups under one joiner."""

    joiner: Joiner
    groups: tuple[Group, ...]


def normal(rows: Rows) -> Rows:
    """Return rows in their one form: no empty group, no joiner where nothing is joined, no group that its joiner dissolves."""
    groups = [group for group in rows.groups if group.rows]
    if not groups:
        return Rows("and", ())
    if len(groups) == 1:
        (only,) = groups
        return Rows("and", (only if len(only.rows) > 1 else replace(only, joiner="and"),))
    if all(len(group.rows) == 1 or group.joiner == rows.joiner for group in groups):
        return Rows("and", (Group(rows.joiner, tuple(row for group in groups for row in group.rows)),))
    made: list[Group] = []
    for group in groups:
        if len(group.rows) == 1 or group.joiner == rows.joiner:
            made += [Group("and", (row,)) for row in group.rows]
        else:
            made.append(group)
    return Rows(rows.joiner, tuple(made))


def as_rows(text: str, names: Iterable[str] = ()) -> Rows | None:
    """Return a rule as rows; None when it cannot be read or rows cannot show it. An empty text is no rows."""
    if not text.strip():
        return Rows("and", ())
    try:
        node = parse(text, names)
    except FeelError:
        return None
    if isinstance(node, ast.Logic):
        joiner = _joiner(node)
        groups = [_group(part) for part in operands(node)]
    else:
        joiner, groups = "and", [_group(node)]
    if any(group is None for group in groups):
        return None
    return normal(Rows(joiner, tuple(group for group in groups if group is not None)))


def _joiner(node: ast.Logic) -> Joiner:
    return "and" if node.op == "and" else "or"


def _group(node: ast.Node) -> Group | None:
    parts = operands(node) if isinstance(node, ast.Logic) else [node]
    rows = [_row(part) for part in parts]
    if any(row is None for row in rows):
        return None
    joiner = _joiner(node) if isinstance(node, ast.Logic) else "and"
    return Group(joiner, tuple(row for row in rows if row is not None))


def _row(node: ast.Node) -> Row | None:
    negated = negation_of(node)
    if negated is not None:
        inner = _row(negated)
        return replace(inner, operator="not in") if inner is not None and inner.operator == "in" else None
    if isinstance(node, ast.In) and isinstance(node.operand, ast.Name) and not node.tests.negated:
        return _listed(node.operand.name, node.tests.tests)
    if not isinstance(node, ast.Compare) or not isinstance(node.left, ast.Name):
        return None
    name = node.left.name
    if isinstance(node.right, ast.Null):
        return Row(name, {"=": "missing", "!=": "known"}[node.op]) if node.op in ("=", "!=") else None
    value = _value(node.right)
    return None if value is None else Row(name, node.op, (value,))


def _listed(name: str, tests: tuple[ast.Node, ...]) -> Row | None:
    if len(tests) == 1 and isinstance(tests[0], ast.ListLiteral):
        tests = tests[0].items
    values = [_value(test) for test in tests]
    if not values or any(value is None for value in values):
        return None
    return Row(name, "in", tuple(value for value in values if value is not None))


def _value(node: ast.Node) -> Value | None:
    if isinstance(node, ast.Number | ast.String | ast.Boolean):
        return node.value
    if isinstance(node, ast.Negate) and isinstance(node.operand, ast.Number):
        return -node.operand.value
    if isinstance(node, ast.Call) and node.function == ast.Name("date") and len(node.positional) == 1:
        (text,) = node.positional
        return _day(text.value) if isinstance(text, ast.String) else None
    return None


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def as_feel(rows: Rows) -> str:
    """Return rows as FEEL; no rows are the empty text."""
    clean = normal(rows)
    groups = [_joined(group.joiner, [_node(row) for row in group.rows]) for group in clean.groups]
    return to_text(_joined(clean.joiner, groups)) if groups else ""


def _joined(joiner: Joiner, nodes: list[ast.Node]) -> ast.Node:
    return reduce(lambda left, right: ast.Logic(joiner, left, right), nodes)


def _node(row: Row) -> ast.Node:
    name = ast.Name(row.name)
    if row.operator in BARE:
        return ast.Compare("!=" if row.operator == "known" else "=", name, ast.Null())
    values = tuple(_literal(value) for value in row.values)
    if row.operator not in LISTS:
        return ast.Compare(row.operator, name, values[0])
    listed = ast.In(name, ast.UnaryTests(values))
    return listed if row.operator == "in" else ast.Call(ast.Name("not"), (listed,))


def _literal(value: Value) -> ast.Node:
    if isinstance(value, bool):
        return ast.Boolean(value)
    if isinstance(value, Decimal):
        return ast.Negate(ast.Number(-value)) if value < 0 else ast.Number(value)
    if isinstance(value, dt.date):
        return ast.Call(ast.Name("date"), (ast.String(value.isoformat()),))
    return ast.String(value)


def value_of(kind: str, text: str) -> Value | None:
    """Return a typed text as a value of a kind (``number``, ``boolean``, ``date``, else string); None when it is none."""
    text = text.strip()
    if kind == "number":
        try:
            number = Decimal(text.replace(",", ""))
        except InvalidOperation:
            return None
        return number if number.is_finite() else None
    if kind == "boolean":
        return {"true": True, "false": False, "是": True, "否": False}.get(text)
    return _day(text) if kind == "date" else text


def text_of(value: Value) -> str:
    """Return a value as it is typed; ``value_of`` reads it back."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, dt.date) else value
