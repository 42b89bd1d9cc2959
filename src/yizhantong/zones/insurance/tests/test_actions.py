"""One policy for each household and year; nothing is paid beyond assessment and sum insured."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.zones.insurance import actions, queries
from yizhantong.zones.insurance.models import Payment

pytestmark = pytest.mark.django_db

BY: dict[str, Any] = {"account": None, "source": "test"}
HOME = "H0000000000AB"
FLOOD = dt.date(2021, 7, 14)
INSURED = 4_100_000


@pytest.fixture
def insured(sample_city: SampleCity) -> SampleCity:
    insure(sample_city)
    actions.happen("Z-1", "洪涝灾害", "flood", division="2107", on=FLOOD, **BY)
    return sample_city


def insure(city: SampleCity, household: str = HOME, **changed: Any) -> Any:
    given: dict[str, Any] = {
        "year": 2021, "village": city.villages[-1].code, "group": "allowance", "premium_fen": 2000, "farmer_fen": 0,
        "insured_fen": INSURED, "on": dt.date(2021, 1, 1), "ends_on": dt.date(2021, 12, 31),
    }  # fmt: skip
    return actions.insure(household, city.organisations("insurer")[0], **(given | changed), **BY)


def claim(number: str = "BA-1", **changed: Any) -> Any:
    given: dict[str, Any] = {"year": 2021, "lost_on": FLOOD, "on": dt.date(2021, 7, 15)}
    return actions.claim(number, HOME, "Z-1", "house", **(given | changed), **BY)


def assessed(number: str = "BA-1", fen: int = 500_000) -> None:
    claim(number)
    actions.assess(number, assessed_fen=fen, on=dt.date(2021, 7, 20), **BY)


def pay(payment: str, fen: int, number: str = "BA-1") -> Any:
    return actions.pay(payment, number, paid_fen=fen, on=dt.date(2021, 7, 25), **BY)


def code_of(refused: pytest.ExceptionInfo[LedgerError]) -> str:
    return refused.value.code


def test_a_household_has_one_policy_in_a_year(insured: SampleCity) -> None:
    with pytest.raises(LedgerError) as refused:
        insure(insured)
    assert code_of(refused) == "ledger.key_taken"
    assert insure(insured, year=2020, on=dt.date(2020, 1, 1), ends_on=dt.date(2020, 12, 31)).year == 2020


def test_the_government_pays_what_the_household_does_not(insured: SampleCity) -> None:
    assert insure(insured, "H0000000000AC", farmer_fen=500).subsidy_fen == 1500
    with pytest.raises(LedgerError) as refused:
        insure(insured, "H0000000000AD", farmer_fen=2500)
    assert code_of(refused) == "insurance.amount"


@pytest.mark.parametrize("name", ["李四", "210727195512015426", "h0000000000ab", "H0000000000ABC"])
def test_names_and_identity_numbers_are_no_codes_of_households(insured: SampleCity, name: str) -> None:
    with pytest.raises(LedgerError):
        insure(insured, name)


def test_only_insurers_insure(insured: SampleCity) -> None:
    bank = insured.organisations("bank")[0]
    with pytest.raises(LedgerError) as refused:
        actions.insure(
            "H0000000000AE", bank, year=2021, village=insured.villages[0].code, group="allowance", premium_fen=2000,
            farmer_fen=0, insured_fen=INSURED, on=FLOOD, ends_on=dt.date(2021, 12, 31), **BY,
        )  # fmt: skip
    assert code_of(refused) == "insurance.not_an_insurer"


def test_a_claim_needs_a_policy_a_disaster_and_a_loss_within_the_period(insured: SampleCity) -> None:
    for changed, code in (
        ({"year": 2020}, "insurance.not_insured"),
        ({"lost_on": dt.date(2021, 7, 13)}, "insurance.no_disaster"),
        ({"lost_on": dt.date(2022, 1, 1)}, "insurance.outside_period"),
        ({"on": dt.date(2021, 7, 14), "lost_on": dt.date(2021, 7, 15)}, "insurance.reported_before_loss"),
    ):
        with pytest.raises(LedgerError) as refused:
            claim(**changed)
        assert code_of(refused) == code


def test_payments_keep_within_the_assessment(insured: SampleCity) -> None:
    assessed(fen=500_000)
    assert pay("PF-1", 300_000).days == 10
    with pytest.raises(LedgerError) as refused:
        pay("PF-2", 200_001)
    assert code_of(refused) == "insurance.above_remaining"
    pay("PF-2", 200_000)
    actions.take_back_payment("PF-2", reason="账户有误", **BY)
    assert queries.paid_of_claim("BA-1") == 300_000
    pay("PF-3", 200_000)


def test_payments_of_several_claims_keep_within_the_sum_insured(insured: SampleCity) -> None:
    assessed("BA-1", INSURED)
    assessed("BA-2", INSURED)
    pay("PF-1", INSURED - 100)
    with pytest.raises(LedgerError) as refused:
        pay("PF-2", 101, "BA-2")
    assert code_of(refused) == "insurance.above_remaining"
    assert pay("PF-2", 100, "BA-2").cause == "flood"


def test_nothing_is_paid_that_is_not_due(insured: SampleCity) -> None:
    claim()
    with pytest.raises(LedgerError) as refused:
        pay("PF-1", 100)
    assert code_of(refused) == "insurance.not_due"
    with pytest.raises(LedgerError) as refused:
        actions.assess("BA-1", assessed_fen=0, on=dt.date(2021, 7, 20), **BY)
    assert code_of(refused) == "insurance.reason_missing"
    actions.assess("BA-1", assessed_fen=0, reason="不属于保险责任", on=dt.date(2021, 7, 20), **BY)
    with pytest.raises(LedgerError) as refused:
        pay("PF-1", 100)
    assert code_of(refused) == "insurance.not_due"
    assert not Payment.objects.exists()


@pytest.mark.parametrize("fen", [0, -100])
def test_a_payment_is_of_something(insured: SampleCity, fen: int) -> None:
    assessed()
    with pytest.raises(LedgerError) as refused:
        pay("PF-1", fen)
    assert code_of(refused) == "insurance.paid"


def test_a_policy_under_which_something_was_paid_is_not_cancelled(insured: SampleCity) -> None:
    assessed()
    pay("PF-1", 100)
    with pytest.raises(LedgerError) as refused:
        actions.cancel_policy(HOME, year=2021, reason="退保", on=dt.date(2021, 8, 1), **BY)
    assert code_of(refused) == "insurance.policy_in_use"
    actions.take_back_payment("PF-1", reason="误付", **BY)
    actions.cancel_policy(HOME, year=2021, reason="退保", on=dt.date(2021, 8, 1), **BY)
    assert queries.policy(HOME, 2021) is None
