"""Days that matter in this zone, for the city's calendar: answers and first contacts due, loans that mature, grabs that end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import calendar, clock
from yizhantong.web.agenda import Deadline, deadlines
from yizhantong.zones.finance import access
from yizhantong.zones.finance.events import queries as events
from yizhantong.zones.finance.models import Engagement, MatchEvent
from yizhantong.zones.finance.queries import visible

S = Engagement.State
MOST = 500


@deadlines("finance")
def contacts(first: dt.date, last: dt.date, account: Account) -> Iterator[Deadline]:
    """Yield until when banks have to answer or make their first contact, as far as the account sees the dealing."""
    since, until = clock.end_of(first - dt.timedelta(days=1)), clock.end_of(last)
    for one in visible.engagements(account).filter(due_at__gte=since, due_at__lt=until).order_by("due_at")[:MOST]:
        assert one.due_at is not None
        what = _("响应融资需求") if one.state == S.PUSHED else _("首次联系企业")
        title = f"{what} {one.listing.number}"
        yield Deadline(_day(one.due_at), title, _url(one, account), "finance", "other", whose=one.bank.name)


@deadlines("finance")
def maturities(first: dt.date, last: dt.date, account: Account) -> Iterator[Deadline]:
    """Yield on which days loans mature."""
    running = visible.engagements(account).filter(state__in=[S.DRAWN, S.OVERDUE], matures_on__range=(first, last))
    for one in running.order_by("matures_on")[:MOST]:
        assert one.matures_on is not None
        title = _("贷款到期:%(bank)s %(number)s") % {"bank": one.bank.name, "number": one.listing.number}
        yield Deadline(
            one.matures_on, title, _url(one, account), "finance", "other", whose=one.listing.enterprise.name
        )  # fmt: skip


@deadlines("finance")
def grabs(first: dt.date, last: dt.date, account: Account) -> Iterator[Deadline]:
    """Yield until when the account's bank may grab needs."""
    since, until = clock.end_of(first - dt.timedelta(days=1)), clock.end_of(last)
    for listing in visible.grabbable(account).filter(grab_until__gte=since, grab_until__lt=until)[:MOST]:
        assert listing.grab_until is not None
        title = _("抢单截止 %(number)s") % {"number": listing.number}
        yield Deadline(_day(listing.grab_until), title, "/finance/bank/", "finance", "other")


@deadlines("finance")
def meetings(first: dt.date, last: dt.date, account: Account) -> Iterator[Deadline]:
    """Yield the matching events to which the account is invited, and until when their invitations are to be answered."""
    going_on = [MatchEvent.State.INVITING, MatchEvent.State.PLANNED, MatchEvent.State.PUBLISHED]
    for event in events.visible(account).filter(state__in=going_on, day__gte=first, answer_until__lte=last)[:MOST]:
        url = f"/finance/events/{event.pk}/"
        if event.day <= last:
            start = dt.datetime.combine(event.day, event.begins, calendar.zone())
            yield Deadline(event.day, event.title, url, "finance", "meeting", start=start, place=event.place)
        if event.answer_until >= first and event.state != MatchEvent.State.PUBLISHED:
            title = _("对接会回执截止:%(title)s") % {"title": event.title}
            yield Deadline(event.answer_until, title, url, "finance", "meeting")


def _day(moment: dt.datetime) -> dt.date:
    return timezone.localtime(moment).date()


def _url(one: Engagement, account: Account) -> str:
    at_bank = access.bank_of(account) is not None
    return f"/finance/bank/{one.pk}/" if at_bank else f"/finance/needs/{one.listing.number}/"
