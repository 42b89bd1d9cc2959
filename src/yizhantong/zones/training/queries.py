"""What stands in the ledgers of training: facts in force, by the number that they share.

For the decisions of this zone's actions; people read through :func:`yizhantong.kernel.ledger.queries.visible_to`. ``lock``
keeps others from deciding on the same fact until the transaction ends.
"""

from __future__ import annotations

from typing import TypeVar

from django.db.models import QuerySet

from yizhantong.kernel.ledger.models import Fact
from yizhantong.zones.training.models import Session, Video

F = TypeVar("F", bound=Fact)


def _in_force(facts: QuerySet[F], lock: bool = False) -> QuerySet[F]:
    """Return the facts that no reversal has taken back; whether one was is asked after the lock is ours, never with it."""
    if lock:
        list(facts.filter(sign=1).select_for_update().values_list("pk"))
    return facts.filter(sign=1, reversal__isnull=True)


def session(number: str, *, lock: bool = False) -> Session | None:
    """Return the session of that number."""
    return _in_force(Session.objects.filter(session=number), lock).first()


def video(number: str, *, lock: bool = False) -> Video | None:
    """Return the video of that number."""
    return _in_force(Video.objects.filter(video=number), lock).first()
