"""Numerals: what is printed is what is read."""

from decimal import Decimal

import cn2an
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ..canonical import canonical
from ..numerals import format_chinese, parse_chinese, plain, scan


def values(text: str) -> list[Decimal]:
    return [n.value for n in scan(canonical(text))]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("一千二百三十四", "1234"), ("1.3万", "13000"), ("3.05亿", "305000000"), ("两", "2"), ("62", "62"), ("１２３４", "1234"),
        ("1,234,567", "1234567"), ("3亿5000万", "350000000"), ("二〇二一", "2021"), ("二○二一", "2021"), ("三点五万亿", "3500000000000"),
        ("一百零五", "105"), ("三万五", "35000"), ("一百五", "150"), ("百分之六十二", "62"), ("千分之五", "5"), ("百分之3.5", "3.5"),
        ("2万亿", "2000000000000"), ("5百万", "5000000"), ("十二", "12"), ("二十", "20"), ("一万零三百", "10300"), ("十万", "100000"),
    ],
)  # fmt: skip
def test_reads_numerals_and_mixtures(text: str, value: str) -> None:
    assert values(text) == [Decimal(value)]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("十几", 11, 19),
        ("三十几", 31, 39),
        ("数十", 20, 99),
        ("几百", 200, 999),
        ("数千", 2000, 9999),
        ("十几万", 110000, 190000),
        ("一百几十", 120, 199),
    ],
)
def test_vague_numerals_have_bounds(text: str, low: int, high: int) -> None:
    (numeral,) = scan(text)
    assert (numeral.low, numeral.high) == (low, high)


@pytest.mark.parametrize(
    ("text", "value"),
    [("三分之一", Decimal(1) / 3), ("1/3", Decimal(1) / 3), ("四分之三", Decimal("0.75")), ("一半", Decimal("0.5"))],
)
def test_fractions(text: str, value: Decimal) -> None:
    assert values(text) == [value]


def test_a_unit_that_begins_like_a_scale_is_no_scale() -> None:
    assert next(n.value for n in scan("5千克")) == 5
    assert next(n.value for n in scan("5千瓦时")) == 5


@given(st.integers(0, 10**16 - 1))
@settings(max_examples=200, deadline=None)
def test_chinese_round_trip(value: int) -> None:
    assert parse_chinese(format_chinese(value)) == value


@given(st.integers(1, 10**12))
@settings(max_examples=100, deadline=None)
def test_agrees_with_an_independent_library(value: int) -> None:
    assert parse_chinese(cn2an.an2cn(value)) == value


@given(st.decimals(0, 10**6, places=2, allow_nan=False), st.sampled_from(["", "万", "亿", "万亿"]))
@settings(max_examples=100, deadline=None)
def test_arabic_with_scale(number: Decimal, scale: str) -> None:
    lift = {"": 1, "万": 10**4, "亿": 10**8, "万亿": 10**12}[scale]
    (numeral,) = scan(f"{number}{scale}")
    assert numeral.value == number * lift
    assert numeral.precision == Decimal("0.01") * lift


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_is_survived(text: str) -> None:
    plain_text = canonical(text)
    assert len(plain_text) == len(text)
    for numeral in scan(plain_text):
        assert plain_text[numeral.start : numeral.end] == numeral.text


def test_numbers_beyond_reason() -> None:
    (numeral,) = scan("9" * 400)
    assert numeral.value == Decimal("9" * 400)
    assert list(scan("9" * 5000)) == []
    assert values("9" * 400 + "亿")[0] == Decimal("9" * 400 + "00000000")


def test_plain_is_what_a_person_writes() -> None:
    assert [plain(Decimal(v)) for v in ("1.24250", "34.790", "100", "0.123456")] == ["1.2425", "34.79", "100", "0.1235"]
