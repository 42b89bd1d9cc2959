"""Issues become duties of one agency and are settled once; disputes likewise; members appear by code."""

from __future__ import annotations

import datetime as dt

import pytest

from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.zones.livelihood import actions, queries
from yizhantong.zones.livelihood.models import Claim, Duty, Mediation, Settlement

pytestmark = pytest.mark.django_db

DAY = dt.date(2021, 4, 6)
DUE = dt.date(2021, 4, 21)
BY = {"account": None, "source": "test"}


@pytest.fixture
def place(sample_city: SampleCity) -> str:
    return sample_city.townships[0].code


def list_issue(place: str) -> object:
    return actions.list_issue("WT-1", "mailbox", "roads", "小区门口交通安全警示", division=place, on=DAY, **BY)


def make_duty(city: SampleCity, number: str = "LZ-1", on: dt.date = DAY, due_on: dt.date = DUE) -> object:
    agency = city.organisations("agency")[0]
    return actions.make_duty(number, "WT-1", agency, level="county", due_on=due_on, on=on, **BY)


def test_an_issue_becomes_a_duty_and_is_settled(sample_city: SampleCity, place: str) -> None:
    list_issue(place)
    make_duty(sample_city)
    settled = actions.settle_duty("LZ-1", on=dt.date(2021, 4, 20), **BY)
    assert isinstance(settled, Settlement)
    assert (settled.topic, settled.level, settled.due_on, settled.division_id) == ("roads", "county", DUE, place)


def test_an_issue_has_one_duty(sample_city: SampleCity, place: str) -> None:
    list_issue(place)
    make_duty(sample_city)
    with pytest.raises(LedgerError) as refused:
        make_duty(sample_city, "LZ-2")
    assert refused.value.code == "livelihood.has_duty"
    assert Duty.objects.count() == 1


def test_a_duty_is_settled_once(sample_city: SampleCity, place: str) -> None:
    list_issue(place)
    make_duty(sample_city)
    actions.settle_duty("LZ-1", on=DUE, **BY)
    with pytest.raises(LedgerError) as refused:
        actions.settle_duty("LZ-1", on=DUE, **BY)
    assert refused.value.code == "ledger.key_taken"


def test_a_chain_does_not_start_in_the_middle(sample_city: SampleCity) -> None:
    with pytest.raises(LedgerError) as no_issue:
        make_duty(sample_city)
    with pytest.raises(LedgerError) as no_duty:
        actions.settle_duty("LZ-1", on=DUE, **BY)
    with pytest.raises(LedgerError) as no_dispute:
        actions.mediate("JF-1", "oral", on=DUE, **BY)
    assert [no_issue.value.code, no_duty.value.code, no_dispute.value.code] == [
        "livelihood.no_issue", "livelihood.no_duty", "livelihood.no_dispute",
    ]  # fmt: skip


def test_no_step_comes_before_the_one_it_follows(sample_city: SampleCity, place: str) -> None:
    before = DAY - dt.timedelta(days=1)
    list_issue(place)
    with pytest.raises(LedgerError) as early_duty:
        make_duty(sample_city, on=before)
    with pytest.raises(LedgerError) as due_first:
        make_duty(sample_city, due_on=before)
    make_duty(sample_city)
    with pytest.raises(LedgerError) as early_settlement:
        actions.settle_duty("LZ-1", on=before, **BY)
    assert [early_duty.value.code, due_first.value.code, early_settlement.value.code] == [
        "livelihood.before_issue", "livelihood.due_before_duty", "livelihood.before_duty",
    ]  # fmt: skip


def test_a_dispute_is_mediated_once_and_after_it_was_found(place: str) -> None:
    actions.enter_dispute("JF-1", "land", "orange", division=place, on=DAY, **BY)
    with pytest.raises(LedgerError) as early:
        actions.mediate("JF-1", "written", on=DAY - dt.timedelta(days=1), **BY)
    actions.mediate("JF-1", "written", on=DAY, **BY)
    with pytest.raises(LedgerError) as twice:
        actions.mediate("JF-1", "oral", on=DAY, **BY)
    assert (early.value.code, twice.value.code) == ("livelihood.before_dispute", "ledger.key_taken")
    mediation = Mediation.objects.get()
    assert (mediation.kind, mediation.agreement) == ("land", "written")
    assert queries.dispute("JF-1") is not None


@pytest.mark.parametrize("member", ["王建国", "210702199003070014", "M-1", ""])
def test_a_member_appears_by_code_only(place: str, member: str) -> None:
    with pytest.raises(LedgerError) as refused:
        actions.claim("SS-1", member, "roads", level="county", promised_on=DUE, division=place, on=DAY, **BY)
    assert refused.value.field == "党员代码"
    assert not Claim.objects.exists()


def test_a_promise_lies_ahead(place: str) -> None:
    with pytest.raises(LedgerError) as refused:
        actions.claim(
            "SS-1", "M-000001", "roads", level="county", promised_on=dt.date(2021, 4, 5), division=place, on=DAY, **BY
        )
    assert refused.value.code == "livelihood.promise_before_claim"


def test_claims_checks_helps_and_deeds_go_to_ledgers_of_their_own(place: str) -> None:
    made = [
        actions.claim("SS-1", "M-000001", "roads", level="county", promised_on=DUE, division=place, on=DAY, **BY),
        actions.record_check("M-000001", "township", households=4, found=0, division=place, on=DAY, **BY),
        actions.record_help("BB-1", "water", "county", "solved", division=place, on=DAY, **BY),
        actions.record_deed("HS-1", "M-000001", "good", "village", division=place, on=DAY, **BY),
    ]
    assert [type(fact).__name__ for fact in made] == ["Claim", "Check", "Help", "Deed"]
    assert all(type(fact).objects.count() == 1 for fact in made)  # type: ignore[attr-defined]
