"""Points for the queue of flats: rules as data, every point with its reason. Pure.

>>> found = counted([PointRule(code="class", text="D 类人才", rule='人才类别 = "D"', points=30)], {"人才类别": "D"})
>>> found.total, found.reasons[0]["given"]
(30, 30)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from yizhantong.zones.talent.reasons import MET, said


class PointRule(BaseModel):
    """So many points where the rule is true; what is not known gives none and says so."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
    text: Annotated[str, Field(min_length=1, max_length=80)]
    rule: Annotated[str, Field(min_length=1, max_length=300)]
    points: Annotated[int, Field(ge=1, le=100)]


@dataclass(frozen=True, slots=True)
class Counted:
    """The sum, and of each rule what it gave: ``{"code", "text", "points", "given", "known"}``."""

    total: int
    reasons: tuple[dict[str, Any], ...]


def counted(rules: Sequence[PointRule], facts: Mapping[str, Any]) -> Counted:
    """Return the points of somebody."""
    reasons, total = [], 0
    for rule in rules:
        verdict = said(rule.rule, facts).verdict
        given = rule.points if verdict == MET else 0
        total += given
        reasons.append(
            {"code": rule.code, "text": rule.text, "points": rule.points, "given": given, "known": verdict != "unknown"}
        )
    return Counted(total, tuple(reasons))
