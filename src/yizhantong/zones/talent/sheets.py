"""Score sheets of an on-site review: criteria whose full marks are their weights and add up to 100. Pure.

One highest and one lowest total are dropped when at least ``drop_from`` experts scored; of equal ones the first.

>>> outcome = settled([Decimal(60), Decimal(80), Decimal(90), Decimal(70), Decimal(100)], Sheet(criteria=[
...     {"code": "all", "name": "综合", "full": 100}], pass_mark=70))
>>> outcome.mean, outcome.passed, outcome.dropped
(Decimal('80.00'), True, (0, 4))
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from yizhantong.zones.talent.errors import TalentError

HUNDREDTH = Decimal("0.01")


class Line(BaseModel):
    """One criterion and its full mark."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
    name: Annotated[str, Field(min_length=1, max_length=40)]
    full: Annotated[int, Field(ge=1, le=100)]
    guide: Annotated[str, Field(max_length=200)] = ""


class Sheet(BaseModel):
    """The whole sheet; ``least`` experts (three at least), the mark to pass out of 100."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    criteria: Annotated[tuple[Line, ...], Field(min_length=1, max_length=15)]
    least: Annotated[int, Field(ge=3, le=15)] = 3
    drop_from: Annotated[int, Field(ge=4, le=15)] = 5
    pass_mark: Annotated[Decimal, Field(ge=0, le=100)] = Decimal(70)

    @model_validator(mode="after")
    def _add_up(self) -> Sheet:
        if len({line.code for line in self.criteria}) != len(self.criteria):
            raise ValueError("评分项代码重复")
        if sum(line.full for line in self.criteria) != 100:
            raise ValueError("各项满分之和应为 100")
        return self


@dataclass(frozen=True, slots=True)
class Settled:
    """The mean of what was kept, whether it passes, and the positions of the totals that were dropped."""

    mean: Decimal
    passed: bool
    dropped: tuple[int, ...]


def added(sheet: Sheet, marks: Mapping[str, object]) -> Decimal:
    """Return one expert's total; ``talent.mark`` with the criterion as ``field`` for a mark that is missing, strange or beyond its full mark."""
    for code in marks:
        if code not in {line.code for line in sheet.criteria}:
            raise TalentError("talent.mark", f"评分表没有“{code}”这一项", field=code)
    return sum((_mark(line, marks.get(line.code)) for line in sheet.criteria), Decimal(0))


def settled(totals: Sequence[Decimal], sheet: Sheet) -> Settled:
    """Return what the totals come to; fewer than the sheet's least is ``talent.too_few_experts``."""
    if len(totals) < sheet.least:
        raise TalentError("talent.too_few_experts", f"有效评分 {len(totals)} 份,至少需要 {sheet.least} 份;请补抽专家")
    dropped: tuple[int, ...] = ()
    if len(totals) >= sheet.drop_from:
        low = min(range(len(totals)), key=lambda place: (totals[place], place))
        high = max((place for place in range(len(totals)) if place != low), key=lambda place: (totals[place], -place))
        dropped = tuple(sorted((low, high)))
    kept = [total for place, total in enumerate(totals) if place not in dropped]
    mean = (sum(kept, Decimal(0)) / len(kept)).quantize(HUNDREDTH, ROUND_HALF_UP)
    return Settled(mean, mean >= sheet.pass_mark, dropped)


def _mark(line: Line, given: object) -> Decimal:
    try:
        mark = Decimal(str(given).strip())
    except InvalidOperation:
        raise TalentError("talent.mark", f"“{line.name}”未评分或不是数字", field=line.code) from None
    if not mark.is_finite() or not 0 <= mark <= line.full or mark != mark.quantize(HUNDREDTH):
        raise TalentError("talent.mark", f"“{line.name}”应在 0 到 {line.full} 分之间,最多两位小数", field=line.code)
    return mark
