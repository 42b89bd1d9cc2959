"""Verdicts respect rounding and qualifiers, and their sentences give values as people write them."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yizhantong.foundation.text import Claim, read_article
from yizhantong.kernel.articles.catalogue import Entry, unit_called
from yizhantong.kernel.articles.reports import number
from yizhantong.kernel.articles.tests.reading import DAY
from yizhantong.kernel.articles.verdicts import Verdict, compare, in_unit_of


def claim_of(text: str) -> Claim:
    return next(c for c in read_article(text, DAY).claims if c.kind in ("count", "amount", "ratio"))


def entry_of(unit: str, scale: Fraction = Fraction(1)) -> Entry:
    return Entry("a.b", (("签约",),), unit_called(unit), (None, DAY), False, "", scale)


FEN = Fraction(1, 100)


@pytest.mark.parametrize(
    ("text", "unit", "scale", "raw", "verdict", "said"),
    [
        ("全市签约项目90个。", "个", 1, 90, "agrees", "为90个"),
        ("全市签约项目90个。", "个", 1, 110, "differs", "写少了20个"),
        ("全市签约项目90个。", "个", 1, 70, "differs", "写多了20个"),
        ("全市共有党员1万余名。", "名", 1, 10372, "agrees", "为10372名"),
        ("全市共有党员1万余名。", "名", 1, 9800, "differs", "写多了"),
        ("签约额359.04亿元。", "亿元", FEN, 3590399999999, "agrees", "为359.04亿元"),
        ("签约额324.25亿元。", "亿元", FEN, 3422412345678, "differs", "为342.24亿元"),
        ("签约额324.25亿元。", "亿元", FEN, 3422412345678, "differs", "写少了17.99亿元"),
        ("签约额20亿元。", "亿元", FEN, 20_0000_0000_00, "agrees", "为20亿元"),
        ("签约额300亿元。", "亿元", FEN, 200_0000_0000_00, "differs", "写多了100亿元"),
        ("解决率达到95%。", "%", 1, Fraction(2, 3), "differs", "写多了28.33个百分点"),
        ("项目数占总量的62%。", "%", 1, Fraction(56, 90), "agrees", "为62.22%"),
    ],
)  # fmt: skip
def test_the_sentence_says_what_is_wrong_and_by_how_much(
    text: str, unit: str, scale: Fraction, raw: Fraction | int, verdict: str, said: str
) -> None:
    found, _, reason = compare(claim_of(text), raw, entry_of(unit, Fraction(scale)), "某数据", "截至2021年8月16日")
    assert (found.value, said in reason) == (verdict, True), reason


def test_without_a_value_nothing_is_decided() -> None:
    found, value, reason = compare(claim_of("签约项目90个。"), None, entry_of("个"), "签约项目数", "截至今天")
    assert (found, value) == (Verdict.UNDECIDED, None)
    assert "没有数值" in reason


def test_the_value_is_exact_in_the_unit_of_the_article() -> None:
    claim = claim_of("签约额324.25亿元。")
    _, value, _ = compare(claim, 3422412345678, entry_of("亿元", FEN), "签约额", "")
    assert value == Decimal("342.2412345678")
    assert number(value) == 342.2412345678


@given(st.integers(0, 10**15), st.sampled_from(["20亿元", "3.5万元", "400元", "1200万元"]))
def test_no_value_is_written_with_an_exponent(raw: int, amount: str) -> None:
    claim = claim_of(f"签约额{amount}。")
    verdict, value, reason = compare(claim, raw, entry_of("亿元", FEN), "签约额", "截至今天")
    assert re.search(r"[eE]", reason) is None
    assert value is not None
    assert in_unit_of(claim, Fraction(raw) * FEN) == value
    inside = claim.lower is not None and claim.upper is not None and claim.lower <= Decimal(raw) / 100 <= claim.upper
    assert (verdict is Verdict.AGREES) == inside
