"""Writing visits into their ledger, within the transaction of the action that ended them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from yizhantong.kernel.appointments.figures import VISITS
from yizhantong.kernel.appointments.models import Appointment, Ticket, Visit
from yizhantong.kernel.ledger.actions import append


def visit(ticket: Ticket, outcome: Visit.Outcome, *, by: int | None) -> None:
    """Record how a ticket ended; its rows must be as they are written."""
    served = outcome == Visit.Outcome.SERVED
    row = {
        "division_id": ticket.hall.division_id,
        "occurred_on": ticket.day,
        "hall": ticket.hall_id,
        "service": ticket.service.code,
        "window": ticket.window.number if served and ticket.window is not None else 0,
        "outcome": outcome.value,
        "booked": ticket.appointment_id is not None,
        "priority": ticket.priority,
        "waited": _seconds(ticket.taken_at, ticket.served_at) if served else 0,
        "served": _seconds(ticket.served_at, ticket.ended_at) if served else 0,
    }
    append(VISITS, [row], recorded_by=by, source="queue")


def missed(appointment: Appointment) -> dict[str, Any]:
    """Return the fact of an appointment to which nobody came."""
    return {
        "division_id": appointment.hall.division_id,
        "occurred_on": timezone.localtime(appointment.start).date(),
        "hall": appointment.hall_id,
        "service": appointment.service.code,
        "window": 0,
        "outcome": Visit.Outcome.MISSED.value,
        "booked": True,
        "priority": "",
        "waited": 0,
        "served": 0,
    }


def _seconds(since: dt.datetime | None, until: dt.datetime | None) -> int:
    return max(0, int((until - since).total_seconds())) if since is not None and until is not None else 0
