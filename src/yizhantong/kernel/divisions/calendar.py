"""The city's working calendar and hours of business, and clocks counted by them.

The days stand in a table: what comes with the platform is loaded when the city is, and a year that the city imported
itself (``yzt calendar import``) is never overwritten. The calendar is kept in memory and read again at most once a
minute, so that an import is heard of by every process.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from yizhantong.foundation import calendar as pure
from yizhantong.foundation.calendar import CalendarError, Limit, Segment, WorkingCalendar, YearTable
from yizhantong.kernel.divisions import city
from yizhantong.kernel.divisions.models import CalendarDay

REMEMBERED_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Business:
    """Hours of business of the city's offices, local time."""

    start: dt.time
    end: dt.time


def working_calendar() -> WorkingCalendar:
    """Return the working days of the years that this city knows; other years are refused when they are asked for."""
    return _calendar(int(timezone.now().timestamp() // REMEMBERED_SECONDS))


def business() -> Business:
    """Return the hours of business (``[business]`` of ``city.toml``; 08:30 to 17:00 where it says nothing)."""
    hours = city.settings_of().get("business", {})
    return Business(hours.get("start", dt.time(8, 30)), hours.get("end", pure.BUSINESS_END))


def zone() -> ZoneInfo:
    """Return the city's time zone."""
    return ZoneInfo(city.settings_of().get("time_zone", "Asia/Shanghai"))


def due(limit: Limit, segments: Sequence[Segment]) -> dt.datetime | None:
    """Return when the limit runs out by the city's calendar; see :func:`yizhantong.foundation.calendar.due`."""
    return pure.due(limit, segments, working_calendar(), zone(), business().end)


def elapsed(limit: Limit, segments: Sequence[Segment], at: dt.datetime) -> int:
    """Return the units of the limit that are used up at ``at``."""
    return pure.elapsed(limit, segments, at, working_calendar(), zone(), business().end)


def left(limit: Limit, segments: Sequence[Segment], at: dt.datetime) -> int:
    """Return the units of the limit that are left at ``at``; negative when it is overdue."""
    return pure.left(limit, segments, at, working_calendar(), zone(), business().end)


def deemed_acceptance_at(received_at: dt.datetime, working_days: int = 5) -> dt.datetime:
    """Return when an unanswered application counts as accepted (行政许可法 art. 32)."""
    return pure.deemed_acceptance_at(received_at, working_calendar(), zone(), working_days)


@transaction.atomic
def load_calendar() -> None:
    """Write the packaged years, except those that the city imported itself; repeatable."""
    own = set(CalendarDay.objects.filter(imported=True).values_list("day__year", flat=True))
    packaged = {year: table for year, table in pure.packaged_tables().items() if year not in own}
    wanted = {row.day: row for row in _rows(packaged.values(), imported=False)}
    standing = {row.day: row for row in CalendarDay.objects.filter(imported=False, day__year__in=list(packaged))}
    if {d: (r.kind, r.source) for d, r in wanted.items()} != {d: (r.kind, r.source) for d, r in standing.items()}:
        _replace(packaged, list(wanted.values()))
    forget()


@transaction.atomic
def import_calendar(text: str) -> list[int]:
    """Replace the years named in a CSV table (``year,day,kind,source``) by what it says; return those years.

    All of it is checked first, and a :class:`CalendarError` leaves everything as it was. A year that lacks a holiday
    fixed by law is refused (``calendar.table_part``): it would be only a part of the notice.
    """
    tables = pure.read_tables(text)
    if not tables:
        raise CalendarError("calendar.table_empty", "表中没有日期,请按模板填写后再导入")
    for table in tables.values():
        if missing := pure.statutory_days_missing(table):
            days = "、".join(f"{day:%m-%d}" for day in missing)
            text = f"{table.year} 年缺少法定节假日 {days},表不完整;请补齐全年放假安排后再导入"
            raise CalendarError("calendar.table_part", text)
    _replace(tables, _rows(tables.values(), imported=True))
    transaction.on_commit(forget)
    return sorted(tables)


def forget() -> None:
    """Drop the remembered calendar of this process."""
    _calendar.cache_clear()


def _replace(tables: Mapping[int, YearTable], rows: list[CalendarDay]) -> None:
    CalendarDay.objects.filter(day__year__in=list(tables)).delete()
    CalendarDay.objects.bulk_create(rows)


def _rows(tables: Iterable[YearTable], imported: bool) -> list[CalendarDay]:
    return [
        CalendarDay(day=day, kind=kind, source=table.source[:120], imported=imported)
        for table in tables
        for kind, days in ((CalendarDay.Kind.HOLIDAY, table.holidays), (CalendarDay.Kind.WORKDAY, table.workdays))
        for day in sorted(days)
    ]


@lru_cache(maxsize=1)
def _calendar(_slot: int) -> WorkingCalendar:
    years: dict[int, dict[str, Any]] = defaultdict(lambda: {"holiday": set(), "workday": set(), "source": {}})
    for day, kind, source in CalendarDay.objects.values_list("day", "kind", "source"):
        years[day.year][kind].add(day)
        years[day.year]["source"][source] = None
    return WorkingCalendar(
        {
            year: YearTable(year, frozenset(found["holiday"]), frozenset(found["workday"]), "、".join(found["source"]))
            for year, found in years.items()
        }
    )
