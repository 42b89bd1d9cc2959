"""What stands in the ledgers of packages. ``lock`` keeps others from deciding on the same fact until the transaction ends."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import QuerySet

from yizhantong.kernel.ledger.models import Fact
from yizhantong.zones.onething.models import Acceptance, Closing

F = TypeVar("F", bound=Fact)


def acceptance(number: str, *, lock: bool = False) -> Acceptance | None:
    """Return the acceptance of an application."""
    return _standing(Acceptance.objects.filter(number=number), lock)


def closing(number: str, *, lock: bool = False) -> Closing | None:
    """Return the closing of an application."""
    return _standing(Closing.objects.filter(number=number), lock)


def _standing(facts: QuerySet[F], lock: bool) -> F | None:
    """Return the one that no reversal has taken back; whether it was is asked after the lock is ours, never with it."""
    if lock:
        list(facts.filter(sign=1).select_for_update().values_list("pk"))
    return facts.filter(sign=1, reversal__isnull=True).last()
