"""What changes in the insurance of rural houses: one function per change, each through the ledger's one door.

``account`` is who does it (None: the platform itself), ``source`` where it comes from (``form:<user>``, ``api:<token>``). All raise
:class:`~yizhantong.kernel.ledger.errors.LedgerError` or the policy's ``Refused`` and then leave nothing behind. Whoever
decides on money locks the household's policy first, so of two payments at once the second sees the first.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.ledger.actions import record, reverse
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import Fact
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.insurance import queries
from yizhantong.zones.insurance.figures import ASSESSMENTS, CLAIMS, DISASTERS, PAYMENTS, POLICIES
from yizhantong.zones.insurance.models import Assessment, Claim, Policy


def insure(
    household: str, insurer: Organisation, *, year: int, village: str, group: str, premium_fen: int, farmer_fen: int,
    insured_fen: int, on: dt.date, ends_on: dt.date, account: Account | None, source: str,
) -> Fact:  # fmt: skip
    """Insure a household for a year, once; the government pays what the household does not."""
    if insurer.kind != Organisation.Kind.INSURER:
        raise LedgerError("insurance.not_an_insurer", f"{insurer.name}不是保险公司", "承保机构")
    values = {
        "division_id": village,
        "occurred_on": on,
        "household": household,
        "year": year,
        "group": group,
        "insurer_id": insurer.uscc,
        "premium_fen": premium_fen,
        "farmer_fen": farmer_fen,
        "subsidy_fen": premium_fen - farmer_fen,
        "insured_fen": insured_fen,
        "ends_on": ends_on,
    }
    return record(POLICIES, values, account=account, source=source)


def happen(
    disaster: str, name: str, cause: str, *, division: str, on: dt.date, account: Account | None, source: str
) -> Fact:
    """Enter a disaster, by the day on which it began."""
    values = {"division_id": division, "occurred_on": on, "disaster": disaster, "name": name, "cause": cause}
    return record(DISASTERS, values, account=account, source=source)


@transaction.atomic
def claim(
    number: str, household: str, disaster: str, cover: str, *, year: int, lost_on: dt.date, on: dt.date,
    account: Account | None, source: str,
) -> Fact:  # fmt: skip
    """Report a loss of an insured household in a known disaster, suffered while its policy was in force."""
    held = _policy(household, year)
    event = queries.disaster(disaster)
    if event is None or lost_on < event.occurred_on:
        raise LedgerError("insurance.no_disaster", f"没有登记过编号为 {disaster} 的灾害,或出险早于灾害开始", "灾害编号")
    if not held.occurred_on <= lost_on <= held.ends_on:
        text = f"出险日期 {lost_on} 不在保险期间({held.occurred_on} 至 {held.ends_on})内"
        raise LedgerError("insurance.outside_period", text, "出险日期")
    values = {
        "division_id": held.division_id,
        "occurred_on": on,
        "claim": number,
        "household": household,
        "year": year,
        "disaster": disaster,
        "cover": cover,
        "lost_on": lost_on,
    }
    return record(CLAIMS, values, account=account, source=source)


@transaction.atomic
def assess(
    number: str, *, assessed_fen: int, reason: str = "", on: dt.date, account: Account | None, source: str
) -> Fact:
    """Fix what a claim comes to; nothing is a refusal and needs its reason (Insurance Law art. 24)."""
    reported = _claim(number)
    if on < reported.occurred_on:
        raise LedgerError(
            "insurance.assessed_before_report", f"核定日期早于报案日期 {reported.occurred_on}", "发生日期"
        )
    verdict = Assessment.Verdict.DUE if assessed_fen else Assessment.Verdict.REFUSED
    values = {
        "division_id": reported.division_id,
        "occurred_on": on,
        "claim": number,
        "verdict": verdict.value,
        "assessed_fen": assessed_fen,
        "reason": reason,
    }
    return record(ASSESSMENTS, values, account=account, source=source)


@transaction.atomic
def pay(payment: str, number: str, *, paid_fen: int, on: dt.date, account: Account | None, source: str) -> Fact:
    """Pay for an assessed claim: at most what was assessed, and at most what is left of the household's sum insured."""
    reported = _claim(number)
    held = _policy(reported.household, reported.year)
    found = queries.assessment(number)
    if found is None or found.verdict != Assessment.Verdict.DUE:
        raise LedgerError("insurance.not_due", f"报案 {number} 尚未核定予以赔付", "报案号")
    if on < found.occurred_on:
        raise LedgerError("insurance.paid_before_assessment", f"赔付日期早于核定日期 {found.occurred_on}", "发生日期")
    left = min(
        found.assessed_fen - queries.paid_of_claim(number),
        held.insured_fen - queries.paid_of_policy(held.household, held.year),
    )
    if paid_fen > left:
        text = f"赔付额超出可赔余额 {left / 100:.2f} 元(定损额与剩余保额中较小的)"
        raise LedgerError("insurance.above_remaining", text, "赔付额")
    event = queries.disaster(reported.disaster)
    if event is None:
        raise LedgerError("insurance.no_disaster", f"编号为 {reported.disaster} 的灾害已被冲销", "灾害编号")
    values = {
        "division_id": reported.division_id,
        "occurred_on": on,
        "payment": payment,
        "claim": number,
        "household": reported.household,
        "year": reported.year,
        "disaster": reported.disaster,
        "cause": event.cause,
        "paid_fen": paid_fen,
        "days": (on - reported.occurred_on).days,
    }
    return record(PAYMENTS, values, account=account, source=source)


@transaction.atomic
def take_back_payment(payment: str, *, reason: str, account: Account | None, source: str) -> Fact:
    """Take back a payment entered by mistake; the sum insured is free again."""
    standing = queries.payment(payment, lock=True)
    if standing is None:
        raise LedgerError("insurance.no_payment", f"没有赔付号为 {payment} 的记录", "赔付号")
    return reverse(standing, account=account, reason=reason, source=source)


@transaction.atomic
def cancel_policy(household: str, *, year: int, reason: str, on: dt.date, account: Account | None, source: str) -> Fact:
    """End a household's policy before its time, from that day; refused once something was paid under it."""
    held = _policy(household, year)
    if queries.paid_of_policy(household, year):
        raise LedgerError("insurance.policy_in_use", "该保单已有赔付,不能退保", "户代码")
    return reverse(held, account=account, reason=reason, occurred_on=on, source=source)


def _policy(household: str, year: int) -> Policy:
    held = queries.policy(household, year, lock=True)
    if held is None:
        raise LedgerError("insurance.not_insured", f"该户 {year} 年度没有有效保单", "户代码")
    return held


def _claim(number: str) -> Claim:
    reported = queries.claim(number, lock=True)
    if reported is None:
        raise LedgerError("insurance.no_claim", f"没有报案号为 {number} 的记录", "报案号")
    return reported
