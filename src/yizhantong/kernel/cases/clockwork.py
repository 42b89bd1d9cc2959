"""The clock of a case: what its segments say of its limit, when the lights turn, and how everything is computed anew.

A case's clock starts at acceptance (deemed acceptance: at receipt, 行政许可法第三十二条), stops for a supplement and for special
procedures (第四十五条), and starts anew when a dispute reopens the case: segments before the last one with the reason
``reopened`` do not count any more. The limit is that of the version the case pinned, made longer by ``extension``.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from yizhantong.foundation.calendar import Limit, Segment
from yizhantong.kernel.cases import settings
from yizhantong.kernel.cases.models import Case, ClockSegment
from yizhantong.kernel.cases.pinned import Pinned
from yizhantong.kernel.divisions import calendar

END_OF_TIME = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
REOPENED = "reopened"
_ANY = Limit(1, "workday")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a clock says: when the limit runs out (None: no limit, or stopped), and when the light turns yellow."""

    due_at: dt.datetime | None
    yellow_at: dt.datetime | None


NO_LIMIT = Reading(None, None)


def running(since: dt.datetime) -> Segment:
    """Return a clock that runs since then."""
    return Segment(since, None, "run")


def limit_of(pinned: Pinned, extension: int = 0) -> Limit | None:
    """Return the limit of a case, with what it was extended by."""
    limit = pinned.limit
    return limit if limit is None or not extension else replace(limit, amount=limit.amount + extension)


def counted(segments: Sequence[Segment]) -> list[Segment]:
    """Return the segments that count: all, or those since the case was reopened."""
    start = max((place for place, each in enumerate(segments) if each.reason == REOPENED), default=0)
    return list(segments[start:])


def read(pinned: Pinned, extension: int, segments: Sequence[Segment]) -> Reading:
    """Return what the segments say, in the order in which they happened."""
    limit = limit_of(pinned, extension)
    if limit is None or not segments:
        return NO_LIMIT
    running = counted(segments)
    due_at = calendar.due(limit, running)
    if due_at is None:
        return NO_LIMIT
    if settings.of("lights")["scheme"] == "card":
        return Reading(due_at, due_at)
    near = _near(limit)
    return Reading(due_at, due_at if near is None else min(due_at, calendar.due(near, running) or due_at))


def _near(limit: Limit) -> Limit | None:
    """Return the limit whose end turns the light yellow, or None where that is the limit itself."""
    lights = settings.of("lights")
    left = max(int(lights["yellow_least"]), math.floor(limit.amount * float(lights["yellow_share"])))
    amount = limit.amount - left
    return replace(limit, amount=amount) if amount >= (1 if limit.unit == "hour" else 0) and left else None


def stored(case: Case) -> list[Segment]:
    """Return the segments of a case as they are stored."""
    rows = ClockSegment.objects.filter(case_id=case.pk).order_by("start", "id")
    return [Segment(row.start, row.end, row.kind, row.reason) for row in rows]  # type: ignore[arg-type]


def recompute(case: Case, pinned: Pinned) -> Reading:
    """Return what the stored segments say; it must equal what is stored in the case."""
    return read(pinned, case.extension, stored(case)) if case.accepted_at else NO_LIMIT


def step_due(limit: Limit | None, opened_at: dt.datetime, segments: Sequence[Segment]) -> dt.datetime | None:
    """Return when a step's own limit runs out: counted from its opening, as the case's clock runs; None while it is stopped."""
    if limit is None:
        return None
    own = [
        Segment(max(each.start, opened_at), each.end, each.kind, each.reason)
        for each in segments
        if each.end is None or each.end > opened_at
    ]
    while own and own[0].kind == "pause":
        own = own[1:]
    return calendar.due(limit, own) if own else None


def days_used(segments: Sequence[Segment], at: dt.datetime) -> int:
    """Return how many working days the clock has counted."""
    return calendar.elapsed(_ANY, counted(segments), at) if segments else 0


def red_at(due_at: dt.datetime | None) -> dt.datetime | None:
    """Return when the light turns red: when the limit runs out, or (牌制) so many working days later."""
    lights = settings.of("lights")
    if due_at is None or lights["scheme"] != "card":
        return due_at
    zone = calendar.zone()
    day = calendar.working_calendar().working_day_after(due_at.astimezone(zone).date(), int(lights["card_days"]))
    return dt.datetime.combine(day, calendar.business().end, zone)


def light_of(case: Case, now: dt.datetime) -> str:
    """Return ``done``, ``none`` (no limit, or not accepted), ``paused``, ``green``, ``yellow`` or ``red``."""
    if case.state == Case.State.CLOSED:
        return "done"
    if case.accepted_at is None:
        return "none"
    if case.due_at is None:
        return "paused" if case.state == Case.State.SUPPLEMENT or case.stopped else "none"
    red = red_at(case.due_at)
    if red is not None and now > red:
        return "red"
    return "yellow" if case.yellow_at is not None and now > case.yellow_at else "green"
