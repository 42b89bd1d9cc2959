"""What stands in the ledgers of work for the people (see :mod:`yizhantong.kernel.ledger.standing`)."""

from __future__ import annotations

from yizhantong.kernel.ledger.standing import standing
from yizhantong.zones.livelihood.models import Dispute, Duty, Issue


def issue(number: str, *, lock: bool = False) -> Issue | None:
    """Return the issue of that number."""
    return standing(Issue.objects.filter(number=number), lock=lock)


def duty(number: str, *, lock: bool = False) -> Duty | None:
    """Return the duty of that number."""
    return standing(Duty.objects.filter(number=number), lock=lock)


def duty_of(issue_number: str, *, lock: bool = False) -> Duty | None:
    """Return the duty that was made of an issue."""
    return standing(Duty.objects.filter(issue_number=issue_number), lock=lock)


def dispute(number: str, *, lock: bool = False) -> Dispute | None:
    """Return the dispute of that number."""
    return standing(Dispute.objects.filter(number=number), lock=lock)
