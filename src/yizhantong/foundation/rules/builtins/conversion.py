"""Conversion functions (clause 10.3.4.1) and ``not`` (10.3.4.2)."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal, InvalidOperation
from typing import cast

from .. import ast
from ..arithmetic import Undefined
from ..calls import Implementation
from ..limits import FeelError
from ..moments import (
    MAX_OFFSET,
    NS,
    AnyDate,
    DateTime,
    DayTime,
    Time,
    YearMonth,
    date_days,
    make_date,
    parse_date,
    parse_date_time,
    parse_duration,
    parse_moment,
    parse_time,
    zone_info,
)
from ..parser import parse
from ..runtime import Run
from ..values import NUMBERS, Range, compare, text_of

Number = int | Decimal


def whole(value: Number, what: str) -> int:
    """A number without its fraction, as an int. Raises Undefined beyond reason."""
    if abs(Decimal(value)) > 10**18:
        raise Undefined("rules.bad_argument", f"{what}超出范围")
    return int(value)


def _exact(value: Number, what: str) -> int:
    if value != int(whole(value, what)):
        raise Undefined("rules.bad_argument", f"{what}应是整数")
    return int(value)


def _date_from(run: Run, value: str | AnyDate | DateTime) -> object:
    if isinstance(value, str):
        return parse_date(value)
    return value.date if isinstance(value, DateTime) else value


def _date_of(run: Run, year: Number, month: Number, day: Number) -> object:
    return make_date(_exact(year, "年"), _exact(month, "月"), _exact(day, "日"))


def _time_from(run: Run, value: str | Time | DateTime | AnyDate) -> object:
    if isinstance(value, str):
        return parse_time(value)
    if isinstance(value, DateTime):
        return value.time
    return value if isinstance(value, Time) else Time(0, 0)


def _offset_of(offset: DayTime | None) -> int | None:
    if offset is None:
        return None
    seconds = offset.ns // NS
    if abs(seconds) > MAX_OFFSET or offset.ns % NS:
        raise Undefined("rules.bad_argument", "时区偏移超出范围")
    return seconds


def _time_of(run: Run, hour: Number, minute: Number, second: Number, offset: DayTime | None = None) -> object:
    hours, minutes = _exact(hour, "时"), _exact(minute, "分")
    ns = int(NUMBERS.multiply(Decimal(second), Decimal(NS))) if 0 <= second < 60 else -1
    if not (0 <= hours < 24 and 0 <= minutes < 60 and ns >= 0):
        raise Undefined("rules.bad_moment", "没有这个时间")
    return Time((hours * 60 + minutes) * 60 * NS + ns, _offset_of(offset))


def _moment_from(run: Run, value: str | AnyDate | DateTime) -> object:
    if isinstance(value, str):
        return parse_date_time(value)
    return value if isinstance(value, DateTime) else DateTime(date_days(value), 0, 0)


def _moment_of(run: Run, day: AnyDate | DateTime, time: Time) -> object:
    days = day.days if isinstance(day, DateTime) else date_days(day)
    return DateTime(days, time.ns, time.zone)


def _moment_of_parts(
    run: Run,
    year: Number,
    month: Number,
    day: Number,
    hour: Number,
    minute: Number,
    second: Number,
    zone: object = None,
) -> object:
    made = _date_of(run, year, month, day)
    offset = zone if isinstance(zone, DayTime) else None
    time = cast(Time, _time_of(run, hour, minute, second, offset))
    if isinstance(zone, str):
        zone_info(zone)
        time = Time(time.ns, zone)
    return _moment_of(run, cast(AnyDate, made), time)


_SEPARATORS = (" ", ",", ".")


def _number(run: Run, text: str | Number, grouping: str | None = None, decimal: str | None = None) -> object:
    if not isinstance(text, str):
        return text
    if (
        grouping not in (None, *_SEPARATORS)
        or decimal not in (None, ".", ",")
        or (grouping is not None and grouping == (decimal or "."))
    ):
        raise Undefined("rules.bad_argument", "分隔符只能是空格、逗号或句点，且两种分隔符不能相同")
    plain = text.replace(grouping, "") if grouping else text
    plain = plain.replace(decimal, ".") if decimal else plain
    if (
        len(plain) > 10_000
        or not plain.isascii()
        or "_" in plain
        or plain != plain.strip()
        or not plain.strip("+-").replace(".", "0", 1)[:1].isdigit()
    ):
        raise Undefined("rules.bad_number", f"“{text[:40]}”不是数")
    try:
        return NUMBERS.create_decimal(plain)
    except InvalidOperation:
        raise Undefined("rules.bad_number", f"“{text[:40]}”不是数") from None


def _string(run: Run, value: object) -> object:
    if value is None:
        return None
    text = text_of(value)
    run.budget.check_text(len(text))
    return text


def _duration(run: Run, value: str | DayTime | YearMonth) -> object:
    return parse_duration(value) if isinstance(value, str) else value


def _months_between(run: Run, start: AnyDate | DateTime, end: AnyDate | DateTime) -> object:
    """Whole months between two days; times of day do not count."""
    first, last = _civil(start), _civil(end)
    return YearMonth(_full_months(first, last) if first <= last else -_full_months(last, first))


def _civil(value: AnyDate | DateTime) -> tuple[int, int, int]:
    day = value.date if isinstance(value, DateTime) else value
    return day.year, day.month, day.day


def _full_months(first: tuple[int, int, int], last: tuple[int, int, int]) -> int:
    return (last[0] - first[0]) * 12 + last[1] - first[1] - (last[2] < first[2])


_CONSTRUCTORS = {"date", "time", "date and time", "duration"}


def _range(run: Run, text: str) -> object:
    node = None
    with suppress(FeelError):
        node = parse(text.strip())
    if not isinstance(node, ast.Range) or node.low is None or node.high is None:
        raise Undefined("rules.bad_argument", f"“{text[:40]}”不是区间，应写成 [1..10]")
    low, high = _endpoint(run, node.low), _endpoint(run, node.high)
    order = compare(low, high)
    if order is None or order > 0:
        raise Undefined("rules.bad_argument", "区间的两端不能比较，或起点大于终点")
    return Range(low, high, node.low_closed, node.high_closed)


def _endpoint(run: Run, node: ast.Node) -> object:
    """The value of an end: a literal, or a constructor of one literal string; nothing else may stand in the text."""
    if isinstance(node, ast.Number | ast.String):
        return node.value
    if isinstance(node, ast.Negate) and isinstance(node.operand, ast.Number):
        return NUMBERS.minus(node.operand.value)
    if isinstance(node, ast.At):
        return parse_moment(node.text)
    if isinstance(node, ast.Call) and isinstance(node.function, ast.Name) and node.function.name in _CONSTRUCTORS:
        arguments = node.positional
        if len(arguments) == 1 and isinstance(arguments[0], ast.String):
            return _READERS[node.function.name](arguments[0].value)
    raise Undefined("rules.bad_argument", "区间的两端应是字面值")


_READERS = {"date": parse_date, "time": parse_time, "date and time": parse_date_time, "duration": parse_duration}


def _not(run: Run, value: object) -> object:
    if value is None:
        return None
    if not isinstance(value, bool):
        raise Undefined("rules.bad_argument", "not 只能用于布尔值")
    return not value


_DAY = "date|date and time"
SIGNATURES: list[tuple[str, str, Implementation]] = [
    ("date", f"from: string|{_DAY}", _date_from),
    ("date", "year: number, month: number, day: number", _date_of),
    ("time", f"from: string|time|{_DAY}", _time_from),
    ("time", "hour: number, minute: number, second: number, offset?: days and time duration", _time_of),
    ("date and time", f"from: string|{_DAY}", _moment_from),
    ("date and time", f"date: {_DAY}, time: time", _moment_of),
    (
        "date and time",
        "year: number, month: number, day: number, hour: number, minute: number, second: number, offset?: days and time duration",
        _moment_of_parts,
    ),
    (
        "date and time",
        "year: number, month: number, day: number, hour: number, minute: number, second: number, timezone: string",
        _moment_of_parts,
    ),
    ("number", "from: string|number", _number),
    ("number", "from: string, grouping separator: string|null, decimal separator: string|null", _number),
    ("string", "from: any", _string),
    ("duration", "from: string|days and time duration|years and months duration", _duration),
    ("years and months duration", f"from: {_DAY}, to: {_DAY}", _months_between),
    ("range", "from: string", _range),
    ("not", "negand: any", _not),
]
__all__ = ["SIGNATURES", "whole"]
