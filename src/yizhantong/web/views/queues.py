"""Queues at the hall: the ticket machine, a ticket on one's phone, the board on the wall, the window's console."""

from __future__ import annotations

from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.appointments import access, actions, queries, ranks
from yizhantong.kernel.appointments.actions.queueing import COURTEOUS
from yizhantong.kernel.appointments.errors import AppointmentError
from yizhantong.kernel.appointments.models import Hall, Service, Ticket, Window
from yizhantong.kernel.divisions import clock
from yizhantong.web.views.appointments import finding
from yizhantong.web.views.hall.apply import me

SALT = "appointments.machine"
SIDE = 8


def machine_address(hall: Hall) -> str:
    """Return the path by which tickets of a hall are taken today; it is shown in the hall only, and changes every day."""
    token = signing.Signer(salt=SALT).signature(f"{hall.pk} {clock.today()}")
    return f"{reverse('web:tickets', args=[hall.pk])}?at={token}"


@finding
@require_http_methods(["GET", "POST"])
def tickets(request: HttpRequest, hall: str) -> HttpResponse:
    """Give tickets: at the machine, or on a phone that has read the code on the board; nobody takes one from home."""
    found = queries.hall(hall)
    if not _stands_there(request, found):
        return render(request, "web/appointments/not_here.html", {"hall": found}, status=403)
    refusal = None
    if request.method == "POST":
        try:
            _ticket, key = _taken(request, found)
        except AppointmentError as error:
            refusal = error
        else:
            return HttpResponseRedirect(reverse("web:ticket", args=[key]))
    courtesies = [(code, Ticket.Priority(code).label) for code in COURTEOUS]
    context = {
        "hall": found,
        "lines": queries.lines(found),
        "courtesies": courtesies,
        "refusal": refusal,
        "rules": _rules(),
    }
    return render(request, "web/appointments/tickets.html", context, status=422 if refusal else 200)


@finding
@require_GET
def ticket(request: HttpRequest, key: str) -> HttpResponse:
    """Show a ticket and where it stands; the page asks again by itself."""
    found = queries.by_key(key)
    place = queries.place_of(found) if found.state == Ticket.State.WAITING else None
    context = {"ticket": found, "place": place, "key": key, "why": why(found)}
    fragment = request.headers.get("HX-Request") == "true"
    return render(request, "web/appointments/ticket_part.html" if fragment else "web/appointments/ticket.html", context)


@finding
@require_POST
def ticket_change(request: HttpRequest, key: str, verb: str) -> HttpResponse:
    """Give a ticket back (``leave``), or take it up again after a call in vain (``return``)."""
    found = queries.by_key(key)
    change = {"leave": actions.leave, "return": actions.come_back}.get(verb)
    if change is None:
        raise Http404
    try:
        change(found)
    except AppointmentError as error:
        messages.error(request, error.sentence)
    return HttpResponseRedirect(reverse("web:ticket", args=[key]))


@finding
@require_GET
def board(request: HttpRequest, hall: str) -> HttpResponse:
    """Show the big screen: it asks again every five seconds, or every twenty without scripts."""
    found = queries.hall(hall)
    shown = queries.board(found)
    context: dict[str, Any] = {"hall": found, "board": shown, "now": clock.now()}
    if request.headers.get("HX-Request") == "true":
        return render(request, "web/appointments/board_part.html", context)
    if access.serves(request.user, found):
        address = request.build_absolute_uri(machine_address(found))
        context |= {"machine": machine_address(found), "code": segno.make(address, error="m").svg_data_uri(scale=4)}
    return render(request, "web/appointments/board.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def windows(request: HttpRequest) -> HttpResponse:
    """Show the windows of the halls where one serves, and take one's place at one of them."""
    account = me(request)
    halls = access.halls_of(account).filter(active=True).order_by("code")
    if not halls:
        raise policy.Refused(access.SERVE)
    if request.method == "POST":
        window = get_object_or_404(Window, pk=_number(request.POST.get("window", "")), hall__in=halls)
        try:
            actions.sit(window, account=account)
        except AppointmentError as error:
            messages.error(request, error.sentence)
            return HttpResponseRedirect(reverse("web:windows"))
        return HttpResponseRedirect(reverse("web:window", args=[window.pk]))
    rows = (
        Window.objects.filter(hall__in=halls, active=True).select_related("hall", "clerk").prefetch_related("services")
    )
    context = {
        "windows": rows.order_by("hall_id", "number"),
        "halls": halls,
        "manages": set(access.halls_of(account, access.MANAGE)),
    }
    return render(request, "web/appointments/windows.html", context)


@login_required
@require_GET
def window(request: HttpRequest, number: int) -> HttpResponse:
    """Show the console of a window: the ticket at it, whose turn is next, who was called in vain."""
    account = me(request)
    found = get_object_or_404(Window.objects.select_related("hall", "clerk"), pk=number)
    access.check_serves(account, found.hall)
    services = list(found.services.all())
    codes = [service.pk for service in services]
    current = queries.at_window(found)
    context = {
        "window": found, "hall": found.hall, "services": services, "ticket": current, "why": why(current) if current else "",
        "next": [(each, why(each)) for each in queries.waiting(found.hall, codes).select_related("service", "appointment")[:SIDE]],
        "waiting": queries.waiting(found.hall, codes).count(), "skipped": queries.skipped(found.hall, codes)[:SIDE],
        "others": [each for each in found.hall.services.filter(active=True) if current is None or each.pk != current.service_id],
        "mine": found.clerk_id == account.pk, "items": _items(current),
    }  # fmt: skip
    return render(request, "web/appointments/window.html", context)


@login_required
@require_POST
def window_do(request: HttpRequest, number: int, verb: str) -> HttpResponse:
    """Do something at a window: call, recall, skip, start, finish, transfer, rise."""
    account = me(request)
    found = get_object_or_404(Window.objects.select_related("hall"), pk=number)
    access.check_serves(account, found.hall)
    try:
        _do(request, found, verb, account)
    except AppointmentError as error:
        messages.error(request, error.sentence)
    return HttpResponseRedirect(reverse("web:windows") if verb == "rise" else reverse("web:window", args=[number]))


def why(ticket: Ticket) -> str:
    """Return in one sentence by what a ticket's place in the queue goes."""
    at = {"at": f"{timezone.localtime(ticket.ranked_at):%H:%M}"}
    if ticket.returns:
        return _("过号后重排,按 %(at)s 排") % at
    if ticket.ranked_at == ticket.taken_at:
        return _("按取号时间 %(at)s 排") % at
    if ticket.priority == Ticket.Priority.BOOKED or (
        ticket.appointment_id and ticket.taken_at - ticket.ranked_at > ranks.COURTESY
    ):
        return _("预约按时到厅,按 %(at)s 排") % at
    return _("%(who)s优先,按 %(at)s 排") % {**at, "who": ticket.get_priority_display()}


def _do(request: HttpRequest, window: Window, verb: str, account: User) -> None:
    if verb == "call":
        if actions.call_next(window, account=account) is None:
            messages.info(request, _("现在没有人等候"))
        return
    if verb == "rise":
        actions.rise(window, account=account)
        return
    current = queries.at_window(window)
    if current is None or str(current.pk) != request.POST.get("ticket", ""):
        raise AppointmentError("wrong_state", _("窗口的票号已经变了,请刷新后再操作"))
    if verb == "transfer":
        target = Service.objects.filter(hall=window.hall, pk=_number(request.POST.get("service", ""))).first()
        if target is None:
            raise AppointmentError("service", _("请选择转到哪项业务"), "service")
        actions.transfer(current, target, account=account)
        return
    change = {"recall": actions.recall, "skip": actions.skip, "start": actions.start, "finish": actions.finish}.get(
        verb
    )
    if change is None:
        raise Http404
    change(current, account=account)


def _taken(request: HttpRequest, hall: Hall) -> tuple[Ticket, str]:
    if number := request.POST.get("number", "").strip():
        return actions.arrive(hall, number)
    service = queries.service(hall, request.POST.get("service", ""))
    return actions.take(service, priority=request.POST.get("priority", ""))


def _stands_there(request: HttpRequest, hall: Hall) -> bool:
    """Tell whether the request comes from the hall: it holds today's code, or a clerk of the hall makes it."""
    expected = signing.Signer(salt=SALT).signature(f"{hall.pk} {clock.today()}")
    return constant_time_compare(request.GET.get("at", ""), expected) or access.serves(request.user, hall)


def _items(ticket: Ticket | None) -> list[tuple[str, str]]:
    """Return the items of a ticket's service, for taking in at the counter."""
    if ticket is None:
        return []
    return list(ticket.service.items.filter(current__isnull=False).order_by("name").values_list("code", "name"))


def _rules() -> dict[str, int]:
    minutes = {"early": ranks.EARLY, "late": ranks.LATE, "courtesy": ranks.COURTESY}
    return {name: int(length.total_seconds() // 60) for name, length in minutes.items()} | {"age": ranks.ELDER_AGE}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
