"""The wording of briefs is split into text and figures, and mistakes are named with their place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yizhantong.kernel.articles.wording import Place, Text, WordingError, parse


def known(code: str) -> bool:
    return code in {"investment.signed_count", "villages.waste"}


def test_figures_divisions_bare_numbers_and_the_day_are_recognised() -> None:
    pieces = parse("截至{day},签约{investment.signed_count},凌海{villages.waste@210781|number}吨。", known)
    assert pieces == [
        Text("截至"),
        Place("day", None, False),
        Text(",签约"),
        Place("investment.signed_count", None, False),
        Text(",凌海"),
        Place("villages.waste", "210781", True),
        Text("吨。"),
    ]


def test_doubled_braces_are_braces() -> None:
    assert parse("{{不是数据}}", known) == [Text("{不是数据}")]


@pytest.mark.parametrize(
    ("wording", "where"),
    [
        ("签约{investment.nothing}个", "第1行第3字"),
        ("第一行\n共{签约}个", "第2行第2字"),
        ("少一半{investment.signed_count", "第1行第4字"),
        ("多一半}", "第1行第4字"),
    ],
)
def test_a_mistake_is_named_with_its_place(wording: str, where: str) -> None:
    with pytest.raises(WordingError, match=where):
        parse(wording, known)


@given(st.text(alphabet="签约{}.|@ab数据\n1", max_size=60))
def test_any_wording_is_either_parsed_or_refused(wording: str) -> None:
    try:
        pieces = parse(wording, known)
    except WordingError:
        return
    assert all(isinstance(piece, Text | Place) for piece in pieces)
