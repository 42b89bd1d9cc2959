"""What stands in the ledgers of the talent service. ``lock`` keeps others from deciding on the same fact until the transaction ends."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import QuerySet

from yizhantong.kernel.ledger.models import Fact
from yizhantong.zones.talent.models import Recognition, Subsidy

F = TypeVar("F", bound=Fact)


def recognition(talent: str, *, lock: bool = False) -> Recognition | None:
    """Return the latest recognition of a person."""
    return _standing(Recognition.objects.filter(talent=talent), lock)


def instalments(talent: str, kind: str) -> int:
    """Return how many instalments of a subsidy were paid to a person."""
    return Subsidy.objects.filter(talent=talent, kind=kind, sign=1, reversal__isnull=True).count()


def _standing(facts: QuerySet[F], lock: bool) -> F | None:
    """Return the one that no reversal has taken back; whether it was is asked after the lock is ours, never with it."""
    if lock:
        list(facts.filter(sign=1).select_for_update().values_list("pk"))
    return facts.filter(sign=1, reversal__isnull=True).last()
