"""What the law says of limits, played on the calendar of 2021."""

from __future__ import annotations

import timeit
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from yizhantong.foundation.calendar import (
    CalendarError,
    Limit,
    Segment,
    WorkingCalendar,
    deemed_acceptance_at,
    due,
    elapsed,
    extended,
    left,
    packaged_tables,
)

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkingCalendar(packaged_tables())


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def clock(*marks: str) -> list[Segment]:
    """Segments from moments: a run from the first, a pause from the second, and so on; the last is open."""
    moments = [at(mark) for mark in marks]
    kinds = ["run", "pause"] * len(moments)
    return [
        Segment(start, end, kind, "")  # type: ignore[arg-type]
        for start, end, kind in zip(moments, [*moments[1:], None], kinds, strict=False)
    ]


def ends(limit: Limit, segments: list[Segment]) -> datetime | None:
    return due(limit, segments, CALENDAR, ZONE)


@pytest.mark.parametrize(
    ("limit", "start", "end"),
    [
        (Limit(5, "workday"), "2021-02-09T10:00", "2021-02-22T17:00"),  # spring festival; the 20th (Sat) is worked
        (Limit(20, "workday"), "2021-09-15T09:00", "2021-10-19T17:00"),  # mid-autumn and National Day
        (Limit(1, "workday"), "2021-09-30T16:59", "2021-10-08T17:00"),
        (Limit(1, "workday"), "2021-10-02T10:00", "2021-10-08T17:00"),  # started on a holiday
        (Limit(0, "workday"), "2021-10-08T09:00", "2021-10-08T17:00"),
        (Limit(0, "workday"), "2021-10-08T17:00", "2021-10-09T17:00"),  # after hours: the next working day, a Saturday
        (Limit(1, "day"), "2021-10-08T09:00", "2021-10-09T17:00"),
        (Limit(3, "day"), "2021-09-28T09:00", "2021-10-08T17:00"),  # the last day is a holiday: moved on
        (Limit(60, "day"), "2021-06-01T09:00", "2021-08-02T17:00"),  # 31 July is a Saturday
        (Limit(2, "hour"), "2021-10-01T23:00", "2021-10-02T01:00"),
        (Limit(24, "hour"), "2021-02-10T16:00", "2021-02-11T16:00"),
    ],
)
def test_when_a_limit_runs_out(limit: Limit, start: str, end: str) -> None:
    assert ends(limit, clock(start)) == at(end)


def test_the_answer_is_told_in_the_zone_whatever_the_segments_are_written_in() -> None:
    started = at("2021-10-08T07:30").astimezone(UTC)
    found = ends(Limit(1, "workday"), [Segment(started, None, "run", "受理")])
    assert found == at("2021-10-09T17:00")
    assert found is not None
    assert found.tzinfo is ZONE


def test_a_pause_costs_the_ends_of_business_that_lie_in_it() -> None:
    limit = Limit(5, "workday")
    assert ends(limit, clock("2021-08-02T09:00")) == at("2021-08-09T17:00")
    assert ends(limit, clock("2021-08-02T09:00", "2021-08-04T10:00", "2021-08-06T10:00")) == at("2021-08-11T17:00")
    assert ends(limit, clock("2021-08-02T09:00", "2021-08-04T10:00", "2021-08-04T11:00")) == at("2021-08-09T17:00")
    assert ends(limit, clock("2021-08-02T09:00", "2021-08-07T10:00", "2021-08-08T10:00")) == at("2021-08-09T17:00")


def test_a_pausing_clock_has_no_end_unless_it_had_run_out_before() -> None:
    assert ends(Limit(5, "workday"), clock("2021-08-02T09:00", "2021-08-04T10:00")) is None
    assert ends(Limit(9, "day"), clock("2021-08-02T09:00", "2021-08-04T10:00")) is None
    assert ends(Limit(90, "hour"), clock("2021-08-02T09:00", "2021-08-04T10:00")) is None
    assert ends(Limit(1, "workday"), clock("2021-08-02T09:00", "2021-08-04T10:00")) == at("2021-08-03T17:00")


def test_a_day_is_used_up_at_its_end_of_business() -> None:
    limit, running = Limit(5, "workday"), clock("2021-08-02T09:00")
    told = [elapsed(limit, running, at(f"2021-08-{d}"), CALENDAR, ZONE) for d in ("02T23:00", "03T16:59", "03T17:00")]
    assert told == [0, 0, 1]
    assert left(limit, running, at("2021-08-09T17:00"), CALENDAR, ZONE) == 0
    assert left(limit, running, at("2021-08-11T18:00"), CALENDAR, ZONE) == -2
    assert elapsed(limit, running, at("2021-08-01T09:00"), CALENDAR, ZONE) == 0


def test_natural_days_whose_end_moved_are_left_until_that_day() -> None:
    limit, running = Limit(3, "day"), clock("2021-09-28T09:00")
    assert left(limit, running, at("2021-09-28T10:00"), CALENDAR, ZONE) == 10
    assert left(limit, running, at("2021-10-07T18:00"), CALENDAR, ZONE) == 1
    assert left(limit, running, at("2021-10-08T18:00"), CALENDAR, ZONE) == 0
    assert left(limit, running, at("2021-10-09T18:00"), CALENDAR, ZONE) == -1


def test_hours_are_used_up_as_they_pass_and_stop_with_the_clock() -> None:
    limit = Limit(24, "hour")
    stopped = [Segment(at("2021-08-02T09:00"), at("2021-08-02T12:30"), "run", "")]
    assert elapsed(limit, stopped, at("2021-08-09T09:00"), CALENDAR, ZONE) == 3
    assert left(limit, stopped, at("2021-08-09T09:00"), CALENDAR, ZONE) == 21
    assert ends(limit, stopped) == at("2021-08-03T09:00")
    paused = clock("2021-08-02T09:00", "2021-08-02T12:00", "2021-08-03T12:00")
    assert ends(limit, paused) == at("2021-08-04T09:00")


def test_other_hours_of_business_are_heeded() -> None:
    found = due(Limit(1, "workday"), clock("2021-08-02T09:00"), CALENDAR, ZONE, business_end=time(16, 30))
    assert found == at("2021-08-03T16:30")


def test_an_application_left_unanswered_is_accepted_after_five_working_days() -> None:
    assert deemed_acceptance_at(at("2021-08-02T23:59"), CALENDAR, ZONE) == at("2021-08-10T00:00")
    assert deemed_acceptance_at(at("2021-09-30T10:00"), CALENDAR, ZONE) == at("2021-10-14T00:00")


def test_a_limit_is_said_in_chinese_and_extended_by_its_law() -> None:
    limit = Limit(20, "workday", "行政许可法第四十二条", "待核")
    longer = extended(limit, Limit(10, "workday", "行政许可法第四十二条第一款但书"))
    assert (longer.amount, str(longer)) == (30, "30个工作日")
    assert longer.law == "行政许可法第四十二条、行政许可法第四十二条第一款但书"
    assert [Limit(60, "day").text, Limit(24, "hour").text, Limit(0, "workday").text] == ["60日", "24小时", "当日"]


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("calendar.amount", lambda: Limit(-1, "workday")),
        ("calendar.amount", lambda: Limit(0, "hour")),
        ("calendar.unit", lambda: Limit(1, "week")),  # type: ignore[arg-type]
        ("calendar.extension_unit", lambda: extended(Limit(1, "day"), Limit(1, "workday"))),
        ("calendar.naive", lambda: Segment(datetime(2021, 8, 2), None, "run", "")),
        ("calendar.naive", lambda: deemed_acceptance_at(datetime(2021, 8, 2), CALENDAR, ZONE)),
        ("calendar.segment_order", lambda: Segment(at("2021-08-02"), at("2021-08-01"), "run", "")),
        ("calendar.segment_first", lambda: ends(Limit(1, "day"), [])),
        ("calendar.segment_first", lambda: ends(Limit(1, "day"), [Segment(at("2021-08-02"), None, "pause", "")])),
        ("calendar.segment_order", lambda: ends(Limit(1, "day"), clock("2021-08-02") + clock("2021-08-03"))),
        ("calendar.year_missing", lambda: ends(Limit(20, "workday"), clock("2026-12-20"))),
        ("calendar.year_missing", lambda: ends(Limit(20, "day"), clock("2026-12-20"))),
        (
            "calendar.year_missing",
            lambda: elapsed(Limit(9, "workday"), clock("2026-12-20"), at("2027-01-09"), CALENDAR, ZONE),
        ),
    ],
)
def test_what_cannot_be_counted_is_refused_with_a_code(code: str, wrong: object) -> None:
    with pytest.raises(CalendarError) as refused:
        wrong()  # type: ignore[operator]
    assert refused.value.code == code
    assert refused.value.sentence.isascii() is False


def test_a_due_date_costs_microseconds() -> None:
    limit, segments = Limit(20, "workday"), clock("2021-09-15T09:00")
    best = min(timeit.repeat(lambda: ends(limit, segments), number=2000, repeat=5)) / 2000
    assert best < 60e-6, f"{best * 1e6:.1f} µs"
