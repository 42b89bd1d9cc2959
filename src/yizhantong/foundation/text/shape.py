"""The claim before it is placed in the article: `Draft`, with offsets in its sentence, and the interval that a printed number stands for."""

from dataclasses import dataclass
from decimal import Decimal

from .numerals import EXACT, Numeral
from .units import NO_UNIT, Unit

Bounds = tuple[Decimal | None, Decimal | None]


@dataclass(slots=True)
class Draft:
    """A claim of one sentence; offsets are the sentence's. See `Claim` for the meaning of the fields."""

    start: int
    end: int
    number: Decimal
    unit_text: str
    unit: Unit
    value: Decimal
    lower: Decimal | None
    upper: Decimal | None
    qualifier: str = ""
    marks: tuple[str, ...] = ()
    kind: str = "count"
    what: str = ""
    subject: str = ""
    clause: str = ""
    before: str = ""
    exact: bool = False


def plain_draft(
    start: int, end: int, number: Decimal, unit_text: str, kind: str, what: str = "", qualifier: str = ""
) -> Draft:
    """A draft that is just itself: names, dates, ordinals. Its bounds are the number, open above for "at_least"."""
    upper = None if qualifier == "at_least" else number
    if kind in ("name", "count") and what.startswith("“") and what.endswith("”"):
        start, end, what = start + 1, end - 1, what[1:-1]
    return Draft(start, end, number, unit_text, NO_UNIT, number, number, upper, qualifier, kind=kind, what=what)


def bounds(numeral: Numeral, unit: Unit, qualifier: str) -> Bounds:
    """What a printed number allows, in printed units times scale.

    余/多: from the number up to the next unit of its last digit; 超, 以上: no upper bound; 近, 不足: below, 近 not less than four fifths;
    约: a tenth or one unit of the last digit to either side; plain: half a unit of the last printed digit when there are decimals or a scale, or the
    thing is measured and not counted.
    """
    value = numeral.value
    if numeral.low is not None:
        return numeral.low, numeral.high
    if qualifier in _BOUNDS:
        return _BOUNDS[qualifier](value, numeral.step)
    whole_units = unit.is_count or unit.dimension in ("day", "workday", "month")
    if whole_units and numeral.scale == 1 and not numeral.decimals:
        return value, value
    if numeral.form == "ratio" and not numeral.unit:
        return value * Decimal("0.97"), value * Decimal("1.03")
    half = numeral.precision / 2
    return EXACT.subtract(value, half), EXACT.add(value, half)


def _more(value: Decimal, step: Decimal) -> Bounds:
    return value, EXACT.add(value, step)


def _about(value: Decimal, step: Decimal) -> Bounds:
    room = max(abs(value) / 10, step)
    return value - room, value + room


_BOUNDS = {
    "more": _more,
    "at_least": lambda value, step: (value, None),
    "near": lambda value, step: (value * Decimal("0.8"), value),
    "below": lambda value, step: (Decimal(0), value),
    "at_most": lambda value, step: (None, value),
    "about": _about,
}
