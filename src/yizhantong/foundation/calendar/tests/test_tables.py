"""The packaged years are those announced, and a wrong table is refused with its line."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest

from yizhantong.foundation.calendar import (
    CalendarError,
    WorkingCalendar,
    YearTable,
    packaged_tables,
    read_tables,
    statutory_days_missing,
)

HEAD = "year,day,kind,source\n"


@pytest.fixture(scope="module")
def calendar() -> WorkingCalendar:
    return WorkingCalendar(packaged_tables())


def test_every_day_of_every_packaged_year_agrees_with_chinesecalendar(calendar: WorkingCalendar) -> None:
    assert calendar.years == tuple(range(2018, 2027))
    day, differing = date(2018, 1, 1), []
    while day < date(2027, 1, 1):
        if calendar.is_working(day) != chinese_calendar.is_workday(day):
            differing.append(day)
        day += timedelta(days=1)
    assert differing == []


def test_the_holidays_and_made_up_days_of_2021_are_those_of_the_notice(calendar: WorkingCalendar) -> None:
    table = calendar.table(2021)
    days = "01-01 02-11 02-12 02-15 02-16 02-17 04-05 05-03 05-04 05-05 06-14 09-20 09-21 10-01 10-04 10-05 10-06 10-07"
    assert {f"{d:%m-%d}" for d in table.holidays} == set(days.split())
    worked = "02-07 02-20 04-25 05-08 09-18 09-26 10-09"
    assert {f"{d:%m-%d}" for d in table.workdays} == set(worked.split())
    assert table.source == "国办发明电〔2020〕27号"


def test_a_year_without_a_table_is_refused_not_guessed(calendar: WorkingCalendar) -> None:
    for ask in (
        lambda: calendar.is_working(date(2027, 1, 4)),
        lambda: calendar.working_day_after(date(2026, 12, 31), 1),
        lambda: calendar.working_day_after(date(2017, 12, 31), 1),
        lambda: calendar.working_days_between(date(2026, 12, 1), date(2027, 1, 4)),
        lambda: calendar.table(1999),
    ):
        with pytest.raises(CalendarError, match=r"缺少 (2027|2017|1999) 年") as refused:
            ask()
        assert refused.value.code == "calendar.year_missing"


def test_a_gap_between_known_years_is_not_jumped() -> None:
    tables = packaged_tables()
    calendar = WorkingCalendar({2019: tables[2019], 2021: tables[2021]})
    assert calendar.is_working(date(2021, 10, 9))
    with pytest.raises(CalendarError, match="2020"):
        calendar.working_day_after(date(2019, 12, 31), 1)


def test_weekend_days_within_a_holiday_may_be_listed() -> None:
    tables = read_tables(
        "\ufeff" + HEAD + "2021,2021-10-01,holiday,甲\n2021,2021-10-02,holiday,甲\n2021,2021-10-09,workday,乙\n"
    )
    assert tables[2021] == YearTable(2021, frozenset({date(2021, 10, 1)}), frozenset({date(2021, 10, 9)}), "甲、乙")


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("year,day\n", "calendar.table_columns", "首行"),
        (HEAD + "2021,2022-01-01,holiday,甲\n", "calendar.table_day", "第 2 行"),
        (HEAD + "2021,十月一日,holiday,甲\n", "calendar.table_day", "十月一日"),
        (HEAD + "2021\n", "calendar.table_day", "第 2 行"),
        (HEAD + "2021,2021-10-01,off,甲\n", "calendar.table_kind", "off"),
        (HEAD + "2021,2021-10-01,holiday,\n", "calendar.table_source", "来源"),
        (HEAD + "2021,2021-10-01,holiday,甲\n2021,2021-10-01,workday,甲\n", "calendar.table_twice", "第 3 行"),
        (HEAD + "2021,2021-10-08,workday,甲\n", "calendar.table_day", "不是周末"),
    ],
)
def test_a_wrong_table_is_refused_with_its_line(text: str, code: str, told: str) -> None:
    with pytest.raises(CalendarError, match=told) as refused:
        read_tables(text)
    assert refused.value.code == code


def test_a_year_table_refuses_a_weekend_as_a_weekday_off() -> None:
    with pytest.raises(CalendarError, match="本是周末"):
        YearTable(2021, frozenset({date(2021, 10, 2)}), frozenset(), "甲")


def test_working_days_across_the_spring_festival_and_national_day(calendar: WorkingCalendar) -> None:
    assert calendar.working_day_after(date(2021, 2, 10), 1) == date(2021, 2, 18)
    assert calendar.working_day_after(date(2021, 2, 10), 3) == date(2021, 2, 20)
    assert calendar.working_day_after(date(2021, 9, 30), 2) == date(2021, 10, 9)
    assert calendar.working_day_after(date(2021, 10, 2), 0) == date(2021, 10, 8)
    assert calendar.working_day_after(date(2021, 10, 9), 0) == date(2021, 10, 9)
    assert calendar.working_days_between(date(2021, 9, 30), date(2021, 10, 11)) == 3
    assert calendar.working_days_between(date(2021, 10, 11), date(2021, 9, 30)) == -3
    assert not calendar.is_working(date(2021, 2, 11))
    with pytest.raises(CalendarError, match="不小于 0"):
        calendar.working_day_after(date(2021, 9, 30), -1)


def test_a_table_that_is_only_a_part_of_a_year_lacks_statutory_days(calendar: WorkingCalendar) -> None:
    assert all(not statutory_days_missing(calendar.table(year)) for year in calendar.years)
    part = read_tables(HEAD + "2021,2021-10-01,holiday,甲\n")[2021]
    assert statutory_days_missing(part) == (date(2021, 1, 1),)
