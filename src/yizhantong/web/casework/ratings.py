"""What askers said of an item's handling, counted from the facts (国办发〔2019〕51号); a taken-back rating counts no more."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Sum

from yizhantong.kernel.cases.models import CaseRating

SATISFIED = 3
"""3 (基本满意) and better count as satisfied."""


@dataclass(frozen=True, slots=True)
class Rated:
    """How many rated, their mean to one decimal, and how many of a hundred were satisfied."""

    count: int
    mean: str = ""
    satisfied: str = ""


def of_item(code: str) -> Rated:
    """Return the ratings of an item, in one query."""
    rows = CaseRating.objects.filter(item_code=code).values("rating").annotate(n=Sum("sign")).order_by()
    counts = {row["rating"]: row["n"] for row in rows}
    total = sum(counts.values())
    if not total:
        return Rated(0)
    mean = sum(rating * n for rating, n in counts.items()) / total
    good = sum(n for rating, n in counts.items() if rating >= SATISFIED)
    return Rated(total, f"{mean:.1f}", f"{100 * good / total:.1f}")
