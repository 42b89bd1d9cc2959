"""How rows of cases are read under lock and written: few statements, each made once and used again.

A case is worked on thousands of times an hour, and half of the time of a step would go into putting the same SQL together
again. So statements over whole rows are kept as text; values go through the fields of the models both ways, as ever.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models.base import ModelState

from yizhantong.kernel.cases.models import Case, CaseStep
from yizhantong.kernel.cases.triggers import ENDED_WITH_CASE
from yizhantong.kernel.ledger import inserting
from yizhantong.kernel.ledger.statements import Ids, Statement, Together

M = TypeVar("M", bound=models.Model)
Turned = list[tuple[int, list[Any], Any]]
_READERS: dict[tuple[str, type[models.Model], tuple[str, ...]], tuple[str, list[str], Turned]] = {}
_STATEMENTS: dict[tuple[str, Any, Any], Statement] = {}
_UPDATES: dict[tuple[str, type[models.Model], tuple[str, ...]], tuple[Statement, list[Callable[[Any], Any]]]] = {}
_BLANKS: dict[type[models.Model], tuple[dict[str, Any], dict[str, Callable[[], Any]]]] = {}


def _reader(model: type[models.Model], only: tuple[str, ...] = ()) -> tuple[str, list[str], Turned]:
    """Return the head of a SELECT over rows, the fields' names, and by position what turns stored values into theirs."""
    key = (connection.vendor, model, only)
    if key not in _READERS:
        table = model._meta.db_table
        fields = [field for field in model._meta.concrete_fields if not only or field.attname in only]
        listed = ", ".join(f'"{table}"."{field.column}"' for field in fields)
        turned = []
        for place, field in enumerate(fields):
            column = field.get_col(table)
            found = [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
            if found:
                turned.append((place, found, column))
        _READERS[key] = (f'SELECT {listed} FROM "{table}" WHERE ', [field.attname for field in fields], turned)
    return _READERS[key]


def _statement(vendor: str, what: Any, which: Any, made: Callable[[], str]) -> Statement:
    """Return a statement, made when it is first asked for."""
    found = _STATEMENTS.get((vendor, what, which))
    if found is None:
        found = _STATEMENTS[vendor, what, which] = Statement(made())
    return found


def rows(model: type[M], where: str, params: Sequence[Any], only: tuple[str, ...] = ()) -> list[M]:
    """Return whole rows; ``where`` is SQL over the model's columns, with what follows it.

    ``only`` names the attributes that are read; others are fetched when somebody asks for them.
    """
    database = connections[DEFAULT_DB_ALIAS]
    head, names, turned = _reader(model, only)
    found = _statement(database.vendor, model, (where, only), lambda: head + where).rows(params)
    return [_row(model, row, names, turned, database) for row in found]


def _row(model: type[M], row: Sequence[Any], names: list[str], turned: Turned, database: Any) -> M:
    """Return a stored row as an instance, its values put in as they are (nobody listens to these models being made)."""
    values = list(row)
    for place, converters, column in turned:
        value = values[place]
        for convert in converters:
            value = convert(value, column, database)
        values[place] = value
    return bare(model, dict(zip(names, values, strict=True)), adding=False)


def instance(model: type[M], values: Sequence[Any], only: tuple[str, ...] = ()) -> M:
    """Return an instance of the stored values of its columns, or of ``only`` those, as the database at hand keeps them."""
    _head, names, turned = _reader(model, only)
    return _row(model, values, names, turned, connections[DEFAULT_DB_ALIAS])


def bare(model: type[M], values: dict[str, Any], *, adding: bool) -> M:
    """Return an instance with these values by attribute name, without asking its ``__init__``."""
    made = model.__new__(model)
    state = ModelState()
    state.adding, state.db = adding, None if adding else DEFAULT_DB_ALIAS
    made.__dict__ = {"_state": state, **values}
    return made


def blank(model: type[M], **values: Any) -> M:
    """Return a new row with the defaults of its fields; ``values`` by attribute name (``office_id``, not ``office``)."""
    if model not in _BLANKS:
        fixed: dict[str, Any] = {}
        called: dict[str, Callable[[], Any]] = {}
        for field in model._meta.concrete_fields:
            if callable(field.default) and field.has_default():
                called[field.attname] = field.default
            else:
                fixed[field.attname] = field.get_default()
        _BLANKS[model] = (fixed, called)
    fixed, called = _BLANKS[model]
    made = fixed | values
    for name, default in called.items():
        if name not in values:
            made[name] = default()
    return bare(model, made, adding=True)


def finish_open(
    case: Case, code: str, *, outcome: str, opinion: str, by: int | None, at: dt.datetime, kind: bool = False
) -> CaseStep | None:
    """Write the end of the open step of that code and return it, or None when none is open: one statement.

    With ``kind``, ``code`` is the kind of step, of which the one that was opened first is meant. The case is locked, and whether
    all this may be is asked right afterwards: a refusal takes it back with the transaction.
    """
    database = connections[DEFAULT_DB_ALIAS]
    head, names, turned = _reader(CaseStep)
    statement = _statement(database.vendor, CaseStep, ("finish", kind), lambda: _finishing(head, kind))
    found = statement.rows([_moment(at), by, outcome, opinion, case.pk, code])
    return _row(CaseStep, found[0], names, turned, database) if found else None


def _finishing(head: str, kind: bool) -> str:
    table = CaseStep._meta.db_table
    listed = head.removeprefix("SELECT ").partition(" FROM ")[0].replace(f'"{table}".', "")
    chosen = "case_id = %s AND code = %s AND done_at IS NULL"
    if kind:
        chosen = (
            f'id = (SELECT id FROM "{table}" WHERE case_id = %s AND kind = %s AND done_at IS NULL ORDER BY id LIMIT 1)'
        )
    changed = "done_at = %s, done_by_id = %s, outcome = %s, opinion = %s"
    return f'UPDATE "{table}" SET {changed} WHERE {chosen} RETURNING {listed}'


_WITH_PARENT = (
    f'id IN (%s, (SELECT parent_id FROM "{Case._meta.db_table}" WHERE id = %s)) ORDER BY parent_id IS NOT NULL, id'
)


def locked(pk: int) -> Case:
    """Return a case as it stands now, locked until the transaction ends (SQLite has one writer at a time anyway).

    The case that it is a part of is read with it (``case.parent``) and locked before it: of two parts that end at once, the one
    that comes second sees the first ended.
    """
    found = rows(Case, _WITH_PARENT + (" FOR UPDATE" if connection.features.has_select_for_update else ""), [pk, pk])
    if not found or found[-1].pk != pk:
        raise Case.DoesNotExist(f"case {pk}")
    case = found[-1]
    if len(found) > 1:
        case._state.fields_cache["parent"] = found[0]
    return case


def insert(row: models.Model) -> None:
    """Insert one row and give it its id."""
    row.pk = inserting.insert_one(type(row), row.__dict__)
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def insert_all(made: Sequence[models.Model]) -> None:
    """Insert rows of one model by one statement, and give them their ids."""
    if not made:
        return
    for row, pk in zip(made, inserting.insert_few(type(made[0]), [row.__dict__ for row in made]), strict=True):
        row.pk = pk
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def put_all(together: Together, made: Sequence[models.Model]) -> None:
    """Have rows of one model inserted with what else waits there; they get their ids then."""

    def written(ids: Ids) -> None:
        for row, pk in zip(made, ids, strict=True):
            row.pk = pk
            row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS

    inserting.put_few(together, type(made[0]), [row.__dict__ for row in made], written)


def put_update(together: Together, row: models.Model, values: dict[str, Any]) -> None:
    """Have some columns of a row written with what else waits there, by the names of attributes."""
    together.put(*_updating(row, values))


def update(row: models.Model, values: dict[str, Any]) -> None:
    """Write some columns of a row, by the names of attributes, and set them on the instance."""
    statement, params = _updating(row, values)
    statement.rows(params)
    for name, value in values.items():
        setattr(row, name, value)


def _updating(row: models.Model, values: dict[str, Any]) -> tuple[Statement, list[Any]]:
    """Return the statement that writes these columns of a row (made once for each choice of them), with its parameters."""
    model = type(row)
    key = (connections[DEFAULT_DB_ALIAS].vendor, model, tuple(values))
    found = _UPDATES.get(key)
    if found is None:
        fields = [model._meta.get_field(_field_name(model, name)) for name in values]
        listed = ", ".join(f'"{field.column}" = %s' for field in fields)  # type: ignore[union-attr]
        preparers = [inserting.preparer(field, key[0]) for field in fields]  # type: ignore[arg-type]
        statement = Statement(f'UPDATE "{model._meta.db_table}" SET {listed} WHERE id = %s RETURNING "id"')
        found = _UPDATES[key] = (statement, preparers)
    statement, preparers = found
    params = [prepare(value) for prepare, value in zip(preparers, values.values(), strict=True)]
    return statement, [*params, row.pk]


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
    vendor = connections[DEFAULT_DB_ALIAS].vendor
    if vendor not in _MOMENTS:
        _MOMENTS[vendor] = inserting.preparer(CaseStep._meta.get_field("done_at"), vendor)
    return _MOMENTS[vendor](at)


_MOMENTS: dict[str, Callable[[Any], Any]] = {}
_END_STEPS = Statement(
    f'UPDATE "{CaseStep._meta.db_table}" SET done_at = %s, outcome = %s, opinion = %s WHERE case_id = %s AND done_at IS NULL'
)


def end_steps(case: Case, at: dt.datetime) -> None:
    """End all open steps, marked as ended with the case, of one that is not closed yet (closing ends them by itself)."""
    _END_STEPS.run([_moment(at), "ended", ENDED_WITH_CASE, case.pk])
