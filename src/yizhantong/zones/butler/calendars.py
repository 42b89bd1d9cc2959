"""The visits that are due as a calendar file (RFC 5545): one event for each enterprise of a plan, with its rhythm."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from yizhantong.kernel.divisions import clock
from yizhantong.zones.butler.models import PlanMember
from yizhantong.zones.butler.rhythm import recurrence

OCTETS = 75


def written(members: Iterable[PlanMember], *, host: str) -> str:
    """Return the calendar of these visits; events have the same UID whenever they are written again."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Yizhantong//Butler visits//ZH", "CALSCALE:GREGORIAN"]
    for member in members:
        lines += _event(member, host)
    lines.append("END:VCALENDAR")
    return "".join(part + "\r\n" for line in lines for part in folded(line))


def _event(member: PlanMember, host: str) -> list[str]:
    assert member.due_on is not None
    plan = member.plan
    rule = recurrence(plan.every, plan.unit)
    until = f";UNTIL={plan.ends_on:%Y%m%d}" if plan.ends_on else ""
    return [
        "BEGIN:VEVENT",
        f"UID:visit-{member.pk}@{host}",
        f"DTSTAMP:{clock.now():%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{member.due_on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{member.due_on + dt.timedelta(days=1):%Y%m%d}",
        f"RRULE:{rule}{until}",
        f"SUMMARY:{escaped(f'走访 {member.enterprise.name}')}",
        f"DESCRIPTION:{escaped(plan.purpose or plan.name)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def escaped(text: str) -> str:
    """Return a text as a value of RFC 5545, 3.3.11."""
    for plain, written_as in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n")):
        text = text.replace(plain, written_as)
    return text


def folded(line: str) -> Iterator[str]:
    """Yield a content line in parts of at most 75 octets, none of which splits a character (RFC 5545, 3.1)."""
    part = ""
    for char in line:
        if len((part + char).encode()) > OCTETS:
            yield part
            part = " "
        part += char
    yield part
