"""How rows of cases are read under lock and written: few statements, each made once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection, models

from yizhantong.kernel.cases.models import Case, CaseStep
from yizhantong.kernel.ledger import writing


def locked(pk: int) -> Case:
    """Return a case as it stands now, locked until the transaction ends (SQLite has one writer at a time anyway)."""
    cases = Case.objects.all()
    return (cases.select_for_update() if connection.features.has_select_for_update else cases).get(pk=pk)


def insert(row: models.Model) -> None:
    """Insert one row and give it its id."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    row.pk = writing.insert_one(type(row), values)
    row._state.adding, row._state.db = False, "default"


def update(row: models.Model, values: dict[str, Any]) -> None:
    """Write some columns of a row and set them on the instance."""
    type(row)._default_manager.filter(pk=row.pk).update(**values)
    for name, value in values.items():
        setattr(row, name, value)


def open_step(case: Case, code: str) -> CaseStep | None:
    """Return the open step of that code."""
    return CaseStep.objects.filter(case_id=case.pk, code=code, done_at__isnull=True).first()


def open_steps(case: Case) -> list[CaseStep]:
    """Return all open steps in the order in which they were opened."""
    return list(CaseStep.objects.filter(case_id=case.pk, done_at__isnull=True).order_by("id"))


def finish(
    step: CaseStep, *, outcome: str, opinion: str, by: int | None, at: dt.datetime, details: dict[str, Any]
) -> None:
    """Write the end of a step."""
    values: dict[str, Any] = {"done_at": at, "done_by_id": by, "outcome": outcome, "opinion": opinion}
    if details:
        values["details"] = step.details | details
    update(step, values)
