"""What the figures answer: values, series, parts; exact inside, rounded only where they are shown.

Rounding follows GB/T 8170-2008 (数值修约规则): to the nearest, and a value exactly half-way to the even digit
(四舍六入五成双), done on the exact fraction, so nothing is rounded twice.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from yizhantong.kernel.figures.declare import Figure, Ratio
from yizhantong.kernel.figures.periods import Span

NO_VALUE = "—"
Raw = int | Fraction


@dataclass(frozen=True, slots=True)
class Value:
    """The value of a figure as of a day.

    ``raw`` is exact, in stored units (for a ratio: numerator over denominator), None where there is no value; ``shown``
    is in ``unit`` and rounded, ``text`` is ``shown`` as printed ("359.04") or "—". ``live`` tells that facts which no
    segment seals yet were looked at; ``sealed_ids`` gives, for each ledger that was asked, the last id that is sealed.
    """

    code: str
    raw: Raw | None
    shown: Decimal | None
    unit: str
    text: str
    as_of: dt.date
    period: Span
    division: str | None
    definition_version: str
    live: bool
    sealed_ids: dict[str, int]


@dataclass(frozen=True, slots=True)
class Point:
    """One bucket of a series: its first day, the value within it and the value from the beginning up to its end."""

    start: dt.date
    raw: Raw | None
    shown: Decimal | None
    text: str
    total_raw: Raw | None
    total_shown: Decimal | None
    total_text: str


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a figure: of a division or of a dimension's value.

    ``key`` is the code (None: facts above that level, or without a value), ``label`` what people read.
    """

    key: str | None
    label: str
    raw: Raw | None
    shown: Decimal | None
    text: str


def rounded(raw: Raw | None, figure: Figure) -> Decimal | None:
    """Return a raw value in the figure's unit, rounded to its decimals after GB/T 8170."""
    if raw is None:
        return None
    moved = Fraction(raw) / Fraction(figure.factor) * 10**figure.decimals
    return Decimal(round(moved)).scaleb(-figure.decimals)


def text_of(shown: Decimal | None) -> str:
    """Return a rounded value as printed, without exponent or thousands separators."""
    return NO_VALUE if shown is None else f"{abs(shown) if shown.is_zero() else shown:f}"


def quotient(figure: Figure, raws: dict[str, Raw]) -> Raw | None:
    """Return the raw value of a ratio from those of its parts; None over nothing."""
    measure = figure.measure
    assert isinstance(measure, Ratio)
    below = raws[measure.denominator]
    if not below:
        return None
    found = Fraction(raws[measure.numerator]) / Fraction(below)
    return int(found) if found.denominator == 1 else found
