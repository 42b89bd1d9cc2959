"""What stands in the ledgers of villages: facts in force, by the number that they share.

For the decisions of this zone's actions; people read through :func:`yizhantong.kernel.ledger.queries.visible_to`. ``lock``
keeps others from deciding on the same fact until the transaction ends.
"""

from __future__ import annotations

from typing import TypeVar

from django.db.models import QuerySet

from yizhantong.kernel.ledger.models import Fact
from yizhantong.zones.villages.models import CleanupReport, Membership

F = TypeVar("F", bound=Fact)


def _in_force(facts: QuerySet[F], lock: bool = False) -> QuerySet[F]:
    """Return the facts that no reversal has taken back; whether one was is asked after the lock is ours, never with it."""
    if lock:
        list(facts.filter(sign=1).select_for_update().values_list("pk"))
    return facts.filter(sign=1, reversal__isnull=True)


def membership(village: str, *, lock: bool = False) -> Membership | None:
    """Return the entry of a village that takes part, by its code."""
    return _in_force(Membership.objects.filter(division_id=village), lock).first()


def report(number: str, *, lock: bool = False) -> CleanupReport | None:
    """Return the clean-up report of that number."""
    return _in_force(CleanupReport.objects.filter(report=number), lock).first()
