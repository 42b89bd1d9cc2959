"""The way of a need through a bank: limits, amounts within one another, endings with reasons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.notices.models import Notice
from yizhantong.zones.finance.actions import dealing, lending, needs, offering
from yizhantong.zones.finance.models import Credit, Drawdown, Engagement, Listing, Need
from yizhantong.zones.finance.tests.conftest import WAN, Market

pytestmark = pytest.mark.django_db
Refused = Callable[..., str]


def test_a_need_is_reviewed_published_dealt_with_and_ends_solved(market: Market) -> None:
    one = market.brought("signed", wan=300)
    listing, officer = one.listing, market.officers[0]
    assert listing.state == "dealing"
    lending.draw(one, "YH-WAY-1", 120 * WAN, on=market.city.day, account=officer)
    lending.draw(one, "YH-WAY-2", 180 * WAN, on=market.city.day, account=officer)
    needs.close(listing, account=market.office)
    case = Case.objects.get(pk=listing.pk)
    assert (case.state, case.outcome, case.result) == ("closed", "answered", "solved")
    assert "300.00 万元" in case.reason
    assert (listing.ending, listing.drawn_fen) == ("solved", 300 * WAN)
    facts = [Need.objects.get(number=case.number).amount_fen, Credit.objects.get(need_number=case.number).amount_fen]
    assert facts == [300 * WAN, 300 * WAN]
    assert Drawdown.objects.filter(need_number=case.number).count() == 2
    codes = list(one.events.values_list("code", flat=True))
    assert codes == ["assign", "contact", "investigate", "grant", "sign", "draw", "draw"]


def test_only_the_asker_files_and_only_the_office_publishes(market: Market, refused: Refused) -> None:
    assert refused(needs.file_need, market.firm, market.given(), account=market.stranger) == "cases.not_the_applicant"
    listing = market.filed()
    for nobody in (market.officers[0], market.asker, market.stranger):
        refused(needs.publish, listing, account=nobody)
    assert listing.state == "review"
    assert not Need.objects.filter(number=listing.number).exists()


def test_no_bank_comes_to_a_need_before_it_is_published(market: Market, refused: Refused) -> None:
    listing = market.filed()
    assert refused(offering.assign, listing, market.banks[0], account=market.office) == "finance.not_open"
    assert refused(offering.push, listing, market.offers, account=market.office) == "finance.not_open"


def test_a_review_is_failed_for_a_reason_of_the_list(market: Market, refused: Refused) -> None:
    listing = market.filed()
    assert refused(needs.refuse, listing, "because", account=market.office) == "finance.unknown_reason"
    needs.refuse(listing, "unlawful", account=market.office)
    case = Case.objects.get(pk=listing.pk)
    assert (case.outcome, listing.state, listing.ending) == ("not_accepted", "closed", "not_accepted")
    assert case.law


def test_a_need_withdrawn_before_credit_leaves_its_ledger_in_red_letters(market: Market) -> None:
    one = market.taken()
    needs.withdraw(one.listing, "不再需要", account=market.asker)
    one.refresh_from_db()
    assert (one.state, one.listing.ending) == ("off", "withdrawn")
    signs = Need.objects.filter(number=one.listing.number).values_list("sign", flat=True)
    assert sorted(signs) == [-1, 1]


def test_a_need_with_a_contract_is_not_withdrawn(market: Market, refused: Refused) -> None:
    one = market.brought("signed")
    assert refused(needs.withdraw, one.listing, "不要了", account=market.asker) == "finance.contract_signed"
    assert refused(needs.close, one.listing, code="terms", account=market.office) == "finance.contract_open"
    assert Case.objects.get(pk=one.listing_id).state == "accepted"


def test_the_kernel_s_own_buttons_cannot_end_a_need_otherwise(market: Market, refused: Refused) -> None:
    case = market.published().case
    said = {"result": "solved", "reason": "已解决", "account": market.office}
    assert refused(cases.close_answered, case, **said) == "finance.ends_with_need"
    done = {"outcome": "pass", "account": market.office}
    assert refused(cases.complete_step, case, "match", **done) == "finance.ends_with_need"


def test_a_need_without_money_ends_unsolved_with_a_coded_reason(market: Market, refused: Refused) -> None:
    listing = market.published()
    assert refused(needs.close, listing, account=market.office) == "finance.unknown_reason"
    needs.close(listing, code="no_bank", account=market.office)
    assert (listing.ending, listing.ending_code) == ("unsolved", "no_bank")
    assert Case.objects.get(pk=listing.pk).result == "unable"


@pytest.mark.parametrize("code", ["", "nobody_knows"])
def test_a_refusal_needs_a_reason_of_the_list(market: Market, refused: Refused, code: str) -> None:
    one = market.brought("diligence")
    assert refused(dealing.refuse, one, code, account=market.officers[0]) == "finance.unknown_reason"


def test_a_refused_need_is_free_for_the_next_bank(market: Market) -> None:
    one = market.brought("diligence")
    dealing.refuse(one, "debt", "负债率 85%", account=market.officers[0])
    listing = Listing.objects.get(pk=one.listing_id)
    assert (listing.state, one.refusal) == ("pool", "debt")
    offering.assign(listing, market.banks[1], account=market.office)
    assert listing.state == "dealing"
    assert Notice.objects.filter(kind="finance.result", body__contains="负债水平过高").exists()


@pytest.mark.parametrize(
    ("amount", "rate", "months", "code"),
    [
        (501 * WAN, 435, 12, "finance.credit_above_need"), (0, 435, 12, "finance.amount"), (-1, 435, 12, "finance.amount"),
        (WAN, 0, 12, "finance.rate"), (WAN, 43_500, 12, "finance.rate"), (WAN, 435, 0, "finance.term"),
    ],
)  # fmt: skip
def test_credit_that_cannot_be_is_refused(
    market: Market, refused: Refused, amount: int, rate: int, months: int, code: str
) -> None:
    one = market.brought("diligence")
    by = {"rate_bp": rate, "term_months": months, "account": market.officers[0]}
    assert refused(dealing.grant, one, amount, **by) == code
    assert not Credit.objects.filter(need_number=one.listing.number).exists()


def test_each_amount_stays_within_the_one_before(market: Market, refused: Refused) -> None:
    officer, day = market.officers[0], market.city.day
    one = market.brought("diligence", wan=500)
    dealing.grant(one, 400 * WAN, rate_bp=435, term_months=12, account=officer)
    assert refused(dealing.sign, one, "HT-A", 401 * WAN, on=day, account=officer) == "finance.contract_above_credit"
    dealing.sign(one, "HT-A", 300 * WAN, on=day, account=officer)
    assert refused(lending.draw, one, "D-1", 301 * WAN, on=day, account=officer) == "finance.drawn_above_contract"
    lending.draw(one, "D-1", 200 * WAN, on=day, account=officer)
    assert refused(lending.draw, one, "D-2", 101 * WAN, on=day, account=officer) == "finance.drawn_above_contract"
    assert refused(lending.repay, one, "R-1", 201 * WAN, on=day, account=officer) == "finance.repaid_above_drawn"
    amounts = (one.wanted_fen, one.granted_fen, one.contract_fen, one.drawn_fen)
    assert amounts == (500 * WAN, 400 * WAN, 300 * WAN, 200 * WAN)


def test_contracts_of_two_banks_together_stay_within_the_need(market: Market, refused: Refused) -> None:
    listing = market.published(500)
    first = market.brought("granted", listing=listing)
    second = market.brought("granted", listing=listing, bank=1)
    day = market.city.day
    dealing.sign(first, "HT-F", 300 * WAN, on=day, account=market.officers[0])
    by = {"on": day, "account": market.officers[1]}
    assert refused(dealing.sign, second, "HT-S", 201 * WAN, **by) == "finance.contract_above_need"
    dealing.sign(second, "HT-S", 200 * WAN, **by)
    assert Listing.objects.get(pk=listing.pk).contracted_fen == 500 * WAN


@pytest.mark.parametrize(
    "values", [{"granted_fen": 501 * WAN}, {"contract_fen": 501 * WAN}, {"drawn_fen": 501 * WAN}, {"repaid_fen": 1}]
)
def test_the_database_itself_keeps_the_amounts_apart(market: Market, values: dict[str, int]) -> None:
    one = market.brought("signed", wan=500)
    with pytest.raises(IntegrityError), transaction.atomic():
        Engagement.objects.filter(pk=one.pk).update(**values)


def test_a_contact_that_is_missed_falls_back_to_the_pool(market: Market, refused: Refused) -> None:
    one = market.taken()
    assert dealing.lamp(one) == "green"
    with clock.at(one.due_at + dt.timedelta(minutes=1)):  # type: ignore[operator]
        assert dealing.lamp(one) == "red"
        assert refused(dealing.contact, one, "迟到的联系", account=market.officers[0]) == "finance.contact_late"
        assert dealing.lapse() >= 1
        assert dealing.lapse() == 0
    one.refresh_from_db()
    assert (one.state, Listing.objects.get(pk=one.listing_id).state) == ("missed", "pool")
    assert Notice.objects.filter(kind="finance.contact", subject=one.listing.number, title__startswith="超时").exists()


def test_a_bank_is_warned_once_before_its_limit(market: Market) -> None:
    one = market.taken()
    with clock.at(one.warn_at + dt.timedelta(minutes=1)):  # type: ignore[operator]
        dealing.lapse()
        dealing.lapse()
    warned = Notice.objects.filter(kind="finance.contact", subject=one.listing.number, account=market.officers[0])
    assert warned.count() == 1
    one.refresh_from_db()
    assert one.state == "taken"


def test_pushing_reaches_each_bank_once(market: Market, refused: Refused) -> None:
    listing = market.published()
    made = offering.push(listing, [*market.offers[:2], market.offers[0]], account=market.asker)
    assert {one.bank_id for one in made} == {bank.pk for bank in market.banks[:2]}
    assert offering.push(listing, market.offers[:2], account=market.office) == []
    offering.decline(made[0], "capacity", account=market.officers[0])
    offering.take(made[1], account=market.officers[1])
    assert Listing.objects.get(pk=listing.pk).state == "dealing"
    refused(offering.push, listing, market.offers, account=market.stranger)


def test_the_first_banks_get_the_places_and_no_more(market: Market, refused: Refused) -> None:
    listing = market.published()
    assert refused(offering.grab, listing, account=market.officers[0]) == "finance.not_grabbable"
    offering.open_to_grab(listing, 2, account=market.office)
    for officer in market.officers[:2]:
        offering.grab(listing, account=officer)
    assert refused(offering.grab, listing, account=market.officers[2]) == "finance.no_place"
    assert refused(offering.grab, listing, account=market.asker) == "access.refused"


def test_a_bank_does_not_take_the_same_need_twice(market: Market, refused: Refused) -> None:
    one = market.taken()
    said = refused(offering.assign, one.listing, market.banks[0], account=market.office)
    assert said == "finance.dealing_already"


def test_called_off_after_credit_the_credit_leaves_its_ledger(market: Market) -> None:
    one = market.brought("granted")
    dealing.call_off(one, "利率偏高", account=market.asker)
    assert sorted(Credit.objects.filter(number=one.credit_number).values_list("sign", flat=True)) == [-1, 1]
    assert Listing.objects.get(pk=one.listing_id).state == "pool"


def test_paid_back_in_whole_it_is_settled(market: Market, refused: Refused) -> None:
    officer, day = market.officers[0], market.city.day
    one = market.brought("signed", wan=100)
    lending.draw(one, "S-1", 100 * WAN, on=day, account=officer)
    lending.repay(one, "S-R1", 40 * WAN, on=day, account=officer)
    assert refused(lending.repay, one, "S-R1", 10 * WAN, on=day, account=officer) == "finance.reference_taken"
    lending.repay(one, "S-R2", 60 * WAN, on=day, account=officer)
    assert one.state == "settled"
    assert refused(lending.draw, one, "S-2", WAN, on=day, account=officer) == "finance.wrong_state"


def test_a_loan_that_is_not_repaid_is_overdue_until_renewed(market: Market, refused: Refused) -> None:
    officer, day = market.officers[0], market.city.day
    one = market.brought("signed", wan=100)
    lending.draw(one, "O-1", 100 * WAN, on=day, account=officer)
    assert one.matures_on == lending.months_after(day, 12)
    Engagement.objects.filter(pk=one.pk).update(matures_on=day - dt.timedelta(days=1))
    assert lending.mark_overdue() == 1
    assert lending.mark_overdue() == 0
    one.refresh_from_db()
    assert one.state == "overdue"
    assert refused(lending.renew, one, day, "延期", account=officer) == "finance.day"
    lending.renew(one, lending.months_after(day, 6), "无还本续贷", account=officer)
    assert (one.state, one.renewals) == ("drawn", 1)


def test_a_drawdown_taken_back_can_be_entered_rightly(market: Market, refused: Refused) -> None:
    officer, day = market.officers[0], market.city.day
    one = market.brought("signed", wan=100)
    lending.draw(one, "T-1", 100 * WAN, on=day, account=officer)
    assert refused(lending.draw, one, "T-1", WAN, on=day, account=officer) == "finance.drawn_above_contract"
    bank = market.banks[0].pk
    refused(lending.take_back, bank, "T-1", "误录", account=market.officers[1])
    taken = lending.take_back(bank, "T-1", "误录", account=officer)
    assert (taken.state, taken.drawn_fen, Listing.objects.get(pk=one.listing_id).drawn_fen) == ("signed", 0, 0)
    lending.draw(one, "T-1", 10 * WAN, on=day, account=officer)
    assert refused(lending.take_back, bank, "T-9", "误录", account=officer) == "finance.no_drawdown"
    lending.repay(one, "T-R", 5 * WAN, on=day, account=officer)
    assert refused(lending.take_back, bank, "T-1", "误录", account=officer) == "finance.repaid_already"


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [("2021-01-31", 1, "2021-02-28"), ("2020-01-31", 1, "2020-02-29"), ("2021-08-16", 12, "2022-08-16"), ("2021-11-30", 3, "2022-02-28")],
)  # fmt: skip
def test_months_end_on_a_day_that_exists(day: str, months: int, expected: str) -> None:
    assert lending.months_after(dt.date.fromisoformat(day), months).isoformat() == expected
