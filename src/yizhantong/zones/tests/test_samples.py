"""What every zone's sample promises: the same each time, red letters that take back their equals, more with scale."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest
from django.conf import settings

from yizhantong.kernel.ledger import ledger
from yizhantong.kernel.ledger.sampling import SampleCity

pytestmark = pytest.mark.django_db

Rows = dict[str, list[dict[str, Any]]]
ZONES = [zone for zone in settings.ZONES if find_spec(f"yizhantong.zones.{zone}.sample")]
"""Zones that invent records; the others play cases, and their ledgers are written by these."""


def _rows(zone: str, city: SampleCity) -> Rows:
    batches = import_module(f"yizhantong.zones.{zone}.sample").sample(city)
    found: Rows = {}
    for batch in batches:
        assert batch.ledger not in found
        found[batch.ledger] = [dict(row) for row in batch.rows]
    return found


@pytest.fixture(scope="module")
def once(sample_city: SampleCity) -> dict[str, Rows]:
    """Return the rows of every zone's sample, by zone and ledger."""
    return {zone: _rows(zone, sample_city) for zone in ZONES}


@pytest.mark.parametrize("zone", ZONES)
def test_the_same_city_gives_the_same_records(zone: str, sample_city: SampleCity, once: dict[str, Rows]) -> None:
    assert _rows(zone, sample_city) == once[zone]


@pytest.mark.parametrize("zone", ZONES)
def test_the_records_are_of_the_zone_and_not_of_the_future(
    zone: str, sample_city: SampleCity, once: dict[str, Rows]
) -> None:
    for code, rows in once[zone].items():
        assert rows
        assert ledger(code).zone == zone
        assert all(row["occurred_on"] <= sample_city.day for row in rows)


@pytest.mark.parametrize("zone", ZONES)
def test_red_letters_take_back_an_equal_record_once(zone: str, once: dict[str, Rows]) -> None:
    reversals = 0
    for rows in once[zone].values():
        taken = Counter(row["reverses"] for row in rows if "reverses" in row)
        assert set(taken.values()) <= {1}
        for row in rows:
            if row.get("reverses") is not None:
                same = {name: value for name, value in row.items() if name not in ("reverses", "note", "occurred_on")}
                assert same.items() <= rows[row["reverses"]].items()
                reversals += 1
    assert reversals


@pytest.mark.parametrize("zone", ZONES)
def test_scale_multiplies_records(zone: str, sample_city: SampleCity, once: dict[str, Rows]) -> None:
    scaled = _rows(zone, SampleCity(day=sample_city.day, scale=2))
    sizes = {code: len(rows) for code, rows in once[zone].items()}
    assert sizes.keys() == scaled.keys()
    assert sum(len(rows) for rows in scaled.values()) > 1.6 * sum(sizes.values())
    for code, rows in scaled.items():
        key = ledger(code).key
        signs: Counter[tuple[Any, ...]] = Counter()
        for row in rows:
            signs[tuple(row[name] for name in key)] += -1 if row.get("reverses") is not None else 1
        assert not key or set(signs.values()) <= {0, 1}
