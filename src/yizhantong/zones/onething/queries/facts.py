"""What stands in the ledgers of packages (see :mod:`yizhantong.kernel.ledger.standing`)."""

from __future__ import annotations

from yizhantong.kernel.ledger.standing import standing
from yizhantong.zones.onething.models import Acceptance, Closing


def acceptance(number: str, *, lock: bool = False) -> Acceptance | None:
    """Return the acceptance of an application."""
    return standing(Acceptance.objects.filter(number=number), lock=lock)


def closing(number: str, *, lock: bool = False) -> Closing | None:
    """Return the closing of an application."""
    return standing(Closing.objects.filter(number=number), lock=lock)
