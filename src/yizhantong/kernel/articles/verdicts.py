"""What a ledger says to a stated number: agrees, differs, no figure, or cannot be decided."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal
from enum import StrEnum
from fractions import Fraction

from yizhantong.foundation.text import Claim
from yizhantong.kernel.articles.catalogue import Entry

WIDE = Context(prec=200)


class Verdict(StrEnum):
    """The four answers."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NO_FIGURE = "no figure"
    UNDECIDED = "cannot be decided"


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one claim. ``ledger_value`` is told in the claim's own unit, exactly; ``reason`` in a sentence."""

    verdict: Verdict
    figure: str | None
    ledger_value: Decimal | None
    division: str | None
    candidates: tuple[str, ...]
    reason: str


def in_base(raw: Fraction | int, entry: Entry) -> Fraction:
    """Return a stored value (分, 千克, counts, shares) in the base unit by which articles compare (元, 千克, counts, shares)."""
    return Fraction(raw) * entry.scale


def compare(
    claim: Claim, raw: Fraction | int | None, entry: Entry, label: str, time: str
) -> tuple[Verdict, Decimal | None, str]:
    """Return verdict, the ledger's value in the claim's unit, and the reason; ``time`` says of which days (截至2021-08-16)."""
    if raw is None:
        return Verdict.UNDECIDED, None, f"“{label}”{time}没有数值,无法比较,请核对台账是否已登记这段时间"
    value = in_base(raw, entry)
    exact = in_unit_of(claim, value)
    too_much = claim.lower is not None and value < Fraction(claim.lower)
    too_little = claim.upper is not None and (
        value >= Fraction(claim.upper) if claim.qualifier == "below" else value > Fraction(claim.upper)
    )
    shown = shown_beside(claim, exact, apart=too_much or too_little)
    if not too_much and not too_little:
        return Verdict.AGREES, exact, f"“{label}”{time}为{shown}{claim.unit},与稿件相符"
    wrong = f"写多了{_gap(claim, value)}" if too_much else f"写少了{_gap(claim, value)}"
    return (
        Verdict.DIFFERS,
        exact,
        f"“{label}”{time}为{shown}{claim.unit},稿件写“{_printed(claim)}”,{wrong};请改为台账数值,或核对统计口径和截止日期",
    )


def in_unit_of(claim: Claim, value: Fraction) -> Decimal:
    """Return a base value in the claim's printed unit: exactly where it has at most 12 decimals, else to six."""
    factor = Fraction(claim.value) / Fraction(claim.number) if claim.number else claim.measure.factor
    ratio = value / factor
    scaled = ratio * 10**12
    if scaled.denominator == 1:
        return _plain(Decimal(scaled.numerator).scaleb(-12, WIDE))
    return _plain(Decimal(round(ratio * 10**6)).scaleb(-6, WIDE))


def shown_beside(claim: Claim, exact: Decimal, *, apart: bool) -> str:
    """Return a value as people would write it beside the claim: two decimals, or as many as tell the two ``apart``."""
    stated = _plain(claim.number)
    places = max(2, _decimals(stated))
    while apart and places < 12 and round(exact, places) in (stated, 0) and round(exact, places) != exact:
        places += 1
    return f"{_plain(round(exact, places)):f}"


def _gap(claim: Claim, value: Fraction) -> str:
    """Return by how much the article is off, in its own unit; from the nearer end of a range."""
    nearest = Fraction(claim.value)
    if claim.qualifier == "range" and claim.lower is not None and claim.upper is not None:
        nearest = Fraction(claim.lower if value < Fraction(claim.lower) else claim.upper)
    gap = in_unit_of(claim, abs(value - nearest))
    unit = "个百分点" if claim.unit == "%" else claim.unit
    return f"{shown_beside(claim, gap, apart=True)}{unit}"


def _printed(claim: Claim) -> str:
    return "".join(claim.phrase.split())


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _plain(value: Decimal) -> Decimal:
    """Return a number without trailing zeros and without exponent (never 2E+1)."""
    if value == value.to_integral_value():
        return value.quantize(Decimal(1), context=WIDE)
    return value.normalize(WIDE)
