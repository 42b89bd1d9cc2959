"""The line of stations of a crossing: handed over, signed for, decided, delivered; in which city each happens, and which is now."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yizhantong.zones.crossregion import config
from yizhantong.zones.crossregion.models import Crossing

S = Crossing.Stage
NOW = {S.NEW: 0, S.SENT: 1, S.ARRIVED: 1, S.HELD: 2, S.SUPPLEMENT: 2, S.WITHDRAWING: 2, S.DECIDED: 3}
"""Which station a stage is at."""
TAKEN_BACK = ("withdrawn", "terminated")


@dataclass(frozen=True, slots=True)
class Station:
    """One place of the line; ``state`` is done, now, next or stopped, ``who`` the city, ``note`` what is asked or was said."""

    name: str
    state: str
    when: dt.datetime | None = None
    who: str = ""
    note: str = ""


def line(crossing: Crossing) -> list[Station]:
    """Return the stations: those that are done, the one that is now, those to come; one that stopped is the last."""
    own, other = config.own_name(), crossing.partner.name
    sender, receiver = (own, other) if crossing.role == "sender" else (other, own)
    handed = Station(_("收件转出"), "done", crossing.handed_at or crossing.created_at, sender)
    signed = Station(
        _("对方签收") if crossing.role == "sender" else _("本市签收"), "done", crossing.received_at, receiver
    )
    decided = Station(_("办结"), "done", _given_back(crossing), receiver)
    stopped = _stopped(crossing, sender, receiver)
    if stopped is not None:
        return [handed, *([signed] if crossing.received_at else []), stopped]
    if crossing.ended_at is not None:
        return [handed, signed, decided, Station(_("送达"), "done", crossing.ended_at, sender)]
    at = NOW.get(S(crossing.stage), 0)
    asked = str(crossing.get_stage_display()) if crossing.stage in (S.SUPPLEMENT, S.WITHDRAWING) else ""
    ahead = [
        handed, signed,
        Station(_("办理"), "done", crossing.due_at if at == 2 else _given_back(crossing), receiver, asked),
        Station(_("送达"), "done", None, sender),
    ]  # fmt: skip
    return [
        Station(one.name, "done" if place < at else "now" if place == at else "next", one.when, one.who, one.note)
        for place, one in enumerate(ahead)
    ]


def _stopped(crossing: Crossing, sender: str, receiver: str) -> Station | None:
    """Return where it stopped before it was decided, or None."""
    names = {S.REFUSED: _("未接收"), S.RETURNED: _("退回")}
    if crossing.stage in names:
        return Station(names[S(crossing.stage)], "stopped", crossing.ended_at, receiver, _("由%s继续负责") % sender)
    if crossing.stage == S.CLOSED and (crossing.received_at is None or crossing.outcome in TAKEN_BACK):
        return Station(_("撤回"), "stopped", crossing.ended_at, sender)
    return None


def _given_back(crossing: Crossing) -> dt.datetime | None:
    """Return when the receiver's responsibility ended, as both cities have recorded it."""
    ends = [until for holder, _since, until in crossing.spans if holder == "receiver" and until]
    return dt.datetime.fromisoformat(ends[-1]) if ends else None
