"""One need: each product with its answer, every reason, and the points by which it stands where it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items.content import Condition
from yizhantong.kernel.items.matching import Subject, evaluate
from yizhantong.kernel.items.matching.evaluating import Reason, Value
from yizhantong.kernel.items.matching.rules import LABELS, State
from yizhantong.kernel.parties.models import EnterpriseProfile
from yizhantong.zones.finance.matching import fitting, terms
from yizhantong.zones.finance.matching.points import Points, points
from yizhantong.zones.finance.matching.whole import GRADES, NAMES
from yizhantong.zones.finance.models import Listing, Product

_VERDICTS = {fitting.MATCH: "met", fitting.NEAR: "not_met", fitting.NO: "not_met"}


@dataclass(frozen=True, slots=True)
class Suit:
    """A product for a need: ``rate_low`` and ``rate_high`` in basis points, yearly simple interest."""

    product: Product
    state: State
    reasons: tuple[Reason, ...]
    points: Points
    rate_low: int
    rate_high: int

    @property
    def label(self) -> str:
        """The answer in Chinese."""
        return LABELS[self.state]

    @property
    def near(self) -> str:
        """What stands in the way and how far, in one sentence; empty when nothing does."""
        return ";".join(reason.near for reason in self.reasons if reason.verdict == "not_met" and reason.near)

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the facts that have to be found out first."""
        return tuple(dict.fromkeys(name for reason in self.reasons for name in reason.missing))


def published(day: dt.date | None = None) -> list[Product]:
    """Return the products on offer on a day."""
    today = day or clock.today()
    rows = Product.objects.filter(state=Product.State.PUBLISHED).select_related("bank")
    return list(rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=today)).order_by("code"))


def suits(listing: Listing, *, products: Iterable[Product] | None = None, today: dt.date | None = None) -> list[Suit]:
    """Return all products on offer for a need, best first, each with its reasons."""
    day = today or clock.today()
    offered = published(day) if products is None else list(products)
    subject = _subject(listing, day)
    found = [_suit(product, listing, subject, day) for product in offered]
    return sorted(found, key=lambda suit: (GRADES[suit.state], -suit.points.total, suit.product.code))


def _subject(listing: Listing, day: dt.date) -> Subject:
    profile = EnterpriseProfile.objects.select_related("organisation").filter(pk=listing.enterprise_id).first()
    known = Subject.of(profile, day) if profile is not None else Subject(listing.enterprise_id, "", {})
    return Subject(known.uscc, known.name, {**known.record, **terms.record_of(listing)}, known.sources)


def _suit(product: Product, listing: Listing, subject: Subject, day: dt.date) -> Suit:
    verdict = evaluate(terms.rules(product), subject)
    own = [int(part[0]) for part in fitting.parts(product, fitting.Wanted.of([listing]), day)]
    low, high = fitting.rates_of(product, day)
    grade = max(*own, GRADES[verdict.state])
    limits = _limits(product, listing, own, low)
    return Suit(
        product, NAMES[grade], (*limits, *verdict.reasons), points(product, listing.wanted_fen, day), low, high
    )  # fmt: skip


def _limits(product: Product, listing: Listing, own: list[int], low: int) -> Iterable[Reason]:
    """Return the product's own limits as reasons, in the order of ``fitting.LABELS``."""
    guarantees = "、".join(terms.GUARANTEES[code] for code in product.guarantees)
    purposes = "、".join(terms.PURPOSES[code] for code in product.purposes)
    wanted_rate = "不限" if listing.rate_bp is None else f"不高于 {listing.rate_bp / 100:.2f}%"
    said = (
        ("需求金额", _wan(listing.wanted_fen), f"{_wan(product.min_fen)}至{_wan(product.max_fen)}"),
        ("期限月数", f"{listing.term_months} 个月", f"{product.min_months} 至 {product.max_months} 个月"),
        ("担保方式", terms.GUARANTEES[listing.guarantee], guarantees),
        ("资金用途", terms.PURPOSES[listing.purpose], purposes),
        ("期望年利率", wanted_rate, f"{low / 100:.2f}% 起"),
    )
    for code, grade, (name, value, limit) in zip(fitting.LABELS, own, said, strict=True):
        near = "" if grade == fitting.MATCH else f"{name}为{value},产品为{limit}"
        condition = Condition(code=code, text=f"{name}:{limit}")
        yield Reason(condition, _VERDICTS[grade], (Value(name, value),), near)


def _wan(fen: int) -> str:
    return f"{fen / 1_000_000:,.2f}".rstrip("0").rstrip(".") + " 万元"
