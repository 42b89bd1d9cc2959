"""``+ - * / **`` and unary minus between the kinds of FEEL (DMN 1.5, clause 10.3.2.4, tables 50 to 53).

Every function takes normalised values and gives a value, or raises :class:`Undefined` where the norm says null.
"""

from __future__ import annotations

import datetime as py
from collections.abc import Callable
from decimal import ROUND_DOWN, Decimal

from .limits import FeelError, current_budget
from .moments import (
    DAY,
    NS,
    DateTime,
    DayTime,
    FarDate,
    NotAMoment,
    Time,
    YearMonth,
    add_months,
    date_days,
    date_from_days,
    from_instant,
)
from .values import NUMBERS, kind, label

AnyNumber = int | Decimal
MAX_MONTHS = 12 * 10**18
MAX_NS = 10**18 * DAY


class Undefined(FeelError):
    """The operation has no value: FEEL says null. The message (Chinese) tells why."""


def _days_later(day: py.date | FarDate, ns: int) -> object:
    return date_from_days(date_days(day) + ns // DAY)


def _time_later(time: Time, ns: int) -> Time:
    return Time((time.ns + ns) % DAY, time.zone)


def _moment_later(moment: DateTime, ns: int) -> DateTime:
    if moment.zone is None or isinstance(moment.zone, int):
        days, rest = divmod(moment.days * DAY + moment.ns + ns, DAY)
        date_from_days(days)
        return DateTime(days, rest, moment.zone)
    return from_instant(moment.instant() + ns, moment.zone)


def _months_later(moment: DateTime, months: int) -> DateTime:
    return DateTime(date_days(add_months(moment.date, months)), moment.ns, moment.zone)


def _instant(value: object) -> int:
    if isinstance(value, DateTime):
        return value.instant()
    assert isinstance(value, py.date | FarDate)
    return date_days(value) * DAY


def _difference(left: object, right: object) -> DayTime:
    """Between dates and dates with times; one with a zone and one without have none."""
    zoned = [value.zone is not None if isinstance(value, DateTime) else True for value in (left, right)]
    if zoned[0] != zoned[1]:
        raise Undefined("rules.no_zone", "一个有时区、一个没有时区，不能相减")
    return DayTime(_instant(left) - _instant(right))


def _time_difference(left: Time, right: Time) -> DayTime:
    return DayTime(left.ns - left.offset * NS - right.ns + right.offset * NS)


def _whole(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_DOWN))


def _scaled(amount: int, factor: AnyNumber) -> int:
    return _whole(NUMBERS.multiply(Decimal(amount), factor))


def _divided(amount: int, divisor: AnyNumber) -> int:
    return _whole(NUMBERS.divide(Decimal(amount), divisor))


def _join(left: str, right: str) -> str:
    current_budget().check_text(len(left) + len(right))
    return left + right


_N, _S, _D, _T, _M = "number", "string", "date", "time", "date and time"
_Y, _P = "years and months duration", "days and time duration"

_ADD: dict[tuple[str, str], Callable[..., object]] = {
    (_N, _N): NUMBERS.add,
    (_S, _S): _join,
    (_Y, _Y): lambda a, b: YearMonth(a.months + b.months),
    (_P, _P): lambda a, b: DayTime(a.ns + b.ns),
    (_D, _P): lambda a, b: _days_later(a, b.ns),
    (_D, _Y): lambda a, b: add_months(a, b.months),
    (_T, _P): lambda a, b: _time_later(a, b.ns),
    (_M, _P): lambda a, b: _moment_later(a, b.ns),
    (_M, _Y): lambda a, b: _months_later(a, b.months),
}
for _pair in [pair for pair in _ADD if pair[0] != pair[1]]:
    _ADD[_pair[1], _pair[0]] = lambda a, b, forward=_ADD[_pair]: forward(b, a)

_SUBTRACT: dict[tuple[str, str], Callable[..., object]] = {
    (_N, _N): NUMBERS.subtract,
    (_Y, _Y): lambda a, b: YearMonth(a.months - b.months),
    (_P, _P): lambda a, b: DayTime(a.ns - b.ns),
    (_D, _P): lambda a, b: _days_later(a, -b.ns),
    (_D, _Y): lambda a, b: add_months(a, -b.months),
    (_T, _P): lambda a, b: _time_later(a, -b.ns),
    (_M, _P): lambda a, b: _moment_later(a, -b.ns),
    (_M, _Y): lambda a, b: _months_later(a, -b.months),
    (_T, _T): _time_difference,
    (_D, _D): _difference,
    (_D, _M): _difference,
    (_M, _D): _difference,
    (_M, _M): _difference,
}
_MULTIPLY: dict[tuple[str, str], Callable[..., object]] = {
    (_N, _N): NUMBERS.multiply,
    (_Y, _N): lambda a, b: YearMonth(_scaled(a.months, b)),
    (_N, _Y): lambda a, b: YearMonth(_scaled(b.months, a)),
    (_P, _N): lambda a, b: DayTime(_scaled(a.ns, b)),
    (_N, _P): lambda a, b: DayTime(_scaled(b.ns, a)),
}
_DIVIDE: dict[tuple[str, str], Callable[..., object]] = {
    (_N, _N): NUMBERS.divide,
    (_Y, _N): lambda a, b: YearMonth(_divided(a.months, b)),
    (_P, _N): lambda a, b: DayTime(_divided(a.ns, b)),
    (_Y, _Y): lambda a, b: NUMBERS.divide(Decimal(a.months), Decimal(b.months)),
    (_P, _P): lambda a, b: NUMBERS.divide(Decimal(a.ns), Decimal(b.ns)),
}
_TABLES: dict[str, dict[tuple[str, str], Callable[..., object]]] = {
    "+": _ADD,
    "-": _SUBTRACT,
    "*": _MULTIPLY,
    "/": _DIVIDE,
    "**": {(_N, _N): lambda a, b: NUMBERS.power(a, b)},
}


def arithmetic(op: str, left: object, right: object) -> object:
    """The value of ``left op right``. Raises Undefined."""
    operation = _TABLES[op].get((kind(left), kind(right)))
    if operation is None:
        raise Undefined("rules.bad_operands", f"{label(left)}与{label(right)}之间不能用 {op}")
    try:
        return _bounded(operation(left, right))
    except ArithmeticError:
        raise Undefined("rules.bad_number", f"{op} 的结果不是数，或超出范围（例如除以零）") from None
    except NotAMoment as error:
        raise Undefined("rules.bad_moment", str(error)) from None


def _bounded(value: object) -> object:
    if isinstance(value, Decimal) and not value.is_finite():
        raise Undefined("rules.bad_number", "结果不是有限的数")
    if (isinstance(value, YearMonth) and abs(value.months) > MAX_MONTHS) or (
        isinstance(value, DayTime) and abs(value.ns) > MAX_NS
    ):
        raise Undefined("rules.bad_moment", "时长超出范围")
    return value


def negate(value: object) -> object:
    """Unary minus. Raises Undefined."""
    if isinstance(value, YearMonth):
        return YearMonth(-value.months)
    if isinstance(value, DayTime):
        return DayTime(-value.ns)
    if kind(value) == "number":
        return NUMBERS.minus(value)  # type: ignore[arg-type]
    raise Undefined("rules.bad_operands", f"{label(value)}不能取负")
