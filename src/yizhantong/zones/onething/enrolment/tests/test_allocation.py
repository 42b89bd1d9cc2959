"""Properties of the allocation: fair, within capacity, the same from whatever order, without justified envy."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yizhantong.zones.onething.enrolment import lottery
from yizhantong.zones.onething.enrolment.allocation import Applicant, Placed, allocate

SCHOOLS = ("a", "b", "c")
LISTS = {"a": ("b", "c"), "b": ("c", "a"), "c": ("a", "b")}
World = tuple[list[Applicant], dict[str, int]]


@st.composite
def worlds(draw: st.DrawFn, *, pairs: bool = True) -> World:
    """Draw children with few categories and keys, so that lots decide often, and schools that are mostly too small."""
    seed = draw(st.text("0123456789abcdef", min_size=4, max_size=4))
    number = draw(st.integers(0, 24))
    children: list[Applicant] = []
    while len(children) < number:
        own = draw(st.sampled_from([*SCHOOLS, None]))
        rank, keys = draw(st.integers(0, 2)), (draw(st.integers(-2, 1)),)
        size = 2 if pairs and draw(st.integers(0, 5)) == 0 else 1
        codes = [f"c{len(children) + place}" for place in range(size)]
        lot = lottery.lot_of(seed, "", codes[0])
        children += [Applicant(code, rank, own, keys, codes[0] if size > 1 else "", lot) for code in codes]
    return children, {school: draw(st.integers(0, 8)) for school in SCHOOLS}


@st.composite
def later(draw: st.DrawFn, *, pairs: bool = True) -> World:
    """Draw a later batch: some children were diverted before and hold a place at another school."""
    children, places = draw(worlds(pairs=pairs))
    away = {one.together or one.code: draw(st.sampled_from(["", "", *SCHOOLS])) for one in children if one.own}
    made = [
        replace(one, holds=held) if (held := away.get(one.together or one.code, "")) != one.own else one
        for one in children
    ]
    return made, places


def order(one: Applicant) -> tuple[object, ...]:
    return one.rank, one.keys, one.lot


def taken(result: dict[str, Placed], school: str) -> int:
    return sum(one.school == school for one in result.values())


@settings(max_examples=150, deadline=None)
@given(worlds(), st.booleans())
def test_no_school_takes_more_than_its_places_and_everyone_gets_an_answer(world: World, divert: bool) -> None:
    children, places = world
    result = allocate(children, places, LISTS, divert=divert)
    assert set(result) == {one.code for one in children}
    assert all(taken(result, school) <= number for school, number in places.items())


@settings(max_examples=150, deadline=None)
@given(worlds(pairs=False))
def test_nobody_of_a_lower_category_is_placed_before_a_higher_one_of_the_same_school(world: World) -> None:
    children, places = world
    result = allocate(children, places)
    for school in SCHOOLS:
        inside = [one for one in children if result[one.code].school == school]
        outside = [one for one in children if one.own == school and result[one.code].school is None]
        assert not inside or not outside or max(map(order, inside)) < min(map(order, outside))


@settings(max_examples=150, deadline=None)
@given(worlds(), st.booleans(), st.integers(0, 1000))
def test_the_result_depends_on_no_order_and_on_no_number(world: World, divert: bool, shuffle: int) -> None:
    children, places = world
    mixed = list(children)
    random.Random(shuffle).shuffle(mixed)
    backwards = dict(reversed(places.items()))
    assert allocate(children, places, LISTS, divert=divert) == allocate(mixed, backwards, LISTS, divert=divert)


@settings(max_examples=150, deadline=None)
@given(worlds(pairs=False))
def test_no_child_envies_with_right(world: World) -> None:
    """A child that would rather be at a school finds there only children who go before it: its own first, then by the common order."""
    children, places = world
    result = allocate(children, places, LISTS, divert=True)
    for one in children:
        if one.own is None:
            continue
        wishes = [one.own, *LISTS[one.own]]
        got = result[one.code].school
        for school in wishes[: wishes.index(got)] if got else wishes:
            inside = [other for other in children if result[other.code].school == school]
            assert len(inside) == places[school], "a place that somebody wants is not left empty"
            mine = (school != one.own, *order(one))
            assert all((other.own != school, *order(other)) < mine for other in inside)


@settings(max_examples=100, deadline=None)
@given(worlds(), st.booleans())
def test_children_who_stay_together_are_placed_together_or_not_at_all(world: World, divert: bool) -> None:
    children, places = world
    result = allocate(children, places, LISTS, divert=divert)
    for name in {one.together for one in children if one.together}:
        assert len({result[one.code].school for one in children if one.together == name}) == 1


@settings(max_examples=200, deadline=None)
@given(later(), st.booleans())
def test_a_place_is_given_back_only_for_the_own_school_and_none_is_given_twice(world: World, divert: bool) -> None:
    children, places = world
    result = allocate(children, places, LISTS, divert=divert)
    back = Counter(one.holds for one in children if one.holds and result[one.code].school)
    for one in children:
        got = result[one.code]
        assert not one.holds or (got.school, got.why) in ((one.own, "own"), (None, "kept"))
    assert all(taken(result, school) <= number + back[school] for school, number in places.items())


@settings(max_examples=200, deadline=None)
@given(later(pairs=False))
def test_who_was_diverted_stands_in_the_order_of_the_own_school_like_all_others(world: World) -> None:
    children, places = world
    result = allocate(children, places, LISTS, divert=True)
    back = Counter(one.holds for one in children if one.holds and result[one.code].school)
    for school in SCHOOLS:
        inside = [one for one in children if one.own == school and result[one.code].school == school]
        outside = [one for one in children if one.own == school and result[one.code].school != school]
        assert not inside or not outside or max(map(order, inside)) < min(map(order, outside))
        full = sum(result[one.code].school == school for one in children) == places[school] + back[school]
        assert full or not outside, "a place that somebody wants is not left empty"


def test_places_that_are_given_back_go_on_in_the_same_batch() -> None:
    rows = [
        Applicant("x", 0, "a", lot="1", holds="b"), Applicant("y", 0, "b", lot="2", holds="c"),
        Applicant("z", 1, "c", lot="3"), Applicant("w", 2, "c", lot="4"),
    ]  # fmt: skip
    result = allocate(rows, {"a": 1, "b": 0, "c": 0})
    assert {code: (one.school, one.why) for code, one in result.items()} == {
        "x": ("a", "own"), "y": ("b", "own"), "z": ("c", "own"), "w": (None, "full"),
    }  # fmt: skip


def test_a_pair_that_fits_only_by_a_place_given_back_takes_it_from_nobody_who_gave_it() -> None:
    rows = [
        Applicant("p1", 0, "a", (), "p", "1"), Applicant("p2", 0, "a", (), "p", "1"),
        Applicant("x", 1, "a", lot="2", holds="b"), Applicant("y", 0, "b", lot="3", holds="a"),
    ]  # fmt: skip
    result = allocate(rows, {"a": 1, "b": 0})
    assert {code: (one.school, one.why) for code, one in result.items()} == {
        "p1": (None, "full"), "p2": (None, "full"), "x": ("a", "own"), "y": ("b", "own"),
    }  # fmt: skip


def test_a_pair_that_does_not_fit_leaves_the_place_to_the_next_and_harms_nobody() -> None:
    pair = [Applicant("p1", 0, "a", (), "p", "1"), Applicant("p2", 0, "a", (), "p", "1")]
    result = allocate([*pair, Applicant("x", 1, "a", (), "", "2")], {"a": 1, "b": 2}, {"a": ["b"]}, divert=True)
    assert {code: one.school for code, one in result.items()} == {"p1": "b", "p2": "b", "x": "a"}


def test_the_explanation_says_position_places_and_the_last_who_was_placed() -> None:
    rows = [
        Applicant("x", 0, "a", (-3,)),
        Applicant("y", 1, "a", (0,)),
        Applicant("z", 1, "a", (1,)),
        Applicant("w", 0, "gone"),
    ]
    result = allocate(rows, {"a": 2})
    assert result["z"] == Placed("z", None, "full", 3, 3, 2, (1, 0))
    assert (result["w"].why, result["w"].school) == ("no_school", None)


def test_a_code_twice_and_negative_places_are_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        allocate([Applicant("x", 0, "a"), Applicant("x", 1, "a")], {"a": 1})
    with pytest.raises(ValueError, match="negative"):
        allocate([], {"a": -1})


def test_anybody_can_compute_the_lots_and_nobody_can_change_seed_or_list_unseen() -> None:
    seed = lottery.draw_seed()
    listed = lottery.list_digest(["B", "A"])
    assert lottery.fits(seed, lottery.commitment_of(seed))
    assert not lottery.fits(lottery.draw_seed(), lottery.commitment_of(seed))
    assert listed == lottery.list_digest(["A", "B", "A"]) != lottery.list_digest(["A"])
    assert lottery.lot_of("seed", "list", "A") == "0d1653e83dd593c9f213d5c57ec1ccb02fc782a658528e18afab4387b7110a8a"
