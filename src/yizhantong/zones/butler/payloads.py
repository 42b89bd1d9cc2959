"""What a phone sends, read strictly: unknown members, wrong types and endless texts are refused by name."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from yizhantong.zones.butler.actions.visits import MOST_PROBLEMS, Problem, VisitGiven


class PayloadError(Exception):
    """What was sent cannot be read; the message names the first member that is wrong."""

    def __init__(self, code: str, sentence: str) -> None:
        self.code = code
        super().__init__(sentence)


class ProblemIn(BaseModel):
    """A problem of a visit."""

    model_config = ConfigDict(extra="forbid")
    kind: str = Field(max_length=32)
    text: str = Field(max_length=1000)
    appeal: bool = False


class VisitIn(BaseModel):
    """A visit as the phone keeps it; ``written_at`` is the phone's clock."""

    model_config = ConfigDict(extra="forbid")
    uuid: uuid.UUID
    enterprise: str = Field(max_length=18)
    day: dt.date
    mode: str = Field(max_length=8)
    summary: str = Field(max_length=2000)
    problems: list[ProblemIn] = Field(default_factory=list, max_length=MOST_PROBLEMS)
    written_at: AwareDatetime | None = None

    def given(self) -> VisitGiven:
        """Return it as the actions take it."""
        problems = tuple(Problem(item.kind, item.text.strip(), item.appeal) for item in self.problems)
        return VisitGiven(
            self.uuid, self.enterprise, self.day, self.mode, self.summary.strip(), problems, self.written_at
        )


def visit_of(document: Any) -> VisitGiven:
    """Return the visit of a JSON document; raise :class:`PayloadError` ``butler.payload``."""
    try:
        return VisitIn.model_validate(document).given()
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "正文"
        raise PayloadError("butler.payload", f"“{place}”的内容不对,请刷新页面后重试") from error
