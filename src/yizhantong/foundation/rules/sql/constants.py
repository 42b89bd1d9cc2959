"""What is known before any row is read: literals, and arithmetic and comparison between them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Context, Decimal, InvalidOperation
from typing import Any, cast

from sqlglot import exp

from .engines import Engine, whole
from .model import MAX_DIGITS, Kind, Term

PRECISION = Context(prec=34)
"""FEEL's numbers are IEEE 754 decimal128 (OMG DMN 1.5, clause 10.3.2.3.2)."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATETIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:Z|[+-]\d{2}:\d{2})?")
_DAYS = re.compile(r"(-?)P(\d{1,7})D")


def null(engine: Engine) -> Term:
    """FEEL's null where a truth value or nothing is expected."""
    return Term(engine.null(), "null", True, None)


def truth(value: bool) -> Term:
    """``true`` or ``false``."""
    return Term(exp.Boolean(this=value), "boolean", False, value)


def number(engine: Engine, value: Decimal) -> Term:
    """A number; exact if 38 digits hold it."""
    _, digits, exponent = value.as_tuple()
    scale = max(0, -cast(int, exponent))
    width = max(len(digits) + max(0, cast(int, exponent)), scale)
    exact = width if width <= MAX_DIGITS else None
    return Term(engine.number(value), "number", False, value, exact, scale if exact is not None else 0)


def literal(engine: Engine, value: object) -> Term:
    """The term of a Python constant: ``bool``, ``Decimal``, ``int``, ``str``, ``date``, ``datetime`` or ``None``."""
    if value is None:
        return null(engine)
    if isinstance(value, bool):
        return truth(value)
    if isinstance(value, int | Decimal):
        return number(engine, Decimal(value))
    if isinstance(value, datetime):
        return Term(engine.moment_literal(value), "datetime", False, value, aware=value.tzinfo is not None)
    if isinstance(value, date):
        return Term(engine.day_literal(value), "date", False, value)
    if isinstance(value, str):
        return Term(exp.Literal.string(value), "string", False, value, ascii=value.isascii())
    raise TypeError(f"not a FEEL constant: {value!r}")


def days(value: int) -> Term:
    """A duration of whole days, which SQL holds as a whole number."""
    return Term(whole(value), "days", False, value)


def read_date(text: str) -> date | None:
    """An ISO 8601 calendar date between the years 0001 and 9999, or ``None``."""
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def read_datetime(text: str) -> datetime | None:
    """An ISO 8601 date and time, with or without offset, or ``None``."""
    try:
        return datetime.fromisoformat(text) if _DATETIME.fullmatch(text) else None
    except ValueError:
        return None


def read_days(text: str) -> int | None:
    """The days of a duration such as ``P30D``; ``None`` if it has months or parts of a day."""
    match = _DAYS.fullmatch(text)
    if match is None:
        return None
    return -int(match[2]) if match[1] else int(match[2])


def at_literal(engine: Engine, text: str) -> Term | None:
    """The term of ``@"text"`` for dates, dates with times and durations of whole days."""
    day = read_date(text)
    if day is not None:
        return literal(engine, day)
    moment = read_datetime(text)
    if moment is not None:
        return literal(engine, moment)
    span = read_days(text)
    return days(span) if span is not None else None


_OPERATIONS: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": PRECISION.add,
    "-": PRECISION.subtract,
    "*": PRECISION.multiply,
    "/": PRECISION.divide,
}


def fold_numbers(op: str, left: Decimal, right: Decimal) -> Decimal | None:
    """``left op right`` in decimal128; ``None`` for division by zero and overflow."""
    if op == "/" and right == 0:
        return None
    try:
        return _OPERATIONS[op](left, right)
    except (InvalidOperation, ArithmeticError):
        return None


def shift_date(day: date, by: int) -> date | None:
    """``day`` moved by whole days; ``None`` outside the years 0001 to 9999."""
    try:
        return day + timedelta(days=by)
    except OverflowError:
        return None


def ordered(op: str, left: Any, right: Any) -> bool:
    """``left op right`` of two constants of one kind."""
    if op == "<":
        return bool(left < right)
    if op == "<=":
        return bool(left <= right)
    return bool(left > right) if op == ">" else bool(left >= right)


def same_kind(left: Kind, right: Kind) -> bool:
    """Whether FEEL compares the two kinds at all."""
    return left == right and left != "null"
