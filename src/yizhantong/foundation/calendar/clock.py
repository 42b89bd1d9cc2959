"""Clocks: when a limit runs out, how much of it is used, recomputed from the segments in which it ran and paused.

A day counts if the clock was running at its end of business; hours count as they pass. The clock may have stopped (its
last segment is a run with an end): ``due`` then tells when it would have run out, ``elapsed`` what it really used.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from yizhantong.foundation.calendar.errors import CalendarError
from yizhantong.foundation.calendar.limits import Limit
from yizhantong.foundation.calendar.working import Stretch, WorkingCalendar, year_missing

BUSINESS_END = time(17, 0)
HOUR = timedelta(hours=1)
# Local days as ordinals, inclusive, at whose end of business the clock ran; the last is open while it still runs.
Span = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a clock's life, from ``start`` to ``end`` (None: still), aware datetimes; ``reason`` is told to people."""

    start: datetime
    end: datetime | None
    kind: Literal["run", "pause"]
    reason: str = ""

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or (self.end is not None and self.end.tzinfo is None):
            raise CalendarError("calendar.naive", "计时的起止时刻缺少时区,请使用带时区的时刻")
        if self.end is not None and self.end < self.start:
            raise CalendarError("calendar.segment_order", f"计时段的终止 {self.end} 早于起始 {self.start},请核对")


def due(
    limit: Limit,
    segments: Sequence[Segment],
    calendar: WorkingCalendar,
    zone: ZoneInfo,
    business_end: time = BUSINESS_END,
) -> datetime | None:
    """Return the moment (aware, in ``zone``) at which the limit runs out, or None if it cannot while the clock pauses.

    A limit that ran out before a pause began stays run out: the moment is returned. Working days and natural days end at
    ``business_end`` of their last day; a last natural day that is not worked moves to the next working day (民法典 art.
    203). Raises ``calendar.year_missing`` when the days lie in a year without a table, and ``calendar.segment_*`` when
    the segments do not follow each other.
    """
    runs = _runs(segments)
    if limit.unit == "hour":
        moment = _nth_hour(limit.amount, runs)
        return moment.astimezone(zone) if moment else None
    spans = _spans(runs, zone, business_end)
    floor = segments[0].start.astimezone(zone).toordinal() + (1 if limit.amount else 0)
    ordinal = _last_day(limit, spans, floor, calendar)
    return None if ordinal is None else datetime.combine(date.fromordinal(ordinal), business_end, zone)


def elapsed(
    limit: Limit,
    segments: Sequence[Segment],
    at: datetime,
    calendar: WorkingCalendar,
    zone: ZoneInfo,
    business_end: time = BUSINESS_END,
) -> int:
    """Return how many units of the limit are used up at the moment ``at``: whole hours, or days that counted."""
    _runs(segments)
    runs = [(s.start, s.end if s.end is not None and s.end < at else at) for s in segments if s.kind == "run"]
    ended = [(start.astimezone(UTC), end) for start, end in runs if start <= end]
    if limit.unit == "hour":
        return sum((end.astimezone(UTC) - start for start, end in ended), timedelta()) // HOUR
    first = segments[0].start.astimezone(zone).toordinal() + (1 if limit.amount else 0)
    counted = 0
    for low, high in _spans(ended, zone, business_end):
        low = max(low, first)
        if high is not None and high >= low:
            counted += _counted(limit.unit, low, high, calendar)
    return counted


def left(
    limit: Limit,
    segments: Sequence[Segment],
    at: datetime,
    calendar: WorkingCalendar,
    zone: ZoneInfo,
    business_end: time = BUSINESS_END,
) -> int:
    """Return how many units are left at ``at``, as if nothing paused from now on; negative: by how many it is overdue.

    Natural days whose last day moved to a working day are counted up to that day. The clock is overdue when ``at`` lies
    after :func:`due`, which may be hours before ``left`` becomes negative.
    """
    whole = limit.amount
    if limit.unit == "day" and (end := due(limit, segments, calendar, zone, business_end)) is not None:
        last = segments[-1]
        running = [*segments[:-1], Segment(last.start, None, last.kind, last.reason)]
        whole = elapsed(limit, running, end, calendar, zone, business_end)
    return whole - elapsed(limit, segments, at, calendar, zone, business_end)


def deemed_acceptance_at(
    received_at: datetime, calendar: WorkingCalendar, zone: ZoneInfo, working_days: int = 5
) -> datetime:
    """Return the moment at which an application counts as accepted because nobody said what it lacks.

    That is 24:00 of the fifth working day after receipt; the application is then accepted *from the day of receipt*
    (行政许可法 art. 32, no. 4).
    """
    if received_at.tzinfo is None:
        raise CalendarError("calendar.naive", "收件时刻缺少时区,请使用带时区的时刻")
    last = calendar.working_day_after(received_at.astimezone(zone).date(), working_days)
    return datetime.combine(last + timedelta(days=1), time(), zone)


def _runs(segments: Sequence[Segment]) -> list[tuple[datetime, datetime | None]]:
    """Check that segments follow each other; return the runs, the last one open even if the clock has stopped."""
    if not segments or segments[0].kind != "run":
        raise CalendarError("calendar.segment_first", "计时应从一段“运行”开始,请先启动计时")
    for before, after in pairwise(segments):
        if before.end is None or before.end != after.start:
            text = f"计时段不衔接:前段止于 {before.end},后段起于 {after.start};请核对计时记录"
            raise CalendarError("calendar.segment_order", text)
    runs = [(segment.start, segment.end) for segment in segments if segment.kind == "run"]
    if segments[-1].kind == "run":
        runs[-1] = (runs[-1][0], None)
    return runs


def _nth_hour(amount: int, runs: list[tuple[datetime, datetime | None]]) -> datetime | None:
    remaining = amount * HOUR
    for start, end in runs:
        start = start.astimezone(UTC)
        if end is None or end.astimezone(UTC) - start >= remaining:
            return start + remaining
        remaining -= end.astimezone(UTC) - start
    return None


def _spans(runs: Sequence[tuple[datetime, datetime | None]], zone: ZoneInfo, business_end: time) -> list[Span]:
    """Return the days whose end of business lies in a run: after its start, up to and including its end."""
    spans: list[Span] = []
    for start, end in runs:
        begun = start.astimezone(zone)
        low = begun.toordinal() + (begun.time() >= business_end)
        if end is None:
            spans.append((low, None))
            continue
        stopped = end.astimezone(zone)
        spans.append((low, stopped.toordinal() - (stopped.time() < business_end)))
    return spans


def _last_day(limit: Limit, spans: list[Span], floor: int, calendar: WorkingCalendar) -> int | None:
    """Return the day on which the limit ends; ``floor`` is the first day that may count."""
    stretch = calendar.stretch(date.fromordinal(floor))
    need = max(limit.amount, 1)
    if limit.unit == "workday" or not limit.amount:
        return _nth_working(need, spans, floor, stretch)
    ordinal = _nth_natural(need, spans, floor)
    if ordinal is None:
        return None
    return _nth_working(1, spans, ordinal, calendar.stretch(date.fromordinal(ordinal)))


def _nth_working(need: int, spans: list[Span], floor: int, stretch: Stretch) -> int | None:
    working = stretch.working
    for low, high in spans:
        first = bisect_left(working, max(low, floor))
        after = len(working) if high is None else max(first, bisect_right(working, high))
        if first + need <= after:
            return working[first + need - 1]
        if high is None or high > stretch.last:
            raise year_missing(date.fromordinal(stretch.last).year + 1)
        need -= after - first
    return None


def _nth_natural(need: int, spans: list[Span], floor: int) -> int | None:
    for low, high in spans:
        first = max(low, floor)
        if high is None or first + need - 1 <= high:
            return first + need - 1
        need -= max(0, high - first + 1)
    return None


def _counted(unit: str, low: int, high: int, calendar: WorkingCalendar) -> int:
    if unit == "day":
        return high - low + 1
    stretch = calendar.stretch(date.fromordinal(low))
    if high > stretch.last:
        raise year_missing(date.fromordinal(stretch.last).year + 1)
    return bisect_right(stretch.working, high) - bisect_left(stretch.working, low)
