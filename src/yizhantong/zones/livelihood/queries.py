"""What stands in the ledgers of work for the people. ``lock`` keeps others from deciding on the same fact until the transaction ends."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import QuerySet

from yizhantong.kernel.ledger.models import Fact
from yizhantong.zones.livelihood.models import Dispute, Duty, Issue

F = TypeVar("F", bound=Fact)


def issue(number: str, *, lock: bool = False) -> Issue | None:
    """Return the issue of that number."""
    return _standing(Issue.objects.filter(number=number), lock)


def duty(number: str, *, lock: bool = False) -> Duty | None:
    """Return the duty of that number."""
    return _standing(Duty.objects.filter(number=number), lock)


def duty_of(issue_number: str, *, lock: bool = False) -> Duty | None:
    """Return the duty that was made of an issue."""
    return _standing(Duty.objects.filter(issue_number=issue_number), lock)


def dispute(number: str, *, lock: bool = False) -> Dispute | None:
    """Return the dispute of that number."""
    return _standing(Dispute.objects.filter(number=number), lock)


def _standing(facts: QuerySet[F], lock: bool) -> F | None:
    """Return the one that no reversal has taken back; whether it was is asked after the lock is ours, never with it."""
    if lock:
        list(facts.filter(sign=1).select_for_update().values_list("pk"))
    return facts.filter(sign=1, reversal__isnull=True).last()
