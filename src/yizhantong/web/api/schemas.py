"""Types of parameters, and the shapes that several operations share."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

from yizhantong.kernel.articles.reports import number
from yizhantong.web.api.problems import Problem

MOST_ID = 2**63 - 1
FIRST_DAY = dt.date(1900, 1, 1)
_UNFIT = re.compile("[\x00\ud800-\udfff]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOST_ROWS = 500


def _day(value: Any) -> dt.date:
    """Read ``2021-08-16`` and nothing else: pydantic alone would take seconds since 1970 as well."""
    text = value if isinstance(value, str) else ""
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError("应为日期,如 2021-08-16") from None
    if day < FIRST_DAY:
        raise Problem(422, "api.too_early", f"日期 {day} 太早,最早为 {FIRST_DAY}")
    return day


def _flag(value: Any) -> bool:
    """Read ``true`` or ``false`` and nothing else."""
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return bool(value == "true")
    raise ValueError("应为 true 或 false")


def _whole(value: Any) -> int:
    """Read a whole number written in ordinary digits."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = value if isinstance(value, str) else ""
    if not (text.isascii() and text.removeprefix("-").isdigit()) or len(text) > 20:
        raise ValueError("应为整数")
    return int(text)


def _storable(text: str) -> str:
    """Refuse what no database keeps: the null character and halves of surrogate pairs."""
    if _UNFIT.search(text):
        raise Problem(422, "api.text", "文字中含有不能保存的字符(空字符或不完整的 Unicode),请去掉")
    return text


Day = Annotated[dt.date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Text = Annotated[str, AfterValidator(_storable)]
Flag = Annotated[bool, BeforeValidator(_flag), WithJsonSchema({"type": "boolean"})]
Id = Annotated[int, Field(ge=1, le=MOST_ID), BeforeValidator(_whole)]
Size = Annotated[int, Field(ge=1, le=MOST_ROWS), BeforeValidator(_whole)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,80}$")]
Division = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,12}$")]
Words = Annotated[str, StringConstraints(max_length=200)]
Place = Annotated[str, StringConstraints(max_length=40)]
Level = Literal["unit", "county", "township", "village"]
Bucket = Literal["day", "week", "month"]
CaseNumber = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{1,32}$")]
StepCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_:]{0,31}$")]
Party = Annotated[str, StringConstraints(pattern=r"^(self|[0-9A-Z]{18})$")]
"""Who asks: ``self`` (the account's own person), or an organisation by its GB 32100 code."""
Number = Annotated[Any, WithJsonSchema({"type": ["number", "string", "null"]})]

__all__ = [
    "Bucket", "CaseNumber", "Code", "Day", "Division", "FaultOut", "Flag", "Id", "Level", "Number", "Party", "Place", "ProblemOut",
    "Size", "StepCode", "Strict", "Text", "Words", "number",
]  # fmt: skip


class Strict(Schema):
    """A body: fields that nobody declared are refused."""

    model_config = ConfigDict(extra="forbid")


class FaultOut(Schema):
    """One thing that is wrong, and where."""

    detail: str
    code: str
    field: str
    sheet: str
    row: int | None
    column: str


class ProblemOut(Schema):
    """Problem details (RFC 9457). ``details`` are for programs: who was faster and when, what is missing, which law."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FaultOut]
    details: dict[str, Any]
