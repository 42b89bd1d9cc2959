"""What stands in the ledgers of cross-region handling (see :mod:`yizhantong.kernel.ledger.standing`)."""

from __future__ import annotations

from yizhantong.kernel.ledger.standing import standing
from yizhantong.zones.crossregion.models import Closing, Handover


def handover(number: str, *, lock: bool = False) -> Handover | None:
    """Return the handover of that number."""
    return standing(Handover.objects.filter(number=number), lock=lock)


def closing(number: str, *, lock: bool = False) -> Closing | None:
    """Return how the handover of that number ended."""
    return standing(Closing.objects.filter(number=number), lock=lock)
