"""A project advances by its gates, money is recognised once and never beyond the claim."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.zones.investment import actions, queries
from yizhantong.zones.investment.models import Contact, FundReceipt, Signing
from yizhantong.zones.investment.rules import is_industrial, is_month

pytestmark = pytest.mark.django_db

BY: dict[str, Any] = {"account": None, "source": "test"}
DAY = dt.date(2021, 3, 1)


def sign(city: SampleCity, project: str = "P-1", **changed: Any) -> Any:
    given: dict[str, Any] = {
        "division": city.units[0].code, "contract_fen": 10**11, "investment_fen": 10**11, "chapter": "new",
        "industry": "3985", "agreement": "formal", "origin": "provinces", "on": DAY,
    }  # fmt: skip
    return actions.sign(project, "测试项目", city.organisations("enterprise")[0], **(given | changed), **BY)


def recognise(proof: str = "PZ-1", **changed: Any) -> Any:
    given = {"claimed_fen": 500, "recognised_fen": 400, "month": "2021-04", "on": dt.date(2021, 4, 2)}
    return actions.recognise("P-1", proof, "bank", **(given | changed), **BY)


@pytest.mark.parametrize(
    ("industry", "industrial"), [("06", True), ("0610", True), ("4690", True), ("47", False), ("0519", False), ("C", True), ("G", False), ("", False),
     ("3x", False), ("²²", False), ("3", False), ("CC", False)]
)  # fmt: skip
def test_industry_is_sections_b_c_and_d(industry: str, industrial: bool) -> None:
    assert is_industrial(industry) is industrial


def test_months_are_written_with_two_digits() -> None:
    assert is_month("2021-06")
    assert not is_month("2021-6")
    assert not is_month("2021-13")


def test_a_signing_derives_whether_it_is_industrial(sample_city: SampleCity) -> None:
    assert sign(sample_city).industrial is True
    assert sign(sample_city, "P-2", industry="5910").industrial is False


def test_a_project_is_signed_once(sample_city: SampleCity) -> None:
    sign(sample_city)
    with pytest.raises(LedgerError) as refused:
        sign(sample_city)
    assert refused.value.code == "ledger.key_taken"


def test_stages_come_in_their_order_and_with_their_papers(sample_city: SampleCity) -> None:
    sign(sample_city)
    with pytest.raises(LedgerError) as refused:
        actions.advance("P-1", "started", proof="SG-1", on=DAY, **BY)
    assert refused.value.code == "investment.stage_skipped"
    with pytest.raises(LedgerError) as refused:
        actions.advance("P-1", "registered", proof="", on=DAY, **BY)
    assert refused.value.code == "investment.proof_missing"
    actions.advance("P-1", "registered", proof="YZ-1", on=DAY, **BY)
    actions.advance("P-1", "ended", proof="", on=DAY, **BY)
    with pytest.raises(LedgerError) as refused:
        actions.advance("P-1", "started", proof="SG-1", on=DAY, **BY)
    assert refused.value.code == "investment.project_ended"
    assert queries.stages("P-1") == ["registered", "ended"]


def test_a_framework_agreement_neither_advances_nor_receives_money(sample_city: SampleCity) -> None:
    sign(sample_city, agreement="framework")
    with pytest.raises(LedgerError) as refused:
        recognise()
    assert refused.value.code == "investment.framework_only"


def test_money_of_an_unknown_project_is_refused(sample_city: SampleCity) -> None:
    with pytest.raises(LedgerError) as refused:
        recognise()
    assert refused.value.code == "investment.not_signed"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"recognised_fen": 501}, "investment.recognised_too_much"),
        ({"recognised_fen": -1}, "investment.recognised_too_much"),
        ({"month": "2021-03"}, "investment.month"),
        ({"month": "202104"}, "investment.month"),
    ],
)
def test_wrong_receipts_are_refused(sample_city: SampleCity, changed: dict[str, Any], code: str) -> None:
    sign(sample_city)
    with pytest.raises(LedgerError) as refused:
        recognise(**changed)
    assert refused.value.code == code
    assert not FundReceipt.objects.exists()


def test_local_money_is_not_recognised(sample_city: SampleCity) -> None:
    sign(sample_city, origin="local")
    with pytest.raises(LedgerError) as refused:
        recognise()
    assert refused.value.code == "investment.local_money"


def test_a_proof_is_used_once_until_it_is_taken_back(sample_city: SampleCity) -> None:
    sign(sample_city)
    recognise()
    with pytest.raises(LedgerError) as refused:
        recognise(recognised_fen=100)
    assert refused.value.code == "ledger.key_taken"
    actions.take_back_receipt("PZ-1", reason="金额有误", **BY)
    recognise(recognised_fen=100)
    assert sum(fact.sign * fact.recognised_fen for fact in FundReceipt.objects.all()) == 100


def test_a_signing_in_use_cannot_be_taken_back(sample_city: SampleCity) -> None:
    sign(sample_city)
    recognise()
    with pytest.raises(LedgerError) as refused:
        actions.take_back_signing("P-1", reason="误登", **BY)
    assert refused.value.code == "investment.project_in_use"
    actions.take_back_receipt("PZ-1", reason="误登", **BY)
    actions.take_back_signing("P-1", reason="误登", **BY)
    assert queries.signing("P-1") is None
    assert Signing.objects.count() == 2


def test_who_was_met_takes_day_and_rank_from_the_activity(sample_city: SampleCity) -> None:
    firm = sample_city.organisations("enterprise")[0]
    with pytest.raises(LedgerError) as refused:
        actions.meet("HD-1", firm, "lead", **BY)
    assert refused.value.code == "investment.no_activity"
    unit = sample_city.units[0].code
    actions.hold("HD-1", "专题对接", "outbound", "deputy_city", division=unit, on=DAY, **BY)
    contact = actions.meet("HD-1", firm, "lead", **BY)
    assert isinstance(contact, Contact)
    assert (contact.rank, contact.occurred_on) == ("deputy_city", DAY)
    with pytest.raises(LedgerError) as refused:
        actions.meet("HD-1", firm, "talks", **BY)
    assert refused.value.code == "ledger.key_taken"
    actions.take_back_activity("HD-1", reason="误登", **BY)
    assert not queries.contacts("HD-1").exists()


def test_one_of_two_leaders_stays_at_home(sample_city: SampleCity) -> None:
    unit = sample_city.units[0].code
    duty = actions.roster(unit, 2021, 26, "a", **BY)
    assert duty.occurred_on == dt.date(2021, 6, 28)
    with pytest.raises(LedgerError) as refused:
        actions.roster(unit, 2021, 26, "b", **BY)
    assert refused.value.code == "ledger.key_taken"
    with pytest.raises(LedgerError) as refused:
        actions.roster(unit, 2021, 54, "b", **BY)
    assert refused.value.code == "investment.week"
