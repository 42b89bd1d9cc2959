"""Lift the append-only triggers while a test's database is emptied; a pytest plugin.

Tests that commit (``django_db(transaction=True)``, live servers) end with a flush, which the triggers of the ledgers refuse,
as they must. Name this module in the root ``conftest.py``::

    pytest_plugins = ["yizhantong.testing.django"]

The product never imports it: there is no switch in the product that lets facts be deleted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def triggers_lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Let everything be changed through ``connection`` until the block ends: for flushing, and for playing the forger."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            try:
                yield
            finally:
                cursor.execute("SET session_replication_role = DEFAULT")
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        standing = cursor.fetchall()
        for name, _sql in standing:
            cursor.execute(f'DROP TRIGGER "{name}"')
        try:
            yield
        finally:
            for _name, sql in standing:
                cursor.execute(sql)


@pytest.fixture(scope="session", autouse=True)
def _flush_in_spite_of_triggers() -> Iterator[None]:
    """Wrap the two functions through which Django empties a database, for the length of the session.

    Tables that only tests know are emptied with those they point to (cascade), because Django would leave them out.
    """
    from django.db import connections

    patch = pytest.MonkeyPatch()
    for operations in {type(connection.ops) for connection in connections.all()}:
        _wrap(patch, operations)
    yield
    patch.undo()


def _wrap(patch: pytest.MonkeyPatch, operations: type[Any]) -> None:
    statements, execute = operations.sql_flush, operations.execute_sql_flush

    seen: list[int] = []

    def sql_flush(self: Any, *given: Any, **named: Any) -> Any:
        if (tables := len(self.connection.introspection.table_names())) not in seen[-1:]:
            self.__dict__.pop(
                "_references_graph", None
            )  # Django remembers who points to whom; tests have made tables since
            seen.append(tables)
        return statements(self, *given, **named | {"allow_cascade": True})

    def execute_sql_flush(self: Any, sql_list: Any) -> None:
        with triggers_lifted(self.connection):
            execute(self, sql_list)

    patch.setattr(operations, "sql_flush", sql_flush)
    patch.setattr(operations, "execute_sql_flush", execute_sql_flush)
