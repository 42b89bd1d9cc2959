"""What stands in the ledgers of villages (see :mod:`yizhantong.kernel.ledger.standing`)."""

from __future__ import annotations

from yizhantong.kernel.ledger.standing import standing
from yizhantong.zones.villages.models import CleanupReport, Membership


def membership(village: str, *, lock: bool = False) -> Membership | None:
    """Return the entry of a village that takes part, by its code."""
    return standing(Membership.objects.filter(division_id=village), lock=lock)


def report(number: str, *, lock: bool = False) -> CleanupReport | None:
    """Return the clean-up report of that number."""
    return standing(CleanupReport.objects.filter(report=number), lock=lock)
