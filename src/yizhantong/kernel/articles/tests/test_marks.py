"""Pieces joined give the text again, whatever overlaps, and each piece has the tone of the worst that is found of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yizhantong.kernel.articles.check import check_text
from yizhantong.kernel.articles.marks import paragraphs, pieces, tones_of
from yizhantong.kernel.articles.reports import as_json
from yizhantong.kernel.articles.tests.reading import ARTICLES, DAY, unmarked

FAULTY = "全市签约项目90个,其中工业项目56个,占总数的82%。\n\n今年签约项目90个,签约额359.04亿元。其中,亿元以上签约项目62个,签约额324.25亿元。"
TEXT = "一二三四五六七八九十"
SPAN = st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))).map(sorted)


def data_of(claims: list[list[int]], repeats: list[list[int]], breaks: list[list[int]]) -> dict[str, Any]:
    verdicts = ["agrees", "differs", "no figure", "cannot be decided"]
    return {
        "claims": [{"index": i, "start": a, "end": b, "verdict": verdicts[i % 4]} for i, (a, b) in enumerate(claims)],
        "repeats": [{"start": a, "end": b} for a, b in repeats],
        "breaks": [{"start": a, "end": b} for a, b in breaks],
        "relations": [],
        "conflicts": [],
    }


@given(st.lists(SPAN, max_size=6), st.lists(SPAN, max_size=3), st.lists(SPAN, max_size=3))
@settings(max_examples=80)
def test_pieces_of_any_overlapping_findings_give_the_text_again(
    claims: list[list[int]], repeats: list[list[int]], breaks: list[list[int]]
) -> None:
    data = data_of(claims, repeats, breaks)
    found = list(pieces(TEXT, data))
    assert "".join(mark.text for mark in found) == TEXT
    for index, (start, end) in enumerate(claims):
        assert "".join(mark.text for mark in found if index in mark.claims) == TEXT[start:end]


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_pieces_and_paragraphs_of_an_article_lose_nothing(path: Any) -> None:
    text, _ = unmarked(path.read_text("utf-8"))
    data = as_json(check_text(text, DAY))
    assert "".join(mark.text for mark in pieces(text, data)) == text
    lines = ["".join(mark.text for mark in line) for line in paragraphs(text, data)]
    assert lines == [line for line in text.split("\n") if line]


def test_what_fails_is_bad_and_what_holds_is_good() -> None:
    checked = check_text(FAULTY, DAY)
    data = as_json(checked)
    tones = {claim["phrase"]: tones_of(data)[claim["index"]] for claim in data["claims"]}
    assert tones["82%"] == "bad"
    assert tones["324.25亿元"] == "bad"
    marked = {mark.text: mark.tone for line in paragraphs(FAULTY, data) for mark in line if mark.claims}
    assert marked["82%"] == "bad"
