"""Appointments for programs: halls, free times, boards for everybody; booking, changing and calling off for who is signed in."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import StringConstraints

from yizhantong.kernel.access.models import User
from yizhantong.kernel.appointments import actions, queries
from yizhantong.kernel.appointments.models import Appointment, Hall, Service, Ticket
from yizhantong.kernel.items.queries import item as item_of
from yizhantong.web.api import lookups
from yizhantong.web.api.auth import SIGNED_IN, account_of, signed_in
from yizhantong.web.api.schemas import Code, Day, Party, Strict, Text
from yizhantong.web.views.appointments import moment_of

router = Router(tags=["appointments"])
EXTRA: dict[str, Any] = {"auth": signed_in, "openapi_extra": {"security": SIGNED_IN}}
Number = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
Start = Annotated[Text, StringConstraints(max_length=40)]
Reason = Annotated[Text, StringConstraints(max_length=100)]
MOST = 100


class ServiceOut(Schema):
    """What is done at a hall's windows; ``minutes`` each."""

    code: str
    name: str
    minutes: int
    bookable: bool


class HallOut(Schema):
    """A hall with its services."""

    code: str
    name: str
    address: str
    phone: str
    services: list[ServiceOut]


class HallList(Schema):
    """The halls in use."""

    items: list[HallOut]


class SlotOut(Schema):
    """One start, its end, and how many windows are free."""

    start: dt.datetime
    end: dt.datetime
    free: int


class SlotList(Schema):
    """The starts of a day that can still be booked, full ones included."""

    items: list[SlotOut]


class CalledOut(Schema):
    """A ticket that was called to a window, or is served there."""

    ticket: str
    window: int
    state: str


class LineOut(Schema):
    """How a queue stands; ``minutes`` until a new ticket's turn, null when no window serves it now."""

    service: str
    waiting: int
    windows: int
    minutes: int | None


class BoardOut(Schema):
    """What the hall's screen shows."""

    called: list[CalledOut]
    next: list[str]
    lines: list[LineOut]


class AppointmentOut(Schema):
    """An appointment; ``number`` is what one says at the hall."""

    number: str
    hall: str
    service: str
    start: dt.datetime
    end: dt.datetime
    state: str
    item: str | None
    organisation: str | None


class AppointmentList(Schema):
    """One's own appointments, the latest first."""

    items: list[AppointmentOut]


class BookIn(Strict):
    """What is booked when, for whom; ``start`` as :class:`SlotOut` tells it."""

    hall: Code
    service: Code
    start: Start
    applicant: Party = "self"
    item: Code | None = None


class MoveIn(Strict):
    """Another start; a clerk of the hall says why, and the owner is told."""

    start: Start
    reason: Reason = ""


class CancelIn(Strict):
    """Why; a clerk of the hall has to say it, and the owner is told."""

    reason: Reason = ""


@router.get("/halls", response=HallList, summary="大厅与业务")
def list_halls(request: HttpRequest) -> dict[str, Any]:
    """Return the halls in use with their services."""
    return {"items": [_hall(each) for each in queries.halls()]}


@router.get("/halls/{code}/slots", response=SlotList, summary="可预约的时间")
def list_slots(request: HttpRequest, code: Code, service: Code, day: Day) -> dict[str, Any]:
    """Return the free times of a service on a day."""
    return {"items": queries.free_times(queries.service(queries.hall(code), service), day)}


@router.get("/halls/{code}/board", response=BoardOut, summary="叫号大屏")
def get_board(request: HttpRequest, code: Code) -> dict[str, Any]:
    """Return who is called where, who is next, how long one waits."""
    found = queries.board(queries.hall(code))
    lines = [
        {"service": each.service.code, "waiting": each.waiting, "windows": each.windows, "minutes": each.minutes}
        for each in found.lines
    ]
    return {
        "called": [_called(each) for each in found.called],
        "next": [each.number for each in found.next],
        "lines": lines,
    }


@router.get("/appointments", response=AppointmentList, summary="我的预约", **EXTRA)
def list_appointments(request: HttpRequest) -> dict[str, Any]:
    """Return one's own appointments."""
    return {"items": [_shown(each) for each in queries.mine(account_of(request))[:MOST]]}


@router.post("/appointments", response={201: AppointmentOut}, summary="预约", **EXTRA)
def book_appointment(request: HttpRequest, body: BookIn) -> Status[dict[str, Any]]:
    """Book a service for oneself or an organisation that one acts for; 409 when the time is full by now."""
    service = queries.service(queries.hall(body.hall), body.service)
    item = item_of(body.item) if body.item is not None else None
    start = moment_of(body.start)
    account = _account(request)
    party = lookups.party(account, body.applicant, item.zone if item is not None else "")
    return Status(201, _shown(actions.book(service, start, party, account=account, item=item)))


@router.get("/appointments/{number}", response=AppointmentOut, summary="一个预约", **EXTRA)
def get_appointment(request: HttpRequest, number: Number) -> dict[str, Any]:
    """Return an appointment that the account may see."""
    return _shown(queries.by_number(account_of(request), number))


@router.post("/appointments/{number}/move", response=AppointmentOut, summary="改期", **EXTRA)
def move_appointment(request: HttpRequest, number: Number, body: MoveIn) -> dict[str, Any]:
    """Change an appointment to another start: one's own, or, with a reason, one of a hall where one serves."""
    account = _account(request)
    found, start = queries.by_number(account, number), moment_of(body.start)
    return _shown(actions.move(found, start, account=account, reason=body.reason))


@router.post("/appointments/{number}/cancel", response=AppointmentOut, summary="取消预约", **EXTRA)
def cancel_appointment(request: HttpRequest, number: Number, body: CancelIn | None = None) -> dict[str, Any]:
    """Call an appointment off: one's own, or, with a reason, one of a hall where one serves."""
    account = _account(request)
    reason = body.reason if body is not None else ""
    return _shown(actions.cancel(queries.by_number(account, number), account=account, reason=reason))


def _account(request: HttpRequest) -> User:
    account = account_of(request)
    assert isinstance(account, User)
    return account


def _hall(hall: Hall) -> dict[str, Any]:
    services = [_service(each) for each in queries.services(hall)]
    return {"code": hall.pk, "name": hall.name, "address": hall.address, "phone": hall.phone, "services": services}


def _service(service: Service) -> dict[str, Any]:
    return {"code": service.code, "name": service.name, "minutes": service.minutes, "bookable": service.bookable}


def _called(ticket: Ticket) -> dict[str, Any]:
    return {"ticket": ticket.number, "window": ticket.window.number if ticket.window else 0, "state": ticket.state}


def _shown(of: Appointment) -> dict[str, Any]:
    return {
        "number": of.number, "hall": of.hall_id, "service": of.service.code, "start": timezone.localtime(of.start), "end": timezone.localtime(of.end), "state": of.state,
        "item": of.item_id, "organisation": of.organisation_id,
    }  # fmt: skip
