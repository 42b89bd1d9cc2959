"""What stands in the ledgers of training (see :mod:`yizhantong.kernel.ledger.standing`)."""

from __future__ import annotations

from yizhantong.kernel.ledger.standing import standing
from yizhantong.zones.training.models import Session, Video


def session(number: str, *, lock: bool = False) -> Session | None:
    """Return the session of that number."""
    return standing(Session.objects.filter(session=number), lock=lock)


def video(number: str, *, lock: bool = False) -> Video | None:
    """Return the video of that number."""
    return standing(Video.objects.filter(video=number), lock=lock)
