"""What stands in the ledgers of the talent service (see :mod:`yizhantong.kernel.ledger.standing`)."""

from __future__ import annotations

from yizhantong.kernel.ledger.standing import in_force, standing
from yizhantong.zones.talent.models.facts import Recognition, Subsidy


def recognition(talent: str, *, lock: bool = False) -> Recognition | None:
    """Return the latest recognition of a person."""
    return standing(Recognition.objects.filter(talent=talent), lock=lock)


def instalments(talent: str, kind: str) -> int:
    """Return how many instalments of a subsidy were paid to a person."""
    return in_force(Subsidy.objects.filter(talent=talent, kind=kind)).count()
