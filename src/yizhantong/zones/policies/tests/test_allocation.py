"""What is short is shared by the rule, and never more than there is."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from yizhantong.zones.policies.allocation import Claim, after_stacking, allocate

claims = st.lists(st.tuples(st.integers(1, 10**10), st.integers(0, 100)), min_size=1, max_size=12).map(
    lambda rows: [Claim(place, fen, place, Decimal(score)) for place, (fen, score) in enumerate(rows)]
)


@given(st.sampled_from(["first", "proportional", "best"]), st.integers(0, 10**11), claims)
@settings(max_examples=120, deadline=None)
def test_no_rule_gives_more_than_there_is_nor_more_than_was_claimed(rule: str, free: int, wanted: list[Claim]) -> None:
    given_out = allocate(rule, free, wanted)  # type: ignore[arg-type]
    assert sum(given_out.values()) <= free
    assert all(0 <= given_out[claim.key] <= claim.fen for claim in wanted)
    if sum(claim.fen for claim in wanted) <= free:
        assert given_out == {claim.key: claim.fen for claim in wanted}


@given(st.integers(0, 10**11), claims)
@settings(max_examples=60, deadline=None)
def test_everyone_is_cut_by_the_same_share(free: int, wanted: list[Claim]) -> None:
    given_out = allocate("proportional", free, wanted)
    whole = sum(claim.fen for claim in wanted)
    assert sum(given_out.values()) > min(free, whole) - len(wanted)
    for claim in wanted:
        assert abs(given_out[claim.key] - claim.fen * min(1, free / whole)) <= 1 + claim.fen * 1e-9


def test_the_best_come_first_and_what_does_not_fit_is_passed_over() -> None:
    wanted = [Claim(1, 60, 1, Decimal(70)), Claim(2, 50, 2, Decimal(90)), Claim(3, 40, 3, Decimal(80))]
    assert allocate("best", 100, wanted) == {1: 0, 2: 50, 3: 40}
    assert allocate("first", 100, wanted) == {1: 60, 2: 0, 3: 40}


def test_of_a_group_the_highest_counts_once() -> None:
    assert after_stacking("higher", 500, []) == 500
    assert after_stacking("higher", 500, [200, 100]) == 200
    assert after_stacking("higher", 100, [200]) == 0
    assert after_stacking("exclusive", 500, [1]) == 0
