"""The unit of the State's statistics of carriers."""

from __future__ import annotations

THOUSAND_YUAN_FEN = 100_000


def from_thousand_yuan(amount: int) -> int:
    """Return in 分 an amount of the yearly form, which is in whole 千元 (国科火字〔2019〕200号): 42120 千元 are 4212 万元."""
    return amount * THOUSAND_YUAN_FEN
