"""All needs with all products in one pass: the kernel's pass over conditions, vectors for the products' own limits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items.matching import STATES, table
from yizhantong.kernel.items.matching import match_all as match_conditions
from yizhantong.kernel.items.matching.rules import State
from yizhantong.zones.finance.matching import fitting, terms
from yizhantong.zones.finance.matching.points import points_of
from yizhantong.zones.finance.models import Listing, Product

GRADES: dict[State, int] = {
    "match": fitting.MATCH, "person": fitting.PERSON, "unknown": fitting.UNKNOWN, "near": fitting.NEAR, "no": fitting.NO,
}  # fmt: skip
NAMES: tuple[State, ...] = tuple(sorted(GRADES, key=lambda name: GRADES[name]))
_FROM_KERNEL = np.array([GRADES[state] for state in STATES], np.int8)


@dataclass(frozen=True, eq=False)
class Matches:
    """What every product says of every need: ``grades`` (needs × products) from 0, a match, to 4, no; ``points`` rank equals."""

    listings: Sequence[Listing]
    products: Sequence[Product]
    grades: npt.NDArray[np.int8]
    points: npt.NDArray[np.int16]

    def state(self, need: int, product: int) -> State:
        """Return the answer for a pair, by places."""
        return NAMES[int(self.grades[need, product])]

    def best(self, need: int, most: int = 5, *, worst: State = "near") -> Iterator[Product]:
        """Return the products that suit a need, best first: by answer, then by points, then by code."""
        row = self.grades[need]
        order = np.lexsort((np.arange(len(row)), -self.points[need], row))
        for place in order[:most]:
            if row[place] <= GRADES[worst]:
                yield self.products[int(place)]

    def counts(self) -> dict[State, int]:
        """Return how many pairs got each answer."""
        found = np.bincount(self.grades.ravel(), minlength=len(NAMES))
        return {name: int(found[place]) for place, name in enumerate(NAMES)}


def match_all(
    listings: Sequence[Listing], products: Sequence[Product], *, today: dt.date | None = None,
    profiles: table.Profiles | None = None,
) -> Matches:  # fmt: skip
    """Match all needs with all products; ``profiles`` are read from the database unless given (one query)."""
    day = today or clock.today()
    offered = sorted(products, key=lambda product: product.code)
    copy = (profiles or table.read(day)).asking(
        [str(one.pk) for one in listings], [one.enterprise_id for one in listings], terms.columns_of(listings)
    )
    said = match_conditions([terms.rules(product) for product in offered], today=day, profiles=copy)
    wanted = fitting.Wanted.of(listings)
    grades = np.empty((len(listings), len(offered)), np.int8)
    points = np.empty((len(listings), len(offered)), np.int16)
    for place, product in enumerate(offered):
        own = fitting.parts(product, wanted, day)
        grades[:, place] = np.maximum.reduce([*own, _FROM_KERNEL[said.states[product.code]]])
        points[:, place] = points_of(product, wanted.fen, day)
    return Matches(listings, offered, grades, points)
