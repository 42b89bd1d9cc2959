"""Many rows that are alike in most: what differs is laid out once in a temporary table, the rest the database fills in by itself.

A case of the past has a dozen rows in five tables, and of their hundred and fifty values some twenty are its own. Handing all of
them over takes longer than keeping them; so a :class:`Staging` holds the twenty, and each table takes its rows from there in one
statement. Constraints and triggers of the tables see each row as always::

    with Staging("past", {"number": …, "day": …}) as staged:
        staged.fill(rows)
        staged.into(CaseStep, {"case_id": Of("id"), "code": "intake", …})
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from django.db import connection, models

from yizhantong.kernel.ledger import writing


@dataclass(frozen=True, slots=True)
class Of:
    """What the column of that name holds."""

    name: str


@dataclass(frozen=True, slots=True)
class Expression:
    """What the database computes of columns; ``%s`` for each parameter."""

    sql: str
    params: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """Which rows were written: the least and the greatest id, and how many."""

    first_id: int
    last_id: int
    count: int


class Staging:
    """A temporary table of this transaction; ``columns`` say like which field each column is kept."""

    def __init__(self, name: str, columns: Mapping[str, models.Field[Any, Any]]) -> None:
        self.name = name
        self.columns = dict(columns)
        self._filled = False

    def __enter__(self) -> Self:
        kept = ", ".join(f'"{name}" {_kind(field)}' for name, field in self.columns.items())
        self._run(f'CREATE TEMPORARY TABLE "{self.name}" ({kept})')
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:  # else the transaction is undone, and the table with it
            self._run(f'DROP TABLE "{self.name}"')

    def fill(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Lay out these rows in place of those before (JSON columns are given as text)."""
        if self._filled:
            self._run(f'DELETE FROM "{self.name}"')
        self._filled = True
        vectors = [[row[name] for row in rows] for name in self.columns]
        writing.put(self.name, list(self.columns), list(self.columns.values()), vectors)

    def into(self, model: type[models.Model], values: Mapping[str, Any]) -> Written:
        """Write a row of ``model`` for each row laid out.

        ``values`` by attribute name: :class:`Of`, :class:`Expression`, or what is the same in all (JSON as text); all columns but the id,
        which is the database's where it is not given.
        """
        columns: list[str] = []
        cells: list[str] = []
        params: list[Any] = []
        for field in model._meta.concrete_fields:
            if field.primary_key and field.attname not in values:
                continue
            columns.append(f'"{field.column}"')
            cell, given = _cell(field, values[field.attname])
            cells.append(cell)
            params += given
        sql = (
            f'INSERT INTO "{model._meta.db_table}" ({", ".join(columns)}) SELECT {", ".join(cells)} FROM "{self.name}"'
        )
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                key = model._meta.pk.column
                cursor.execute(
                    f'WITH made AS ({sql} RETURNING "{key}" AS id) SELECT min(id), max(id), count(*) FROM made', params
                )
                return Written(*cursor.fetchone())
            cursor.execute(sql, params)
            return Written(cursor.lastrowid - cursor.rowcount + 1, cursor.lastrowid, cursor.rowcount)

    def _run(self, sql: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)


def _kind(field: models.Field[Any, Any]) -> str:
    """Return how the database keeps a value that is, or points to, one of ``field``."""
    return str(field.rel_db_type(connection) if field.primary_key else field.db_type(connection))


def _cell(field: models.Field[Any, Any], value: Any) -> tuple[str, tuple[Any, ...]]:
    if isinstance(value, Of):
        return f'"{value.name}"', ()
    if isinstance(value, Expression):
        return value.sql, value.params
    if connection.vendor == "postgresql":
        return f"CAST(%s AS {_kind(field).partition('(')[0]})", (
            value,
        )  # without length: a cast would cut what is too long
    return "%s", (writing.adapted(field, [value])[0],)
