"""What the ledgers are told of a part: one function per change, by the hooks of its case alone (the ledgers are guarded).

``account`` is who does it (None: the platform itself), ``source`` where it comes from (``form:<user>``, ``api:<token>``). All raise
:class:`~yizhantong.kernel.ledger.errors.LedgerError` or the policy's ``Refused`` and then leave nothing behind.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.ledger.actions import append, record, reverse
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import Fact
from yizhantong.zones.onething.figures import ACCEPTANCES, CLOSINGS
from yizhantong.zones.onething.models import Acceptance
from yizhantong.zones.onething.queries import facts as queries


@dataclass(frozen=True, slots=True)
class Accepted:
    """An application for one item of a package, in which ``agencies`` take part; ``division`` is where it was handed in."""

    number: str
    package: str
    channel: str
    agencies: int
    division: str
    on: dt.date


def accept_together(entries: Sequence[Accepted], *, source: str) -> None:
    """Enter applications; their cases are held locked by whoever accepts them."""
    rows = [
        {
            "division_id": entry.division, "occurred_on": entry.on, "number": entry.number, "package": entry.package,
            "channel": entry.channel, "agencies": entry.agencies,
        }
        for entry in entries
    ]  # fmt: skip
    append(ACCEPTANCES, rows, recorded_by=None, source=source)


@dataclass(frozen=True, slots=True)
class Closed:
    """How an accepted application ended; ``due_on`` is the day promised for it."""

    acceptance: Acceptance
    result: str
    visits: int
    due_on: dt.date
    on: dt.date


def close_together(entries: Sequence[Closed], *, source: str) -> None:
    """Close accepted applications that are still open; their cases are held locked by whoever closes them."""
    append(CLOSINGS, [_closing(entry) for entry in entries], recorded_by=None, source=source)


def _closing(entry: Closed) -> dict[str, Any]:
    accepted, on = entry.acceptance, entry.on
    if on < accepted.occurred_on:
        text = f"办结日期 {on} 早于受理日期 {accepted.occurred_on},请核对日期"
        raise LedgerError("onething.closed_before_accepted", text, "发生日期")
    return {
        "division_id": accepted.division_id, "occurred_on": on, "number": accepted.number, "package": accepted.package,
        "result": entry.result, "visits": entry.visits, "days": (on - accepted.occurred_on).days, "due_on": entry.due_on,
    }  # fmt: skip


def accept(
    number: str, package: str, channel: str, agencies: int, *,
    division: str, on: dt.date, account: Account | None, source: str,
) -> Fact:  # fmt: skip
    """Enter an application for one item of a package, in which ``agencies`` take part; ``division`` is where it was handed in."""
    values = {
        "division_id": division,
        "occurred_on": on,
        "number": number,
        "package": package,
        "channel": channel,
        "agencies": agencies,
    }
    return record(ACCEPTANCES, values, account=account, source=source, by_owner=True)


@transaction.atomic
def close(
    number: str, result: str, *, visits: int, due_on: dt.date, on: dt.date, account: Account | None, source: str
) -> Fact:
    """Close an accepted application that is still open; ``due_on`` is the day promised for it."""
    acceptance = _accepted(number)
    if on < acceptance.occurred_on:
        text = f"办结日期 {on} 早于受理日期 {acceptance.occurred_on},请核对日期"
        raise LedgerError("onething.closed_before_accepted", text, "发生日期")
    values = {
        "division_id": acceptance.division_id,
        "occurred_on": on,
        "number": number,
        "package": acceptance.package,
        "result": result,
        "visits": visits,
        "days": (on - acceptance.occurred_on).days,
        "due_on": due_on,
    }
    return record(CLOSINGS, values, account=account, source=source, by_owner=True)


@transaction.atomic
def take_back_acceptance(number: str, *, reason: str, account: Account | None, source: str) -> Fact:
    """Take back an application that was entered by mistake; one that is closed must first have its closing taken back."""
    acceptance = _accepted(number)
    if queries.closing(number) is not None:
        raise LedgerError("onething.already_closed", f"编号为 {number} 的申请已经办结,请先冲销办结记录", "申请编号")
    return reverse(acceptance, account=account, reason=reason, source=source, by_owner=True)


@transaction.atomic
def take_back_closing(number: str, *, reason: str, account: Account | None, source: str) -> Fact:
    """Take back an ending that does not stand any more, as after a dispute."""
    closing = queries.closing(number, lock=True)
    if closing is None:
        raise LedgerError("onething.not_closed", f"编号为 {number} 的申请没有办结记录,请核对编号", "申请编号")
    return reverse(closing, account=account, reason=reason, source=source, by_owner=True)


def _accepted(number: str) -> Acceptance:
    acceptance = queries.acceptance(number, lock=True)
    if acceptance is None:
        raise LedgerError("onething.not_accepted", f"没有受理过编号为 {number} 的申请,请核对编号", "申请编号")
    return acceptance
