"""What stands in the ledgers of the policies (see :mod:`yizhantong.kernel.ledger.standing`)."""

from __future__ import annotations

from yizhantong.kernel.ledger.standing import standing
from yizhantong.zones.policies.models import Policy


def policy(number: str, *, lock: bool = False) -> Policy | None:
    """Return the policy of that number, unless it was withdrawn."""
    return standing(Policy.objects.filter(number=number), lock=lock)
