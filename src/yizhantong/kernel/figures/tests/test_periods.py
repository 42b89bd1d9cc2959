"""Periods seen from a day, and how they are said."""

from __future__ import annotations

import datetime as dt

import pytest

from yizhantong.kernel.divisions import city
from yizhantong.kernel.figures.declare import Period
from yizhantong.kernel.figures.errors import FigureError
from yizhantong.kernel.figures.periods import Span, span, text

DAY = dt.date(2021, 8, 16)


@pytest.mark.parametrize(
    ("period", "day", "start", "end"),
    [
        (Period.ALL, DAY, None, DAY),
        (Period.THIS_YEAR, DAY, dt.date(2021, 1, 1), DAY),
        (Period.FIRST_HALF, DAY, dt.date(2021, 1, 1), dt.date(2021, 6, 30)),
        (Period.FIRST_HALF, dt.date(2021, 5, 2), dt.date(2021, 1, 1), dt.date(2021, 5, 2)),
        (Period.LAST_YEAR, DAY, dt.date(2020, 1, 1), dt.date(2020, 12, 31)),
        (Period.THREE_YEARS, DAY, dt.date(2018, 8, 17), DAY),
        (Period.THREE_YEARS, dt.date(2024, 2, 29), dt.date(2021, 3, 1), dt.date(2024, 2, 29)),
        (Period.CAMPAIGN, DAY, dt.date(2021, 3, 12), DAY),
    ],
)  # fmt: skip
def test_days_of_a_period(period: Period, day: dt.date, start: dt.date | None, end: dt.date) -> None:
    assert span(period, day) == Span(start, end)


@pytest.mark.parametrize(
    ("found", "chinese", "english"),
    [
        (Span(dt.date(2021, 1, 1), DAY), "2021年1月1日至8月16日", "1 January to 16 August 2021"),
        (Span(dt.date(2018, 8, 17), DAY), "2018年8月17日至2021年8月16日", "17 August 2018 to 16 August 2021"),
        (Span(None, DAY), "截至2021年8月16日", "as of 16 August 2021"),
        (Span(DAY, DAY), "2021年8月16日", "16 August 2021"),
    ],
)
def test_a_period_in_words(found: Span, chinese: str, english: str) -> None:
    assert (text(found, "zh-hans"), text(found, "en")) == (chinese, english)


def test_a_city_without_a_campaign_is_told_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(city, "settings_of", lambda name="city.toml": {})
    with pytest.raises(FigureError, match="campaign") as refused:
        span(Period.CAMPAIGN, DAY)
    assert refused.value.code == "figures.no_campaign"
