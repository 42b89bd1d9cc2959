"""Scores of experts: weighted to 100, the highest and the lowest dropped, the rest averaged. Pure.

>>> result = settle([Decimal(70), Decimal(80), Decimal(99)], least=3, pass_mark=Decimal(60), drop_extremes=True)
>>> result.mean, result.passed, result.dropped
(Decimal('80.00'), True, (0, 2))
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from yizhantong.zones.policies.benefit import Criterion
from yizhantong.zones.policies.errors import PolicyError

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Settled:
    """``mean`` of what was kept (two decimals), whether it reaches the mark, and the positions that were dropped."""

    mean: Decimal
    passed: bool
    dropped: tuple[int, ...]


def total(criteria: Sequence[Criterion], scores: Mapping[str, object]) -> Decimal:
    """Return one expert's total out of 100, two decimals; every criterion needs points from 0 to its most.

    Raises :class:`PolicyError` ``policies.score`` with the criterion's code as ``field``.
    """
    known = {line.code for line in criteria}
    if stray := sorted(set(scores) - known):
        raise PolicyError("policies.score", f"评分表没有“{stray[0]}”这一项", field=stray[0])
    reached = Decimal(0)
    for line in criteria:
        reached += _points(line, scores.get(line.code)) / line.most * line.weight
    whole = sum((line.weight for line in criteria), Decimal(0))
    return (100 * reached / whole).quantize(CENT, ROUND_HALF_UP)


def settle(totals: Sequence[Decimal], *, least: int, pass_mark: Decimal, drop_extremes: bool) -> Settled:
    """Return what the totals come to; fewer than ``least`` is ``policies.too_few_experts``.

    One highest and one lowest are dropped, where that leaves at least one (of equal ones the first).
    """
    if len(totals) < least:
        text = f"有效评分 {len(totals)} 份,至少需要 {least} 份;请补充指派专家"
        raise PolicyError("policies.too_few_experts", text)
    dropped: tuple[int, ...] = ()
    if drop_extremes and len(totals) >= 3:
        order = sorted(range(len(totals)), key=lambda place: totals[place])
        dropped = tuple(sorted((order[0], order[-1])))
    kept = [value for place, value in enumerate(totals) if place not in dropped]
    mean = (sum(kept, Decimal(0)) / len(kept)).quantize(CENT, ROUND_HALF_UP)
    return Settled(mean, mean >= pass_mark, dropped)


def _points(line: Criterion, given: object) -> Decimal:
    try:
        points = Decimal(str(given).strip())
    except ArithmeticError:
        raise PolicyError("policies.score", f"“{line.name}”未评分或不是数字", field=line.code) from None
    if not points.is_finite() or not 0 <= points <= line.most:
        raise PolicyError("policies.score", f"“{line.name}”应在 0 到 {line.most} 分之间", field=line.code)
    return points
