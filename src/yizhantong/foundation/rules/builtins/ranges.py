"""Range functions (clause 10.3.4.6, after Allen's relations between intervals and points)."""

from __future__ import annotations

from collections.abc import Callable

from ..arithmetic import Undefined
from ..calls import Implementation
from ..runtime import Run
from ..values import Range, compare, includes


def _order(left: object, right: object) -> int:
    order = compare(left, right)
    if order is None:
        raise Undefined("rules.bad_argument", "两者不能比较先后")
    return order


def _closed(interval: Range) -> Range:
    if interval.op:
        raise Undefined("rules.bad_argument", "区间两端都要有")
    return interval


def _ends(left: Range, right: Range) -> int:
    """Which range ends first: -1 the left, 1 the right, 0 at the same place."""
    return _order(left.high, right.high) or int(left.high_closed) - int(right.high_closed)


def _begins(left: Range, right: Range) -> int:
    """Which range begins first: -1 the left, 1 the right, 0 at the same place."""
    return _order(left.low, right.low) or int(right.low_closed) - int(left.low_closed)


def _before(left: object, right: object) -> bool:
    if isinstance(left, Range) and isinstance(right, Range):
        order = _order(_closed(left).high, _closed(right).low)
        return order < 0 or (order == 0 and not (left.high_closed and right.low_closed))
    if isinstance(left, Range):
        order = _order(left.high, right)
        return order < 0 or (order == 0 and not left.high_closed)
    if isinstance(right, Range):
        order = _order(left, right.low)
        return order < 0 or (order == 0 and not right.low_closed)
    return _order(left, right) < 0


def _meets(left: Range, right: Range) -> bool:
    return left.high_closed and right.low_closed and _order(left.high, right.low) == 0


def _touch(left: Range, right: Range) -> bool:
    """Whether the left one reaches the beginning of the right one."""
    order = _order(left.high, right.low)
    return order > 0 or (order == 0 and left.high_closed and right.low_closed)


def _overlaps(left: Range, right: Range) -> bool:
    return _touch(left, right) and _touch(right, left)


def _overlaps_before(left: Range, right: Range) -> bool:
    return _begins(left, right) < 0 and _touch(left, right) and _ends(left, right) < 0


def _includes_range(outer: Range, inner: Range) -> bool:
    return _begins(outer, inner) <= 0 and _ends(outer, inner) >= 0


def _includes(outer: Range, inner: object) -> bool:
    if isinstance(inner, Range):
        return _includes_range(outer, inner)
    result = includes(outer, inner)
    if result is None:
        raise Undefined("rules.bad_argument", "两者不能比较")
    return result


def _finishes(value: object, interval: Range) -> bool:
    if isinstance(value, Range):
        return _ends(value, interval) == 0 and _begins(value, interval) >= 0
    return interval.high_closed and _order(value, interval.high) == 0


def _starts(value: object, interval: Range) -> bool:
    if isinstance(value, Range):
        return _begins(value, interval) == 0 and _ends(value, interval) <= 0
    return interval.low_closed and _order(value, interval.low) == 0


def _coincides(left: object, right: object) -> bool:
    if isinstance(left, Range) and isinstance(right, Range):
        return _begins(left, right) == 0 and _ends(left, right) == 0
    return _order(left, right) == 0


def _of(relation: Callable[..., bool], swapped: bool = False) -> Implementation:
    def answer(run: Run, left: object, right: object) -> object:
        return relation(right, left) if swapped else relation(left, right)

    return answer


_POINT = "number|string|date|time|date and time|years and months duration|days and time duration"
_POINTS = f"point1: {_POINT}, point2: {_POINT}"
_POINT_RANGE = f"point: {_POINT}, range: range"
_RANGE_POINT = f"range: range, point: {_POINT}"
_RANGES = "range1: range, range2: range"


def _all(name: str, relation: Implementation, *shapes: str) -> list[tuple[str, str, Implementation]]:
    return [(name, shape, relation) for shape in shapes]


SIGNATURES: list[tuple[str, str, Implementation]] = [
    *_all("before", _of(_before), _POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES),
    *_all("after", _of(_before, True), _POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES),
    ("meets", _RANGES, _of(_meets)),
    ("met by", _RANGES, _of(_meets, True)),
    ("overlaps", _RANGES, _of(_overlaps)),
    ("overlaps before", _RANGES, _of(_overlaps_before)),
    ("overlaps after", _RANGES, _of(_overlaps_before, True)),
    *_all("finishes", _of(_finishes), _POINT_RANGE, _RANGES),
    *_all("finished by", _of(_finishes, True), _RANGE_POINT, _RANGES),
    *_all("includes", _of(_includes), _RANGE_POINT, _RANGES),
    *_all("during", _of(_includes, True), _POINT_RANGE, _RANGES),
    *_all("starts", _of(_starts), _POINT_RANGE, _RANGES),
    *_all("started by", _of(_starts, True), _RANGE_POINT, _RANGES),
    *_all("coincides", _of(_coincides), _POINTS, _RANGES),
]
