"""What askers said of an item's handling, counted from the facts (国办发〔2019〕51号); a taken-back rating counts no more."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Sum
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from yizhantong.kernel.cases.models import CaseRating

ASPECTS = (gettext_lazy("办事效率"), gettext_lazy("指南精确度"), gettext_lazy("流程便捷度"), gettext_lazy("平台易用"))
RATINGS = (
    (5, gettext_lazy("非常满意")), (4, gettext_lazy("满意")), (3, gettext_lazy("基本满意")), (2, gettext_lazy("不满意")),
    (1, gettext_lazy("非常不满意")),
)  # fmt: skip
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


def rating_of(request: HttpRequest) -> int:
    """Return the level that a form sends; 0, which the action refuses, when it sends none."""
    given = request.POST.get("rating", "")
    return int(given) if given in {"1", "2", "3", "4", "5"} else 0
