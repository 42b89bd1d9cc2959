"""Halls as their managers change them: services, windows, hours, closed days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import pairwise

from django.db import transaction

from yizhantong.kernel.access.models import User
from yizhantong.kernel.appointments import access, queries, telling
from yizhantong.kernel.appointments.actions.booking import call_off
from yizhantong.kernel.appointments.errors import AppointmentError
from yizhantong.kernel.appointments.models import Appointment, Closure, Hall, Hours, Service, Window
from yizhantong.kernel.appointments.slots import CELL
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items.models import Item

Stretch = tuple[int, dt.time, dt.time]
"""Weekday from 1, from when, until when."""


@transaction.atomic
def set_hours(hall: Hall, stretches: Iterable[Stretch], *, account: User | None) -> None:
    """Replace when a hall is open; appointments that were made stand.

    :class:`AppointmentError` ``hours``: out of order, overlapping, or not in whole five minutes.
    """
    if account is not None:
        access.check_manages(account, hall)
    rows = sorted(stretches)
    for weekday, start, end in rows:
        if not 1 <= weekday <= 7 or start >= end or any(time.minute % CELL or time.second for time in (start, end)):
            raise AppointmentError("hours", f"开放时间应先后有序,并是 {CELL} 分钟的整数倍", "hours")
    for one, other in pairwise(rows):
        if one[0] == other[0] and other[1] < one[2]:
            raise AppointmentError("hours", "同一天的开放时间不能重叠", "hours")
    Hours.objects.filter(hall=hall).delete()
    Hours.objects.bulk_create([Hours(hall=hall, weekday=day, start=start, end=end) for day, start, end in rows])


@transaction.atomic
def close_day(hall: Hall, day: dt.date, reason: str, *, account: User) -> int:
    """Close a hall on a day to come; its appointments are called off and everybody is told why. Return how many.

    :class:`AppointmentError`: ``day`` (past), ``reason``.
    """
    access.check_manages(account, hall)
    if day < clock.today():
        raise AppointmentError("day", "只能停办今天以后的日子", "day")
    if not reason.strip():
        raise AppointmentError("reason", "请写明停办原因,会告知预约人", "reason")
    Closure.objects.update_or_create(hall=hall, day=day, defaults={"reason": reason.strip()[:100]})
    rows = queries.of_day(hall, day).filter(state=Appointment.State.BOOKED).select_for_update(of=("self",))
    called = list(rows)
    for held in called:
        call_off(held, reason.strip()[:100], account=account)
        telling.called_off(held)
    return len(called)


@transaction.atomic
def open_day(hall: Hall, day: dt.date, *, account: User) -> bool:
    """Take a closure back; return whether there was one."""
    access.check_manages(account, hall)
    return Closure.objects.filter(hall=hall, day=day).delete()[0] > 0


@transaction.atomic
def set_service(
    service: Service, *, account: User, minutes: int, bookable: bool, active: bool, items: Iterable[Item]
) -> Service:
    """Change how long a service takes, whether it is booked or given at all, and what it serves; appointments that were made stand."""
    access.check_manages(account, service.hall)
    if not CELL <= minutes <= 240:
        raise AppointmentError("minutes", "每人用时应在 5 到 240 分钟之间", "minutes")
    service.minutes, service.bookable, service.active = minutes, bookable, active
    service.save(update_fields=["minutes", "bookable", "active"])
    service.items.set(items)
    return service


@transaction.atomic
def add_window(hall: Hall, number: int, services: Iterable[Service], *, account: User | None) -> Window:
    """Add a window; :class:`AppointmentError` ``number`` (taken, or none), ``service`` (of another hall, or none)."""
    if account is not None:
        access.check_manages(account, hall)
    if not 1 <= number <= 999 or hall.windows.filter(number=number).exists():
        raise AppointmentError("number", f"窗口号应在 1 到 999 之间,且没有用过:{number}", "number")
    made = Window.objects.create(hall=hall, number=number)
    made.services.set(_of_hall(hall, services))
    return made


@transaction.atomic
def set_window(window: Window, *, account: User, services: Iterable[Service], bookable: bool, active: bool) -> Window:
    """Change what a window serves. :class:`AppointmentError` ``window_booked`` when it is shut, or takes appointments no more, while it has some."""
    held = Window.objects.select_for_update(of=("self",)).select_related("hall").get(pk=window.pk)
    access.check_manages(account, held.hall)
    booked = Appointment.objects.filter(window=held, state=Appointment.State.BOOKED, end__gt=clock.now())
    if not (bookable and active) and (count := booked.count()):
        raise AppointmentError("window_booked", f"{held.number} 号窗口还有 {count} 个预约,请先改期、取消或停办当天")
    held.bookable, held.active = bookable, active
    held.save(update_fields=["bookable", "active"])
    held.services.set(_of_hall(held.hall, services))
    return held


def _of_hall(hall: Hall, services: Iterable[Service]) -> list[Service]:
    found = list(services)
    if not found or any(service.hall_id != hall.pk for service in found):
        raise AppointmentError("service", "请至少选一项本大厅的业务", "services")
    return found
