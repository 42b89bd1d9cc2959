"""What a card grants, as a document that a version of its item pins: standard, shortage, stacking, notice, experts, results.

``Benefit.model_validate(document)`` refuses what cannot be meant; :func:`read` turns the refusal into a Chinese sentence.
Money in documents is in 元, as officers write it; everything computed from it is in 分.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from yizhantong.zones.policies.errors import PolicyError

Yuan = Annotated[Decimal, Field(ge=0, le=Decimal("1e11"), decimal_places=2)]
Percent = Annotated[Decimal, Field(gt=0, le=100)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rung(_Part):
    """One rung of a ladder: from ``at_least`` (included) on, a fixed ``amount`` or ``percent`` of the measure, not both."""

    at_least: Decimal = Decimal(0)
    amount: Yuan | None = None
    percent: Percent | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Rung:
        if (self.amount is None) == (self.percent is None):
            raise ValueError("每一级须填金额或比例之一")
        return self


class Standard(_Part):
    """How the amount comes about; ``of`` is FEEL over form and profile (元 for money).

    ``fixed`` ``amount``; ``ratio`` ``percent`` of ``of``; ``ladder`` the rung that ``of`` reaches; ``cap`` the whole of ``of``.
    ``floor`` is the least that is granted at all (below it nothing), ``cap`` the most.
    """

    kind: Literal["fixed", "ratio", "ladder", "cap"]
    amount: Yuan | None = None
    percent: Percent | None = None
    of: str = Field(default="", max_length=500)
    rungs: tuple[Rung, ...] = ()
    floor: Yuan | None = None
    cap: Yuan | None = None

    @model_validator(mode="after")
    def _whole(self) -> Standard:
        needs = {
            "fixed": (self.amount is not None, "定额须填金额"),
            "ratio": (self.percent is not None and bool(self.of), "按比例须填比例和计算基数"),
            "ladder": (bool(self.rungs) and bool(self.of), "分档须填计算基数和至少一档"),
            "cap": (self.cap is not None and bool(self.of), "据实补助须填计算基数和最高限额"),
        }
        met, sentence = needs[self.kind]
        if not met:
            raise ValueError(sentence)
        if self.floor is not None and self.cap is not None and self.floor > self.cap:
            raise ValueError("最低金额高于最高金额")
        starts = [rung.at_least for rung in self.rungs]
        if starts != sorted(set(starts)):
            raise ValueError("各档起点须从低到高且不重复")
        return self


class Criterion(_Part):
    """One line of a score sheet: at most ``most`` points, weighing ``weight`` (any positive numbers)."""

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,23}$")]
    name: Annotated[str, Field(min_length=1, max_length=40)]
    most: Annotated[int, Field(ge=1, le=1000)] = 100
    weight: Annotated[Decimal, Field(gt=0, le=100)] = Decimal(1)


class Experts(_Part):
    """Expert review: how many experts at least, the sheet, the pass mark out of 100, whether extremes are dropped."""

    least: Annotated[int, Field(ge=3, le=15)] = 3
    pass_mark: Annotated[Decimal, Field(ge=0, le=100)] = Decimal(60)
    drop_extremes: bool = True
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1, max_length=12)]

    @model_validator(mode="after")
    def _codes_once(self) -> Experts:
        if len({line.code for line in self.criteria}) != len(self.criteria):
            raise ValueError("评分项代码重复")
        return self


class Metric(_Part):
    """One figure that the enterprise reports after payment; ``target`` is what it should reach, where there is one."""

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,23}$")]
    name: Annotated[str, Field(min_length=1, max_length=40)]
    unit: Annotated[str, Field(max_length=8)] = ""
    target: Decimal | None = None


class Results(_Part):
    """Follow-up of results: first report ``after_months`` after payment, then each year, ``reports`` in all."""

    after_months: Annotated[int, Field(ge=1, le=36)] = 12
    reports: Annotated[int, Field(ge=1, le=5)] = 1
    metrics: Annotated[tuple[Metric, ...], Field(min_length=1, max_length=10)]


class Benefit(_Part):
    """The whole. ``shortage`` is what happens when money is short: 先到先得, 按比例压缩 or 择优."""

    standard: Standard | None = None
    shortage: Literal["first", "proportional", "best"] = "first"
    quota: Annotated[int, Field(ge=1)] | None = None
    public_days: Annotated[int, Field(ge=5, le=30)] = 5
    confirm_days: Annotated[int, Field(ge=3, le=60)] = 15
    experts: Experts | None = None
    results: Results | None = None

    @model_validator(mode="after")
    def _best_needs_scores(self) -> Benefit:
        if self.shortage == "best" and self.experts is None:
            raise ValueError("择优分配须设专家评审")
        return self


def read(document: dict[str, Any]) -> Benefit:
    """Return the benefit of a document; :class:`PolicyError` ``policies.benefit`` names the place and what is wrong."""
    try:
        return Benefit.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "兑现标准"
        said = first["msg"].removeprefix("Value error, ")
        raise PolicyError("policies.benefit", f"兑现标准有误({place}):{said}", field=place) from error
