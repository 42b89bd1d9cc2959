"""Calendar files (iCalendar, RFC 5545) of anything that has a day or a moment: written by the library ``icalendar``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import icalendar
from django.http import HttpResponse

from yizhantong.kernel.divisions import calendar, clock

PRODUCT = "-//Yizhantong//Yizhantong//ZH"
CONTENT_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a calendar file.

    ``uid`` names it for ever: a file that is written again replaces the entry instead of adding one. It lasts from ``start`` to
    ``end`` (aware moments), or the whole ``day``; exactly one of ``start`` and ``day`` is given. ``rule`` is a recurrence rule
    (RFC 5545, 3.3.10: ``FREQ=MONTHLY;INTERVAL=2``), ``busy`` whether the time counts as taken. ``cancelled``: it was called off.
    """

    uid: str
    title: str
    start: dt.datetime | None = None
    end: dt.datetime | None = None
    day: dt.date | None = None
    description: str = ""
    url: str = ""
    place: str = ""
    rule: str = ""
    busy: bool = True
    cancelled: bool = False

    def __post_init__(self) -> None:
        if (self.start is None) == (self.day is None):
            raise ValueError(f"event {self.uid}: exactly one of start and day is needed")
        if self.start is not None and self.start.tzinfo is None:
            raise ValueError(f"event {self.uid}: the start needs a time zone")


def written(events: Iterable[Event], *, name: str) -> bytes:
    """Return the calendar file of these events, UTF-8, lines folded; moments in UTC, which every reader turns into its own time."""
    made = icalendar.Calendar()
    made.add("PRODID", PRODUCT)
    made.add("VERSION", "2.0")
    made.add("CALSCALE", "GREGORIAN")
    made.add("METHOD", "PUBLISH")
    made.add("X-WR-CALNAME", name)
    made.add("X-WR-TIMEZONE", calendar.zone().key)
    for event in events:
        made.add_component(_component(event))
    return bytes(made.to_ical())


def answer(events: Iterable[Event], *, name: str, filename: str) -> HttpResponse:
    """Return the calendar file as a download called ``filename`` (ASCII)."""
    response = HttpResponse(written(events, name=name), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def _component(event: Event) -> icalendar.Event:
    made = icalendar.Event()
    made.add("UID", event.uid)
    made.add("DTSTAMP", clock.now())
    if event.start is not None:
        made.add("DTSTART", event.start.astimezone(dt.UTC))
        if event.end is not None:
            made.add("DTEND", event.end.astimezone(dt.UTC))
    elif event.day is not None:
        made.add("DTSTART", event.day)
        made.add("DTEND", event.day + dt.timedelta(days=1))
    if event.rule:
        made.add("RRULE", icalendar.vRecur.from_ical(event.rule))
    made.add("SUMMARY", event.title)
    for name, value in (("DESCRIPTION", event.description), ("LOCATION", event.place), ("URL", event.url)):
        if value:
            made.add(name, value)
    made.add("TRANSP", "OPAQUE" if event.busy else "TRANSPARENT")
    if event.cancelled:
        made.add("STATUS", "CANCELLED")
    return made
