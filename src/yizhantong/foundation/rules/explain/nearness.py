"""How near a condition is to the other answer: by how much, by how many days, or what else would be accepted."""

from __future__ import annotations

import datetime as py
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from .. import ast
from ..moments import DAY, DateTime, FarDate, date_days
from ..values import NUMBERS, literal
from .conditions import facts_of
from .shapes import FLIPPED

_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
Evaluate = Callable[[ast.Node], object]


@dataclass(frozen=True, slots=True)
class NearMiss:
    """What the value would have to be.

    ``kind``: ``number`` and ``date`` have ``value``, ``bound``, ``distance`` (of dates in days) and, for numbers with a bound
    other than 0, ``share`` = distance / abs(bound); ``category`` has what would be ``accepted``, or what is ``excluded``.
    ``operator`` stands between the value and the bound when the condition is met.
    """

    kind: Literal["number", "date", "category"]
    value: object
    operator: str
    bound: object = None
    distance: Decimal | None = None
    share: Decimal | None = None
    accepted: tuple[object, ...] = ()
    excluded: tuple[object, ...] = ()

    @property
    def text(self) -> str:
        """One short Chinese sentence."""
        if self.kind == "category":
            listed = "、".join(literal(item) for item in self.accepted or self.excluded)
            return f"现为{literal(self.value)}，{'可接受' if self.accepted else '不接受'}：{listed}"
        unit = " 天" if self.kind == "date" else ""
        share = f"（{self.share * 100:.1f}%）" if self.share is not None else ""
        need = f"要求 {self.operator} {literal(self.bound)}"
        return f"现为 {literal(self.value)}，{need}，相差 {literal(self.distance)}{unit}{share}"


def near_miss(test: ast.Node, evaluate: Evaluate, *, wanted: bool = True) -> NearMiss | None:
    """The nearest way for ``test`` to be ``wanted``; ``None`` where no distance can be told."""
    found = list(_ways(test, evaluate, wanted))
    measured = [way for way in found if way.distance is not None]
    if measured:
        return min(measured, key=lambda way: way.distance or Decimal(0))
    if not found:
        return None
    accepted = tuple(item for way in found for item in way.accepted)
    excluded = tuple(item for way in found for item in way.excluded)
    return NearMiss("category", found[0].value, found[0].operator, accepted=accepted, excluded=excluded)


def _ways(test: ast.Node, evaluate: Evaluate, wanted: bool) -> Iterator[NearMiss]:
    if isinstance(test, ast.Compare):
        yield from _compared(test.op, test.left, test.right, evaluate, wanted)
    elif isinstance(test, ast.Between):
        yield from _within(test.operand, ast.Range(test.low, test.high, True, True), evaluate, wanted)
    elif isinstance(test, ast.In):
        for one in _flat(test.tests.tests):
            yield from _tested(test.operand, one, evaluate, wanted != test.tests.negated)
    elif isinstance(test, ast.Name | ast.Path):
        yield NearMiss("category", evaluate(test), "=", accepted=(wanted,))


def _flat(tests: tuple[ast.Node, ...]) -> Iterator[ast.Node]:
    for test in tests:
        if isinstance(test, ast.ListLiteral):
            yield from test.items
        else:
            yield test


def _tested(operand: ast.Node, test: ast.Node, evaluate: Evaluate, wanted: bool) -> Iterator[NearMiss]:
    if isinstance(test, ast.Range):
        yield from _within(operand, test, evaluate, wanted)
    elif isinstance(test, ast.Test):
        yield from _compared(test.op, operand, test.operand, evaluate, wanted)
    else:
        yield from _compared("=", operand, test, evaluate, wanted)


def _within(operand: ast.Node, bounds: ast.Range, evaluate: Evaluate, wanted: bool) -> Iterator[NearMiss]:
    """The ends of a range that the value is on the wrong side of (all of them when it should be outside)."""
    ends = ((">=" if bounds.low_closed else ">", bounds.low), ("<=" if bounds.high_closed else "<", bounds.high))
    for op, end in ends:
        if end is None:
            continue
        outside = evaluate(ast.Compare(op, operand, end)) is not True
        if outside == wanted:
            yield from _compared(op, operand, end, evaluate, wanted)


def _compared(op: str, left: ast.Node, right: ast.Node, evaluate: Evaluate, wanted: bool) -> Iterator[NearMiss]:
    if any(facts_of(right, frozenset())) and not any(facts_of(left, frozenset())):
        left, right, op = right, left, FLIPPED[op]
    op = op if wanted else _OPPOSITE[op]
    value, bound = evaluate(left), evaluate(right)
    measured = _distance(value, bound)
    if measured is not None:
        kind, distance = measured
        share = None
        if kind == "number" and isinstance(bound, int | Decimal) and bound != 0:
            share = NUMBERS.divide(distance, abs(Decimal(bound)))
        yield NearMiss(kind, value, op, bound, distance, share)
    elif op == "=" and value is not None:
        yield NearMiss("category", value, op, bound, accepted=(bound,))
    elif op == "!=":
        yield NearMiss("category", value, op, bound, excluded=(bound,))


def _distance(value: object, bound: object) -> tuple[Literal["number", "date"], Decimal] | None:
    if isinstance(value, bool) or isinstance(bound, bool):
        return None
    if isinstance(value, int | Decimal) and isinstance(bound, int | Decimal):
        return "number", abs(NUMBERS.subtract(Decimal(value), Decimal(bound)))
    if isinstance(value, py.date | FarDate) and isinstance(bound, py.date | FarDate):
        return "date", Decimal(abs(date_days(value) - date_days(bound)))
    if isinstance(value, DateTime) and isinstance(bound, DateTime):
        return "date", NUMBERS.divide(Decimal(abs(value.instant() - bound.instant())), Decimal(DAY))
    return None
