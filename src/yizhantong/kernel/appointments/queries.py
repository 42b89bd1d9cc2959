"""What is read of halls, free times and queues. Halls, free times, boards are for everybody; a ticket opens to who holds its key."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from yizhantong.foundation.calendar import CalendarError
from yizhantong.kernel.access import policy
from yizhantong.kernel.appointments import access, ranks
from yizhantong.kernel.appointments.errors import AppointmentError
from yizhantong.kernel.appointments.models import Appointment, Closure, Hall, Hours, Seat, Service, Ticket, Window
from yizhantong.kernel.appointments.slots import Slot, Stretch, slots
from yizhantong.kernel.divisions import calendar, clock

RECENT = 20
"""Tickets by which the time of service is estimated."""
SHOWN = 8
WEEKEND, FRIDAY = 6, 5
BESIDE = ("hall", "service", "window", "person", "organisation", "item")


def halls() -> QuerySet[Hall]:
    """Return the halls that are in use."""
    return Hall.objects.filter(active=True).select_related("agency")


def hall(code: str) -> Hall:
    """Return a hall in use; :class:`AppointmentError` ``appointments.unknown_hall``."""
    found = halls().filter(pk=code).first()
    if found is None:
        raise AppointmentError("unknown_hall", f"没有代码为“{code[:40]}”的大厅")
    return found


def services(of: Hall, *, bookable: bool = False, item: str = "") -> list[Service]:
    """Return the services in use that some window of the hall gives; those that may be booked, or serve an item, only."""
    window = Q(windows__active=True) & (Q(windows__bookable=True) if bookable else Q())
    rows = of.services.filter(window, active=True).distinct().order_by("letter")
    rows = rows.filter(bookable=True) if bookable else rows
    return list(rows.filter(items=item) if item else rows)


def service(of: Hall, code: str) -> Service:
    """Return a service in use; :class:`AppointmentError` ``appointments.unknown_service``."""
    found = of.services.filter(code=code, active=True).select_related("hall").first()
    if found is None:
        raise AppointmentError("unknown_service", f"{of.name}没有代码为“{code[:40]}”的业务", "service")
    return found


def for_item(item: str) -> list[Service]:
    """Return the services of all halls that an item may be booked at."""
    rows = Service.objects.filter(items=item, active=True, bookable=True, hall__active=True, windows__bookable=True)
    return list(rows.filter(windows__active=True).select_related("hall").distinct().order_by("hall_id", "letter"))


# --- days and free times ------------------------------------------------------------------------------------------------


def weekday_of(day: dt.date) -> int | None:
    """Return by which weekday's hours halls are open on a day, None on a holiday.

    A weekend day that is made up for goes by Friday's; other weekend days by their own, where a hall has any, unless they stand in a row
    of free days with a public holiday. Of a year whose holidays were not announced yet the week alone is known.
    """
    weekday = day.isoweekday()
    try:
        if calendar.working_calendar().is_working(day):
            return weekday if weekday < WEEKEND else FRIDAY
        return None if _in_holidays(day) else weekday
    except CalendarError:
        return weekday


def _in_holidays(day: dt.date) -> bool:
    """Tell whether the row of free days around a free day holds a public holiday; tables list those that are no weekend days."""
    working = calendar.working_calendar().is_working
    for step in (dt.timedelta(days=1), dt.timedelta(days=-1)):
        other = day
        while not working(other):
            if other.isoweekday() < WEEKEND:
                return True
            other += step
    return False


def opening(of: Hall, day: dt.date) -> list[Stretch]:
    """Return when a hall is open on a day; nothing when it is closed."""
    return open_days(of, day, day).get(day, [])


def open_days(of: Hall, first: dt.date, last: dt.date) -> dict[dt.date, list[Stretch]]:
    """Return the days from ``first`` to ``last`` on which the hall is open, with its stretches: two queries."""
    hours: dict[int, list[Hours]] = defaultdict(list)
    for row in Hours.objects.filter(hall=of).order_by("start"):
        hours[row.weekday].append(row)
    closed = set(Closure.objects.filter(hall=of, day__gte=first, day__lte=last).values_list("day", flat=True))
    found: dict[dt.date, list[Stretch]] = {}
    for day in (first + dt.timedelta(days=n) for n in range((last - first).days + 1)):
        weekday = None if day in closed else weekday_of(day)
        rows = hours.get(weekday, []) if weekday is not None else []
        if rows:
            found[day] = [(_moment(day, row.start), _moment(day, row.end)) for row in rows]
    return found


def _moment(day: dt.date, time: dt.time) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, time), calendar.zone())


def bookable_days(of: Hall) -> list[dt.date]:
    """Return the days that may be booked today."""
    today = clock.today()
    return list(open_days(of, today, today + dt.timedelta(days=of.ahead)))


def windows_for(of: Service) -> list[Window]:
    """Return the windows that take appointments for a service, by number."""
    return list(Window.objects.filter(services=of, active=True, bookable=True).order_by("number"))


def free_times(of: Service, day: dt.date) -> list[Slot]:
    """Return the starts of a service on a day that can still be booked now, full ones included, with the free windows of each: four queries."""
    today = clock.today()
    stretches = opening(of.hall, day) if today <= day <= today + dt.timedelta(days=of.hall.ahead) else []
    if not stretches or not (of.bookable and of.active and of.hall.active):
        return []
    windows = [window.pk for window in windows_for(of)]
    earliest = clock.now() + dt.timedelta(minutes=of.hall.notice)
    found = slots(stretches, of.minutes, of.hall.grid, windows, taken(windows, stretches))
    return [slot for slot in found if slot.start >= earliest]


def taken(windows: Sequence[int], stretches: Sequence[Stretch]) -> dict[int, set[dt.datetime]]:
    """Return the pieces of the windows that are held, by window."""
    rows = Seat.objects.filter(window_id__in=windows, moment__gte=stretches[0][0], moment__lt=stretches[-1][1])
    found: dict[int, set[dt.datetime]] = defaultdict(set)
    for window, moment in rows.values_list("window_id", "moment"):
        found[window].add(moment)
    return found


# --- appointments -------------------------------------------------------------------------------------------------------


def mine(account: policy.Account) -> QuerySet[Appointment]:
    """Return the account's own appointments, the latest first."""
    return Appointment.objects.filter(access.own(account)).select_related(*BESIDE).order_by("-start", "-id")


def by_number(account: policy.Account, number: str) -> Appointment:
    """Return a visible appointment; :class:`AppointmentError` ``appointments.unknown``, also for one that is not visible."""
    found = access.visible_to(account).filter(number=number).select_related(*BESIDE, "case").first()
    if found is None:
        raise AppointmentError("unknown", f"没有预约号为 {number[:20]} 的预约,或当前账号无权查看")
    return found


def of_day(of: Hall, day: dt.date) -> QuerySet[Appointment]:
    """Return a hall's appointments of a day in order; whoever calls has checked that the account serves there."""
    rows = Appointment.objects.filter(hall=of, start__gte=_moment(day, dt.time()), start__lt=clock.end_of(day))
    return rows.select_related(*BESIDE).order_by("start", "window__number")


# --- queues ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """How a service's queue stands: who waits, how many windows serve it now, minutes until a new ticket's turn (None: no window)."""

    service: Service
    waiting: int
    windows: int
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Board:
    """A hall's board: who is at which window, the last calls first; the next tickets in turn; how each queue stands."""

    hall: Hall
    called: list[Ticket]
    next: list[Ticket]
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a waiting ticket stands: how many are before it, and the minutes until its turn (None: no window serves it now)."""

    ahead: int
    minutes: int | None


def waiting(of: Hall, services: Sequence[int] | None = None) -> QuerySet[Ticket]:
    """Return the tickets that wait today, in turn; of some services only."""
    rows = Ticket.objects.filter(hall=of, day=clock.today(), state=Ticket.State.WAITING).order_by("ranked_at", "id")
    return rows if services is None else rows.filter(service_id__in=services)


def board(of: Hall) -> Board:
    """Return what the big screen shows: five queries, whatever the number of tickets."""
    today = Ticket.objects.filter(hall=of, day=clock.today())
    at_windows = (
        today.filter(state__in=Ticket.AT_WINDOW).select_related("window", "service").order_by("-called_at", "-id")
    )
    upcoming = waiting(of).select_related("service")[:SHOWN]
    return Board(of, list(at_windows[: SHOWN * 2]), list(upcoming), lines(of))


def lines(of: Hall) -> list[Line]:
    """Return how the queues of a hall stand."""
    rows = of.services.filter(active=True).order_by("letter")
    counts = dict(waiting(of).order_by().values_list("service_id").annotate(n=Count("id")))
    staffed = _staffed(of)
    seconds = _seconds(of)
    return [
        Line(row, counts.get(row.pk, 0), len(staffed.get(row.pk, ())),
             ranks.wait(counts.get(row.pk, 0), len(staffed.get(row.pk, ())), seconds.get(row.pk, row.minutes * 60.0)))
        for row in rows
    ]  # fmt: skip


def place_of(ticket: Ticket) -> Place:
    """Return where a waiting ticket stands: those of its service that are called before it."""
    before = Q(ranked_at__lt=ticket.ranked_at) | Q(ranked_at=ticket.ranked_at, id__lt=ticket.pk)
    ahead = waiting(ticket.hall, [ticket.service_id]).filter(before).count()
    windows = len(_staffed(ticket.hall).get(ticket.service_id, ()))
    seconds = _seconds(ticket.hall).get(ticket.service_id, ticket.service.minutes * 60.0)
    return Place(ahead, ranks.wait(ahead + 1, windows, seconds))


def by_key(key: str) -> Ticket:
    """Return the ticket that a key opens; :class:`AppointmentError` ``appointments.unknown_ticket``."""
    rows = Ticket.objects.filter(key_digest=digest_of(key)).select_related("hall", "service", "window", "appointment")
    found = rows.first()
    if found is None:
        raise AppointmentError("unknown_ticket", "没有这张票,请重新取号")
    return found


def digest_of(key: str) -> str:
    """Return what is kept of a ticket's key."""
    return hashlib.sha256(key.encode()).hexdigest()


def at_window(window: Window) -> Ticket | None:
    """Return the ticket that is called to, or served at, a window."""
    rows = Ticket.objects.filter(window=window, state__in=Ticket.AT_WINDOW)
    return rows.select_related(
        "service", "appointment__person", "appointment__organisation", "appointment__case"
    ).first()


def skipped(of: Hall, services: Sequence[int]) -> QuerySet[Ticket]:
    """Return today's tickets that were called in vain, the last first."""
    rows = Ticket.objects.filter(hall=of, day=clock.today(), state=Ticket.State.SKIPPED, service_id__in=services)
    return rows.select_related("service").order_by("-called_at")


def _staffed(of: Hall) -> dict[int, set[int]]:
    """Return the windows with somebody behind them, by service."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = Window.services.through.objects.filter(window__hall=of, window__active=True, window__clerk__isnull=False)
    for window, service in rows.values_list("window_id", "service_id"):
        found[service].add(window)
    return found


def _seconds(of: Hall) -> dict[int, float]:
    """Return how long today's last tickets took, by service; services without any are left out."""
    done = Ticket.objects.filter(hall=of, day=clock.today(), state=Ticket.State.DONE, served_at__isnull=False)
    spent: dict[int, list[float]] = defaultdict(list)
    for service, begun, ended in done.order_by("-ended_at").values_list("service_id", "served_at", "ended_at")[:200]:
        if len(spent[service]) < RECENT and begun is not None and ended is not None:
            spent[service].append(max((ended - begun).total_seconds(), 60.0))
    return {service: sum(each) / len(each) for service, each in spent.items()}
