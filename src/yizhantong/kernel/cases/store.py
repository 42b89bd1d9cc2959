"""How rows of cases are read under lock and written: few statements, each made once and used again.

A case is worked on thousands of times an hour, and half of the time of a step would go into putting the same SQL together
again. So statements over whole rows are kept as text; values go through the fields of the models both ways, as ever.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models

from yizhantong.kernel.cases.models import Case, CaseStep, ClockSegment
from yizhantong.kernel.ledger import writing

M = TypeVar("M", bound=models.Model)
_READERS: dict[tuple[str, type[models.Model]], tuple[str, list[str], list[tuple[int, list[Any], Any]]]] = {}
_UPDATES: dict[tuple[str, type[models.Model], tuple[str, ...]], tuple[str, list[Callable[[Any], Any]]]] = {}


def _reader(model: type[models.Model]) -> tuple[str, list[str], list[tuple[int, list[Any], Any]]]:
    """Return the head of a SELECT over whole rows, the fields' names, and by position what turns stored values into theirs."""
    key = (connection.vendor, model)
    if key not in _READERS:
        table = model._meta.db_table
        fields = model._meta.concrete_fields
        listed = ", ".join(f'"{table}"."{field.column}"' for field in fields)
        turned = []
        for place, field in enumerate(fields):
            column = field.get_col(table)
            found = [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
            if found:
                turned.append((place, found, column))
        _READERS[key] = (f'SELECT {listed} FROM "{table}" WHERE ', [field.attname for field in fields], turned)
    return _READERS[key]


def rows(model: type[M], where: str, params: Sequence[Any]) -> list[M]:
    """Return whole rows; ``where`` is SQL over the model's columns, with what follows it."""
    database = connections[DEFAULT_DB_ALIAS]
    head, names, turned = _reader(model)
    with database.cursor() as cursor:
        cursor.execute(head + where, params)
        found = cursor.fetchall()
    return [_row(model, row, names, turned, database) for row in found]


def _row(
    model: type[M], row: Sequence[Any], names: list[str], turned: list[tuple[int, list[Any], Any]], database: Any
) -> M:
    values = list(row)
    for place, converters, column in turned:
        for convert in converters:
            values[place] = convert(values[place], column, database)
    return model.from_db(DEFAULT_DB_ALIAS, names, values)


def finish_open(
    case: Case, code: str, *, outcome: str, opinion: str, by: int | None, at: dt.datetime
) -> CaseStep | None:
    """Write the end of the open step of that code and return it, or None when none is open: one statement.

    The case is locked, and whether all this may be is asked right afterwards: a refusal takes it back with the transaction.
    """
    database = connections[DEFAULT_DB_ALIAS]
    head, names, turned = _reader(CaseStep)
    listed = head.removeprefix("SELECT ").partition(" FROM ")[0].replace(f'"{CaseStep._meta.db_table}".', "")
    sql = (
        f'UPDATE "{CaseStep._meta.db_table}" SET done_at = %s, done_by_id = %s, outcome = %s, opinion = %s '
        f"WHERE case_id = %s AND code = %s AND done_at IS NULL RETURNING {listed}"
    )
    with database.cursor() as cursor:
        cursor.execute(sql, [_moment(at), by, outcome, opinion, case.pk, code])
        found = cursor.fetchone()
    return None if found is None else _row(CaseStep, found, names, turned, database)


def locked(pk: int) -> Case:
    """Return a case as it stands now, locked until the transaction ends (SQLite has one writer at a time anyway)."""
    found = rows(Case, "id = %s FOR UPDATE" if connection.features.has_select_for_update else "id = %s", [pk])
    if not found:
        raise Case.DoesNotExist(f"case {pk}")
    return found[0]


def insert(row: models.Model) -> None:
    """Insert one row and give it its id."""
    row.pk = writing.insert_one(type(row), row.__dict__)
    row._state.adding, row._state.db = False, "default"


def update(row: models.Model, values: dict[str, Any]) -> None:
    """Write some columns of a row, by the names of attributes, and set them on the instance."""
    model = type(row)
    database = connections[DEFAULT_DB_ALIAS]
    key = (database.vendor, model, tuple(values))
    if key not in _UPDATES:
        fields = [model._meta.get_field(_field_name(model, name)) for name in values]
        listed = ", ".join(f'"{field.column}" = %s' for field in fields)  # type: ignore[union-attr]
        preparers = [writing.preparer(field, database.vendor) for field in fields]  # type: ignore[arg-type]
        _UPDATES[key] = (f'UPDATE "{model._meta.db_table}" SET {listed} WHERE id = %s', preparers)
    sql, preparers = _UPDATES[key]
    params = [prepare(value) for prepare, value in zip(preparers, values.values(), strict=True)]
    with database.cursor() as cursor:
        cursor.execute(sql, [*params, row.pk])
    for name, value in values.items():
        setattr(row, name, value)


def _field_name(model: type[models.Model], name: str) -> str:
    by_attname = {field.attname: field.name for field in model._meta.concrete_fields}
    return by_attname.get(name, name)


def open_step(case: Case, code: str) -> CaseStep | None:
    """Return the open step of that code."""
    found = rows(CaseStep, "case_id = %s AND code = %s AND done_at IS NULL", [case.pk, code])
    return found[0] if found else None


def open_steps(case: Case) -> list[CaseStep]:
    """Return all open steps in the order in which they were opened."""
    return rows(CaseStep, "case_id = %s AND done_at IS NULL ORDER BY id", [case.pk])


def finish(
    step: CaseStep, *, outcome: str, opinion: str, by: int | None, at: dt.datetime, details: dict[str, Any]
) -> None:
    """Write the end of a step."""
    values: dict[str, Any] = {"done_at": at, "done_by_id": by, "outcome": outcome, "opinion": opinion}
    if details:
        values["details"] = step.details | details
    update(step, values)


def _moment(at: dt.datetime | None) -> Any:
    return writing.preparer(CaseStep._meta.get_field("done_at"), connection.vendor)(at)


def end_steps(case: Case, at: dt.datetime) -> None:
    """End all open steps, marked as ended with the case."""
    sql = f'UPDATE "{CaseStep._meta.db_table}" SET done_at = %s, outcome = %s, opinion = %s WHERE case_id = %s AND done_at IS NULL'
    with connection.cursor() as cursor:
        cursor.execute(sql, [_moment(at), "ended", "随办件结束", case.pk])


def end_first_segment(case: Case, at: dt.datetime) -> bool:
    """End the clock of a case that never stopped; False (and nothing is written) for one that did."""
    columns = '"end" = %s WHERE case_id = %s AND start = %s AND "end" IS NULL'
    with connection.cursor() as cursor:
        moments = [_moment(at), case.pk, _moment(case.accepted_at)]
        cursor.execute(f'UPDATE "{ClockSegment._meta.db_table}" SET {columns}', moments)
        return bool(cursor.rowcount)
