"""Facts and ledgers as the API tells them: stored values by column, as far as the account may see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ninja import Schema

from yizhantong.kernel.ledger.models import FACT_COLUMNS, Fact
from yizhantong.kernel.ledger.showing import Column, mask


class FactOut(Schema):
    """A fact. ``values`` are stored values by column (money in 分, choices by code); personal ones are masked.

    ``sign`` is -1 for a fact that takes back the one it ``reverses``. What the account may not see is null or left out.
    """

    id: int
    division_id: str
    occurred_on: str
    recorded_at: str
    sign: int
    reverses_id: int | None
    note: str | None
    source: str | None
    values: dict[str, Any]


def fact_out(columns: Sequence[Column], fact: Fact) -> dict[str, Any]:
    """Return a fact as :class:`FactOut`; ``columns`` are those that the account sees."""
    seen = {column.field.column for column in columns}
    return {
        "id": fact.pk,
        "division_id": fact.division_id,
        "occurred_on": fact.occurred_on.isoformat(),
        "recorded_at": fact.recorded_at.isoformat(),
        "sign": fact.sign,
        "reverses_id": getattr(fact, "reverses_id"),  # noqa: B009 (the column of an abstract relation)
        "note": fact.note if "note" in seen else None,
        "source": fact.source if "source" in seen else None,
        "values": {
            column.field.column: _stored(column, getattr(fact, column.field.column))
            for column in columns
            if column.field.column not in FACT_COLUMNS
        },
    }


def is_hidden(column: Column) -> bool:
    """Tell whether a column's content is masked here: personal ones are, whoever asks (revealing is for pages)."""
    return column.masked or column.field.personal


def _stored(column: Column, value: Any) -> Any:
    if value is None or value == "":
        return value
    if is_hidden(column):
        return mask(str(value))
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
