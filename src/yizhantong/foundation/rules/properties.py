"""``target.name``: entries of contexts and properties of moments, durations and ranges (DMN 1.5, clause 10.3.2.6, table 63)."""

from __future__ import annotations

import datetime as py
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from .moments import DAY, NS, DateTime, DayTime, FarDate, Time, YearMonth, date_days
from .runtime import Run
from .values import Range, label

Property = Callable[[Any], object]


def _count(value: int) -> Decimal:
    return Decimal(value)


def _signed(ns: int, unit: int, modulus: int | None) -> Decimal:
    whole = abs(ns) // unit
    whole = whole % modulus if modulus else whole
    return Decimal(-whole if ns < 0 else whole)


def weekday(days: int) -> int:
    """1 for Monday to 7 for Sunday, of a count of days since 1970-01-01 (a Thursday)."""
    return (days + 3) % 7 + 1


def _offset(value: Time | DateTime) -> object:
    return None if value.zone is None else DayTime(value.offset * NS)


_DAY: dict[str, Property] = {
    "year": lambda value: _count(value.year),
    "month": lambda value: _count(value.month),
    "day": lambda value: _count(value.day),
    "weekday": lambda value: _count(weekday(date_days(value))),
}
_CLOCK: dict[str, Property] = {
    "hour": lambda value: _count(value.ns // (3600 * NS)),
    "minute": lambda value: _count(value.ns // (60 * NS) % 60),
    "second": lambda value: _count(value.ns // NS % 60),
    "time offset": _offset,
    "timezone": lambda value: value.zone if isinstance(value.zone, str) else None,
}
PROPERTIES: dict[type, dict[str, Property]] = {
    py.date: _DAY,
    FarDate: _DAY,
    Time: _CLOCK,
    DateTime: {name: lambda value, get=get: get(value.date) for name, get in _DAY.items()} | _CLOCK,
    YearMonth: {
        "years": lambda value: _signed(value.months, 12, None),
        "months": lambda value: _signed(value.months, 1, 12),
    },
    DayTime: {
        "days": lambda value: _signed(value.ns, DAY, None),
        "hours": lambda value: _signed(value.ns, 3600 * NS, 24),
        "minutes": lambda value: _signed(value.ns, 60 * NS, 60),
        "seconds": lambda value: _signed(value.ns, NS, 60),
    },
    Range: {
        "start": lambda value: value.low,
        "end": lambda value: value.high,
        "start included": lambda value: value.low_closed,
        "end included": lambda value: value.high_closed,
    },
}


def member(run: Run, target: object, name: str) -> object:
    """The entry or property of a value; of a list, those of its items. What is missing is null and noted."""
    if isinstance(target, dict):
        if name in target:
            return target[name]
        return run.fail("rules.unknown_member", f"没有名为“{name}”的内容。")
    if isinstance(target, list):
        run.budget.spend(len(target))
        return [member(run, item, name) for item in target]
    get = PROPERTIES.get(type(target), {}).get(name)
    if get is not None:
        return get(target)
    if target is not None:
        run.fail("rules.unknown_member", f"{label(target)}没有名为“{name}”的内容。")
    return None
