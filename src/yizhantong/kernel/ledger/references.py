"""What a fact points to must exist: divisions that still stand on its day, organisations, industries, other records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import models

from yizhantong.kernel.divisions import tree
from yizhantong.kernel.divisions.models import Division
from yizhantong.kernel.ledger.checks import Checker
from yizhantong.kernel.ledger.errors import LedgerError

Known = dict[tuple[str, type[models.Model]], set[Any]]

_AT_ONCE = 500


def check(
    checks: Checker, rows: Sequence[dict[str, Any]], offset: int | None = None, known: Known | None = None
) -> None:
    """Refuse the first row that points to something unknown. ``known`` remembers what was found, between chunks."""
    remembered: Known = {} if known is None else known
    closed = closing_days()
    for position, row in enumerate(rows):
        problem = division_problem(row["division_id"], row["occurred_on"], closed)
        if problem is not None:
            raise problem if offset is None else problem.at(offset + position)
    for column, name, model in checks.references:
        unknown = _unknown(model, {row[column] for row in rows} - {None}, remembered.setdefault((column, model), set()))
        if unknown:
            position = next(i for i, row in enumerate(rows) if row[column] in unknown)
            text = f"没有代码为“{rows[position][column]}”的{model._meta.verbose_name}"
            raise LedgerError("ledger.reference_unknown", text, name, None if offset is None else offset + position)


def division_problem(code: str, day: dt.date, closed: dict[str, dt.date]) -> LedgerError | None:
    """Return why a fact of that day cannot lie in that division, or None."""
    if code not in tree.branches():
        return LedgerError("ledger.division_unknown", f"没有代码为“{code}”的区划", "区划")
    last = closed.get(code)
    if last is not None and last < day:
        name = tree.branches()[code].name
        return LedgerError("ledger.division_closed", f"{name}({code})已于 {last} 停用,不能登记其后的事实", "区划")
    return None


def closing_days() -> dict[str, dt.date]:
    """Return the last day of each division that no longer stands (read again when the tree changes)."""
    if _CLOSING.get("tree") is not tree.branches():
        rows = Division.objects.filter(valid_to__isnull=False).values_list("code", "valid_to")
        _CLOSING.update(tree=tree.branches(), days={code: day for code, day in rows if day is not None})
    days: dict[str, dt.date] = _CLOSING["days"]
    return days


_CLOSING: dict[str, Any] = {}


def _unknown(model: type[models.Model], wanted: set[Any], known: set[Any]) -> set[Any]:
    left = list(wanted - known)
    for start in range(0, len(left), _AT_ONCE):
        known |= set(model._default_manager.filter(pk__in=left[start : start + _AT_ONCE]).values_list("pk", flat=True))
    return wanted - known
