"""The points by which products that suit alike are ranked; every point is explained.

Of 100: the rate 60 (less 1 for each 10 basis points above the loan prime rate), the whole amount from one bank 20, few papers 20
(less 2 for each). A bank pays for nothing here: who is asked first follows from the offer alone.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from yizhantong.zones.finance.config import settings
from yizhantong.zones.finance.matching import fitting
from yizhantong.zones.finance.models import Product

RATE, WHOLE, PAPERS = 60, 20, 20


@dataclass(frozen=True, slots=True)
class Points:
    """The points of one product for one need."""

    rate: int
    whole: int
    papers: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.rate + self.whole + self.papers

    @property
    def text(self) -> str:
        """How they come about."""
        return f"利率 {self.rate}/{RATE},足额 {self.whole}/{WHOLE},材料 {self.papers}/{PAPERS}"


def points(product: Product, wanted_fen: int, day: dt.date) -> Points:
    """Return the points of a product for an amount."""
    low, _high = fitting.rates_of(product, day)
    above = max(0, low - settings().lpr(product.lpr, day))
    return Points(
        max(0, RATE - above // 10),
        WHOLE if product.max_fen >= wanted_fen else 0,
        max(0, PAPERS - 2 * len(product.materials)),
    )


def points_of(product: Product, wanted_fen: npt.NDArray[np.int64], day: dt.date) -> npt.NDArray[np.int16]:
    """Return the totals for many amounts."""
    without = points(product, product.max_fen + 1, day).total
    return np.where(wanted_fen <= product.max_fen, without + WHOLE, without).astype(np.int16)
