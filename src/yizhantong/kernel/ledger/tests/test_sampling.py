"""What zones' samples share: mistakes that are taken back, days, and enterprises that grow with the scale."""

from __future__ import annotations

import datetime as dt

import pytest

from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.ledger import sample_load
from yizhantong.kernel.ledger.sampling import taken_back, weekday, with_doubles
from yizhantong.kernel.parties.models import Organisation


def test_a_mistake_is_followed_by_its_red_letters() -> None:
    rows = list(taken_back([{"number": "A", "fen": 1}, {"number": "B", "fen": 2}]))
    assert rows == [
        {"number": "A", "fen": 1},
        {"number": "A", "fen": 1, "reverses": 0},
        {"number": "B", "fen": 2},
        {"number": "B", "fen": 2, "reverses": 2},
    ]
    assert all(row["number"] == rows[row["reverses"]]["number"] for row in rows if "reverses" in row)


def test_doubles_come_first_and_all_rows_stay() -> None:
    rows = list(with_doubles(iter([{"number": "A"}, {"number": "B"}, {"number": "C"}]), 1))
    assert rows == [
        {"number": "A-2"},
        {"number": "A-2", "reverses": 0},
        {"number": "A"},
        {"number": "B"},
        {"number": "C"},
    ]
    assert list(with_doubles(iter([{"number": "A"}]), 0)) == [{"number": "A"}]


@pytest.mark.parametrize(("day", "becomes"), [(6, 6), (7, 6), (8, 6), (9, 9)])
def test_a_weekend_becomes_the_friday_before(day: int, becomes: int) -> None:
    assert weekday(dt.date(2021, 8, day)) == dt.date(2021, 8, becomes)


@pytest.mark.django_db
def test_enterprises_grow_with_the_scale_and_banks_do_not() -> None:
    tree.forget()
    made = sample_load.prepare(dt.date(2021, 8, 16), scale=2)
    assert len(made.organisations("enterprise")) == 2 * sample_load.ENTERPRISES
    assert Organisation.objects.filter(kind="bank").count() == 12
    tree.forget()
    clock._demonstration_day.cache_clear()
