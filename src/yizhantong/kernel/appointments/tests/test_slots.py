"""Starts lie within the hours, never run into each other, and no window is given out twice, whatever the hours and services."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from yizhantong.kernel.appointments import ranks
from yizhantong.kernel.appointments.slots import CELL, length_of, pieces, slots, starts

NINE = dt.datetime(2021, 8, 9, 9, tzinfo=dt.UTC)
GRIDS = st.sampled_from([5, 10, 15, 20, 30, 60])
MINUTES = st.integers(5, 120)


def at(minutes: float) -> dt.datetime:
    return NINE + dt.timedelta(minutes=minutes)


@st.composite
def stretches(draw: st.DrawFn) -> list[tuple[dt.datetime, dt.datetime]]:
    """Draw stretches of a day in order, on the grid of cells."""
    bounds = sorted(set(draw(st.lists(st.integers(0, 100), min_size=2, max_size=6))))
    return [(at(CELL * a), at(CELL * b)) for a, b in zip(bounds[::2], bounds[1::2], strict=False)]


@given(stretches(), MINUTES, GRIDS)
def test_every_start_ends_within_its_stretch_and_none_overlap(
    day: list[tuple[dt.datetime, dt.datetime]], minutes: int, grid: int
) -> None:
    found, length = starts(day, minutes, grid), length_of(minutes, grid)
    assert length >= dt.timedelta(minutes=minutes)
    for start in found:
        assert any(begin <= start and start + length <= end for begin, end in day)
    assert all(one + length <= other for one, other in pairwise(found))
    for begin, end in day:
        assert sum(begin <= start < end for start in found) == (end - begin) // length


@given(stretches(), st.lists(st.tuples(st.integers(0, 30), MINUTES, GRIDS), max_size=25))
def test_two_bookings_of_one_window_that_overlap_share_a_cell(
    day: list[tuple[dt.datetime, dt.datetime]], asked: list[tuple[int, int, int]]
) -> None:
    """Play first come, first served at two windows, with services and grids that change; nothing may overlap."""
    taken: dict[int, set[dt.datetime]] = defaultdict(set)
    booked: dict[int, list[tuple[dt.datetime, dt.datetime]]] = defaultdict(list)
    for place, minutes, grid in asked:
        offered = slots(day, minutes, grid, [1, 2], taken)
        if not offered:
            continue
        chosen = offered[place % len(offered)]
        cells = set(pieces(chosen.start, minutes, grid))
        able = [window for window in (1, 2) if not taken[window] & cells]
        assert chosen.free == len(able)
        if able:
            taken[able[0]] |= cells
            booked[able[0]].append((chosen.start, chosen.end))
    for rows in booked.values():
        rows.sort()
        assert all(one[1] <= other[0] for one, other in pairwise(rows))


@given(
    st.lists(st.tuples(st.integers(0, 240), st.booleans(), st.none() | st.integers(0, 240)), min_size=2, max_size=30)
)
def test_nobody_is_overtaken_by_who_came_more_than_half_an_hour_later(
    tickets: list[tuple[int, bool, int | None]],
) -> None:
    ranked = [
        (ranks.rank(at(taken), start=None if start is None else at(start), courtesy=courtesy), at(taken))
        for taken, courtesy, start in tickets
    ]
    for rank, taken in ranked:
        assert taken - ranks.EARLY <= rank <= taken
    for rank, taken in ranked:
        for other, came in ranked:
            if other < rank:
                assert came - taken <= ranks.EARLY


def test_who_booked_and_comes_in_time_stands_half_an_hour_before_his_start() -> None:
    assert ranks.rank(at(0), start=at(20)) == at(-10)
    assert ranks.rank(at(20), start=at(20)) == at(-10)
    assert ranks.rank(at(25), start=at(20)) == at(-5)
    assert ranks.rank(at(31), start=at(20)) == at(31)
    assert ranks.rank(at(0), courtesy=True) == at(-15)
    assert ranks.wait(6, 2, 600) == 30
    assert ranks.wait(6, 0, 600) is None
