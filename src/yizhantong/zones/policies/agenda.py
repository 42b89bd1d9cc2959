"""What policies put on the city's calendar: application windows for everybody, an enterprise's own duties after a decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.cases import queries
from yizhantong.web.agenda import Deadline, deadlines
from yizhantong.zones.policies.models import FollowUp, Recovery
from yizhantong.zones.policies.queries import visible

MOST = 500


@deadlines("policies")
def windows(first: dt.date, last: dt.date, account: Account) -> Iterator[Deadline]:
    """Yield the first and the last day of each card's application window."""
    inside = Q(window_start__gte=first, window_start__lte=last) | Q(window_end__gte=first, window_end__lte=last)
    for card in visible.cards(account).filter(inside).order_by("position", "id")[:MOST]:
        url = reverse("policies:card", args=[card.number])
        for side, day, what in (("from", card.window_start, _("申报开始")), ("until", card.window_end, _("申报截止"))):
            if day is not None:
                uid = f"card-{card.number}-{side}"
                yield Deadline(day, f"{what}: {card.title}", url, "policies", "application", uid=uid)


@deadlines("policies")
def duties(first: dt.date, last: dt.date, account: Account) -> Iterator[Deadline]:
    """Yield by when an enterprise has to report results, or pay money back."""
    if not isinstance(account, User) or account.person_id is None:
        return
    own = queries.mine(account).order_by().values("pk")
    days = {"application__case__in": own, "due_on__gte": first, "due_on__lte": last}
    beside = "application__case__organisation"
    for result in FollowUp.objects.filter(state=FollowUp.State.OPEN, **days).select_related(beside)[:MOST]:
        case = result.application.case
        title = _("填报资金绩效: %(title)s") % {"title": case.title}
        yield Deadline(
            result.due_on, title, reverse("policies:result", args=[result.pk]), "policies", "case",
            whose=str(case.organisation or case.number), uid=f"follow-up-{result.pk}",
        )  # fmt: skip
    for recovery in Recovery.objects.filter(state=Recovery.State.DECIDED, **days).select_related(beside)[:MOST]:
        case = recovery.application.case
        title = _("缴回资金: %(title)s") % {"title": case.title}
        yield Deadline(
            recovery.due_on, title, reverse("policies:payment", args=[case.number]), "policies", "case",
            whose=str(case.organisation or case.number), uid=f"recovery-{recovery.pk}",
        )  # fmt: skip
