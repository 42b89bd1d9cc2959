"""Laws of clocks, over random lives of a clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from yizhantong.foundation.calendar import (
    BUSINESS_END,
    Limit,
    Segment,
    WorkingCalendar,
    due,
    elapsed,
    extended,
    left,
    packaged_tables,
)

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkingCalendar(packaged_tables())
FAR = datetime(2100, 1, 1, tzinfo=UTC)

starts = st.datetimes(datetime(2020, 1, 1), datetime(2021, 12, 31)).map(lambda d: d.replace(microsecond=0, tzinfo=ZONE))
# Whole hours often fall on the end of business, where off-by-one errors hide.
gaps = st.one_of(st.integers(0, 400).map(lambda h: timedelta(hours=h)), st.timedeltas(timedelta(0), timedelta(days=20)))
limits = st.one_of(
    st.builds(Limit, st.integers(0, 40), st.sampled_from(["workday", "day"])),
    st.builds(Limit, st.integers(1, 400), st.just("hour")),
)


@st.composite
def lives(draw: st.DrawFn, stopped: bool | None = None) -> list[Segment]:
    moments = [draw(starts)]
    for gap in draw(st.lists(gaps, max_size=6)):
        moments.append(moments[-1] + gap)
    open_end = draw(st.booleans()) if stopped is None else not stopped
    kinds = ["run", "pause"] * len(moments)
    ends = [*moments[1:], None if open_end else moments[-1] + draw(gaps)]
    return [Segment(s, e, k, "") for s, e, k in zip(moments, ends, kinds, strict=False)]  # type: ignore[arg-type]


def ends(limit: Limit, life: list[Segment]) -> datetime:
    return due(limit, life, CALENDAR, ZONE) or FAR


def counts_by_hand(limit: Limit, life: list[Segment], until: datetime) -> int:
    """Count day by day what the rule says, without any of the arithmetic of the code."""
    day, counted = life[0].start.astimezone(ZONE).date() + timedelta(days=limit.amount > 0), 0
    while (end := datetime.combine(day, BUSINESS_END, ZONE)) <= until:
        running = any(s.kind == "run" and s.start < end and (s.end is None or end <= s.end) for s in life)
        counted += running and (limit.unit == "day" or CALENDAR.is_working(day))
        day += timedelta(days=1)
    return counted


@settings(max_examples=150)
@given(limits.filter(lambda limit: limit.unit != "hour"), lives())
def test_a_limit_ends_on_the_day_that_counting_day_by_day_gives(limit: Limit, life: list[Segment]) -> None:
    found = due(limit, life, CALENDAR, ZONE)
    last = life[-1]
    opened = [*life[:-1], Segment(last.start, None, last.kind, "")]
    if found is None:
        assert last.kind == "pause"
        assert (
            counts_by_hand(Limit(limit.amount, "workday"), opened, last.start) < max(limit.amount, 1)
            or limit.unit == "day"
        )
        return
    assert CALENDAR.is_working(found.date())
    before = counts_by_hand(limit, opened, found - timedelta(seconds=1))
    assert counts_by_hand(limit, opened, found) == before + 1
    if limit.unit == "workday":
        assert before + 1 == max(limit.amount, 1)
    else:
        assert before + 1 >= max(limit.amount, 1)


@settings(max_examples=150)
@given(limits, lives(), gaps)
def test_what_is_used_agrees_with_counting_day_by_day(limit: Limit, life: list[Segment], later: timedelta) -> None:
    moment = life[0].start + later
    used = elapsed(limit, life, moment, CALENDAR, ZONE)
    if limit.unit != "hour":
        assert used == counts_by_hand(limit, life, moment)
    else:
        assert used <= later // timedelta(hours=1)


@settings(max_examples=150)
@given(limits, lives(stopped=False), st.data())
def test_cutting_a_segment_in_two_changes_nothing(limit: Limit, life: list[Segment], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(life) - 1))
    cut = life[index]
    span = (cut.end - cut.start) if cut.end else timedelta(days=30)
    middle = cut.start + data.draw(st.timedeltas(timedelta(0), span))
    halves = [Segment(cut.start, middle, cut.kind, ""), Segment(middle, cut.end, cut.kind, "")]
    parts = [*life[:index], *halves, *life[index + 1 :]]
    assert ends(limit, parts) == ends(limit, life)
    now = life[-1].start + timedelta(days=3)
    assert elapsed(limit, parts, now, CALENDAR, ZONE) == elapsed(limit, life, now, CALENDAR, ZONE)


@settings(max_examples=150)
@given(limits, starts, st.lists(st.tuples(gaps, gaps), min_size=1, max_size=4), st.data())
def test_a_pause_never_shortens(
    limit: Limit, start: datetime, rounds: list[tuple[timedelta, timedelta]], data: st.DataObject
) -> None:
    """The same life with one pause run through instead ends no later."""
    marks, moment = [start], start
    for run, pause in rounds:
        marks += [moment + run, moment + run + pause]
        moment = marks[-1]
    kinds = ["run", "pause"] * len(marks)
    life = [Segment(s, e, k, "") for s, e, k in zip(marks, [*marks[1:], None], kinds, strict=False)]  # type: ignore[arg-type]
    chosen = 2 * data.draw(st.integers(0, len(rounds) - 1)) + 1
    through = [Segment(s.start, s.end, "run" if i == chosen else s.kind, "") for i, s in enumerate(life)]
    assert ends(limit, through) <= ends(limit, life)


@settings(max_examples=150)
@given(limits, st.integers(0, 30), lives())
def test_a_longer_limit_never_ends_sooner(limit: Limit, more: int, life: list[Segment]) -> None:
    longer = extended(limit, Limit(max(more, limit.unit == "hour"), limit.unit))
    assert ends(limit, life) <= ends(longer, life)


@settings(max_examples=150)
@given(limits, lives(), st.lists(gaps, min_size=2, max_size=5))
def test_time_only_uses_up_and_used_and_left_make_the_whole(
    limit: Limit, life: list[Segment], laters: list[timedelta]
) -> None:
    moments = sorted(life[0].start + later for later in laters)
    used = [elapsed(limit, life, moment, CALENDAR, ZONE) for moment in moments]
    assert all(a <= b for a, b in pairwise(used))
    rest = [left(limit, life, moment, CALENDAR, ZONE) for moment in moments]
    assert len({a + b for a, b in zip(used, rest, strict=True)}) == 1


@settings(max_examples=100)
@given(limits, lives(stopped=False))
def test_no_clock_runs_out_while_it_pauses_nor_before_it_started(limit: Limit, life: list[Segment]) -> None:
    found = due(limit, life, CALENDAR, ZONE)
    if found is not None:
        assert found >= life[0].start
        assert any(s.kind == "run" and s.start <= found and (s.end is None or found <= s.end) for s in life)
        assert left(limit, life, found, CALENDAR, ZONE) <= 0 or limit.amount == 0


@settings(max_examples=60)
@given(limits, lives())
def test_counted_again_from_the_same_segments_written_in_another_zone_it_is_the_same(
    limit: Limit, life: list[Segment]
) -> None:
    again = [Segment(s.start.astimezone(UTC), s.end and s.end.astimezone(UTC), s.kind, s.reason) for s in life]
    assert ends(limit, again) == ends(limit, life)


@settings(max_examples=100)
@given(st.dates(date(2018, 1, 1), date(2026, 6, 1)), st.integers(0, 60))
def test_the_nth_working_day_has_n_working_days_before_it(day: date, n: int) -> None:
    found = CALENDAR.working_day_after(day, n)
    assert CALENDAR.is_working(found)
    if n:
        assert CALENDAR.working_days_between(day, found) == n
    else:
        assert CALENDAR.working_days_between(day, found) in (0, 1)
