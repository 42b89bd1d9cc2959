"""Days, times and durations of FEEL (DMN 1.5, clause 10.3.2.3), beyond what Python's own can hold.

A date is a ``datetime.date`` wherever Python has one (years 1 to 9999) and a :class:`FarDate` outside; both are made by
:func:`make_date` only. Times and dates with times count nanoseconds and hold no zone, an offset in seconds, or the name of a zone.
Durations count months (:class:`YearMonth`) or nanoseconds (:class:`DayTime`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

NS = 1_000_000_000
DAY = 86_400 * NS
MAX_YEAR = 999_999_999
MAX_OFFSET = 18 * 3600

_DATE = re.compile(r"(-?)([0-9]{4}|[1-9][0-9]{4,8})-([0-9]{2})-([0-9]{2})", re.ASCII)
_TIME = re.compile(
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,30}))?(?:(Z)|([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?|@([A-Za-z0-9_+/-]{1,64}))?"
)
_MONTHS = re.compile(r"(-?)P(?=[0-9])(?:([0-9]{1,18})Y)?(?:([0-9]{1,18})M)?")
_DAYS = re.compile(
    r"(-?)P(?=[0-9]|T[0-9])(?:([0-9]{1,18})D)?(?:T(?=[0-9])(?:([0-9]{1,18})H)?(?:([0-9]{1,18})M)?(?:([0-9]{1,18})(?:\.([0-9]{1,30}))?S)?)?"
)


class NotAMoment(ValueError):
    """The parts or the text do not make a date, time or duration; the message is Chinese."""


Zone = int | str | None
"""No zone, an offset from UTC in seconds, or the name of a zone such as ``Asia/Shanghai``."""


def days_from(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 in the proleptic Gregorian calendar, for any year."""
    year -= month <= 2
    era, year_of_era = divmod(year, 400)
    day_of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719_468


def civil_from(days: int) -> tuple[int, int, int]:
    """Year, month and day of a count of :func:`days_from`."""
    era, day_of_era = divmod(days + 719_468, 146_097)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * day_of_year + 2) // 153
    month = shifted + (3 if shifted < 10 else -9)
    return year_of_era + era * 400 + (month <= 2), month, day_of_year - (153 * shifted + 2) // 5 + 1


def month_length(year: int, month: int) -> int:
    """Days of a month."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


@dataclass(frozen=True, slots=True)
class FarDate:
    """A date of a year below 1 or above 9999."""

    year: int
    month: int
    day: int


AnyDate = date | FarDate


def make_date(year: int, month: int, day: int) -> AnyDate:
    """The date of the parts. Raises NotAMoment."""
    if not (-MAX_YEAR <= year <= MAX_YEAR and 1 <= month <= 12 and 1 <= day <= month_length(year, month)):
        raise NotAMoment(f"没有 {year} 年 {month} 月 {day} 日这一天")
    return date(year, month, day) if 1 <= year <= 9999 else FarDate(year, month, day)


def date_days(value: AnyDate) -> int:
    """Days of a date since 1970-01-01."""
    return value.toordinal() - 719_163 if isinstance(value, date) else days_from(value.year, value.month, value.day)


def date_from_days(days: int) -> AnyDate:
    """The date of a count of days since 1970-01-01. Raises NotAMoment beyond the years FEEL knows."""
    return make_date(*civil_from(days))


def add_months(value: AnyDate, months: int) -> AnyDate:
    """The same day of the month so many months later, or the last day of that month."""
    year, month = divmod(value.year * 12 + value.month - 1 + months, 12)
    if abs(year) > MAX_YEAR:
        raise NotAMoment("日期超出范围")
    return make_date(year, month + 1, min(value.day, month_length(year, month + 1)))


@lru_cache(maxsize=256)
def zone_info(name: str) -> ZoneInfo:
    """The zone of a name. Raises NotAMoment."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):  # ZoneInfoNotFoundError is a KeyError
        raise NotAMoment(f"没有时区 {name}") from None


def zone_offset(zone: Zone, days: int, seconds: int) -> int:
    """Seconds that the zone is ahead of UTC at a local day and second of the day; 0 without a zone."""
    if zone is None:
        return 0
    if isinstance(zone, int):
        return zone
    return _seconds_ahead(_python_time(days, seconds).replace(tzinfo=zone_info(zone)))


def _python_time(days: int, seconds: int) -> datetime:
    """For asking a zone: years that Python has not are those of the same place in the 400 years' cycle from 2000."""
    year, month, day = civil_from(days)
    known = datetime(year, month, day) if 1 < year < 9999 else datetime(2000 + year % 400, month, day)
    return known + timedelta(seconds=seconds)


def _seconds_ahead(moment: datetime) -> int:
    offset = moment.utcoffset()
    assert offset is not None
    return int(offset.total_seconds())


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day: nanoseconds since midnight, and a zone."""

    ns: int
    zone: Zone = None

    @property
    def offset(self) -> int:
        """Seconds ahead of UTC (for a named zone: on 2000-01-01, as a time has no day)."""
        return zone_offset(self.zone, 10_957, self.ns // NS)

    def seconds(self) -> int:
        """Whole seconds since midnight UTC: what ``=`` and ``<`` compare."""
        return self.ns // NS - self.offset

    def __str__(self) -> str:
        return _clock_text(self.ns) + _zone_text(self.zone)


@dataclass(frozen=True, slots=True)
class DateTime:
    """A day (days since 1970-01-01), nanoseconds since its midnight, and a zone."""

    days: int
    ns: int
    zone: Zone = None

    @property
    def date(self) -> AnyDate:
        """The day."""
        return date_from_days(self.days)

    @property
    def time(self) -> Time:
        """The time, with the zone. An offset of a named zone is that of the day."""
        return Time(self.ns, self.zone)

    @property
    def offset(self) -> int:
        """Seconds ahead of UTC, 0 without a zone."""
        return zone_offset(self.zone, self.days, self.ns // NS)

    def instant(self) -> int:
        """Nanoseconds since 1970-01-01T00:00:00 UTC; without a zone as if it were UTC."""
        return self.days * DAY + self.ns - self.offset * NS

    def seconds(self) -> int:
        """Whole seconds of :meth:`instant`: what ``=`` and ``<`` compare."""
        return self.instant() // NS

    def __str__(self) -> str:
        return f"{date_text(self.date)}T{_clock_text(self.ns)}{_zone_text(self.zone)}"


def from_instant(instant: int, zone: Zone) -> DateTime:
    """The local date and time of an instant in a zone. Raises NotAMoment beyond the years FEEL knows."""
    days, ns = divmod(instant, DAY)
    offset = zone if isinstance(zone, int) else 0
    if isinstance(zone, str):
        offset = _seconds_ahead(_python_time(days, ns // NS).replace(tzinfo=UTC).astimezone(zone_info(zone)))
    days, ns = divmod(instant + offset * NS, DAY)
    date_from_days(days)
    return DateTime(days, ns, zone)


@dataclass(frozen=True, slots=True)
class YearMonth:
    """A years and months duration."""

    months: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        body = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return ("-" if self.months < 0 else "") + "P" + (body or "0M")


@dataclass(frozen=True, slots=True)
class DayTime:
    """A days and time duration, in nanoseconds."""

    ns: int

    def __str__(self) -> str:
        days, rest = divmod(abs(self.ns), DAY)
        hours, rest = divmod(rest, 3600 * NS)
        minutes, rest = divmod(rest, 60 * NS)
        seconds = _second_text(rest)
        clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "") + (f"{seconds}S" if rest else "")
        body = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
        return ("-" if self.ns < 0 else "") + "P" + (body or "T0S")


def _second_text(ns: int, width: int = 0) -> str:
    seconds, fraction = divmod(ns, NS)
    return f"{seconds:0{width}d}" + (f".{fraction:09d}".rstrip("0") if fraction else "")


def _clock_text(ns: int) -> str:
    minutes, rest = divmod(ns, 60 * NS)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{_second_text(rest, 2)}"


def _zone_text(zone: Zone) -> str:
    if zone is None:
        return ""
    if isinstance(zone, str):
        return "@" + zone
    if zone == 0:
        return "Z"
    minutes, seconds = divmod(abs(zone), 60)
    return f"{'-' if zone < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}" + (f":{seconds:02d}" if seconds else "")


def date_text(value: AnyDate) -> str:
    """``2021-08-16``; years have at least four digits."""
    return f"{'-' if value.year < 0 else ''}{abs(value.year):04d}-{value.month:02d}-{value.day:02d}"


def parse_date(text: str) -> AnyDate:
    """Read ``YYYY-MM-DD``. Raises NotAMoment."""
    match = _DATE.fullmatch(text)
    if match is None:
        raise NotAMoment(f"“{text[:40]}”不是日期，应写成 2021-08-16")
    return make_date(int(match[1] + match[2]), int(match[3]), int(match[4]))


def _zone_of(match: re.Match[str]) -> Zone:
    if match[5]:
        return 0
    if match[10]:
        zone_info(match[10])
        return match[10]
    if not match[6]:
        return None
    hours, minutes, seconds = int(match[7]), int(match[8]), int(match[9] or 0)
    offset = hours * 3600 + minutes * 60 + seconds
    if minutes > 59 or seconds > 59 or offset > MAX_OFFSET:
        raise NotAMoment("时区偏移超出范围")
    return -offset if match[6] == "-" else offset


def _clock_of(match: re.Match[str], text: str) -> int:
    """Nanoseconds since midnight; 24:00:00 gives a whole day."""
    hour, minute, second = int(match[1]), int(match[2]), int(match[3])
    ns = ((hour * 60 + minute) * 60 + second) * NS + int((match[4] or "0")[:9].ljust(9, "0"))
    if minute > 59 or second > 59 or ns > DAY:
        raise NotAMoment(f"“{text[:40]}”不是时间")
    return ns


def parse_time(text: str) -> Time:
    """Read ``hh:mm:ss`` with fraction and zone. Raises NotAMoment."""
    match = _TIME.fullmatch(text)
    if match is None:
        raise NotAMoment(f"“{text[:40]}”不是时间，应写成 08:30:00")
    return Time(_clock_of(match, text) % DAY, _zone_of(match))


def parse_date_time(text: str) -> DateTime:
    """Read ``YYYY-MM-DDThh:mm:ss`` with fraction and zone, or a date alone (its midnight). Raises NotAMoment."""
    day, separator, clock = text.partition("T")
    days = date_days(parse_date(day))
    if not separator:
        return DateTime(days, 0)
    match = _TIME.fullmatch(clock)
    if match is None:
        raise NotAMoment(f"“{text[:40]}”不是日期时间，应写成 2021-08-16T08:30:00")
    ns = _clock_of(match, text)
    if ns == DAY:
        days, ns = days + 1, 0
        date_from_days(days)
    return DateTime(days, ns, _zone_of(match))


def parse_duration(text: str) -> YearMonth | DayTime:
    """Read ``P1Y2M`` or ``P1DT2H3M4.5S``, each with an optional minus. Raises NotAMoment."""
    match = _MONTHS.fullmatch(text)
    if match is not None:
        months = int(match[2] or 0) * 12 + int(match[3] or 0)
        return YearMonth(-months if match[1] else months)
    match = _DAYS.fullmatch(text)
    if match is None:
        raise NotAMoment(f"“{text[:40]}”不是时长，应写成 P1Y2M 或 P1DT2H")
    days, hours, minutes, seconds = (int(match[index] or 0) for index in (2, 3, 4, 5))
    ns = days * DAY + ((hours * 60 + minutes) * 60 + seconds) * NS + int((match[6] or "0")[:9].ljust(9, "0"))
    return DayTime(-ns if match[1] else ns)


def parse_moment(text: str) -> AnyDate | Time | DateTime | YearMonth | DayTime:
    """Read the text of an at-literal (rule 62). Raises NotAMoment."""
    if text.startswith(("P", "-P")):
        return parse_duration(text)
    if "T" in text.split("@", 1)[0]:
        return parse_date_time(text)
    return parse_time(text) if ":" in text else parse_date(text)
