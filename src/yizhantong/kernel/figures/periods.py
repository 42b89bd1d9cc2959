"""The days that a figure takes, seen from the day it is asked for, and how they are said in Chinese and English."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import get_language

from yizhantong.kernel.divisions import city
from yizhantong.kernel.figures.declare import Period
from yizhantong.kernel.figures.errors import FigureError

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``start`` to ``end``, both included; without ``start``, from the beginning of the ledger."""

    start: dt.date | None
    end: dt.date

    def __or__(self, other: Span) -> Span:
        """Return the shortest span that holds both."""
        start = None if self.start is None or other.start is None else min(self.start, other.start)
        return Span(start, max(self.end, other.end))


def span(period: Period, day: dt.date) -> Span:
    """Return the days of ``period`` as of ``day``; before a campaign's first day its span is empty (``start > end``).

    Raises :class:`FigureError` ``figures.no_campaign`` when the city names no campaign.
    """
    first = dt.date(day.year, 1, 1)
    if period is Period.THIS_YEAR:
        return Span(first, day)
    if period is Period.FIRST_HALF:
        return Span(first, min(day, dt.date(day.year, 6, 30)))
    if period is Period.LAST_YEAR:
        return Span(dt.date(day.year - 1, 1, 1), dt.date(day.year - 1, 12, 31))
    if period is Period.THREE_YEARS:
        return Span(_years_before(day, 3) + dt.timedelta(days=1), day)
    if period is Period.CAMPAIGN:
        return Span(campaign_start(), day)
    return Span(None, day)


def campaign_start() -> dt.date:
    """Return the first day of the city's campaign: ``[campaign] start`` of ``city.toml``."""
    start = city.settings_of().get("campaign", {}).get("start")
    if not isinstance(start, dt.date):
        raise FigureError("figures.no_campaign", "城市数据 city.toml 没有活动起始日,请填写 [campaign] start")
    return start


def _years_before(day: dt.date, years: int) -> dt.date:
    """Return the same day some years before; 29 February becomes 28 February."""
    last = day.day if (day.month, day.day) != (2, 29) else 28
    return day.replace(year=day.year - years, day=last)


def text(found: Span, language: str | None = None) -> str:
    """Return a span as people write it, ``2021年1月1日至8月16日`` or ``1 January to 16 August 2021``.

    ``language`` is a language code, by default the one in use; any but English is answered in Chinese.
    """
    english = (language or get_language() or "").startswith("en")
    return _english(found) if english else _chinese(found)


def _chinese(found: Span) -> str:
    start, end = found.start, found.end
    if start is None:
        return f"截至{end.year}年{end.month}月{end.day}日"
    said = f"{start.year}年{start.month}月{start.day}日"
    if start == end:
        return said
    year = f"{end.year}年" if end.year != start.year else ""
    return f"{said}至{year}{end.month}月{end.day}日"


def _english(found: Span) -> str:
    start, end = found.start, found.end
    last = f"{end.day} {_MONTHS[end.month - 1]} {end.year}"
    if start is None:
        return f"as of {last}"
    if start == end:
        return last
    year = f" {start.year}" if end.year != start.year else ""
    return f"{start.day} {_MONTHS[start.month - 1]}{year} to {last}"
