"""Limits: how long something may take, and by which law."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from yizhantong.foundation.calendar.errors import CalendarError

Unit = Literal["workday", "day", "hour"]
LABELS: dict[str, str] = {"workday": "个工作日", "day": "日", "hour": "小时"}


@dataclass(frozen=True, slots=True)
class Limit:
    """An amount of time with the law that sets it and the place where it was read (``source``; 待核 when unconfirmed).

    "No limit" (无法定时限) is ``None`` in place of a Limit, never an amount of 0. An amount of 0 days says 当日: by the
    end of the working day on which the clock starts. Hours are natural time and at least 1.
    """

    amount: int
    unit: Unit
    law: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        if self.unit not in LABELS:
            raise CalendarError("calendar.unit", f"时限单位“{self.unit}”不认识,可用:workday、day、hour")
        if self.amount < (1 if self.unit == "hour" else 0):
            text = f"时限 {self.amount} {self.unit} 太小;没有时限请留空,不要填 0 或负数"
            raise CalendarError("calendar.amount", text)

    @property
    def text(self) -> str:
        """The limit as it is said in Chinese: 20个工作日, 60日, 24小时, 当日."""
        return f"{self.amount}{LABELS[self.unit]}" if self.amount else "当日"

    def __str__(self) -> str:
        return self.text


def extended(limit: Limit, by: Limit) -> Limit:
    """Return ``limit`` made longer by another of the same unit; both laws are kept. Units that differ are refused."""
    if by.unit != limit.unit:
        text = f"时限单位不一致,不能延长:原为{limit.text},拟延长{by.text};请改用相同的单位"
        raise CalendarError("calendar.extension_unit", text)
    law = "、".join(dict.fromkeys(part for part in (limit.law, by.law) if part))
    source = "、".join(dict.fromkeys(part for part in (limit.source, by.source) if part))
    return replace(limit, amount=limit.amount + by.amount, law=law, source=source)
