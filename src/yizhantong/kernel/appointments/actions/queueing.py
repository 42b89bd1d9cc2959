"""Tickets: taken at the machine or by telephone, for an appointment or without one; left, and taken up again after a call in vain."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import transaction
from django.utils import timezone

from yizhantong.kernel.appointments import queries, ranks, recording
from yizhantong.kernel.appointments.errors import AppointmentError
from yizhantong.kernel.appointments.models import Appointment, Counter, Hall, Service, Ticket, Visit
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.parties.models import Person

State = Ticket.State
BEFORE_OPENING = dt.timedelta(minutes=30)
RETURN_WITHIN = dt.timedelta(minutes=60)
MOST_RETURNS = 1
MOST_WAITING = 300
"""Tickets of one service that may wait at a time: more cannot be served on any day."""
COURTEOUS = (Ticket.Priority.ELDER, Ticket.Priority.DISABLED, Ticket.Priority.PREGNANT, Ticket.Priority.SOLDIER)


@transaction.atomic
def take(service: Service, *, priority: str = "") -> tuple[Ticket, str]:
    """Take a ticket; return it with the key by which its holder follows it. ``priority`` as declared; the window looks at the paper.

    :class:`AppointmentError`: ``closed`` (the hall gives no tickets now), ``crowded``, ``priority`` (no such reason).
    """
    if priority and priority not in COURTEOUS:
        raise AppointmentError("priority", "没有这种优先原因,请重新选择", "priority")
    return _take(service, priority, None)


@transaction.atomic
def arrive(hall: Hall, number: str) -> tuple[Ticket, str]:
    """Take the ticket of an appointment by its number, on its day; who comes in time keeps its place (see ``ranks``).

    :class:`AppointmentError`: ``unknown`` (no such appointment here today), ``wrong_state``, ``too_early``, ``closed``.
    """
    rows = Appointment.objects.select_for_update(of=("self",)).select_related("hall", "service", "person")
    held = rows.filter(hall=hall, number="".join(number.split())[:12]).first()
    if held is None or timezone.localtime(held.start).date() != clock.today():
        raise AppointmentError("unknown", "今天这里没有这个预约号,请核对号码和大厅;也可以直接取号", "number")
    if held.state != Appointment.State.BOOKED:
        raise AppointmentError(
            "wrong_state", f"预约已是“{Appointment.State(held.state).label}”", "number", state=held.state
        )
    if clock.now() < held.start - ranks.EARLY:
        at = timezone.localtime(held.start - ranks.EARLY)
        raise AppointmentError("too_early", f"来早了,{at:%H:%M} 起可以取预约号", "number")
    made, key = _take(held.service, _courtesy_of(held.person), held)
    held.state = Appointment.State.ARRIVED
    held.save(update_fields=["state"])
    return made, key


@transaction.atomic
def leave(ticket: Ticket) -> Ticket:
    """Give a waiting ticket back."""
    held = locked(ticket, State.WAITING, State.SKIPPED)
    end(held, State.LEFT, Visit.Outcome.LEFT, by=None)
    return held


@transaction.atomic
def come_back(ticket: Ticket) -> Ticket:
    """Take up a ticket again that was called in vain: once, within an hour, behind those who wait now.

    :class:`AppointmentError`: ``wrong_state``, ``return`` (too late, or once already).
    """
    held = locked(ticket, State.SKIPPED)
    assert held.called_at is not None
    if held.returns >= MOST_RETURNS or clock.now() > held.called_at + RETURN_WITHIN or held.day != clock.today():
        raise AppointmentError("return", "过号超过一小时或已重排过一次,请重新取号")
    held.state, held.window, held.called_at, held.calls = State.WAITING, None, None, 0
    held.returns, held.ranked_at = held.returns + 1, clock.now()
    held.save()
    return held


def locked(ticket: Ticket, *states: str) -> Ticket:
    """Return a ticket locked; :class:`AppointmentError` ``wrong_state`` when it is in none of the states (somebody was faster)."""
    rows = Ticket.objects.select_for_update(of=("self",)).select_related("hall", "service", "window", "appointment")
    held = rows.get(pk=ticket.pk)
    if held.state not in states:
        label = State(held.state).label
        raise AppointmentError("wrong_state", f"{held.number} 号已是“{label}”,请刷新后再操作", state=held.state)
    return held


def end(held: Ticket, state: str, outcome: Visit.Outcome, *, by: int | None) -> None:
    """Write the end of a locked ticket, and the fact; an appointment ends with it."""
    held.state, held.ended_at = state, clock.now()
    held.save()
    if held.appointment_id is not None:
        served = outcome == Visit.Outcome.SERVED
        ended = Appointment.State.SERVED if served else Appointment.State.MISSED
        Appointment.objects.filter(pk=held.appointment_id).update(state=ended, ended_at=held.ended_at)
    recording.visit(held, outcome, by=by)


def _take(service: Service, priority: str, appointment: Appointment | None) -> tuple[Ticket, str]:
    now, today, hall = clock.now(), clock.today(), service.hall
    stretches = queries.opening(hall, today)
    open_now = stretches and stretches[0][0] - BEFORE_OPENING <= now < stretches[-1][1]
    if not (service.active and hall.active and open_now):
        hours = "、".join(f"{timezone.localtime(a):%H:%M}-{timezone.localtime(b):%H:%M}" for a, b in stretches)
        raise AppointmentError(
            "closed", f"{hall.name}现在不放号;今天开放 {hours}" if hours else f"{hall.name}今天不开放"
        )
    counter, _made = Counter.objects.get_or_create(service=service, day=today)
    counter = Counter.objects.select_for_update().get(pk=counter.pk)
    if queries.waiting(hall, [service.pk]).count() >= MOST_WAITING:
        raise AppointmentError("crowded", f"“{service.name}”等候的人已到上限,请改天来或先预约")
    counter.last += 1
    counter.save(update_fields=["last"])
    start = appointment.start if appointment is not None else None
    key = secrets.token_urlsafe(16)
    booked = start is not None and ranks.in_time(now, start)
    made = Ticket.objects.create(
        hall=hall, service=service, day=today, letter=service.letter, serial=counter.last, key_digest=queries.digest_of(key),
        appointment=appointment, priority=priority or (Ticket.Priority.BOOKED if booked else ""), taken_at=now,
        ranked_at=ranks.rank(now, start=start, courtesy=priority in COURTEOUS),
    )  # fmt: skip
    return made, key


def _courtesy_of(person: Person | None) -> str:
    """Return the priority that a person's registered age gives."""
    number = str(person.identity or "") if person is not None else ""
    if len(number) != 18 or not number[6:14].isdigit():
        return ""
    today, born = clock.today(), number[6:14]
    age = today.year - int(born[:4]) - (f"{today:%m%d}" < born[4:])
    return Ticket.Priority.ELDER if age >= ranks.ELDER_AGE else ""
