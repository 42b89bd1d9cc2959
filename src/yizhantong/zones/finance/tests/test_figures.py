"""The sample's figures are the page's, and come from needs that were really handled; the amounts stay apart."""

from __future__ import annotations

from collections import Counter

import pytest

from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions.calendar import load_calendar
from yizhantong.kernel.figures import engine, figures, queries
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.zones.finance import sample_cases
from yizhantong.zones.finance.models import Credit, Drawdown, Engagement, Listing, Need

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def found(sample_city: SampleCity) -> dict[str, str]:
    """The zone's figures over its whole sample, as they are shown."""
    load_calendar()
    sample_cases.play(sample_city)
    engine.forget()
    codes = [figure.code for figure in figures() if figure.zone == "finance"]
    values = queries.values(codes, engine="database")
    return {code.partition(".")[2]: f"{value.text}{value.unit}" for code, value in values.items()}


def test_the_page_finds_its_figure_in_drawdowns_alone(found: dict[str, str]) -> None:
    assert found["drawn"] == "4.31亿元"
    in_force = Drawdown.objects.filter(sign=1, reversal__isnull=True)
    assert sum(in_force.values_list("amount_fen", flat=True)) == 43_100_000_000
    assert len({found["drawn"], found["credit_amount"], found["need_amount"]}) == 3


def test_the_average_rate_weighs_each_loan_by_its_amount(found: dict[str, str]) -> None:
    loans = Drawdown.objects.filter(sign=1, reversal__isnull=True).values_list("amount_fen", "rate_bp")
    weighted = sum(amount * rate for amount, rate in loans) / sum(amount for amount, _ in loans)
    assert found["average_rate"] == f"{weighted / 100:.2f}%"


def test_every_drawdown_lies_within_its_credit_and_every_credit_within_its_need(found: dict[str, str]) -> None:
    needs = {row.number: row for row in Need.objects.all()}
    credits = {row.number: row for row in Credit.objects.all()}
    drawn: Counter[str] = Counter()
    for row in Drawdown.objects.all():
        drawn[row.credit_number] += row.sign * row.amount_fen
        assert row.occurred_on >= credits[row.credit_number].occurred_on
        assert row.bank_id == credits[row.credit_number].bank_id
    assert all(total <= credits[number].amount_fen for number, total in drawn.items())
    for credit in credits.values():
        assert credit.amount_fen <= needs[credit.need_number].amount_fen
        assert credit.occurred_on >= needs[credit.need_number].occurred_on


def test_needs_that_were_met_are_counted_once(found: dict[str, str]) -> None:
    assert (found["needs"], found["needs_met"], found["loans"]) == ("331个", "214个", "268笔")
    assert found["success_rate"] == "64.65%"


def test_every_drawdown_leads_to_the_case_of_its_need(found: dict[str, str]) -> None:
    numbers = set(Drawdown.objects.values_list("need_number", flat=True))
    assert set(Case.objects.filter(number__in=numbers, zone="finance").values_list("number", flat=True)) == numbers
    assert not Drawdown.objects.filter(source="sample").exists()


def test_what_the_market_keeps_and_what_the_ledger_says_agree(found: dict[str, str]) -> None:
    kept = sum(Listing.objects.values_list("drawn_fen", flat=True))
    assert kept == sum(Engagement.objects.values_list("drawn_fen", flat=True)) == 43_100_000_000
    assert Drawdown.objects.filter(sign=-1).count() == 3


def test_dealings_stand_in_every_state(found: dict[str, str]) -> None:
    states = set(Engagement.objects.values_list("state", flat=True))
    assert set(Engagement.State.values) - states <= {"off", "overdue", "signed"}
    assert set(Listing.objects.values_list("state", flat=True)) == set(Listing.State.values)
    assert set(Listing.objects.values_list("ending", flat=True)) == {"", *Listing.Ending.values}
