"""Moments as pages print them: to the minute, in the city's own time."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone


def moment(value: dt.datetime | dt.date | None) -> str:
    """Return a moment to the minute, or a day; a dash for none."""
    if value is None:
        return "—"
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    return value.isoformat()


def day(value: dt.datetime | dt.date | None) -> str:
    """Return the day of a moment; a dash for none."""
    if value is None:
        return "—"
    return (timezone.localtime(value).date() if isinstance(value, dt.datetime) else value).isoformat()
