"""What the sheets of an on-site review come to, with every number that leads there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from yizhantong.zones.talent import sheets
from yizhantong.zones.talent.config import settings
from yizhantong.zones.talent.errors import TalentError
from yizhantong.zones.talent.models import Station, StationReview

Sheet = StationReview.State


@dataclass(frozen=True, slots=True)
class Mark:
    """One expert's total, out of 100, and whether it was dropped as an extreme; ``review`` for those who may see whose it is."""

    total: Decimal
    dropped: bool
    review: StationReview


@dataclass(frozen=True, slots=True)
class Outcome:
    """The arithmetic of a review: ``added / divisor = mean``. ``mean`` is None until everybody asked has answered and they are enough.

    ``waiting`` experts owe their sheets, ``missing`` more are needed; ``stepped_back`` declared a conflict.
    """

    marks: tuple[Mark, ...]
    added: str
    divisor: int
    mean: Decimal | None
    passed: bool | None
    pass_mark: Decimal
    waiting: int
    missing: int
    stepped_back: int
    least: int
    drop_from: int

    @property
    def dropped(self) -> int:
        """Return how many totals do not count."""
        return sum(mark.dropped for mark in self.marks)


def outcome(station: Station, reviews: Iterable[StationReview] | None = None) -> Outcome:
    """Return what a station's sheets come to; ``reviews`` are its own, when they have been read already."""
    rows = sorted(station.reviews.all() if reviews is None else reviews, key=lambda one: one.pk)
    rules = settings().stations.sheet
    scored = [one for one in rows if one.state == Sheet.SCORED and one.total is not None]
    waiting = sum(one.state == Sheet.ASKED for one in rows)
    dropped = {place for place, one in enumerate(scored) if one.dropped}
    mean = station.score
    if mean is None and not waiting:
        try:
            found = sheets.settled([one.total for one in scored if one.total is not None], rules)
        except TalentError:
            pass  # too few: said by ``missing``
        else:
            mean, dropped = found.mean, set(found.dropped)
    marks = tuple(Mark(one.total, place in dropped, one) for place, one in enumerate(scored) if one.total is not None)
    kept = [f"{mark.total:f}" for mark in marks if not mark.dropped]
    return Outcome(
        marks=marks, added=" + ".join(kept), divisor=len(kept), mean=mean, passed=None if mean is None else mean >= rules.pass_mark,
        pass_mark=rules.pass_mark, waiting=waiting, missing=max(0, rules.least - waiting - len(scored)),
        stepped_back=sum(one.state == Sheet.CONFLICT for one in rows), least=rules.least, drop_from=rules.drop_from,
    )  # fmt: skip
