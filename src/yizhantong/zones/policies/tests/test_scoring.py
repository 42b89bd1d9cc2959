"""Experts' scores: weighted, extremes dropped, too few of them decide nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yizhantong.zones.policies.benefit import Criterion
from yizhantong.zones.policies.errors import PolicyError
from yizhantong.zones.policies.scoring import settle, total

SHEET = (
    Criterion(code="novelty", name="创新性", most=40, weight=Decimal(2)),
    Criterion(code="market", name="市场前景", most=10),
)
scores = st.lists(st.decimals(0, 100, places=2), min_size=3, max_size=9)


def test_points_are_weighted_to_a_hundred() -> None:
    assert total(SHEET, {"novelty": 40, "market": 10}) == 100
    assert total(SHEET, {"novelty": "20", "market": 10}) == Decimal("66.67")


@pytest.mark.parametrize(
    ("given_scores", "field"),
    [({"novelty": 41, "market": 1}, "novelty"), ({"novelty": 4}, "market"), ({"novelty": "x", "market": 1}, "novelty"),
     ({"novelty": 4, "market": -1}, "market"), ({"novelty": 4, "market": 1, "beauty": 2}, "beauty"), ({"novelty": "NaN", "market": 1}, "novelty")],
)  # fmt: skip
def test_points_outside_the_sheet_are_refused_by_line(given_scores: dict[str, object], field: str) -> None:
    with pytest.raises(PolicyError) as refused:
        total(SHEET, given_scores)
    assert (refused.value.code, refused.value.field) == ("policies.score", field)


@given(scores)
@settings(max_examples=60, deadline=None)
def test_one_extreme_score_moves_nothing_beyond_the_others(totals: list[Decimal]) -> None:
    found = settle(totals, least=3, pass_mark=Decimal(60), drop_extremes=True)
    ordered = sorted(totals)
    assert ordered[0] <= found.mean <= ordered[-1]
    assert len(found.dropped) == 2
    kept = ordered[1:-1]
    assert abs(found.mean - sum(kept) / len(kept)) <= Decimal("0.005")
    assert found.passed == (found.mean >= 60)


@given(scores, st.randoms())
@settings(max_examples=40, deadline=None)
def test_the_order_of_experts_does_not_matter(totals: list[Decimal], rng: object) -> None:
    shuffled = list(totals)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    options = {"least": 3, "pass_mark": Decimal(60), "drop_extremes": True}
    assert settle(totals, **options).mean == settle(shuffled, **options).mean


def test_two_experts_decide_nothing() -> None:
    with pytest.raises(PolicyError) as refused:
        settle([Decimal(80), Decimal(90)], least=3, pass_mark=Decimal(60), drop_extremes=True)
    assert refused.value.code == "policies.too_few_experts"
