"""What stands in the ledgers of the butler service. ``lock`` keeps others from deciding on the same fact until the transaction ends."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import QuerySet

from yizhantong.kernel.ledger.models import Fact
from yizhantong.zones.butler.models import Appeal, Assignment, Outcome, Rating

F = TypeVar("F", bound=Fact)


def assignment_of(enterprise: str, *, lock: bool = False) -> Assignment | None:
    """Return the enterprise's current assignment, by its GB 32100 code."""
    return _standing(Assignment.objects.filter(enterprise_id=enterprise), lock)


def appeal(number: str, *, lock: bool = False) -> Appeal | None:
    """Return the appeal of that number."""
    return _standing(Appeal.objects.filter(number=number), lock)


def outcome(number: str, *, lock: bool = False) -> Outcome | None:
    """Return how the appeal of that number was closed."""
    return _standing(Outcome.objects.filter(number=number), lock)


def rating(number: str, *, lock: bool = False) -> Rating | None:
    """Return how the outcome of the appeal was rated."""
    return _standing(Rating.objects.filter(number=number), lock)


def _standing(facts: QuerySet[F], lock: bool) -> F | None:
    """Return the one that no reversal has taken back; whether it was is asked after the lock is ours, never with it."""
    if lock:
        list(facts.filter(sign=1).select_for_update().values_list("pk"))
    return facts.filter(sign=1, reversal__isnull=True).last()
