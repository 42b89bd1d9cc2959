"""What changes in work for the people: one function per change, each through the ledger's one door.

``account`` is who does it (None: the platform itself), ``source`` where it comes from (``form:<user>``, ``api:<token>``). All raise
:class:`~yizhantong.kernel.ledger.errors.LedgerError` or the policy's ``Refused`` and then leave nothing behind.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.ledger.actions import record
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import Fact
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.livelihood import queries
from yizhantong.zones.livelihood.figures.ledgers import (
    CHECKS,
    CLAIMS,
    DEEDS,
    DISPUTES,
    DUTIES,
    HELPS,
    ISSUES,
    MEDIATIONS,
    SETTLEMENTS,
)


def list_issue(
    number: str, origin: str, topic: str, subject: str, *,
    division: str, on: dt.date, account: Account | None, source: str,
) -> Fact:  # fmt: skip
    """Put an issue on the list of issues; ``subject`` says what it is about, never who raised it."""
    values = {
        "division_id": division,
        "occurred_on": on,
        "number": number,
        "origin": origin,
        "topic": topic,
        "subject": subject,
    }
    return record(ISSUES, values, account=account, source=source)


@transaction.atomic
def make_duty(
    number: str, issue_number: str, agency: Organisation, *,
    level: str, due_on: dt.date, on: dt.date, account: Account | None, source: str,
) -> Fact:  # fmt: skip
    """Make a duty of an issue: one agency answers, by a day; an issue has one duty at a time."""
    issue = queries.issue(issue_number, lock=True)
    if issue is None:
        raise LedgerError("livelihood.no_issue", f"问题清单中没有编号为 {issue_number} 的问题", "问题编号")
    if queries.duty_of(issue_number) is not None:
        raise LedgerError("livelihood.has_duty", f"问题 {issue_number} 已有责任单位,请勿重复转办", "问题编号")
    if on < issue.occurred_on:
        raise LedgerError("livelihood.before_issue", f"转办日期早于问题列入日期 {issue.occurred_on}", "发生日期")
    values = {
        "division_id": issue.division_id,
        "occurred_on": on,
        "number": number,
        "issue_number": issue_number,
        "level": level,
        "topic": issue.topic,
        "agency_id": agency.uscc,
        "due_on": due_on,
    }
    return record(DUTIES, values, account=account, source=source)


@transaction.atomic
def settle_duty(number: str, *, on: dt.date, account: Account | None, source: str) -> Fact:
    """Strike a duty off the list because the people confirmed that it was done."""
    duty = queries.duty(number, lock=True)
    if duty is None:
        raise LedgerError("livelihood.no_duty", f"履职清单中没有编号为 {number} 的事项", "履职编号")
    if on < duty.occurred_on:
        raise LedgerError("livelihood.before_duty", f"销号日期早于转办日期 {duty.occurred_on}", "发生日期")
    values = {
        "division_id": duty.division_id,
        "occurred_on": on,
        "number": number,
        "level": duty.level,
        "topic": duty.topic,
        "due_on": duty.due_on,
    }
    return record(SETTLEMENTS, values, account=account, source=source)


def claim(
    number: str, member: str, topic: str, *,
    level: str, promised_on: dt.date, division: str, on: dt.date, account: Account | None, source: str,
) -> Fact:  # fmt: skip
    """Record that a member (by code) claims a livelihood item and promises it for a day."""
    values = {
        "division_id": division,
        "occurred_on": on,
        "number": number,
        "member": member,
        "topic": topic,
        "level": level,
        "promised_on": promised_on,
    }
    return record(CLAIMS, values, account=account, source=source)


def record_check(
    member: str, level: str, *,
    households: int, found: int, division: str, on: dt.date, account: Account | None, source: str,
) -> Fact:  # fmt: skip
    """Record that a member went down once to look for disputes."""
    values = {
        "division_id": division,
        "occurred_on": on,
        "member": member,
        "level": level,
        "households": households,
        "found": found,
    }
    return record(CHECKS, values, account=account, source=source)


def enter_dispute(
    number: str, kind: str, risk: str, *, division: str, on: dt.date, account: Account | None, source: str
) -> Fact:
    """Enter a dispute that was found."""
    values = {"division_id": division, "occurred_on": on, "number": number, "kind": kind, "risk": risk}
    return record(DISPUTES, values, account=account, source=source)


@transaction.atomic
def mediate(number: str, agreement: str, *, on: dt.date, account: Account | None, source: str) -> Fact:
    """Record that an open dispute was settled, and in which form."""
    dispute = queries.dispute(number, lock=True)
    if dispute is None:
        raise LedgerError("livelihood.no_dispute", f"没有编号为 {number} 的矛盾纠纷", "纠纷编号")
    if on < dispute.occurred_on:
        raise LedgerError("livelihood.before_dispute", f"化解日期早于排查日期 {dispute.occurred_on}", "发生日期")
    values = {
        "division_id": dispute.division_id,
        "occurred_on": on,
        "number": number,
        "kind": dispute.kind,
        "agreement": agreement,
    }
    return record(MEDIATIONS, values, account=account, source=source)


def record_help(
    number: str, topic: str, level: str, result: str, *,
    division: str, on: dt.date, account: Account | None, source: str,
) -> Fact:  # fmt: skip
    """Record a difficulty of a grass-roots unit that was taken up, with its result."""
    values = {
        "division_id": division,
        "occurred_on": on,
        "number": number,
        "topic": topic,
        "level": level,
        "result": result,
    }
    return record(HELPS, values, account=account, source=source)


def record_deed(
    number: str, member: str, kind: str, place: str, *,
    division: str, on: dt.date, account: Account | None, source: str,
) -> Fact:  # fmt: skip
    """Record a good, practical or difficult thing that a member (by code) did for others."""
    values = {
        "division_id": division,
        "occurred_on": on,
        "number": number,
        "member": member,
        "kind": kind,
        "place": place,
    }
    return record(DEEDS, values, account=account, source=source)
