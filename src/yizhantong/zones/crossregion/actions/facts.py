"""The two guarded ledgers, written by the actions of this zone and by nobody else.

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
from yizhantong.zones.crossregion import config
from yizhantong.zones.crossregion.figures import CLOSINGS, HANDOVERS
from yizhantong.zones.crossregion.queries import facts as queries


def hand_over(
    number: str, item: str, mode: str, direction: str, other: tuple[str, str], *,
    division: str, on: dt.date, account: Account | None, source: str,
) -> Fact:  # fmt: skip
    """Record a request sent to, or received from, another place; ``other`` is its GB/T 2260 code and name."""
    if config.own_code()[:4] == other[0][:4]:
        raise LedgerError("crossregion.same_city", f"{other[1]}属于本市,不是跨区通办", "对方区划代码")
    values = {
        "division_id": division,
        "occurred_on": on,
        "number": number,
        "item": item,
        "mode": mode,
        "direction": direction,
        "other_code": other[0],
        "other_name": other[1],
    }
    return record(HANDOVERS, values, account=account, source=source, by_owner=True)


@transaction.atomic
def close(number: str, result: str, *, on: dt.date, account: Account | None, source: str) -> Fact:
    """Close a handover that is still open."""
    handover = queries.handover(number, lock=True)
    if handover is None:
        raise LedgerError("crossregion.not_handed_over", f"没有编号为 {number} 的通办业务,请核对编号", "通办编号")
    if on < handover.occurred_on:
        text = f"办结日期 {on} 早于转接日期 {handover.occurred_on},请核对日期"
        raise LedgerError("crossregion.closed_before_handed_over", text, "发生日期")
    values = {
        "division_id": handover.division_id,
        "occurred_on": on,
        "number": number,
        "mode": handover.mode,
        "direction": handover.direction,
        "result": result,
        "days": (on - handover.occurred_on).days,
    }
    return record(CLOSINGS, values, account=account, source=source, by_owner=True)
