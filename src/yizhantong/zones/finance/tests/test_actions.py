"""Needs, credit and drawdowns stay three amounts, each within the one before."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.zones.finance import actions, queries
from yizhantong.zones.finance.actions import facts
from yizhantong.zones.finance.models import Credit, Drawdown, interest_of

pytestmark = pytest.mark.django_db

WAN = 1_000_000
BY = {"source": "test"}


@pytest.fixture
def need(sample_city: SampleCity) -> None:
    actions.publish_need(
        "RZ-1", sample_city.organisations("enterprise")[0], 500 * WAN, term_months=12, purpose="working",
        guarantee="credit", first_loan=True, on=dt.date(2021, 3, 1), **BY,
    )  # fmt: skip


def grant(city: SampleCity, amount: int = 300 * WAN, on: dt.date = dt.date(2021, 3, 15), bank: int = 0) -> object:
    chosen = city.organisations("bank")[bank]
    return actions.grant_credit("SX-1", "RZ-1", chosen, amount, rate_bp=435, term_months=12, on=on, **BY)


def draw(reference: str, amount: int, on: dt.date = dt.date(2021, 4, 1)) -> object:
    return actions.draw(reference, "SX-1", amount, on=on, **BY)


def test_a_drawdown_carries_what_need_and_credit_know(sample_city: SampleCity, need: None) -> None:
    grant(sample_city)
    drawn = draw("B-1", 100 * WAN)
    assert isinstance(drawn, Drawdown)
    assert (drawn.need_number, drawn.guarantee, drawn.first_loan) == ("RZ-1", "credit", True)
    assert drawn.interest_fen == 4_350_000
    assert drawn.bank_id == sample_city.organisations("bank")[0].uscc


def test_drawdowns_together_stay_within_the_credit(sample_city: SampleCity, need: None) -> None:
    grant(sample_city)
    draw("B-1", 200 * WAN)
    with pytest.raises(LedgerError) as refused:
        draw("B-2", 100 * WAN + 1)
    assert refused.value.code == "finance.drawn_above_credit"
    draw("B-2", 100 * WAN)
    assert queries.drawn_fen("SX-1") == 300 * WAN


def test_a_drawdown_taken_back_frees_the_credit(sample_city: SampleCity, need: None) -> None:
    grant(sample_city)
    wrong = draw("B-1", 300 * WAN)
    assert isinstance(wrong, Drawdown)
    facts.take_back_drawdown(wrong.bank_id, "B-1", reason="金额有误", source="test")
    assert queries.drawn_fen("SX-1") == 0
    draw("B-1", 30 * WAN)
    assert queries.drawn_fen("SX-1") == 30 * WAN


def test_a_bank_reference_is_recorded_once(sample_city: SampleCity, need: None) -> None:
    grant(sample_city)
    draw("B-1", 10 * WAN)
    with pytest.raises(LedgerError) as refused:
        draw("B-1", 10 * WAN)
    assert refused.value.code == "ledger.key_taken"
    assert Drawdown.objects.count() == 1


def test_credit_is_never_more_than_asked_for(sample_city: SampleCity, need: None) -> None:
    with pytest.raises(LedgerError) as refused:
        grant(sample_city, amount=500 * WAN + 1)
    assert refused.value.code == "finance.credit_above_need"
    assert not Credit.objects.exists()


def test_only_banks_grant_credit(sample_city: SampleCity, need: None) -> None:
    insurer = sample_city.organisations("insurer")[0]
    with pytest.raises(LedgerError) as refused:
        actions.grant_credit("SX-1", "RZ-1", insurer, WAN, rate_bp=435, term_months=12, on=dt.date(2021, 4, 1), **BY)
    assert refused.value.code == "finance.not_a_bank"


def test_each_step_comes_after_the_one_before(sample_city: SampleCity, need: None) -> None:
    with pytest.raises(LedgerError) as early_credit:
        grant(sample_city, on=dt.date(2021, 2, 28))
    grant(sample_city)
    with pytest.raises(LedgerError) as early_draw:
        draw("B-1", WAN, on=dt.date(2021, 3, 14))
    assert (early_credit.value.code, early_draw.value.code) == ("finance.before_need", "finance.before_credit")


def test_nothing_is_granted_or_drawn_out_of_nothing(sample_city: SampleCity) -> None:
    with pytest.raises(LedgerError) as no_need:
        grant(sample_city)
    with pytest.raises(LedgerError) as no_credit:
        draw("B-1", WAN)
    assert (no_need.value.code, no_credit.value.code) == ("finance.no_need", "finance.no_credit")


@pytest.mark.parametrize("amount", [0, -WAN])
def test_a_drawdown_of_nothing_is_refused(sample_city: SampleCity, need: None, amount: int) -> None:
    grant(sample_city)
    with pytest.raises(LedgerError) as refused:
        draw("B-1", amount)
    assert refused.value.field == "放款金额"


@given(amount=st.integers(1, 10**13), rate=st.integers(0, 9_999))
def test_interest_is_the_amount_at_its_rate_to_the_nearest_fen(amount: int, rate: int) -> None:
    interest = interest_of(amount, rate)
    assert -5_000 < interest * 10_000 - amount * rate <= 5_000
