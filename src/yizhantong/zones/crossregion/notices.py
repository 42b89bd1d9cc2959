"""The zone's kinds of messages, and who is told what."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.cases import people
from yizhantong.kernel.notices.actions import send
from yizhantong.kernel.notices.kinds import declare_kind
from yizhantong.zones.crossregion.access import clerks
from yizhantong.zones.crossregion.models import Crossing

WORK = declare_kind("crossregion.work", _("跨区通办待办"), mandatory=True)
PROGRESS = declare_kind("crossregion.progress", _("跨区通办进度"))
ACTION = declare_kind("crossregion.action", _("跨区通办需要您处理"), mandatory=True)


def staff(crossing: Crossing, title: str, body: str) -> None:
    """Tell those who handle what goes between cities."""
    link = f"/crossregion/cases/{crossing.number}/"
    send(WORK.code, clerks(), title=title[:160], body=body, link=link, subject=crossing.number)


def asker(crossing: Crossing, title: str, body: str, *, needed: bool = False) -> None:
    """Tell those who ask, at the city where they asked."""
    accounts = people.askers(crossing.case) if crossing.case is not None and crossing.role == "sender" else []
    if accounts:
        kind = ACTION if needed else PROGRESS
        link = f"/crossregion/mine/{crossing.number}/"
        send(kind.code, accounts, title=title[:160], body=body, link=link, subject=crossing.number)
