"""Appointments for those who come: halls and what is done there, free times, booking, one's own appointments."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.appointments import access, actions, queries
from yizhantong.kernel.appointments.errors import AppointmentError
from yizhantong.kernel.appointments.models import Appointment, Service
from yizhantong.kernel.cases import queries as cases
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items.models import Item
from yizhantong.web import calendars
from yizhantong.web.calendars import Event
from yizhantong.web.casework import parties
from yizhantong.web.views.hall.apply import me

SIZE = 30
UNKNOWN = ("unknown", "unknown_hall", "unknown_service", "unknown_ticket")
Given = ParamSpec("Given")


def finding(
    view: Callable[Concatenate[HttpRequest, Given], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Given], HttpResponse]:
    """Answer 404 where a view asks for a hall, service, appointment or ticket that is not there for the account."""

    @functools.wraps(view)
    def run(request: HttpRequest, /, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except AppointmentError as error:
            if error.code.removeprefix("appointments.") in UNKNOWN:
                raise Http404(error.sentence) from error
            raise

    return run


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show the halls with what is done there and how long one waits now; narrowed to an item, or to that of a case."""
    item, case = asked_item(request), asked_case(request)
    rows = []
    for hall in queries.halls():
        services = queries.services(hall, bookable=True, item=item.pk if item is not None else "")
        if services:
            rows.append(
                {"hall": hall, "services": services, "lines": {line.service.pk: line for line in queries.lines(hall)}}
            )
    context = {"rows": rows, "item": item, "case": case, "query": query_of(item, case)}
    return render(request, "web/appointments/index.html", context)


@finding
@require_http_methods(["GET", "POST"])
def times(request: HttpRequest, hall: str, service: str) -> HttpResponse:
    """Show the free times of a service on a day, and book one (or move the appointment named by ``move`` there)."""
    found = queries.service(queries.hall(hall), service)
    item, case = asked_item(request), asked_case(request)
    moving = _moving(request, found)
    refusal = None
    if request.method == "POST":
        if not request.user.is_authenticated:
            return HttpResponseRedirect(f"{reverse('web:login')}?next={request.get_full_path()}")
        try:
            made = _booked(request, found, item, case, moving)
        except AppointmentError as error:
            refusal = error
        else:
            said = _("已改期") if moving is not None else _("预约成功")
            messages.success(request, said)
            return HttpResponseRedirect(reverse("web:my-appointment", args=[made.number]))
    days = queries.bookable_days(found.hall)
    day = _day(request, days)
    free = queries.free_times(found, day) if day is not None else []
    context = {
        "service": found, "hall": found.hall, "days": days, "day": day, "slots": free, "any_free": any(slot.free for slot in free),
        "parties": parties.acting_for(request.user), "item": item, "case": case, "moving": moving, "refusal": refusal,
        "query": query_of(item, case, moving), "clerk": moving is not None and not access.is_own(request.user, moving),
    }  # fmt: skip
    return render(request, "web/appointments/times.html", context, status=422 if refusal else 200)


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Show one's own appointments, those to come first."""
    rows = list(queries.mine(me(request))[:SIZE])
    coming = [row for row in rows if row.state in (Appointment.State.BOOKED, Appointment.State.ARRIVED)]
    context = {"coming": coming[::-1], "past": [row for row in rows if row not in coming]}
    return render(request, "web/appointments/mine.html", context)


@finding
@login_required
@require_GET
def appointment(request: HttpRequest, number: str) -> HttpResponse:
    """Show one appointment, with what can still be done."""
    found = queries.by_number(me(request), number)
    latest = found.start - dt.timedelta(minutes=found.hall.notice)
    changeable = found.state == Appointment.State.BOOKED and clock.now() <= latest
    context = {
        "appointment": found, "changeable": changeable, "latest": latest, "own": access.is_own(me(request), found),
        "clerk": access.serves(me(request), found.hall), "moves_left": actions.booking.MOST_MOVES - found.moves,
        "changes": found.changes.select_related("account"),
    }  # fmt: skip
    return render(request, "web/appointments/appointment.html", context)


@finding
@login_required
@require_POST
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Call an appointment off."""
    found = queries.by_number(me(request), number)
    try:
        actions.cancel(found, account=me(request), reason=request.POST.get("reason", ""))
    except AppointmentError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("预约已取消"))
    return HttpResponseRedirect(reverse("web:my-appointment", args=[number]))


@finding
@login_required
@require_GET
def event_file(request: HttpRequest, number: str) -> HttpResponse:
    """Hand out an appointment as a calendar file."""
    found = queries.by_number(me(request), number)
    event = Event(
        uid=f"appointment-{found.number}@{request.get_host()}", title=f"{found.service.name} · {found.hall.name}", start=found.start,
        end=found.end, place=found.hall.address, description=_("预约号 %(number)s") % {"number": found.number},
        cancelled=found.state == Appointment.State.CANCELLED, url=request.build_absolute_uri(reverse("web:my-appointment", args=[number])),
    )  # fmt: skip
    return calendars.answer([event], name=found.service.name, filename=f"appointment-{found.number}.ics")


def asked_item(request: HttpRequest) -> Item | None:
    """Return the item that a page is asked for, when it can be applied for; of a case, the case's."""
    code = request.GET.get("item", "")
    if code:
        return Item.objects.filter(pk=code[:48], current__isnull=False).first()
    case = asked_case(request)
    return case.item if case is not None else None


def asked_case(request: HttpRequest) -> Case | None:
    """Return the case of one's own that a page is asked for."""
    number = request.GET.get("case", "")[:32]
    account: Account = request.user
    return cases.mine(account).filter(number=number).select_related("item").first() if number else None


def query_of(item: Item | None, case: Case | None, moving: Appointment | None = None) -> str:
    """Return the part of an address that keeps what is asked for."""
    if moving is not None:
        return f"&move={moving.number}"
    return f"&case={case.number}" if case is not None else f"&item={item.pk}" if item is not None else ""


def moment_of(text: str) -> dt.datetime:
    """Return the start that a form names; :class:`AppointmentError` ``start`` when it is none."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or not dt.MINYEAR + 1 < moment.year < dt.MAXYEAR:
        raise AppointmentError("start", _("请选择一个时间"), "start")
    return moment if moment.tzinfo is not None else timezone.make_aware(moment)


def _moving(request: HttpRequest, service: Service) -> Appointment | None:
    number = request.GET.get("move", "")
    if not number or not isinstance(request.user, User):
        return None
    found = queries.by_number(request.user, number)
    if found.service_id != service.pk or found.state != Appointment.State.BOOKED:
        raise Http404
    return found


def _booked(
    request: HttpRequest, service: Service, item: Item | None, case: Case | None, moving: Appointment | None
) -> Appointment:
    account = me(request)
    start = moment_of(request.POST.get("start", ""))
    if moving is not None:
        return actions.move(moving, start, account=account, reason=request.POST.get("reason", ""))
    party = parties.chosen(account, request.POST.get("party", ""))
    if party is None:
        raise AppointmentError("party", _("请选择为谁预约"), "party")
    serves = item if item is not None and service.items.filter(pk=item.pk).exists() else None
    return actions.book(service, start, party.applicant, account=account, item=serves, case=case)


def _day(request: HttpRequest, days: list[dt.date]) -> dt.date | None:
    """Return the day that is asked for, or the first that can be booked."""
    try:
        asked = dt.date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        asked = None
    return asked if asked in days else next(iter(days), None)
