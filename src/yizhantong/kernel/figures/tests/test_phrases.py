"""The index of the phrases by which articles call the figures."""

from __future__ import annotations

import pytest

from yizhantong.kernel.figures import phrases
from yizhantong.kernel.figures.declare import Period

pytestmark = pytest.mark.django_db


def test_quotes_spaces_and_wide_digits_make_no_difference() -> None:
    assert phrases.normal("清理 “三堆”１２") == phrases.normal("清理三堆12")


def test_every_phrase_leads_to_its_figure(deals: None) -> None:
    found = phrases.by_text()
    assert [(item.code, item.unit, item.period) for item in found["试half"]] == [
        ("trial.half", "个", Period.FIRST_HALF)
    ]
    assert found["试mean"][0].period is Period.THIS_YEAR


def test_the_longest_phrase_comes_first(deals: None) -> None:
    lengths = [len(item.text) for item in phrases.index()]
    assert lengths == sorted(lengths, reverse=True)
