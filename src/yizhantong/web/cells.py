"""What stands in the cells of ledgers' tables on pages."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from django.db import models

from yizhantong.kernel.divisions import tree
from yizhantong.kernel.divisions.models import Division
from yizhantong.web.units import scale_of

if TYPE_CHECKING:
    from yizhantong.kernel.figures.records import Record, Records
    from yizhantong.kernel.ledger.models import Fact
    from yizhantong.kernel.ledger.showing import Column


def text_of(column: Column, fact: Fact) -> str:
    """Return what a page shows of a fact in a column: as the ledger shows it, divisions by name instead of by code."""
    if _is_division(column.ledger.model, column.field.column):
        branch = tree.branches().get(getattr(fact, column.field.column) or "")
        if branch is not None:
            return branch.name
    return column.text(fact)


def contribution_of(record: Record, found: Records) -> str:
    """Return exactly, in the figure's unit, what a record adds to the figure; small ones are not rounded away."""
    exact = Decimal(int(record.raw)) / found.figure.factor if record.raw == int(record.raw) else None
    if exact is None:
        return record.text
    plain = exact.normalize()
    return scale_of(found.figure.unit, exact or None).number(format(plain, "f"))


@cache
def _is_division(model: type[models.Model], column: str) -> bool:
    field = next(item for item in model._meta.concrete_fields if column in (item.attname, item.name))
    return isinstance(field, models.ForeignKey) and field.related_model is Division
