"""Working days by bisection over the ordinals of all working days of years that follow each other."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from yizhantong.foundation.calendar.errors import CalendarError
from yizhantong.foundation.calendar.tables import SATURDAY, YearTable


@dataclass(frozen=True, slots=True)
class Stretch:
    """Years that follow each other without a gap: first and last day, and the working days among them, as ordinals."""

    first: int
    last: int
    working: tuple[int, ...]


class WorkingCalendar:
    """The working days of the years in ``tables``; any question about another year raises ``calendar.year_missing``.

    Immutable; safe to share between threads.
    """

    __slots__ = ("_stretches", "_tables")

    def __init__(self, tables: Mapping[int, YearTable]) -> None:
        self._tables = dict(sorted(tables.items()))
        self._stretches = {year: stretch for years, stretch in _stretches(self._tables) for year in years}

    @property
    def years(self) -> tuple[int, ...]:
        """The years that are known, ascending."""
        return tuple(self._tables)

    def table(self, year: int) -> YearTable:
        """Return the table of one year, or raise ``calendar.year_missing``."""
        if year not in self._tables:
            raise year_missing(year)
        return self._tables[year]

    def is_working(self, day: date) -> bool:
        """Tell whether offices work on ``day``."""
        working, ordinal = self.stretch(day).working, day.toordinal()
        index = bisect_left(working, ordinal)
        return index < len(working) and working[index] == ordinal

    def working_day_after(self, day: date, n: int) -> date:
        """Return the ``n``-th working day after ``day``, which itself is not counted.

        ``n`` = 0 asks for the day itself if it is one, else the next. A negative ``n`` is ``calendar.amount``.
        """
        if n < 0:
            raise CalendarError("calendar.amount", f"工作日数应不小于 0,收到 {n};请核对时限")
        stretch = self.stretch(day)
        ordinal = day.toordinal()
        index = bisect_right(stretch.working, ordinal) + n - 1 if n else bisect_left(stretch.working, ordinal)
        if index >= len(stretch.working):
            raise year_missing(date.fromordinal(stretch.last).year + 1)
        return date.fromordinal(stretch.working[index])

    def working_days_between(self, after: date, until: date) -> int:
        """Return how many working days lie after ``after`` up to and including ``until``; negative if ``until`` is earlier."""
        if until < after:
            return -self.working_days_between(until, after)
        stretch = self.stretch(after)
        last = until.toordinal()
        if last > stretch.last:
            raise year_missing(date.fromordinal(stretch.last).year + 1)
        return bisect_right(stretch.working, last) - bisect_right(stretch.working, after.toordinal())

    def stretch(self, day: date) -> Stretch:
        """Return the unbroken years around ``day``."""
        found = self._stretches.get(day.year)
        if found is None:
            raise year_missing(day.year)
        return found


def year_missing(year: int) -> CalendarError:
    """Return the refusal of a year without a table."""
    text = f"工作日历缺少 {year} 年的放假安排,不能推算;请先导入国务院办公厅当年的放假通知"
    return CalendarError("calendar.year_missing", text)


def _stretches(tables: Mapping[int, YearTable]) -> Iterator[tuple[list[int], Stretch]]:
    runs: list[list[int]] = []
    for year in tables:
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    for years in runs:
        working = tuple(ordinal for year in years for ordinal in _working(tables[year]))
        yield years, Stretch(date(years[0], 1, 1).toordinal(), date(years[-1], 12, 31).toordinal(), working)


def _working(table: YearTable) -> Iterator[int]:
    for ordinal in range(date(table.year, 1, 1).toordinal(), date(table.year, 12, 31).toordinal() + 1):
        day = date.fromordinal(ordinal)
        if day in table.workdays or (day.weekday() < SATURDAY and day not in table.holidays):
            yield ordinal
