"""Halls at the desk: the day's appointments, booking for whoever telephones or stands there, and managing a hall."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from yizhantong.foundation.codes.errors import CodeError
from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.appointments import access, actions, queries
from yizhantong.kernel.appointments.errors import AppointmentError
from yizhantong.kernel.appointments.models import Hall, Service, Window
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.parties import register
from yizhantong.web.views.appointments import finding, moment_of
from yizhantong.web.views.hall.apply import me
from yizhantong.web.views.queues import machine_address

DAYS = 7


class BookForm(forms.Form):
    """For whom, what and when; whoever was never registered takes a ticket instead."""

    code = forms.CharField(
        label=gettext_lazy("统一社会信用代码或身份证号"), max_length=24, widget=forms.TextInput({"autocomplete": "off"})
    )
    start = forms.ChoiceField(label=gettext_lazy("时间"))

    def __init__(self, slots: list[Any], *args: Any) -> None:
        super().__init__(*args)
        local = timezone.localtime
        choices = [
            (slot.start.isoformat(), f"{local(slot.start):%H:%M}-{local(slot.end):%H:%M}")
            for slot in slots
            if slot.free
        ]
        self.fields["start"].choices = [("", "—"), *choices]  # type: ignore[attr-defined]


@login_required
@require_GET
def appointments(request: HttpRequest) -> HttpResponse:
    """Show a hall's appointments of a day."""
    account, hall = _hall(request, request.GET.get("hall", ""))
    day = _day(request)
    today = clock.today()
    context = {
        "hall": hall, "halls": access.halls_of(account).filter(active=True), "day": day, "appointments": queries.of_day(hall, day),
        "days": [today + dt.timedelta(days=n) for n in range(DAYS)], "services": queries.services(hall, bookable=True),
        "manages": access.manages(account, hall),
    }  # fmt: skip
    return render(request, "web/appointments/day.html", context)


@finding
@login_required
@require_http_methods(["GET", "POST"])
def book(request: HttpRequest, hall: str, service: str) -> HttpResponse:
    """Book a service for whoever telephones or stands there."""
    account, found = _hall(request, hall)
    wanted, day = queries.service(found, service), _day(request)
    form = BookForm(queries.free_times(wanted, day), request.POST or None)
    if request.method == "POST" and form.is_valid() and (made := _booked(form, wanted, account)) is not None:
        messages.success(request, _("已代为预约,预约号 %(number)s") % {"number": made.number})
        return HttpResponseRedirect(f"{reverse('web:desk-appointments')}?hall={found.pk}&day={day}")
    context = {"form": form, "hall": found, "service": wanted, "day": day, "days": queries.bookable_days(found)}
    return render(request, "web/appointments/book.html", context, status=422 if form.errors else 200)


@finding
@login_required
@require_http_methods(["GET", "POST"])
def hall(request: HttpRequest, code: str) -> HttpResponse:
    """Show a hall to its manager: hours, services, windows, closed days; a form of each changes it."""
    account = me(request)
    found = queries.hall(code)
    access.check_manages(account, found)
    if request.method == "POST":
        try:
            _change(request, found, account)
        except AppointmentError as error:
            messages.error(request, error.sentence)
        else:
            messages.success(request, _("已保存"))
        return HttpResponseRedirect(reverse("web:desk-hall", args=[code]))
    context = {
        "hall": found, "hours": found.hours.order_by("weekday", "start"), "services": found.services.prefetch_related("items"),
        "windows": found.windows.select_related("clerk").prefetch_related("services"), "weekdays": WEEKDAYS,
        "closures": found.closures.filter(day__gte=clock.today()), "machine": machine_address(found), "hours_text": _hours_text(found),
    }  # fmt: skip
    return render(request, "web/appointments/hall.html", context)


WEEKDAYS = {
    1: gettext_lazy("周一"), 2: gettext_lazy("周二"), 3: gettext_lazy("周三"), 4: gettext_lazy("周四"), 5: gettext_lazy("周五"),
    6: gettext_lazy("周六"), 7: gettext_lazy("周日"),
}  # fmt: skip


def _hall(request: HttpRequest, code: str) -> tuple[User, Hall]:
    """Return the account and the hall that it asks for, or its first one."""
    account = me(request)
    halls = access.halls_of(account).filter(active=True).order_by("code")
    found = halls.filter(pk=code).first() if code else halls.first()
    if found is None:
        raise policy.Refused(access.SERVE)
    return account, found


def _day(request: HttpRequest) -> dt.date:
    try:
        return dt.date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return clock.today()


def _booked(form: BookForm, service: Service, account: User) -> Any:
    """Book; what is wrong stands at its field."""
    try:
        party = register.find(form.cleaned_data["code"])
        if party is None:
            form.add_error("code", _("没有登记过这个代码。请其直接取号,或先在窗口收件时登记"))
            return None
        return actions.book(service, moment_of(form.cleaned_data["start"]), party, account=account)
    except CodeError as error:
        form.add_error("code", str(error))
    except AppointmentError as error:
        form.add_error(error.field if error.field in form.fields else None, error.sentence)
    return None


def _change(request: HttpRequest, hall: Hall, account: User) -> None:
    changes: dict[str, Callable[[HttpRequest, Hall, User], object]] = {
        "hours": _set_hours, "close": _close, "open": _open, "window": _set_window, "add-window": _add_window, "service": _set_service,
    }  # fmt: skip
    change = changes.get(request.POST.get("what", ""))
    if change is None:
        raise Http404
    change(request, hall, account)


def _set_hours(request: HttpRequest, hall: Hall, account: User) -> None:
    """Read one stretch a line: ``1 08:30-11:30``."""
    rows = []
    for line in request.POST.get("hours", "").splitlines():
        if not line.strip():
            continue
        try:
            weekday, _blank, stretch = line.strip().partition(" ")
            start, end = (dt.time.fromisoformat(part.strip()) for part in stretch.split("-"))
            rows.append((int(weekday), start, end))
        except ValueError as error:
            raise AppointmentError(
                "hours", _("“%(line)s”无法识别,请写成 1 08:30-11:30 的形式") % {"line": line[:40]}
            ) from error
    actions.set_hours(hall, rows, account=account)


def _close(request: HttpRequest, hall: Hall, account: User) -> None:
    called = actions.close_day(hall, _posted_day(request), request.POST.get("reason", ""), account=account)
    if called:
        messages.info(request, _("取消了 %(count)s 个预约,已逐一告知") % {"count": called})


def _open(request: HttpRequest, hall: Hall, account: User) -> None:
    actions.open_day(hall, _posted_day(request), account=account)


def _set_window(request: HttpRequest, hall: Hall, account: User) -> None:
    window = Window.objects.filter(hall=hall, pk=_number(request, "window")).first()
    if window is None:
        raise Http404
    actions.set_window(
        window, account=account, services=_services(request, hall), bookable="bookable" in request.POST, active="active" in request.POST
    )  # fmt: skip


def _add_window(request: HttpRequest, hall: Hall, account: User) -> None:
    actions.add_window(hall, _number(request, "number"), _services(request, hall), account=account)


def _set_service(request: HttpRequest, hall: Hall, account: User) -> None:
    service = hall.services.filter(pk=_number(request, "service")).select_related("hall").first()
    if service is None:
        raise Http404
    codes = request.POST.get("items", "").split()
    items = list(Item.objects.filter(pk__in=codes, current__isnull=False))
    if missing := sorted(set(codes) - {item.pk for item in items}):
        raise AppointmentError("item", _("没有这些事项:%(codes)s") % {"codes": "、".join(missing)[:200]}, "items")
    actions.set_service(
        service, account=account, minutes=_number(request, "minutes"), bookable="bookable" in request.POST,
        active="active" in request.POST, items=items,
    )  # fmt: skip


def _services(request: HttpRequest, hall: Hall) -> list[Service]:
    codes = [
        int(text) for text in request.POST.getlist("services") if text.isascii() and text.isdecimal() and len(text) < 19
    ]
    return list(hall.services.filter(pk__in=codes))


def _posted_day(request: HttpRequest) -> dt.date:
    try:
        return dt.date.fromisoformat(request.POST.get("day", ""))
    except ValueError as error:
        raise AppointmentError("day", _("请填写日期"), "day") from error


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _hours_text(hall: Hall) -> str:
    return "\n".join(
        f"{row.weekday} {row.start:%H:%M}-{row.end:%H:%M}" for row in hall.hours.order_by("weekday", "start")
    )
