"""The sample's figures are the page's; needs, credit and drawdowns stay apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from yizhantong.zones.finance.models import Credit, Drawdown, Need

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def found(shown: Callable[[str], dict[str, str]]) -> dict[str, str]:
    """The zone's figures over its whole sample, as they are shown."""
    return shown("finance")


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
