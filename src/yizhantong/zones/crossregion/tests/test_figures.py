"""The sample's figures cut the handovers by direction and by mode."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.zones.crossregion.models import Closing, Handover

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def found(shown: Callable[[str], dict[str, str]]) -> dict[str, str]:
    """The zone's figures over its whole sample, as they are shown."""
    return shown("crossregion")


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
