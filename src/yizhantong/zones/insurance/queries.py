"""What stands in the ledgers of the insurance of rural houses (see :mod:`yizhantong.kernel.ledger.standing`)."""

from __future__ import annotations

from django.db.models import Sum

from yizhantong.kernel.ledger.standing import in_force, standing
from yizhantong.zones.insurance.models import Assessment, Claim, Disaster, Payment, Policy


def policy(household: str, year: int, *, lock: bool = False) -> Policy | None:
    """Return a household's policy of a year."""
    return standing(Policy.objects.filter(household=household, year=year), lock=lock)


def disaster(number: str) -> Disaster | None:
    """Return the disaster of that number."""
    return standing(Disaster.objects.filter(disaster=number))


def claim(number: str, *, lock: bool = False) -> Claim | None:
    """Return the claim of that number."""
    return standing(Claim.objects.filter(claim=number), lock=lock)


def assessment(number: str) -> Assessment | None:
    """Return how the claim of that number was assessed."""
    return standing(Assessment.objects.filter(claim=number))


def payment(number: str, *, lock: bool = False) -> Payment | None:
    """Return the payment of that number."""
    return standing(Payment.objects.filter(payment=number), lock=lock)


def paid_of_claim(number: str) -> int:
    """Return what was paid for a claim, in 分."""
    return in_force(Payment.objects.filter(claim=number)).aggregate(paid=Sum("paid_fen"))["paid"] or 0


def paid_of_policy(household: str, year: int) -> int:
    """Return what was paid to a household under its policy of a year, in 分."""
    facts = in_force(Payment.objects.filter(household=household, year=year))
    return facts.aggregate(paid=Sum("paid_fen"))["paid"] or 0
