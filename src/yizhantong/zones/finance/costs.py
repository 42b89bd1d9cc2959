"""What a loan costs an enterprise, in 元: offers become comparable beyond their rates.

Simple yearly interest on what is lent, paid monthly, the principal at the end of the term (先息后本, the usual way of short
business loans); other ways of repaying cost less, never more. Fees of third parties are not in it.
"""

from __future__ import annotations

MONTHS = 12
BASIS_POINTS = 10_000


def interest_fen(amount_fen: int, rate_bp: int, months: int) -> int:
    """Return the interest over the whole term in 分, half a 分 rounded up; ``rate_bp`` is the yearly rate in basis points."""
    divisor = BASIS_POINTS * MONTHS
    return (2 * amount_fen * rate_bp * months + divisor) // (2 * divisor)


def monthly_fen(amount_fen: int, rate_bp: int) -> int:
    """Return the interest of one month in 分."""
    return interest_fen(amount_fen, rate_bp, 1)
