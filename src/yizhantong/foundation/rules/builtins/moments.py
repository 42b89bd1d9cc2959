"""Date and time functions (clauses 10.3.4.7, 10.3.4.8 and 10.3.4.11)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ..calls import Implementation
from ..moments import AnyDate, DateTime, date_days, days_from
from ..properties import weekday
from ..runtime import Run
from ..values import identical, normalise

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
CYCLE = 146_097
"""Days of 400 years, after which weekdays and leap years repeat."""


def _day(value: AnyDate | DateTime) -> AnyDate:
    return value.date if isinstance(value, DateTime) else value


def _day_of_year(run: Run, value: AnyDate | DateTime) -> object:
    day = _day(value)
    return Decimal(date_days(day) - days_from(day.year, 1, 1) + 1)


def _day_of_week(run: Run, value: AnyDate | DateTime) -> object:
    return DAYS[weekday(date_days(_day(value))) - 1]


def _month_of_year(run: Run, value: AnyDate | DateTime) -> object:
    return MONTHS[_day(value).month - 1]


def _week_of_year(run: Run, value: AnyDate | DateTime) -> object:
    """By ISO 8601, so the last days of December may be in week 1."""
    in_cycle = date_days(_day(value)) % CYCLE + date(2000, 1, 1).toordinal() - date_days(date(2000, 1, 1)) + CYCLE
    return Decimal(date.fromordinal(in_cycle).isocalendar().week)


def _now(run: Run) -> object:
    return normalise(run.now())


def _today(run: Run) -> object:
    return run.now().date()


def _is(run: Run, first: object, second: object = None) -> object:
    return identical(first, second)


_DATE = "date: date|date and time"
SIGNATURES: list[tuple[str, str, Implementation]] = [
    ("day of year", _DATE, _day_of_year),
    ("day of week", _DATE, _day_of_week),
    ("month of year", _DATE, _month_of_year),
    ("week of year", _DATE, _week_of_year),
    ("now", "", _now),
    ("today", "", _today),
    ("is", "value1: any, value2?: any", _is),
]
