"""Fetching what other cities offer: the papers of a decision, and their lists of open items."""

from __future__ import annotations

from django.db import transaction

from yizhantong.zones.crossregion import notices
from yizhantong.zones.crossregion.actions import arriving, following, partners
from yizhantong.zones.crossregion.actions.talking import locked
from yizhantong.zones.crossregion.errors import CrossingError
from yizhantong.zones.crossregion.models import Crossing, Partner
from yizhantong.zones.crossregion.protocol.messages import ProtocolError


def fetch_documents(pk: int) -> str:
    """Fetch the papers of a decision, each verified by its digest; return the stage. ``Unreachable``: to be tried again."""
    crossing = Crossing.objects.select_related("partner").get(pk=pk)
    try:
        arriving.fetch(crossing)
    except ProtocolError as error:
        notices.staff(crossing, f"结果文书没有取到:{crossing.number}", error.sentence)
        return crossing.stage
    with transaction.atomic():
        held = locked(pk)
        following.documents_here(held)
        return held.stage


def renew_lists() -> int:
    """Ask every active city for its hello; return how many answered."""
    answered = 0
    for partner in Partner.objects.filter(state=Partner.State.ACTIVE):
        try:
            partners.test_connection(partner, account=None)
            answered += 1
        except CrossingError:  # it is noted at the partner; messages that wait are told of by their own watch
            continue
    return answered
