"""The values of FEEL in Python, and what ``=`` and ``<`` mean between them (DMN 1.5, clauses 10.3.2.3 and 10.3.2.5).

| FEEL | Python |
| --- | --- |
| number | ``Decimal`` (34 digits, half-even); an ``int`` that was given stays one |
| string, boolean, null | ``str``, ``bool``, ``None`` |
| date, time, date and time, durations | ``datetime.date`` or ``FarDate``, ``Time``, ``DateTime``, ``YearMonth``, ``DayTime`` |
| list, context, range, function | ``list``, ``dict``, :class:`Range`, anything of class :class:`Function` |

:func:`normalise` brings what Python programs hold (float, datetime, timedelta, tuple …) into these.
"""

from __future__ import annotations

import datetime as py
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from math import isfinite

from .limits import Budget, RuleLimitError, current_budget
from .moments import DAY, NS, AnyDate, DateTime, DayTime, FarDate, Time, YearMonth, date_days, date_text

NUMBERS = Context(
    prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[Overflow, InvalidOperation, DivisionByZero]
)
"""The arithmetic of IEEE 754-2008 decimal128, as the norm asks. Its methods are used directly, so threads may share it."""

MAX_NESTING = 100


class Function:
    """Base of the functions that FEEL can call: ``call(arguments)`` for positional ones."""

    __slots__ = ()
    name: str
    parameters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """``[low..high]`` and its like. ``op`` is set for ranges written as a test, ``(< 5)``, whose other end does not exist."""

    low: object
    high: object
    low_closed: bool
    high_closed: bool
    op: str = ""

    @classmethod
    def of_test(cls, op: str, value: object) -> Range:
        """The range of a test: ``op`` one of ``= != < <= > >=``."""
        if op[0] == "<":
            return cls(None, value, False, op == "<=", op)
        if op[0] == ">":
            return cls(value, None, op == ">=", False, op)
        return cls(value, value, True, True, op)


def kind(value: object) -> str:
    """The kind of a normalised value: ``number``, ``string``, ``date and time`` …; ``null`` for None, ``""`` for foreign objects."""
    found = KINDS.get(value.__class__)
    if found is not None:
        return found
    return "function" if isinstance(value, Function) else ""


KINDS: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    int: "number",
    Decimal: "number",
    str: "string",
    py.date: "date",
    FarDate: "date",
    Time: "time",
    DateTime: "date and time",
    YearMonth: "years and months duration",
    DayTime: "days and time duration",
    list: "list",
    dict: "context",
    Range: "range",
}
ORDERED = frozenset(
    {"number", "string", "date", "time", "date and time", "years and months duration", "days and time duration"}
)
KIND_LABELS = {
    "null": "空值",
    "boolean": "布尔",
    "number": "数",
    "string": "文本",
    "date": "日期",
    "time": "时间",
    "date and time": "日期时间",
    "years and months duration": "年月时长",
    "days and time duration": "日时时长",
    "list": "列表",
    "context": "上下文",
    "range": "区间",
    "function": "函数",
    "": "未知类型",
}


def label(value: object) -> str:
    """The kind of a value in Chinese, for messages."""
    return KIND_LABELS[kind(value)]


# from Python


def _from_float(value: float) -> Decimal | None:
    return Decimal(repr(value)) if isfinite(value) else None


def _zone_of(tzinfo: py.tzinfo | None, moment: py.datetime | py.time) -> int | str | None:
    if tzinfo is None:
        return None
    key = getattr(tzinfo, "key", None)
    if isinstance(key, str):
        return key
    offset = moment.utcoffset()
    return int(offset.total_seconds()) if offset is not None else None


def _from_time(value: py.time) -> Time:
    ns = ((value.hour * 60 + value.minute) * 60 + value.second) * NS + value.microsecond * 1000
    return Time(ns, _zone_of(value.tzinfo, value))


def _from_datetime(value: py.datetime) -> DateTime:
    return DateTime(date_days(value.date()), _from_time(value.time()).ns, _zone_of(value.tzinfo, value))


def _from_timedelta(value: py.timedelta) -> DayTime:
    return DayTime(value.days * DAY + value.seconds * NS + value.microseconds * 1000)


def _from_decimal(value: Decimal) -> Decimal | None:
    return value if value.is_finite() else None


_SCALARS: dict[type, Callable[..., object]] = {
    Decimal: _from_decimal,
    float: _from_float,
    py.datetime: _from_datetime,
    py.time: _from_time,
    py.timedelta: _from_timedelta,
}
PLAIN = frozenset({type(None), bool, int, str, py.date, FarDate, Time, DateTime, YearMonth, DayTime, Range})


def normalise(value: object, depth: int = 0) -> object:
    """The FEEL value of a Python value. Raises RuleLimitError when nested too deep, TypeError for what FEEL cannot hold."""
    cls = value.__class__
    if cls in PLAIN:
        return value
    convert = _SCALARS.get(cls)
    if convert is not None:
        return convert(value)
    if depth > MAX_NESTING:
        raise RuleLimitError("rules.too_deep", f"数据嵌套超过 {MAX_NESTING} 层。")
    if isinstance(value, Mapping):
        return {str(key): normalise(part, depth + 1) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [normalise(part, depth + 1) for part in value]
    if isinstance(value, Function):
        return value
    return _normalise_subclass(value)


def _normalise_subclass(value: object) -> object:
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    for cls, convert in _SCALARS.items():
        if isinstance(value, cls):
            return convert(value)
    raise TypeError(f"规则不认识 {type(value).__name__} 类型的数据。")


# comparison


def order_key(value: object) -> object:
    """What ``<`` compares for an ordered kind; numbers, strings and near dates are their own keys."""
    if isinstance(value, DateTime | Time):
        return value.seconds()
    if isinstance(value, YearMonth):
        return value.months
    if isinstance(value, DayTime):
        return value.ns
    return value


def compare(left: object, right: object) -> int | None:
    """-1, 0 or 1; None when the values have no order between them."""
    found = kind(left)
    if found not in ORDERED or found != kind(right):
        return None
    if found == "date":
        left, right = date_days(left), date_days(right)  # type: ignore[arg-type]
    else:
        left, right = order_key(left), order_key(right)
    return int(left > right) - int(left < right)  # type: ignore[operator]


def equal(left: object, right: object) -> bool | None:
    """FEEL's ``=``: null equals null only; values of different kinds cannot be compared and give None."""
    if left is None or right is None:
        return left is right
    found = kind(left)
    if found != kind(right):
        return None
    if found in ORDERED:
        return compare(left, right) == 0
    if found == "list":
        return _equal_all(left, right)  # type: ignore[arg-type]
    if found == "context":
        return _equal_contexts(left, right)  # type: ignore[arg-type]
    if found == "range":
        return _equal_ranges(left, right)  # type: ignore[arg-type]
    return left is right if found == "function" else left == right


def _all_true(results: list[bool | None]) -> bool | None:
    if False in results:
        return False
    return None if None in results else True


def _equal_all(left: list[object], right: list[object]) -> bool | None:
    if len(left) != len(right):
        return False
    current_budget().spend(len(left))
    return _all_true([equal(a, b) for a, b in zip(left, right, strict=True)])


def _equal_contexts(left: dict[str, object], right: dict[str, object]) -> bool | None:
    if left.keys() != right.keys():
        return False
    current_budget().spend(len(left))
    return _all_true([equal(value, right[key]) for key, value in left.items()])


def _equal_ranges(left: Range, right: Range) -> bool | None:
    if (left.op, left.low_closed, left.high_closed) != (right.op, right.low_closed, right.high_closed):
        return False
    return _all_true([equal(left.low, right.low), equal(left.high, right.high)])


def identical(left: object, right: object) -> bool:
    """FEEL's ``is`` (clause 10.3.4.7): same kind and same parts, so zones must agree too."""
    found = kind(left)
    if found != kind(right):
        return False
    if found in ("time", "date and time"):
        return left == right
    return equal(left, right) is True


def includes(interval: Range, value: object) -> bool | None:
    """Whether a range holds a value; None when that cannot be said."""
    if interval.op in ("=", "!="):
        same = equal(value, interval.low)
        return same if interval.op == "=" or same is None else not same
    low: bool | None = True
    high: bool | None = True
    if interval.op[:1] != "<":
        order = compare(value, interval.low)
        low = None if order is None else order > 0 or (order == 0 and interval.low_closed)
    if interval.op[:1] != ">":
        order = compare(value, interval.high)
        high = None if order is None else order < 0 or (order == 0 and interval.high_closed)
    if low is None or high is None:
        return None
    return low and high


# texts


def number_text(value: int | Decimal) -> str:
    """A number in plain digits, without needless zeros at its end; very long ones with an exponent."""
    if isinstance(value, int):
        return str(value) if value.bit_length() < 1_000 else format(Decimal(value), "f")
    if value == 0:
        return "0"
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    if exponent > 40 or value.adjusted() < -60:
        return str(value)
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def literal(value: object) -> str:
    """A value as FEEL would write it, for texts and messages (strings in quotes). Raises RuleLimitError when it is too large."""
    return _literal(value, current_budget())


def _literal(value: object, budget: Budget) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list):
        budget.spend(len(value))
        return "[" + ", ".join(_literal(part, budget) for part in value) + "]"
    if isinstance(value, dict):
        budget.spend(len(value))
        return "{" + ", ".join(f"{key}: {_literal(part, budget)}" for key, part in value.items()) + "}"
    return text_of(value)


def text_of(value: object) -> str:
    """What ``string()`` gives (clause 10.3.4.1)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, int | Decimal):
        return number_text(value)
    if isinstance(value, py.date | FarDate):
        return date_text(value)
    if isinstance(value, list | dict):
        return literal(value)
    if isinstance(value, Range):
        return _range_text(value)
    return f"function {value.name}" if isinstance(value, Function) else str(value)


def _range_text(value: Range) -> str:
    if value.op:
        return f"({value.op} {literal(value.low if value.high is None else value.high)})"
    return f"{'[' if value.low_closed else '('}{literal(value.low)}..{literal(value.high)}{']' if value.high_closed else ')'}"


__all__ = [
    "NUMBERS",
    "AnyDate",
    "Function",
    "Range",
    "compare",
    "equal",
    "identical",
    "includes",
    "kind",
    "label",
    "literal",
    "normalise",
    "text_of",
]
