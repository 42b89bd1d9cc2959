"""Reading what forms of the desk send: numbers, days and moments; what cannot be read is a refusal at its field."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from yizhantong.zones.talent.errors import TalentError


def number_of(text: str | None) -> int:
    """Return a number of a form; 0 for what is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 12 else 0


def day_of(text: str | None, field: str) -> dt.date:
    """Return a day of a form."""
    try:
        return dt.date.fromisoformat(text or "")
    except ValueError:
        raise TalentError("talent.day", "请填写日期,如 2021-08-16", field=field) from None


def moment_of(text: str | None, field: str) -> dt.datetime:
    """Return a moment of a form, in the city's time."""
    try:
        return timezone.make_aware(dt.datetime.fromisoformat(text or ""))
    except ValueError:
        raise TalentError("talent.moment", "请填写日期和时间", field=field) from None
