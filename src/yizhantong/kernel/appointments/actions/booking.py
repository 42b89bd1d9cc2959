"""Booking, changing and calling off: by those who come, and by clerks for them.

A booking takes the first free window's cells. Who was a moment slower meets the database's constraint and is given the next free
window, or told that the time is full. Limits go by the party, whose row is locked meanwhile.
"""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from yizhantong.kernel.access.models import User
from yizhantong.kernel.appointments import access, queries, telling
from yizhantong.kernel.appointments.errors import AppointmentError
from yizhantong.kernel.appointments.models import Appointment, Change, Seat, Service, Window
from yizhantong.kernel.appointments.slots import length_of, pieces, starts
from yizhantong.kernel.cases import people
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.parties.models import Organisation, Person

State = Appointment.State
MOST_OPEN = 3
"""Appointments that one party may have before it at a time."""
MOST_MOVES = 2
MISSES, WITHIN, PAUSE = 3, dt.timedelta(days=90), dt.timedelta(days=14)
"""So many misses within so many days pause booking online for so long after the last of them."""
Party = Organisation | Person


@transaction.atomic
def book(
    service: Service, start: dt.datetime, party: Party, *, account: User, item: Item | None = None, case: Case | None = None
) -> Appointment:  # fmt: skip
    """Book a service for a party, who is the account's own person or an organisation that it acts for; a clerk of the hall books for anybody.

    :class:`AppointmentError`: ``not_yours`` (neither), ``closed`` (no such start), ``full``, ``too_many`` open ones, ``overlaps`` another,
    ``paused`` (after misses, not for clerks), ``item`` (not served there), ``case`` (not the party's).
    """
    by_clerk = _entitled(account, service, party)
    _fits(service, item, case, party)
    _lock(party)
    start = start.astimezone(dt.UTC)
    _bookable(service, start)
    if not by_clerk:
        _unpaused(party)
    end = start + length_of(service.minutes, service.hall.grid)
    _few(party, start, end)
    made = Appointment(
        number=_number(), hall=service.hall, service=service, start=start, end=end, item=item, case=case, by_clerk=by_clerk,
        booked_by=account, booked_at=clock.now(), person=party if isinstance(party, Person) else account.person if not by_clerk else None,
        organisation=party if isinstance(party, Organisation) else None,
    )  # fmt: skip
    _seat(made)
    telling.booked(made)
    return made


@transaction.atomic
def move(appointment: Appointment, start: dt.datetime, *, account: User, reason: str = "") -> Appointment:
    """Change an appointment to another start of the same service: its owner at most twice and in time, a clerk of the hall with a
    reason that the owner is told.

    :class:`AppointmentError`: ``wrong_state``, ``too_late``, ``moves``, ``reason`` (a clerk's is missing), and what :func:`book` raises of times.
    """
    held = _held(appointment, account)
    why = _reason(held, account, reason)
    if held.moves >= MOST_MOVES and not access.serves(account, held.hall):
        raise AppointmentError("moves", f"已改期 {MOST_MOVES} 次,不能再改;可以取消后重新预约,或到大厅取号")
    start = start.astimezone(dt.UTC)
    if start == held.start:
        return held
    _lock(held.organisation or held.person)
    _bookable(held.service, start)
    held.seats.all().delete()
    before = held.start
    held.start, held.end = start, start + length_of(held.service.minutes, held.hall.grid)
    _few(held.organisation or held.person, held.start, held.end, apart=held.pk)
    held.moves += 1
    held.reminded_at = None
    _seat(held)
    _changed(held, Change.Kind.MOVED, before, why, account=account, after=start)
    telling.moved(held, why)
    return held


@transaction.atomic
def cancel(appointment: Appointment, *, account: User, reason: str = "") -> Appointment:
    """Call an appointment off: its owner in time, a clerk of the hall at any time before it, with a reason that the owner is told."""
    held = _held(appointment, account)
    call_off(held, _reason(held, account, reason), account=account)
    if _is_clerk(held, account):
        telling.called_off(held)
    return held


def call_off(held: Appointment, reason: str, *, account: User | None) -> None:
    """Cancel an appointment that is locked: its cells are free again at once."""
    held.seats.all().delete()
    held.state, held.ended_at, held.reason = State.CANCELLED, clock.now(), reason
    held.save(update_fields=["state", "ended_at", "reason"])
    _changed(held, Change.Kind.CANCELLED, held.start, reason, account=account)


def pause_of(party: Party) -> dt.date | None:
    """Return until which day a party cannot book online because it missed appointments, None when it can."""
    since = clock.now() - WITHIN
    rows = Appointment.objects.filter(_of(party), state=State.MISSED, start__gte=since).order_by("-start")
    missed = list(rows.values_list("start", flat=True)[:MISSES])
    if len(missed) < MISSES or missed[0] + PAUSE <= clock.now():
        return None
    return timezone.localtime(missed[0] + PAUSE).date()


def _entitled(account: User, service: Service, party: Party) -> bool:
    """Tell whether a clerk books; refuse whoever is neither a clerk there nor acts for the party."""
    firm = party.pk if isinstance(party, Organisation) else None
    person = party.pk if isinstance(party, Person) else None
    if people.acts_for(account, firm, person):
        return False
    if access.serves(account, service.hall):
        return True
    raise AppointmentError("not_yours", "只能为自己或有授权的单位预约;代他人预约请到大厅窗口")


def _fits(service: Service, item: Item | None, case: Case | None, party: Party) -> None:
    if item is not None and not service.items.filter(pk=item.pk).exists():
        raise AppointmentError("item", f"“{service.name}”不办理“{item.name}”,请换一项业务", "item")
    if case is not None and (case.organisation_id, case.person_id)[isinstance(party, Person)] != party.pk:
        raise AppointmentError("case", f"办件 {case.number} 不是“{party}”的,请核对", "case")


def _lock(party: Party | None) -> None:
    assert party is not None
    type(party)._default_manager.select_for_update().get(pk=party.pk)


def _bookable(service: Service, start: dt.datetime) -> None:
    """Refuse a time at which the service does not begin, or no more, or not yet."""
    hall = service.hall
    day = timezone.localtime(start).date()
    today = clock.today()
    if not (service.active and service.bookable and hall.active):
        raise AppointmentError("closed", f"“{service.name}”现在不接受预约,请到大厅取号", "service")
    if not today <= day <= today + dt.timedelta(days=hall.ahead):
        raise AppointmentError("closed", f"只能预约今天起 {hall.ahead} 天内的时间", "start")
    if start < clock.now() + dt.timedelta(minutes=hall.notice):
        raise AppointmentError(
            "too_late", f"要提前 {hall.notice} 分钟预约或更改,请换一个时间,或直接到大厅取号", "start"
        )
    if start not in starts(queries.opening(hall, day), service.minutes, hall.grid):
        raise AppointmentError("closed", "大厅在这个时间不办理这项业务,请重新选择时间", "start")


def _of(party: Party) -> Q:
    return Q(organisation=party) if isinstance(party, Organisation) else Q(person=party, organisation__isnull=True)


def _unpaused(party: Party) -> None:
    until = pause_of(party)
    if until is not None:
        sentence = f"近 {WITHIN.days} 天有 {MISSES} 次预约未到,{until} 前暂停网上预约;可以直接到大厅取号,或请窗口代约"
        raise AppointmentError("paused", sentence, until=until.isoformat())


def _few(party: Party | None, start: dt.datetime, end: dt.datetime, apart: int | None = None) -> None:
    assert party is not None
    rows = Appointment.objects.filter(_of(party), state=State.BOOKED, end__gt=clock.now()).exclude(pk=apart or 0)
    if len(before := list(rows[:MOST_OPEN])) >= MOST_OPEN:
        raise AppointmentError("too_many", f"最多同时有 {MOST_OPEN} 个未办的预约,请先办理或取消")
    for other in before:
        if other.start < end and start < other.end:
            at = timezone.localtime(other.start)
            raise AppointmentError(
                "overlaps", f"与 {at:%m-%d %H:%M} 的预约 {other.number} 时间重叠,请换一个时间", "start"
            )


def _seat(made: Appointment) -> None:
    """Write the appointment at the first window whose cells can be had; the constraint decides between two who want the same."""
    needed = pieces(made.start, made.service.minutes, made.hall.grid)
    windows = queries.windows_for(made.service)
    taken = queries.taken([window.pk for window in windows], [(made.start, made.end)])
    for window in windows:
        if taken.get(window.pk):
            continue
        if _sits(made, window, needed):
            return
    raise AppointmentError("full", "这个时间刚刚约满,请换一个时间", "start")


def _sits(made: Appointment, window: Window, needed: list[dt.datetime]) -> bool:
    made.window = window
    try:
        with transaction.atomic():
            made.save()
            Seat.objects.bulk_create([Seat(appointment=made, window=window, moment=moment) for moment in needed])
    except IntegrityError:
        if made._state.adding is False and not Appointment.objects.filter(pk=made.pk).exists():
            made.pk, made._state.adding = None, True
        return False
    return True


def _held(appointment: Appointment, account: User) -> Appointment:
    """Return an appointment locked, that the account may change now."""
    rows = Appointment.objects.select_for_update(of=("self",)).select_related(*queries.BESIDE, "case")
    held = rows.get(pk=appointment.pk)
    own, clerk = access.is_own(account, held), access.serves(account, held.hall)
    if not (own or clerk):
        raise AppointmentError("not_yours", "只能更改自己或有授权单位的预约")
    if held.state != State.BOOKED:
        raise AppointmentError("wrong_state", f"预约已是“{State(held.state).label}”,不能更改", state=held.state)
    if not clerk and held.start < clock.now() + dt.timedelta(minutes=held.hall.notice):
        raise AppointmentError(
            "too_late", f"要在开始前 {held.hall.notice} 分钟更改或取消;来不了也请致电大厅 {held.hall.phone}"
        )
    return held


def _is_clerk(held: Appointment, account: User | None) -> bool:
    """Tell whether a clerk of the hall changes what is not his own."""
    return account is None or (access.serves(account, held.hall) and not access.is_own(account, held))


def _reason(held: Appointment, account: User, given: str) -> str:
    """Return the reason of a change, at most 100 characters; a clerk has to give one."""
    reason = given.strip()[:100]
    if not reason and _is_clerk(held, account):
        raise AppointmentError("reason", "请写明原因,会告知预约人", "reason")
    return reason


def _changed(
    held: Appointment, kind: Change.Kind, before: dt.datetime, reason: str, *, account: User | None, after: dt.datetime | None = None
) -> None:  # fmt: skip
    """Put a change on record."""
    Change.objects.create(
        appointment=held, kind=kind, account=account, by_clerk=_is_clerk(held, account), at=clock.now(), before=before, after=after,
        reason=reason,
    )  # fmt: skip


def _number() -> str:
    return f"{secrets.randbelow(10**12):012d}"
