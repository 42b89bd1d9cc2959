"""The sample's figures cut the handovers by direction and by mode."""

from __future__ import annotations

import time

import pytest

from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions.calendar import load_calendar
from yizhantong.kernel.figures import engine, figures, queries
from yizhantong.kernel.items.load import load_items
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.zones.crossregion import sample_cases
from yizhantong.zones.crossregion.models import Closing, Crossing, Handover

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def found(sample_city: SampleCity) -> dict[str, str]:
    """The zone's figures over its whole sample, as they are shown."""
    load_calendar()
    load_items()
    began = time.monotonic()
    sample_cases.play(sample_city)
    print(f"played in {time.monotonic() - began:.1f} s")
    engine.forget()
    codes = [figure.code for figure in figures() if figure.zone == "crossregion"]
    values = queries.values(codes, engine="database")
    return {code.partition(".")[2]: f"{value.text}{value.unit}" for code, value in values.items()}


def _number(text: str) -> int:
    return int(text.removesuffix("件"))


def test_directions_and_modes_add_up(found: dict[str, str]) -> None:
    assert found["handled"] == "3412件"
    assert _number(found["sent"]) + _number(found["received"]) == 3412
    assert sum(_number(found[mode]) for mode in ("online", "proxy", "joint")) == 3412


def test_last_years_handovers_are_not_this_years(found: dict[str, str]) -> None:
    assert found["handled_this_year"] == "2774件"


def test_places_are_counted_by_code_and_none_is_the_city_itself(found: dict[str, str], sample_city: SampleCity) -> None:
    codes = set(Handover.objects.values_list("other_code", flat=True))
    assert found["cities"] == f"{len(codes)}个"
    assert not codes & {unit.code for unit in sample_city.units}


def test_every_closing_follows_its_handover(found: dict[str, str]) -> None:
    handed = dict(Handover.objects.filter(sign=1).values_list("number", "occurred_on"))
    assert all(row.days == (row.occurred_on - handed[row.number]).days >= 0 for row in Closing.objects.all())


def test_every_handover_comes_from_a_case_and_the_open_ones_are_open(found: dict[str, str]) -> None:
    crossings = Crossing.objects.exclude(stage__in=["sent", "new"]).filter(received_at__isnull=False)
    assert crossings.count() == 3412
    assert not crossings.filter(case__isnull=True).exists()
    assert 3412 - _number(found["closed"]) == 127
    open_ones = crossings.filter(stage__in=["held", "supplement"])
    assert open_ones.count() == 127
    assert not open_ones.filter(case__state=Case.State.CLOSED).exists()


def test_the_play_is_played_once(found: dict[str, str], sample_city: SampleCity) -> None:
    assert sample_cases.play(sample_city) == 0
