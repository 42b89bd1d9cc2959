"""What stands in the ledgers of the policies (see :mod:`yizhantong.kernel.ledger.standing`)."""

from __future__ import annotations

from yizhantong.kernel.ledger.standing import standing
from yizhantong.zones.policies.models import Payment, Policy


def policy(number: str, *, lock: bool = False) -> Policy | None:
    """Return the policy of that number, unless it was withdrawn."""
    return standing(Policy.objects.filter(number=number), lock=lock)


def payment(policy_number: str, enterprise: str, year: int, *, lock: bool = False) -> Payment | None:
    """Return what stands as paid to an enterprise (by its code) under a policy for a year, unless it was taken back."""
    return standing(Payment.objects.filter(policy_number=policy_number, enterprise_id=enterprise, year=year), lock=lock)
