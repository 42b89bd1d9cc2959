"""What stands in the ledgers of the butler service (see :mod:`yizhantong.kernel.ledger.standing`)."""

from __future__ import annotations

from typing import cast

from django.db.models import Exists, OuterRef, QuerySet

from yizhantong.kernel.access import policy
from yizhantong.kernel.ledger.queries import visible_to
from yizhantong.kernel.ledger.standing import in_force, standing
from yizhantong.zones.butler.figures import APPEALS
from yizhantong.zones.butler.models import Appeal, Assignment, Outcome, Rating


def open_appeals(account: policy.Account, enterprise: str) -> QuerySet[Appeal]:
    """Return the enterprise's appeals that are not closed, the longest waiting first.

    * officials who see the ledger: those of the divisions that they reach;
    * everyone else: none, because the public may not know whose an appeal is.
    """
    facts = cast("QuerySet[Appeal]", visible_to(account, APPEALS))
    if not policy.may(account, APPEALS.view, zone=APPEALS.zone):
        return facts.none()
    closed = in_force(Outcome.objects.filter(number=OuterRef("number")))
    waiting = in_force(facts.filter(~Exists(closed), enterprise_id=enterprise))
    return waiting.order_by("occurred_on", "id")


def assignment_of(enterprise: str, *, lock: bool = False) -> Assignment | None:
    """Return the enterprise's current assignment, by its GB 32100 code."""
    return standing(Assignment.objects.filter(enterprise_id=enterprise), lock=lock)


def appeal(number: str, *, lock: bool = False) -> Appeal | None:
    """Return the appeal of that number."""
    return standing(Appeal.objects.filter(number=number), lock=lock)


def outcome(number: str, *, lock: bool = False) -> Outcome | None:
    """Return how the appeal of that number was closed."""
    return standing(Outcome.objects.filter(number=number), lock=lock)


def rating(number: str, *, lock: bool = False) -> Rating | None:
    """Return how the outcome of the appeal was rated."""
    return standing(Rating.objects.filter(number=number), lock=lock)
