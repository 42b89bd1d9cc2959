"""What a ledger says to a stated number: agrees, differs, no figure, or cannot be decided."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from fractions import Fraction

from yizhantong.foundation.text import Claim
from yizhantong.kernel.articles.catalogue import Entry


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
    claim: Claim, raw: Fraction | int | None, entry: Entry, label: str, day: str
) -> tuple[Verdict, Decimal | None, str]:
    """Return verdict, the ledger's value in the claim's unit, and the reason."""
    if raw is None:
        return Verdict.UNDECIDED, None, f"{label}截至{day}没有数值,无法比较"
    value = in_base(raw, entry)
    shown = _in_unit_of(claim, value)
    low = claim.lower is None or Fraction(claim.lower) <= value
    high = claim.upper is None or (
        value < Fraction(claim.upper) if claim.qualifier == "below" else value <= Fraction(claim.upper)
    )
    if low and high:
        return Verdict.AGREES, shown, f"{label}截至{day}为{_text(shown)}{claim.unit},与稿件相符"
    direction = "多" if not low else "少"
    gap = abs(_in_unit_of(claim, value - Fraction(claim.value)))
    return (
        Verdict.DIFFERS,
        shown,
        f"{label}截至{day}为{_text(shown)}{claim.unit},稿件写{claim.phrase},稿件{direction}写了{_text(gap)}{claim.unit}",
    )


def _in_unit_of(claim: Claim, value: Fraction) -> Decimal:
    """Return a base value in the claim's printed unit, to at most six decimals."""
    factor = Fraction(claim.value) / Fraction(claim.number) if claim.number else Fraction(1)
    exact = value / factor
    return (
        (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("1e-6"), ROUND_HALF_EVEN).normalize()
    )


def _text(value: Decimal) -> str:
    return f"{value:,f}"
