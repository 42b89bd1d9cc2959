"""The sample's figures are the page's, and its ledgers hang together."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from yizhantong.zones.butler.models import Appeal, Outcome, Rating, Visit

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def found(shown: Callable[[str], dict[str, str]]) -> dict[str, str]:
    """The zone's figures over its whole sample, as they are shown."""
    return shown("butler")


def test_the_page_finds_its_figures(found: dict[str, str]) -> None:
    assert found["service_zones"] == "6个"
    assert found["appeals_solved"] == "2523个"


def test_closed_is_not_solved(found: dict[str, str]) -> None:
    assert (found["appeals_accepted"], found["appeals_closed"]) == ("2587个", "2550个")
    assert (found["closing_rate"], found["solution_rate"]) == ("98.57%", "98.94%")


def test_last_years_visits_are_left_out(found: dict[str, str]) -> None:
    assert Visit.objects.count() == 2380
    assert found["visits"] == "1460次"


def test_outcomes_and_ratings_belong_to_appeals(found: dict[str, str]) -> None:
    appeals = dict(Appeal.objects.values_list("number", "occurred_on"))
    closed = {row.number: row for row in Outcome.objects.filter(sign=1, reversal__isnull=True)}
    assert len(appeals) == 2587
    assert all(row.occurred_on >= appeals[row.number] for row in closed.values())
    assert all(row.days == (row.occurred_on - appeals[row.number]).days for row in closed.values())
    assert all(row.occurred_on >= closed[row.number].occurred_on for row in Rating.objects.all())


def test_mistaken_outcomes_were_taken_back(found: dict[str, str]) -> None:
    assert Outcome.objects.filter(sign=-1, result="unable").count() == 5
    assert found["appeals_unable"] == "9个"
