"""What happens by the clock: reminders, appointments that nobody came to, the queue of a day that is over. All may run twice."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from yizhantong.kernel.appointments import ranks, recording, telling
from yizhantong.kernel.appointments.actions.queueing import end
from yizhantong.kernel.appointments.figures import VISITS
from yizhantong.kernel.appointments.models import Appointment, Ticket, Visit, Window
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger.actions import append

BEFORE = dt.timedelta(hours=24)
"""How long before its start one is reminded of an appointment; those that are booked later than that are not."""
CHUNK = 200


def remind() -> int:
    """Remind of what begins within a day; return how many."""
    now = clock.now()
    count = 0
    with transaction.atomic():
        rows = Appointment.objects.select_for_update(of=("self",), skip_locked=True).select_related("hall", "service")
        due = rows.filter(
            state=Appointment.State.BOOKED, reminded_at__isnull=True, start__gt=now, start__lte=now + BEFORE
        )
        for held in due.order_by("start")[:CHUNK]:
            if held.booked_at <= held.start - BEFORE:
                telling.remind(held)
                count += 1
            held.reminded_at = now
            held.save(update_fields=["reminded_at"])
    return count


def mark_missed() -> int:
    """Mark appointments as missed whose end has passed, and nobody came; each is a fact. Return how many."""
    with transaction.atomic():
        rows = Appointment.objects.select_for_update(of=("self",), skip_locked=True).select_related("hall", "service")
        over = list(
            rows.filter(state=Appointment.State.BOOKED, end__lt=clock.now() - ranks.LATE).order_by("start")[:CHUNK]
        )
        for held in over:
            held.state, held.ended_at = Appointment.State.MISSED, clock.now()
            held.save(update_fields=["state", "ended_at"])
        if over:
            append(VISITS, [recording.missed(held) for held in over], recorded_by=None, source="clock")
    return len(over)


def close_yesterday() -> int:
    """End the tickets of days that are over, each as it stood, and clear the windows; return how many tickets."""
    today = clock.today()
    outcomes = {
        Ticket.State.WAITING: (Ticket.State.LEFT, Visit.Outcome.LEFT),
        Ticket.State.CALLED: (Ticket.State.LEFT, Visit.Outcome.LEFT),
        Ticket.State.SKIPPED: (Ticket.State.SKIPPED, Visit.Outcome.SKIPPED),
        Ticket.State.SERVING: (Ticket.State.DONE, Visit.Outcome.SERVED),
    }
    with transaction.atomic():
        rows = Ticket.objects.select_for_update(of=("self",), skip_locked=True).select_related(
            "hall", "service", "window"
        )
        left = list(rows.filter(day__lt=today, ended_at__isnull=True).order_by("id")[:CHUNK])
        for held in left:
            state, outcome = outcomes[Ticket.State(held.state)]
            end(held, state, outcome, by=None)
        Window.objects.filter(staffed_at__lt=clock.end_of(today - dt.timedelta(days=1))).update(
            clerk=None, staffed_at=None
        )
    return len(left)
