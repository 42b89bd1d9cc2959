"""Rounding of results for print: GB/T 8170, half to even (四舍六入五成双), once and never in steps."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal


def round_half_even(value: Decimal, places: int) -> Decimal:
    """Return ``value`` rounded to ``places`` decimals (negative: tens, hundreds) after GB/T 8170, clause 3.

    Limits are compared with the full value (全数值比较法, clause 4.3), never with what this returns.
    """
    return (
        value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN) if places >= 0 else _coarse(value, places)
    )


def _coarse(value: Decimal, places: int) -> Decimal:
    unit = Decimal(1).scaleb(-places)
    return (value / unit).quantize(Decimal(1), rounding=ROUND_HALF_EVEN) * unit
