"""A product's own limits against needs, as vectors: amount, term, guarantee, purpose, and the rate the enterprise would pay.

Each is met, nearly met (amount, term and rate within 20 % of the limit, the same share as the kernel's near misses), or not.
Amounts are whole 分 and rates whole basis points, so nothing is rounded.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from yizhantong.zones.finance.config import settings
from yizhantong.zones.finance.models import Listing, Need, Product

Codes = npt.NDArray[np.int8]
MATCH, PERSON, UNKNOWN, NEAR, NO = range(5)
"""The five answers from best to worst: a pair is as good as the worst of its parts."""
LABELS = ("amount", "term", "guarantee", "purpose", "rate")
_GUARANTEES = {code: 1 << place for place, code in enumerate(Need.Guarantee.values)}
_PURPOSES = {code: 1 << place for place, code in enumerate(Need.Purpose.values)}
ANY_RATE = 1 << 30


@dataclass(frozen=True, eq=False)
class Wanted:
    """Needs as vectors."""

    fen: npt.NDArray[np.int64]
    months: npt.NDArray[np.int64]
    guarantee: npt.NDArray[np.int64]
    purpose: npt.NDArray[np.int64]
    bp: npt.NDArray[np.int64]

    @classmethod
    def of(cls, listings: Sequence[Listing]) -> Wanted:
        """Return the vectors of needs; no rate said is any rate."""
        return cls(
            np.array([one.wanted_fen for one in listings], np.int64),
            np.array([one.term_months for one in listings], np.int64),
            np.array([_GUARANTEES[one.guarantee] for one in listings], np.int64),
            np.array([_PURPOSES[one.purpose] for one in listings], np.int64),
            np.array([ANY_RATE if one.rate_bp is None else one.rate_bp for one in listings], np.int64),
        )


def rates_of(product: Product, day: dt.date) -> tuple[int, int]:
    """Return lowest and highest yearly simple rate of a product on a day, in basis points, never below 0."""
    base = settings().lpr(product.lpr, day)
    return max(0, base + product.low_bp), max(0, base + product.high_bp)


def parts(product: Product, wanted: Wanted, day: dt.date) -> tuple[Codes, ...]:
    """Return the answers for each of :data:`LABELS`, for all needs at once."""
    low, _high = rates_of(product, day)
    guarantees = sum(_GUARANTEES[code] for code in product.guarantees)
    purposes = sum(_PURPOSES[code] for code in product.purposes)
    return (
        _within(wanted.fen, product.min_fen, product.max_fen),
        _within(wanted.months, product.min_months, product.max_months),
        np.where(wanted.guarantee & guarantees, MATCH, NO).astype(np.int8),
        np.where(wanted.purpose & purposes, MATCH, NO).astype(np.int8),
        _grade(low <= wanted.bp, low * 10 <= wanted.bp * 12),
    )


def _within(values: npt.NDArray[np.int64], low: int, high: int) -> Codes:
    strict = (values >= low) & (values <= high)
    lenient = (values * 10 >= low * 8) & (values * 10 <= high * 12)
    return _grade(strict, lenient)


def _grade(strict: npt.NDArray[np.bool_], lenient: npt.NDArray[np.bool_]) -> Codes:
    return np.where(strict, MATCH, np.where(lenient, NEAR, NO)).astype(np.int8)
