"""What stands in the ledgers of the insurance of rural houses: facts in force, by the number that they share.

For the decisions of this zone's actions; people read through :func:`yizhantong.kernel.ledger.queries.visible_to`. ``lock``
keeps others from deciding on the same fact until the transaction ends.
"""

from __future__ import annotations

from typing import TypeVar

from django.db.models import QuerySet, Sum

from yizhantong.kernel.ledger.models import Fact
from yizhantong.zones.insurance.models import Assessment, Claim, Disaster, Payment, Policy

F = TypeVar("F", bound=Fact)


def _in_force(facts: QuerySet[F], lock: bool = False) -> QuerySet[F]:
    """Return the facts that no reversal has taken back; whether one was is asked after the lock is ours, never with it."""
    if lock:
        list(facts.filter(sign=1).select_for_update().values_list("pk"))
    return facts.filter(sign=1, reversal__isnull=True)


def policy(household: str, year: int, *, lock: bool = False) -> Policy | None:
    """Return a household's policy of a year."""
    return _in_force(Policy.objects.filter(household=household, year=year), lock).first()


def disaster(number: str) -> Disaster | None:
    """Return the disaster of that number."""
    return _in_force(Disaster.objects.filter(disaster=number)).first()


def claim(number: str, *, lock: bool = False) -> Claim | None:
    """Return the claim of that number."""
    return _in_force(Claim.objects.filter(claim=number), lock).first()


def assessment(number: str) -> Assessment | None:
    """Return how the claim of that number was assessed."""
    return _in_force(Assessment.objects.filter(claim=number)).first()


def payment(number: str, *, lock: bool = False) -> Payment | None:
    """Return the payment of that number."""
    return _in_force(Payment.objects.filter(payment=number), lock).first()


def paid_of_claim(number: str) -> int:
    """Return what was paid for a claim, in 分."""
    return _in_force(Payment.objects.filter(claim=number)).aggregate(paid=Sum("paid_fen"))["paid"] or 0


def paid_of_policy(household: str, year: int) -> int:
    """Return what was paid to a household under its policy of a year, in 分."""
    facts = _in_force(Payment.objects.filter(household=household, year=year))
    return facts.aggregate(paid=Sum("paid_fen"))["paid"] or 0
