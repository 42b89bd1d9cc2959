"""The sample's figures are the page's: accepted and closed are two counts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from yizhantong.zones.onething.models import Acceptance, Closing

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def found(shown: Callable[[str], dict[str, str]]) -> dict[str, str]:
    """The zone's figures over its whole sample, as they are shown."""
    return shown("onething")


def test_the_page_finds_its_figure(found: dict[str, str]) -> None:
    accepted = int(found["accepted"].removesuffix("件"))
    assert 120_000 < accepted < 130_000


def test_packages_add_up_to_what_was_accepted(found: dict[str, str]) -> None:
    parts = [int(found[name].removesuffix("件")) for name in ("birth", "property", "school", "startup")]
    assert found["accepted"] == f"{sum(parts)}件"
    assert min(parts) > 0
    assert found["packages"] == "4项"


def test_last_years_applications_are_not_this_years(found: dict[str, str]) -> None:
    earlier = Acceptance.objects.filter(occurred_on__year=2020, sign=1, reversal__isnull=True).count()
    assert earlier > 0
    assert int(found["accepted_this_year"].removesuffix("件")) == int(found["accepted"].removesuffix("件")) - earlier


def test_every_closing_follows_an_acceptance(found: dict[str, str]) -> None:
    accepted = dict(Acceptance.objects.filter(sign=1).values_list("number", "occurred_on"))
    rows = Closing.objects.values_list("number", "occurred_on", "days", "due_on")
    assert found["closed"] == f"{len(rows)}件"
    for number, day, days, due_on in rows.iterator():
        assert (day - accepted[number]).days == days >= 0
        assert due_on >= accepted[number]


def test_entries_made_twice_were_taken_back(found: dict[str, str]) -> None:
    assert Acceptance.objects.filter(sign=-1).count() == 24
    assert Acceptance.objects.count() == int(found["accepted"].removesuffix("件")) + 48
