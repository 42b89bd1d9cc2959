"""The sample's figures are the page's, each from a ledger of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db.models import Sum

from yizhantong.zones.livelihood.models import (
    Check,
    Claim,
    Deed,
    Dispute,
    Duty,
    Help,
    Issue,
    Mediation,
    Settlement,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def found(shown: Callable[[str], dict[str, str]]) -> dict[str, str]:
    """The zone's figures over its whole sample, as they are shown."""
    return shown("livelihood")


def _number(text: str) -> int:
    return int(text.rstrip("件名个项人次户级"))


def test_the_page_finds_its_exact_figures(found: dict[str, str]) -> None:
    assert found["helps_solved"] == "63843件"
    assert (found["disputes"], found["disputes_solved"]) == ("3236件", "3038件")
    assert found["dispute_rate"] == "93.88%"
    assert found["deeds"] == "16000件"
    assert found["levels"] == "3级"


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("claims", 13_000, 14_000),
        ("claimants", 10_000, 11_000),
        ("checkers", 8_300, 8_400),
        ("doers", 10_000, 20_000),
    ],
)
def test_figures_printed_as_more_than_lie_strictly_between(
    found: dict[str, str], name: str, low: int, high: int
) -> None:
    assert low < _number(found[name]) < high


def test_what_happened_before_the_campaign_or_the_year_is_left_out(found: dict[str, str]) -> None:
    net = {model: model.objects.aggregate(net=Sum("sign"))["net"] for model in (Claim, Check, Help, Deed)}
    assert net[Claim] == 13_056 + 640
    assert net[Check] == _number(found["checks"]) + 2_150
    assert net[Help] == _number(found["helps"]) + 1_500
    assert net[Deed] == 16_000 + 2_400


def test_kinds_of_deeds_add_up(found: dict[str, str]) -> None:
    assert sum(_number(found[f"deeds_{kind}"]) for kind in ("good", "practical", "difficult")) == 16_000


def test_the_chain_of_issues_holds_together(found: dict[str, str]) -> None:
    issues = dict(Issue.objects.values_list("number", "occurred_on"))
    duties = {row.number: row for row in Duty.objects.all()}
    for duty in duties.values():
        assert issues[duty.issue_number] <= duty.occurred_on <= duty.due_on
    for settlement in Settlement.objects.all():
        assert duties[settlement.number].occurred_on <= settlement.occurred_on
        assert duties[settlement.number].due_on == settlement.due_on
    late = _number(found["settled"]) - _number(found["settled_in_time"])
    assert (len(issues), len(duties), found["settled"]) == (9480, 9120, "8655个")
    assert late > 0


def test_every_mediation_settles_a_dispute_found_before(found: dict[str, str]) -> None:
    disputes = dict(Dispute.objects.values_list("number", "occurred_on"))
    assert all(disputes[row.number] <= row.occurred_on for row in Mediation.objects.all())


def test_entries_made_twice_were_taken_back(found: dict[str, str]) -> None:
    assert [model.objects.filter(sign=-1).count() for model in (Claim, Help, Deed)] == [6, 6, 6]
