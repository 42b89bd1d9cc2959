"""What stands in the ledgers of the butler service. ``lock`` keeps others from deciding on the same fact until the transaction ends."""

from __future__ import annotations

from typing import TypeVar, cast

from django.db.models import Exists, OuterRef, QuerySet

from yizhantong.kernel.access import policy
from yizhantong.kernel.ledger.models import Fact
from yizhantong.kernel.ledger.queries import visible_to
from yizhantong.zones.butler.figures import APPEALS
from yizhantong.zones.butler.models import Appeal, Assignment, Outcome, Rating

F = TypeVar("F", bound=Fact)


def open_appeals(account: policy.Account, enterprise: str) -> QuerySet[Appeal]:
    """Return the enterprise's appeals that are not closed, the longest waiting first.

    * officials who see the ledger: those of the divisions that they reach;
    * everyone else: none, because the public may not know whose an appeal is.
    """
    facts = cast("QuerySet[Appeal]", visible_to(account, APPEALS))
    if not policy.may(account, APPEALS.view, zone=APPEALS.zone):
        return facts.none()
    closed = Outcome.objects.filter(number=OuterRef("number"), sign=1, reversal__isnull=True)
    standing = facts.filter(~Exists(closed), enterprise_id=enterprise, sign=1, reversal__isnull=True)
    return standing.order_by("occurred_on", "id")


def assignment_of(enterprise: str, *, lock: bool = False) -> Assignment | None:
    """Return the enterprise's current assignment, by its GB 32100 code."""
    return _standing(Assignment.objects.filter(enterprise_id=enterprise), lock)


def appeal(number: str, *, lock: bool = False) -> Appeal | None:
    """Return the appeal of that number."""
    return _standing(Appeal.objects.filter(number=number), lock)


def outcome(number: str, *, lock: bool = False) -> Outcome | None:
    """Return how the appeal of that number was closed."""
    return _standing(Outcome.objects.filter(number=number), lock)


def rating(number: str, *, lock: bool = False) -> Rating | None:
    """Return how the outcome of the appeal was rated."""
    return _standing(Rating.objects.filter(number=number), lock)


def _standing(facts: QuerySet[F], lock: bool) -> F | None:
    """Return the one that no reversal has taken back; whether it was is asked after the lock is ours, never with it."""
    if lock:
        list(facts.filter(sign=1).select_for_update().values_list("pk"))
    return facts.filter(sign=1, reversal__isnull=True).last()
