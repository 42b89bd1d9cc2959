"""The yearly tables: which weekdays are holidays, which weekend days are worked, and who said so."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources

from yizhantong.foundation.calendar.errors import CalendarError

COLUMNS = ("year", "day", "kind", "source")
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class YearTable:
    """One year as announced: ``holidays`` are weekdays off, ``workdays`` weekend days worked, ``source`` the notices.

    A day of another year, a holiday at a weekend or a made-up day in the week is refused with ``calendar.table_day``.
    """

    year: int
    holidays: frozenset[date]
    workdays: frozenset[date]
    source: str

    def __post_init__(self) -> None:
        for day in self.holidays | self.workdays:
            _of_year(day, self.year)
        for day in self.holidays:
            if day.weekday() >= SATURDAY:
                raise CalendarError("calendar.table_day", f"{day} 本是周末,不应列为工作日放假;请从放假日中删去")
        for day in self.workdays:
            if day.weekday() < SATURDAY:
                raise CalendarError("calendar.table_day", f"{day} 不是周末,不应列为调休上班日;请核对国办通知")


def read_tables(text: str) -> dict[int, YearTable]:
    """Read tables from CSV with the columns ``year,day,kind,source`` (kind: ``holiday`` or ``workday``).

    Notices give holidays from a day to a day: the weekend days among them are off anyway and are left out. All is
    checked; the first wrong line is refused with ``calendar.table_columns``, ``_day``, ``_kind`` or ``_twice``.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise CalendarError("calendar.table_columns", f"首行应为 {','.join(COLUMNS)},请按模板整理")
    days: dict[int, dict[date, str]] = defaultdict(dict)
    sources: dict[int, list[str]] = defaultdict(list)
    for line, row in enumerate(reader, 2):
        year, day, kind, source = _read(row, line)
        if day in days[year]:
            raise CalendarError("calendar.table_twice", f"第 {line} 行:{day} 重复出现,请只保留一行")
        days[year][day] = kind
        if source not in sources[year]:
            sources[year].append(source)
    return {year: _table(year, days[year], "、".join(sources[year])) for year in sorted(days)}


def statutory_days_missing(table: YearTable) -> tuple[date, ...]:
    """Return the days that are holidays in every year by law (全国年节及纪念日放假办法: 1 January, 1 May, 1 to 3 October)
    and weekdays in this one, but stand in no line of the table: the sign of a table that is only a part."""
    fixed = [date(table.year, month, day) for month, day in ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))]
    return tuple(day for day in fixed if day.weekday() < SATURDAY and day not in table.holidays)


@lru_cache(maxsize=1)
def packaged_tables() -> dict[int, YearTable]:
    """Return the tables that come with the platform: every year announced when it was released."""
    packaged = resources.files(__package__ or "").joinpath("tables.csv")
    return read_tables(packaged.read_text(encoding="utf-8"))


def _read(row: dict[str, str], line: int) -> tuple[int, date, str, str]:
    kind, source = (row["kind"] or "").strip(), (row["source"] or "").strip()
    try:
        year, day = int(row["year"]), date.fromisoformat((row["day"] or "").strip())
        _of_year(day, year)
    except CalendarError as error:
        raise CalendarError(error.code, f"第 {line} 行:{error.sentence}") from error
    except (TypeError, ValueError) as error:
        text = f"第 {line} 行:年份“{row['year']}”或日期“{row['day']}”读不出,请写成 2021 和 2021-10-01"
        raise CalendarError("calendar.table_day", text) from error
    if kind not in ("holiday", "workday"):
        text = f"第 {line} 行:类别“{kind}”不认识,放假写 holiday,调休上班写 workday"
        raise CalendarError("calendar.table_kind", text)
    if not source:
        raise CalendarError("calendar.table_source", f"第 {line} 行:缺少来源,请填写国办通知的文号")
    return year, day, kind, source


def _of_year(day: date, year: int) -> None:
    if day.year != year:
        raise CalendarError("calendar.table_day", f"{day} 不在 {year} 年,请核对年份")


def _table(year: int, days: dict[date, str], source: str) -> YearTable:
    holidays = frozenset(d for d, kind in days.items() if kind == "holiday" and d.weekday() < SATURDAY)
    workdays = frozenset(d for d, kind in days.items() if kind == "workday")
    return YearTable(year, holidays, workdays, source)
