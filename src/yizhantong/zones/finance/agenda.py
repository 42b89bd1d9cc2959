"""Days that matter in this zone, for the city's calendar: answers and first contacts due, loans that mature, grabs that end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import calendar, clock
from yizhantong.web.agenda import Deadline, deadlines
from yizhantong.zones.finance import access
from yizhantong.zones.finance.events import queries as events
from yizhantong.zones.finance.models import Engagement, MatchEvent
from yizhantong.zones.finance.models.events import Invitation
from yizhantong.zones.finance.queries import visible

S = Engagement.State
MOST = 500


@deadlines("finance")
def contacts(first: dt.date, last: dt.date, account: Account) -> Iterator[Deadline]:
    """Yield until when banks have to answer or make their first contact, as far as the account sees the dealing."""
    since, until = clock.end_of(first - dt.timedelta(days=1)), clock.end_of(last)
    for one in visible.engagements(account).filter(due_at__gte=since, due_at__lt=until).order_by("due_at")[:MOST]:
        assert one.due_at is not None
        title = _contact(one, at_bank=access.bank_of(account) is not None)
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
        url = f"/finance/bank/pool/{listing.number}/"
        yield Deadline(_day(listing.grab_until), title, url, "finance", "other", whose=_("本行"))


@deadlines("finance")
def meetings(first: dt.date, last: dt.date, account: Account) -> Iterator[Deadline]:
    """Yield the matching events to which the account is invited, and until when their invitations are to be answered."""
    going_on = [MatchEvent.State.INVITING, MatchEvent.State.PLANNED, MatchEvent.State.PUBLISHED]
    found = events.visible(account).filter(state__in=going_on, day__gte=first, answer_until__lte=last)
    own = Invitation.objects.filter(organisation__in=events.mine(account)).select_related("organisation")
    for event in found.prefetch_related(Prefetch("invitations", own, to_attr="own")).select_related("host")[:MOST]:
        url, whose = f"/finance/events/{event.pk}/", _participants(event)
        if event.day <= last:
            start = dt.datetime.combine(event.day, event.begins, calendar.zone())
            yield Deadline(event.day, event.title, url, "finance", "meeting", whose, start=start, place=event.place)
        if event.answer_until >= first and event.state != MatchEvent.State.PUBLISHED:
            title = _("对接会回执截止:%(title)s") % {"title": event.title}
            yield Deadline(event.answer_until, title, url, "finance", "meeting", whose)


def _participants(event: MatchEvent) -> str:
    """Return who of the account's own takes part (prefetched as ``own``); for the office, who holds the event."""
    names = [one.organisation.name for one in getattr(event, "own", ())]
    return _("、").join(names) or (event.host.name if event.host else event.title)


def _contact(one: Engagement, *, at_bank: bool) -> str:
    """Return what is due of a bank, in the words of the bank or of the others who see it."""
    said = {"bank": one.bank.name, "number": one.listing.number}
    if one.state == S.PUSHED:
        return (_("响应融资需求 %(number)s") if at_bank else _("%(bank)s应答复融资需求")) % said
    return (_("首次联系企业 %(number)s") if at_bank else _("%(bank)s应首次联系企业")) % said


def _day(moment: dt.datetime) -> dt.date:
    return timezone.localtime(moment).date()


def _url(one: Engagement, account: Account) -> str:
    at_bank = access.bank_of(account) is not None
    return f"/finance/bank/{one.pk}/" if at_bank else f"/finance/needs/{one.listing.number}/"
