"""A window at work: staffed, it calls the next ticket that it serves, recalls, skips, starts, transfers, finishes.

A window has at most one ticket (a constraint); of two windows that call at once each gets another ticket: the row is locked on
PostgreSQL and others skip it, SQLite has one writer at a time.
"""

from __future__ import annotations

from django.db import transaction

from yizhantong.kernel.access.models import User
from yizhantong.kernel.appointments import access, queries
from yizhantong.kernel.appointments.actions.queueing import end, locked
from yizhantong.kernel.appointments.errors import AppointmentError
from yizhantong.kernel.appointments.models import Service, Ticket, Visit, Window
from yizhantong.kernel.divisions import clock

State = Ticket.State


@transaction.atomic
def sit(window: Window, *, account: User) -> Window:
    """Take one's place at a window; a place elsewhere is left. :class:`AppointmentError` ``staffed`` when somebody sits there."""
    held = _locked(window, account)
    if held.clerk_id == account.pk:
        return held
    if held.clerk_id is not None:
        raise AppointmentError(
            "staffed", f"{held.number} 号窗口现由 {held.clerk} 值班,请先请其离岗", by=str(held.clerk)
        )
    if not held.active:
        raise AppointmentError("window_closed", f"{held.number} 号窗口已停用,请换一个窗口")
    for other in Window.objects.select_for_update().filter(clerk=account):
        _vacate(other)
    held.clerk, held.staffed_at = account, clock.now()
    held.save(update_fields=["clerk", "staffed_at"])
    return held


@transaction.atomic
def rise(window: Window, *, account: User) -> Window:
    """Leave a window, when nobody is at it; a manager of the hall may send its clerk away."""
    held = _locked(window, account)
    if held.clerk_id not in (None, account.pk):
        access.check_manages(account, held.hall)
    _vacate(held)
    return held


@transaction.atomic
def call_next(window: Window, *, account: User) -> Ticket | None:
    """Call the ticket whose turn it is among those that the window serves; None when nobody waits.

    :class:`AppointmentError`: ``not_at_window``, ``window_busy`` (its last ticket is not ended).
    """
    held = _at_work(window, account)
    if queries.at_window(held) is not None:
        raise AppointmentError("window_busy", "当前票号还没有办完,请先办结、过号或转窗")
    services = list(held.services.values_list("pk", flat=True))
    chosen = queries.waiting(held.hall, services).select_for_update(skip_locked=True, of=("self",)).first()
    if chosen is None:
        return None
    chosen.state, chosen.window, chosen.called_at, chosen.calls = State.CALLED, held, clock.now(), 1
    chosen.save(update_fields=["state", "window", "called_at", "calls"])
    return chosen


@transaction.atomic
def recall(ticket: Ticket, *, account: User) -> Ticket:
    """Call a ticket once more."""
    held = _mine(ticket, account, State.CALLED)
    held.calls, held.called_at = held.calls + 1, clock.now()
    held.save(update_fields=["calls", "called_at"])
    return held


@transaction.atomic
def skip(ticket: Ticket, *, account: User) -> Ticket:
    """Put a ticket aside that was called in vain; its holder may take it up again (:func:`come_back`)."""
    held = _mine(ticket, account, State.CALLED)
    held.state = State.SKIPPED
    held.save(update_fields=["state"])
    return held


@transaction.atomic
def start(ticket: Ticket, *, account: User) -> Ticket:
    """Begin to serve the ticket that was called."""
    held = _mine(ticket, account, State.CALLED)
    held.state, held.served_at, held.served_by = State.SERVING, clock.now(), account
    held.save(update_fields=["state", "served_at", "served_by"])
    return held


@transaction.atomic
def finish(ticket: Ticket, *, account: User) -> Ticket:
    """End the service; where nobody said that it began, it began with the last call."""
    held = _mine(ticket, account, State.CALLED, State.SERVING)
    held.served_at, held.served_by = held.served_at or held.called_at, account
    end(held, State.DONE, Visit.Outcome.SERVED, by=account.pk)
    return held


@transaction.atomic
def transfer(ticket: Ticket, service: Service, *, account: User) -> Ticket:
    """Send a ticket on to another service of the hall; it keeps its name and its place, so that nobody waits twice.

    :class:`AppointmentError` ``service`` when it is not one of the hall's, or the same.
    """
    held = _mine(ticket, account, State.CALLED, State.SERVING)
    if service.hall_id != held.hall_id or not service.active or service.pk == held.service_id:
        raise AppointmentError("service", "请选择本大厅的另一项业务", "service")
    held.service, held.state, held.window = service, State.WAITING, None
    held.called_at, held.calls, held.served_at, held.served_by = None, 0, None, None
    held.save()
    return held


def _vacate(held: Window) -> None:
    if queries.at_window(held) is not None:
        raise AppointmentError("window_busy", f"{held.number} 号窗口的票号还没有办完,请先办结、过号或转窗")
    held.clerk = held.staffed_at = None
    held.save(update_fields=["clerk", "staffed_at"])


def _locked(window: Window, account: User) -> Window:
    held = Window.objects.select_for_update(of=("self",)).select_related("hall", "clerk").get(pk=window.pk)
    access.check_serves(account, held.hall)
    return held


def _at_work(window: Window, account: User) -> Window:
    held = _locked(window, account)
    if held.clerk_id != account.pk:
        raise AppointmentError("not_at_window", f"您不在 {held.number} 号窗口值班,请先上岗")
    return held


def _mine(ticket: Ticket, account: User, *states: str) -> Ticket:
    """Return a ticket locked that is at the window where the account works."""
    held = locked(ticket, *states)
    assert held.window is not None
    access.check_serves(account, held.hall)
    if held.window.clerk_id != account.pk:
        raise AppointmentError(
            "not_at_window", f"{held.number} 号在 {held.window.number} 号窗口,只能由该窗口值班人员操作"
        )
    return held
