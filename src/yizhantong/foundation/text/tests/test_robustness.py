"""Bad input is survived, in bounded time."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .. import MAX_CHARACTERS, TextTooLong, read_article

PIECES = [
    "其中",
    "占总量的",
    "62%",
    "90个",
    "3.5亿元",
    "合计",
    ",",
    "。",
    "；",
    "（",
    "）",
    "“",
    "”",
    "\n",
    "增长",
    "由",
    "增至",
    "分别为",
    "户均",
    "同比",
    "项目",
    "企业",
    "1/3",
    "十几",
    "亿元以上",
    "2月30日",
]

HOSTILE = {
    "empty": "",
    "blank": " \n\t\n" * 1000,
    "nul": "\x00" * 20_000,
    "digits": "1" * 50_000,
    "parts": "其中12个、" * 5_000,
    "semicolons": "其中3个；" * 2_000,
    "numerals": "一二三四五六七八九十" * 5_000,
    "quotes": "“" * 20_000,
    "brackets": "其中（3个" * 5_000,
    "ratios": "百分之" * 10_000,
    "years": "2021年至" * 5_000,
    "models": "A1-b2.C3/" * 5_000,
    "bytes": random.Random(7).randbytes(50_000).decode("latin1"),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_text_is_read_to_its_end(name: str) -> None:
    article = read_article(HOSTILE[name])
    assert all(r.holds is not False for r in article.relations) or name in ("parts", "semicolons", "brackets")


def test_too_long_is_refused_with_a_code() -> None:
    with pytest.raises(TextTooLong) as caught:
        read_article("字" * (MAX_CHARACTERS + 1))
    assert caught.value.code == "text.too_long"


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
@settings(max_examples=150, deadline=None)
def test_any_mixture_of_news_words_is_read(text: str) -> None:
    article = read_article(text)
    for claim in article.claims:
        assert text[claim.start : claim.end] == claim.phrase
        assert claim.lower is None or claim.upper is None or claim.lower <= claim.upper
    for relation in article.relations:
        assert all(0 <= i < len(article.claims) for i in relation.claims)
    for group in article.groups:
        assert group.parent is None or group.parent < len(article.groups)


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read(text: str) -> None:
    read_article(text)
