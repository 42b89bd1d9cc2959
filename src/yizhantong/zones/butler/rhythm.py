"""When the next visit is due: "every so many weeks, months, quarters or years", in calendar days; pure."""

from __future__ import annotations

import calendar
import datetime as dt

MONTHS = {"month": 1, "quarter": 3, "year": 12}
FREQUENCIES = {"week": "WEEKLY", "month": "MONTHLY", "quarter": "MONTHLY", "year": "YEARLY"}


def next_due(after: dt.date, every: int, unit: str) -> dt.date:
    """Return the day ``every`` units after a day; the 31st becomes the last day of a shorter month. ValueError for odd units."""
    if unit == "week":
        return after + dt.timedelta(weeks=every)
    if unit not in MONTHS:
        raise ValueError(f"unknown unit {unit}")
    total = after.year * 12 + after.month - 1 + every * MONTHS[unit]
    year, month = divmod(total, 12)
    return dt.date(year, month + 1, min(after.day, calendar.monthrange(year, month + 1)[1]))


def recurrence(every: int, unit: str) -> str:
    """Return the rhythm as a recurrence rule of RFC 5545, 3.3.10."""
    interval = every * 3 if unit == "quarter" else every
    return f"FREQ={FREQUENCIES[unit]};INTERVAL={interval}"
