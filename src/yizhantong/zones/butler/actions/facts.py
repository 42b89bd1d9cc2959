"""What changes in the butler service: one function per change, each through the ledger's one door.

``account`` is who does it (None: the platform itself), ``source`` where it comes from (``form:<user>``, ``api:<token>``). All raise
:class:`~yizhantong.kernel.ledger.errors.LedgerError` or the policy's ``Refused`` and then leave nothing behind. What is done
twice at once is refused the second time: the ledgers' keys see to it.
"""

from __future__ import annotations

import datetime as dt
from typing import cast

from django.db import transaction

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.ledger.actions import record, reverse
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import Fact
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.butler import queries
from yizhantong.zones.butler.figures import (
    APPEALS,
    ASSIGNMENTS,
    CONFIRMATIONS,
    ESCALATIONS,
    OUTCOMES,
    RATINGS,
    VISITS,
)
from yizhantong.zones.butler.models import Appeal, Visit


def assign_butler(
    enterprise: Organisation, butler: str, level: str, *, on: dt.date, account: Account | None, source: str
) -> Fact:
    """Give an enterprise its butler; refused while it has one."""
    values = {"division_id": enterprise.division_id, "occurred_on": on, "enterprise_id": enterprise.uscc}
    return record(ASSIGNMENTS, values | {"butler": butler, "level": level}, account=account, source=source)


@transaction.atomic
def relieve_butler(enterprise: Organisation, *, on: dt.date, reason: str, account: Account | None, source: str) -> Fact:
    """Take an enterprise's butler off, from that day."""
    assignment = queries.assignment_of(enterprise.uscc, lock=True)
    if assignment is None:
        raise LedgerError("butler.no_butler", f"{enterprise.name}目前没有管家", "企业")
    return reverse(assignment, account=account, reason=reason, occurred_on=on, source=source)


def record_visit(
    enterprise: Organisation, butler: str, mode: str, problems: int, *, on: dt.date, account: Account | None, source: str
) -> Visit:  # fmt: skip
    """Record one visit and how many problems the enterprise raised."""
    values = {
        "division_id": enterprise.division_id,
        "occurred_on": on,
        "enterprise_id": enterprise.uscc,
        "butler": butler,
        "mode": mode,
        "problems": problems,
    }
    return cast(Visit, record(VISITS, values, account=account, source=source))


def accept_appeal(
    number: str, enterprise: Organisation, agency: Organisation, *,
    kind: str, channel: str, subject: str, on: dt.date, account: Account | None, source: str,
) -> Fact:  # fmt: skip
    """Accept an appeal under a new number; from now on ``agency`` answers for it."""
    if agency.kind != Organisation.Kind.AGENCY:
        raise LedgerError("butler.not_an_agency", f"{agency.name}不是机关,不能作为责任单位", "责任单位")
    values = {
        "division_id": enterprise.division_id,
        "occurred_on": on,
        "number": number,
        "enterprise_id": enterprise.uscc,
        "kind": kind,
        "channel": channel,
        "subject": subject,
        "agency_id": agency.uscc,
    }
    return record(APPEALS, values, account=account, source=source, by_owner=True)


@transaction.atomic
def close_appeal(number: str, result: str, *, on: dt.date, account: Account | None, source: str) -> Fact:
    """Close an accepted appeal that is still open, with its result."""
    appeal = _accepted(number)
    if on < appeal.occurred_on:
        text = f"办结日期 {on} 早于受理日期 {appeal.occurred_on},请核对日期"
        raise LedgerError("butler.closed_before_accepted", text, "发生日期")
    values = {
        "division_id": appeal.division_id,
        "occurred_on": on,
        "number": number,
        "enterprise_id": appeal.enterprise_id,
        "kind": appeal.kind,
        "result": result,
        "days": (on - appeal.occurred_on).days,
    }
    return record(OUTCOMES, values, account=account, source=source, by_owner=True)


@transaction.atomic
def rate_outcome(number: str, rating: int, *, on: dt.date, account: Account | None, source: str) -> Fact:
    """Rate a closed appeal, once; ``rating`` from 5 to 1."""
    outcome = queries.outcome(number, lock=True)
    if outcome is None:
        raise LedgerError("butler.not_closed", f"编号为 {number} 的诉求尚未办结,不能评价", "诉求编号")
    if on < outcome.occurred_on:
        raise LedgerError("butler.rated_before_closed", f"评价日期早于办结日期 {outcome.occurred_on}", "发生日期")
    values = {
        "division_id": outcome.division_id,
        "occurred_on": on,
        "number": number,
        "enterprise_id": outcome.enterprise_id,
        "result": outcome.result,
        "rating": rating,
    }
    return record(RATINGS, values, account=account, source=source, by_owner=True)


def confirm_outcome(number: str, round_: int, said: str, *, on: dt.date, account: Account | None, source: str) -> Fact:
    """Record what the enterprise said of a closed appeal's ending: ``confirmed`` or ``disputed``, once in a round."""
    outcome = queries.outcome(number, lock=True)
    if outcome is None:
        raise LedgerError("butler.not_closed", f"编号为 {number} 的诉求尚未办结,没有结局可确认", "诉求编号")
    values = {
        "division_id": outcome.division_id,
        "occurred_on": on,
        "number": number,
        "round": round_,
        "enterprise_id": outcome.enterprise_id,
        "result": outcome.result,
        "said": said,
    }
    return record(CONFIRMATIONS, values, account=account, source=source, by_owner=True)


def record_escalation(
    appeal: Appeal, agency: str, *, round_: int, rung: int, days: int, on: dt.date, source: str
) -> Fact:
    """Record that an open appeal reached a rung of the ladder."""
    values = {
        "division_id": appeal.division_id,
        "occurred_on": on,
        "number": appeal.number,
        "round": round_,
        "rung": rung,
        "days": days,
        "agency_id": agency,
    }
    return record(ESCALATIONS, values, account=None, source=source, by_owner=True)


@transaction.atomic
def reopen_appeal(number: str, *, reason: str, account: Account | None, source: str) -> Fact:
    """Take back the outcome of an appeal that a dispute reopened; a rating that it got stays as it was given."""
    outcome = queries.outcome(number, lock=True)
    if outcome is None:
        raise LedgerError("butler.not_closed", f"编号为 {number} 的诉求尚未办结", "诉求编号")
    return reverse(outcome, account=account, reason=reason, source=source, by_owner=True)


@transaction.atomic
def move_appeal(number: str, agency: Organisation, *, source: str) -> Fact:
    """Enter an appeal anew under the agency to which it was transferred: the first entry is taken back."""
    appeal = _accepted(number)
    reverse(appeal, account=None, reason=f"移送:{agency.name}"[:200], source=source, by_owner=True)
    values = {name: getattr(appeal, name) for name in (
        "division_id", "occurred_on", "number", "enterprise_id", "kind", "channel", "subject"
    )}  # fmt: skip
    return record(APPEALS, values | {"agency_id": agency.uscc}, account=None, source=source, by_owner=True)


@transaction.atomic
def take_back_appeal(number: str, *, reason: str, account: Account | None, source: str) -> Fact:
    """Take back an appeal that was entered by mistake; one that is closed must first have its closing taken back."""
    appeal = _accepted(number)
    if queries.outcome(number) is not None:
        raise LedgerError("butler.already_closed", f"编号为 {number} 的诉求已经办结,请先冲销办结记录", "诉求编号")
    return reverse(appeal, account=account, reason=reason, source=source, by_owner=True)


@transaction.atomic
def take_back_outcome(number: str, *, reason: str, account: Account | None, source: str) -> Fact:
    """Take back a closing that was entered by mistake: the appeal is open again. A rating must be taken back before."""
    outcome = queries.outcome(number, lock=True)
    if outcome is None:
        raise LedgerError("butler.not_closed", f"编号为 {number} 的诉求尚未办结", "诉求编号")
    if queries.rating(number) is not None:
        raise LedgerError("butler.already_rated", f"编号为 {number} 的诉求已有评价,请先冲销评价记录", "诉求编号")
    return reverse(outcome, account=account, reason=reason, source=source, by_owner=True)


def _accepted(number: str) -> Appeal:
    appeal = queries.appeal(number, lock=True)
    if appeal is None:
        raise LedgerError("butler.not_accepted", f"没有受理过编号为 {number} 的诉求,请核对编号", "诉求编号")
    return appeal
