"""When a subsidy is paid, and how much each time. Pure.

>>> plan = Plan(total_yuan=30000, instalments=3, every_months=12, first_after_months=0)
>>> [(one.ordinal, one.due_on.isoformat(), one.amount_fen) for one in schedule(plan, dt.date(2021, 8, 31))]
[(1, '2021-08-31', 1000000), (2, '2022-08-31', 1000000), (3, '2023-08-31', 1000000)]
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Plan(BaseModel):
    """What one kind of subsidy pays to one class: the whole in 元, in how many instalments, how far apart."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    total_yuan: Annotated[int, Field(gt=0, le=100_000_000)]
    instalments: Annotated[int, Field(ge=1, le=60)]
    every_months: Annotated[int, Field(ge=1, le=60)] = 12
    first_after_months: Annotated[int, Field(ge=0, le=60)] = 0


@dataclass(frozen=True, slots=True)
class Due:
    """One instalment: number from 1, day, amount in 分."""

    ordinal: int
    due_on: dt.date
    amount_fen: int


def schedule(plan: Plan, granted_on: dt.date) -> list[Due]:
    """Return the instalments; they add up to the whole exactly, what cannot be divided goes to the first ones."""
    total = plan.total_yuan * 100
    each, rest = divmod(total, plan.instalments)
    return [
        Due(
            place + 1,
            months_after(granted_on, plan.first_after_months + place * plan.every_months),
            each + (place < rest),
        )
        for place in range(plan.instalments)
    ]


def months_after(day: dt.date, months: int) -> dt.date:
    """Return the same day some months later, or the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
