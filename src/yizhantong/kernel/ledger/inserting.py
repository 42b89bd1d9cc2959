"""How a few rows at a time reach a table: by one statement, which is made once for each number of them and used again.

Values are given by attribute name and go through the fields of the model; ids are the database's.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

from yizhantong.kernel.ledger.statements import Ids, Statement, Together

Row = Mapping[str, Any]
Prepare = Callable[[Any], Any]
_PREPARED: dict[tuple[str, type[models.Model]], list[tuple[str, Prepare]]] = {}
_STATEMENTS: dict[tuple[str, type[models.Model], int, str], Statement] = {}
_IDS = 'RETURNING "id"'


def insert_one(model: type[models.Model], values: Row) -> int:
    """Insert one row and return its id."""
    return insert_few(model, [values])[0]


def insert_few(model: type[models.Model], rows: Sequence[Row]) -> list[int]:
    """Insert a few rows by one statement; return their ids, in the order of the rows."""
    return sorted(row[0] for row in _statement(model, len(rows), _IDS).rows(_params(model, rows)))


def put_few(
    together: Together,
    model: type[models.Model],
    rows: Sequence[Row],
    then: Callable[[Ids], object] = lambda _ids: None,
) -> None:
    """Have a few rows inserted with what else waits there; ``then`` is told their ids, in the order of the rows."""
    together.put(_statement(model, len(rows), _IDS), _params(model, rows), then)


def insert_new(model: type[models.Model], rows: Sequence[Row], name: str) -> dict[Any, int]:
    """Insert by one statement those of a few rows that break no unique constraint; return their ids by the value of column ``name``."""
    ending = f'ON CONFLICT DO NOTHING RETURNING "{name}", "id"'
    return {row[0]: row[1] for row in _statement(model, len(rows), ending).rows(_params(model, rows))}


def insert_where(model: type[models.Model], rows: Sequence[Row], condition: str) -> list[int]:
    """Insert by one statement those of a few rows, named ``n``, for which an SQL condition holds; return their ids."""
    ending = f"AS n WHERE {condition} {_IDS}"
    return sorted(row[0] for row in _statement(model, len(rows), ending).rows(_params(model, rows)))


def _params(model: type[models.Model], rows: Sequence[Row]) -> list[Any]:
    vendor = connections[DEFAULT_DB_ALIAS].vendor
    prepared = _PREPARED.get((vendor, model))
    if prepared is None:
        prepared = _PREPARED[vendor, model] = [(field.attname, preparer(field, vendor)) for field in _fields(model)]
    return [prepare(values[name]) for values in rows for name, prepare in prepared]


def _statement(model: type[models.Model], count: int, ending: str) -> Statement:
    key = (connections[DEFAULT_DB_ALIAS].vendor, model, count, ending)
    found = _STATEMENTS.get(key)
    if found is None:
        rows = _selected(model, count) if ending.startswith("AS ") else _listed(model, count)
        columns = ", ".join(f'"{field.column}"' for field in _fields(model))
        found = _STATEMENTS[key] = Statement(f'INSERT INTO "{model._meta.db_table}" ({columns}) {rows} {ending}')
    return found


def _fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [field for field in model._meta.concrete_fields if not field.primary_key]


def _listed(model: type[models.Model], count: int) -> str:
    marks = ", ".join(["%s"] * len(_fields(model)))
    return f"VALUES {', '.join([f'({marks})'] * count)}"


def _selected(model: type[models.Model], count: int) -> str:
    """Return rows that a condition may be put to; PostgreSQL wants to be told their types."""
    database = connections[DEFAULT_DB_ALIAS]
    marks = []
    for field in _fields(model):
        kind = str(field.db_type(database)).partition("(")[0]
        marks.append(f'{"%s" if database.vendor == "sqlite" else f"CAST(%s AS {kind})"} AS "{field.column}"')
    row = f"SELECT {', '.join(marks)}"
    return f"SELECT * FROM ({' UNION ALL '.join([row] * count)})"


def preparer(field: models.Field[Any, Any], vendor: str) -> Prepare:
    """Return what makes a value of ``field`` ready for the driver of that kind of database."""
    target = field
    while isinstance(target, models.ForeignKey):
        target = target.target_field
    kind = target.get_internal_type()
    if kind in _PLAIN or (kind in _DAYS and vendor == "postgresql"):
        return _same
    if kind == "DateTimeField":
        return utc_text
    if kind == "JSONField" and target.encoder is None:  # type: ignore[attr-defined]
        return _json_text if vendor == "sqlite" else _json_value
    return lambda value: field.get_db_prep_save(value, connections[DEFAULT_DB_ALIAS])


def _same(value: Any) -> Any:
    return value


def utc_text(value: dt.datetime | None) -> str | None:
    """Return a moment as SQLite keeps it, in UTC; PostgreSQL takes it too."""
    if value is None:
        return None
    return str((value if value.tzinfo is dt.UTC else value.astimezone(dt.UTC)).replace(tzinfo=None))


def _json_text(value: Any) -> str | None:
    return None if value is None else "{}" if value == {} else json.dumps(value)


def _json_value(value: Any) -> Any:
    from psycopg.types.json import Jsonb

    return None if value is None else Jsonb(value)


_PLAIN = {
    "CharField", "TextField", "SlugField", "BooleanField", "IntegerField", "SmallIntegerField", "BigIntegerField",
    "PositiveIntegerField", "PositiveSmallIntegerField", "AutoField", "BigAutoField",
}  # fmt: skip
"""Columns whose values every driver takes as they are."""
_DAYS = {"DateField", "DateTimeField"}
