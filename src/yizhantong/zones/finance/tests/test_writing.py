"""How amounts and rates are written: in 万元 in Chinese, as English counts in English, rounded as published figures are."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import translation

from yizhantong.zones.finance.templatetags import finance as write

WAN = 1_000_000


@pytest.mark.parametrize(
    ("fen", "chinese", "english", "column"),
    [
        (60 * WAN, "60 万元", "600 thousand yuan", "600"),
        (499 * WAN, "499 万元", "4.99 million yuan", "4,990"),
        (31_250_000, "31.25 万元", "312.5 thousand yuan", "312.5"),
        (103_440 * WAN, "103,440 万元", "1.0344 billion yuan", "1,034,400"),
        (50_000, "0.05 万元", "500 yuan", "0.5"),
        (0, "0 万元", "0 yuan", "0"),
    ],
)
def test_an_amount_is_written_as_each_language_counts(fen: int, chinese: str, english: str, column: str) -> None:
    with translation.override("zh-hans"):
        assert write.money(fen) == chinese
        assert write.wan(fen) == chinese.removesuffix(" 万元")
        assert write.amount(fen) == chinese.replace(" 万元", "<small>万元</small>")
    with translation.override("en"):
        assert write.money(fen) == english
        assert write.wan(fen) == column


def test_a_range_has_one_unit_and_nothing_is_a_dash() -> None:
    with translation.override("zh-hans"):
        assert write.money_range(50 * WAN, 1000 * WAN) == "50–1,000 万元"
    with translation.override("en"):
        assert write.money_range(50 * WAN, 1000 * WAN) == "0.5–10 million yuan"
    assert [one(None) for one in (write.wan, write.money, write.amount, write.yuan, write.rate)] == ["—"] * 5


def test_a_rate_is_rounded_half_up_as_figures_are() -> None:
    assert write.rate(Decimal("496.50")) == "4.97%"
    assert write.rate(430) == "4.30%"


def test_names_in_a_row_are_parted_as_the_language_does() -> None:
    with translation.override("zh-hans"):
        assert write.listed(["甲", "乙"]) == "甲、乙"
    with translation.override("en"):
        assert write.listed(["甲", "乙"]) == "甲, 乙"
