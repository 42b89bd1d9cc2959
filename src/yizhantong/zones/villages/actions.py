"""What changes in villages: one function per change, each through the ledger's one door.

``account`` is who does it (None: the platform itself), ``source`` where it comes from (``form:<user>``, ``api:<token>``). All raise
:class:`~yizhantong.kernel.ledger.errors.LedgerError` or the policy's ``Refused`` and then leave nothing behind. What cannot
be right in a report (see :mod:`.rules`) is refused however it is recorded.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import tree
from yizhantong.kernel.ledger.actions import record, reverse
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import Fact
from yizhantong.zones.villages import queries
from yizhantong.zones.villages.figures import INSPECTIONS, MEMBERSHIPS, REPORTS
from yizhantong.zones.villages.models import Membership
from yizhantong.zones.villages.rules import HEAPS, NOES


def enrol(village: str, kind: str, *, confirmed: bool, on: dt.date, account: Account | None, source: str) -> Fact:
    """Enter a village of the official list into the campaign; ``confirmed`` when the city's own list names it too."""
    values = _place(village) | {"occurred_on": on, "kind": kind, "confirmed": confirmed}
    return record(MEMBERSHIPS, values, account=account, source=source)


@transaction.atomic
def leave(village: str, *, reason: str, on: dt.date, account: Account | None, source: str) -> Fact:
    """Withdraw a village from the campaign from that day; what it reported before stays."""
    entry = _entry(village)
    return reverse(entry, account=account, reason=reason, occurred_on=on, source=source)


@transaction.atomic
def report(
    number: str, village: str, *, amounts: Mapping[str, int], first_time: bool, on: dt.date, account: Account | None,
    source: str,
) -> Fact:  # fmt: skip
    """Record what a clean-up did; ``amounts`` by column: people, trips, kg, ponds, m, heaps by kind (the rest is added up)."""
    _member(village, on)
    values = {
        **_place(village),
        **amounts,
        "occurred_on": on,
        "report": number,
        "piles": sum(amounts.get(name, 0) for name in HEAPS),
        "first_time": first_time,
    }
    return record(REPORTS, values, account=account, source=source)


@transaction.atomic
def inspect(
    number: str, village: str, level: str, *, noes: Mapping[str, bool], on: dt.date, account: Account | None, source: str
) -> Fact:  # fmt: skip
    """Record an inspection by the five noes, each by its column; the village passes when all five hold."""
    _member(village, on)
    values = {
        **_place(village),
        **noes,
        "occurred_on": on,
        "inspection": number,
        "level": level,
        "passed": all(noes.get(name, False) for name in NOES),
    }
    return record(INSPECTIONS, values, account=account, source=source)


@transaction.atomic
def take_back_report(number: str, *, reason: str, account: Account | None, source: str) -> Fact:
    """Take back a report entered by mistake."""
    standing = queries.report(number, lock=True)
    if standing is None:
        raise LedgerError("villages.no_report", f"没有编号为 {number} 的清洁填报", "填报编号")
    return reverse(standing, account=account, reason=reason, source=source)


def _place(village: str) -> dict[str, str | None]:
    branch = tree.branches().get(village)
    if branch is None or branch.level != "village":
        raise LedgerError("villages.unknown", f"统计用区划中没有代码为“{village}”的村(社区)", "区划")
    return {"division_id": village, "township_id": branch.parent, "unit_id": branch.unit}


def _member(village: str, on: dt.date) -> None:
    entry = _entry(village)
    if on < entry.occurred_on:
        raise LedgerError(
            "villages.before_entry", f"该村 {entry.occurred_on} 起参加行动,不能登记此前的记录", "发生日期"
        )


def _entry(village: str) -> Membership:
    entry = queries.membership(village, lock=True)
    if entry is None:
        raise LedgerError("villages.no_member", f"村(社区){village} 没有参加村庄清洁行动,请先登记参加", "区划")
    return entry
