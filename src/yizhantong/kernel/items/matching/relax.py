"""A rule made more lenient: numbers by a share, dates by days, in the direction that lets more through.

``年营业收入 >= 4000000`` becomes ``>= 3200000``, ``成立日期 <= date("2020-01-01")`` half a year later; under ``not`` it goes the
other way. What is no threshold (codes, yes and no) stays as it is, so whoever meets the lenient rule but not the strict one
is near it by numbers and days alone.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from yizhantong.foundation.rules import ast
from yizhantong.foundation.rules.explain.conditions import negation_of

SHARE = Decimal("0.2")
DAYS = 180
_UP, _DOWN = 1, -1
_LOOSER = {">=": _DOWN, ">": _DOWN, "<=": _UP, "<": _UP}
_FLIPPED = {">=": "<=", ">": "<", "<=": ">=", "<": ">"}


def relaxed(node: ast.Node, *, positive: bool = True) -> ast.Node:
    """Return the lenient form of a rule; ``positive=False`` for what stands under an odd number of ``not``."""
    if isinstance(node, ast.Logic):
        return replace(node, left=relaxed(node.left, positive=positive), right=relaxed(node.right, positive=positive))
    if isinstance(node, ast.If):
        return replace(node, yes=relaxed(node.yes, positive=positive), no=relaxed(node.no, positive=positive))
    negated = negation_of(node)
    if negated is not None and isinstance(node, ast.Call):
        return replace(node, positional=(relaxed(negated, positive=not positive),))
    if isinstance(node, ast.Compare) and node.op in _LOOSER:
        return _compared(node, positive)
    if isinstance(node, ast.Between):
        low, high = (_DOWN, _UP) if positive else (_UP, _DOWN)
        return replace(node, low=_moved(node.low, low), high=_moved(node.high, high))
    return node


def _compared(node: ast.Compare, positive: bool) -> ast.Compare:
    way = _LOOSER[node.op] * (1 if positive else -1)
    if _constant(node.right):
        return replace(node, right=_moved(node.right, way))
    if _constant(node.left):
        return replace(node, left=_moved(node.left, -way))
    return node


def _constant(node: ast.Node) -> bool:
    return _number(node) is not None or _day(node) is not None


def _moved(node: ast.Node, way: int) -> ast.Node:
    number = _number(node)
    if number is not None:
        return ast.Number(number + abs(number) * SHARE * way)
    day = _day(node)
    if day is None:
        return node
    try:
        moved = day + dt.timedelta(days=DAYS * way)
    except OverflowError:
        return node
    return ast.Call(ast.Name("date"), (ast.String(moved.isoformat()),))


def _number(node: ast.Node) -> Decimal | None:
    if isinstance(node, ast.Number):
        return node.value
    if isinstance(node, ast.Negate) and isinstance(node.operand, ast.Number):
        return -node.operand.value
    return None


def _day(node: ast.Node) -> dt.date | None:
    if isinstance(node, ast.At):
        text = node.text
    elif (
        isinstance(node, ast.Call)
        and node.function == ast.Name("date")
        and len(node.positional) == 1
        and isinstance(node.positional[0], ast.String)
    ):
        text = node.positional[0].value
    else:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
