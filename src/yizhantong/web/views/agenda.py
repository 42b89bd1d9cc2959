"""The city's calendar: a month of deadlines with filters, the same as a file, and feeds by secret links."""

from __future__ import annotations

import calendar as months
import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yizhantong.foundation.calendar import CalendarError
from yizhantong.kernel.access.models import User
from yizhantong.kernel.divisions import calendar, clock
from yizhantong.kernel.divisions.models import City
from yizhantong.web import agenda, calendars
from yizhantong.web.agenda import AgendaError, Deadline
from yizhantong.web.dates import BadDay
from yizhantong.web.models import CalendarFeed
from yizhantong.web.zones import ZONES

SHOWN = 4
"""Entries of a day that a grid shows before the rest is folded away."""
FIRST_YEAR, LAST_YEAR = 2000, 2100
KEPT_SECONDS = 900
NEW_KEY = "calendar_feed_key"


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the month: its entries, the first of them shown and the others folded, and whether offices work."""

    day: dt.date
    entries: list[Deadline]
    today: bool
    note: str
    """``holiday`` or ``workday`` where the day differs from its week, ``weekend``, else empty."""

    @property
    def shown(self) -> list[Deadline]:
        """Return what is shown at once."""
        return self.entries[:SHOWN]

    @property
    def more(self) -> list[Deadline]:
        """Return what is folded away."""
        return self.entries[SHOWN:]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page of the calendar is asked for."""

    first: dt.date
    zone: str
    kind: str
    mine: bool

    @property
    def last(self) -> dt.date:
        """Return the last day of the month."""
        return self.first.replace(day=months.monthrange(self.first.year, self.first.month)[1])

    def query(self, month: dt.date | None = None) -> str:
        """Return the address's query of the same filters, for this month or another."""
        given = {"month": f"{month or self.first:%Y-%m}", "zone": self.zone, "kind": self.kind, "mine": "1" * self.mine}
        return urlencode({name: value for name, value in given.items() if value})

    def found(self, request: HttpRequest) -> list[Deadline]:
        """Return the month's deadlines."""
        return agenda.between(
            self.first, self.last, request.user, zone=self.zone, kind=self.kind, mine=self.mine
        )  # fmt: skip


def asked_for(request: HttpRequest) -> Asked:
    """Return month and filters of a request; :class:`BadDay` for a month that cannot be read."""
    text = request.GET.get("month", "").strip()
    first = clock.today().replace(day=1)
    if text:
        try:
            first = dt.date.fromisoformat(f"{text}-01")
        except ValueError:
            first = dt.date.min
        if not FIRST_YEAR <= first.year <= LAST_YEAR:
            raise BadDay(_("月份“%(text)s”无法识别,请写成 2021-08 的形式") % {"text": text[:40]})
    zone, kind = request.GET.get("zone", ""), request.GET.get("kind", "")
    mine = request.GET.get("mine") == "1" and request.user.is_authenticated
    return Asked(first, zone if zone in agenda.zones() else "", kind if kind in agenda.KINDS else "", mine)


@require_GET
def month(request: HttpRequest) -> HttpResponse:
    """Show a month: a grid where there is room, a list of days on phones and on paper."""
    asked = asked_for(request)
    found = asked.found(request)
    days = _days(asked, found)
    before, after = asked.first - dt.timedelta(days=1), asked.last + dt.timedelta(days=1)
    account = request.user
    feeds = list(CalendarFeed.objects.filter(account=account)) if isinstance(account, User) else []
    context: dict[str, Any] = {
        "asked": asked, "days": days, "count": len(found), "starts": asked.first.isoweekday(),
        "before": asked.query(before.replace(day=1)), "after": asked.query(after), "this": asked.query(clock.today().replace(day=1)),
        "zones": zone_names(), "kinds": agenda.KINDS, "feeds": feeds, "weekdays": _weekdays(), "query": asked.query(),
        "new_feed": _new_feed(request),
    }  # fmt: skip
    return render(request, "web/agenda/month.html", context)


@require_GET
def month_file(request: HttpRequest) -> HttpResponse:
    """Hand out the month, with its filters, as a calendar file."""
    asked = asked_for(request)
    events = agenda.events(asked.found(request), host=request.get_host())
    return calendars.answer(events, name=_calendar_name(), filename=f"calendar-{asked.first:%Y-%m}.ics")


@login_required
@require_POST
def make_feed(request: HttpRequest) -> HttpResponse:
    """Make a feed of the filters shown; its link is shown on the next page, once."""
    assert isinstance(request.user, User)
    back = HttpResponseRedirect(reverse("web:calendar") + "#feeds")
    given = {"zone": request.POST.get("zone", ""), "kind": request.POST.get("kind", "")}
    try:
        _feed, key = agenda.make_feed(request.user, **given, mine=request.POST.get("mine") == "1")
    except AgendaError as error:
        messages.error(request, error.sentence)
        return back
    request.session[NEW_KEY] = key
    return back


@login_required
@require_POST
def revoke_feed(request: HttpRequest, number: int) -> HttpResponse:
    """Revoke a feed of one's own."""
    assert isinstance(request.user, User)
    if not agenda.revoke_feed(request.user, number):
        raise Http404(_("没有这个订阅链接"))
    messages.success(request, _("订阅链接已撤销,日历软件不能再用它读取"))
    return HttpResponseRedirect(reverse("web:calendar") + "#feeds")


@require_http_methods(["GET", "HEAD"])
def feed(request: HttpRequest, key: str) -> HttpResponse:
    """Answer a calendar program by the secret link, whoever asks; unchanged content is answered with 304."""
    held = agenda.feed_of(key[:64])
    if held is None:
        raise Http404(_("这个订阅链接不存在或已撤销"))
    found = agenda.read_feed(held)
    tag = f'"{hashlib.sha256(repr(found).encode()).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    events = agenda.events(found, host=request.get_host())
    response = HttpResponse(calendars.written(events, name=_calendar_name()), content_type=calendars.CONTENT_TYPE)
    response["ETag"] = tag
    response["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    response["X-Robots-Tag"] = "noindex"
    return response


def zone_names() -> list[tuple[str, Any]]:
    """Return code and name of everything that has deadlines to tell."""
    names = {zone.code: zone.name for zone in ZONES} | {
        "cases": _("办件"), "items": _("事项"), "appointments": _("预约"),
    }  # fmt: skip
    return [(code, names.get(code, code)) for code in agenda.zones()]


def _days(asked: Asked, found: list[Deadline]) -> list[Day]:
    by_day: dict[dt.date, list[Deadline]] = {}
    for each in found:
        by_day.setdefault(each.day, []).append(each)
    today = clock.today()
    days = [asked.first + dt.timedelta(days=n) for n in range(asked.last.day)]
    return [Day(day, by_day.get(day, []), day == today, _note(day)) for day in days]


def _note(day: dt.date) -> str:
    """Tell how the day differs; a year whose holidays were not announced yet knows weekends only."""
    weekend = day.isoweekday() > 5
    try:
        working = calendar.working_calendar().is_working(day)
    except CalendarError:
        working = not weekend
    if working:
        return "workday" if weekend else ""
    return "weekend" if weekend else "holiday"


def _weekdays() -> list[str]:
    return [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")]


def _calendar_name() -> str:
    city = City.objects.first()
    return _("%(city)s一站通日历") % {"city": city.name if city else ""}


def _new_feed(request: HttpRequest) -> str:
    """Return the whole address of a feed that was just made; it is forgotten as it is shown."""
    key = request.session.pop(NEW_KEY, "") if request.session.session_key else ""
    return request.build_absolute_uri(reverse("web:calendar-feed", args=[key])) if key else ""
