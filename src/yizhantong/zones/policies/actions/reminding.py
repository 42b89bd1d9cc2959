"""How often somebody was to be reminded by today: once at each of some days before a day, and once when it has passed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence


def reached(due_on: dt.date, today: dt.date, days: Sequence[int]) -> int:
    """Return how many reminders are due.

    >>> reached(dt.date(2021, 6, 30), dt.date(2021, 6, 25), [30, 7, 1])
    2
    >>> reached(dt.date(2021, 6, 30), dt.date(2021, 7, 1), [30, 7, 1])
    4
    """
    return sum((due_on - today).days <= day for day in days) + (due_on < today)
