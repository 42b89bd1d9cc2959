"""Statements that are made once and run thousands of times an hour.

For each statement Django makes a cursor with its wrappers anew, and rewrites the marks of parameters (SQLite) or writes the values into
the text (PostgreSQL), which takes longer than the database does. A :class:`Statement` goes to the driver of the same connection,
within the same transaction, with marks that the driver understands; on PostgreSQL the driver has it prepared after a few runs.
Errors are Django's, and whoever listens to statements (logs, tests that count them, wrappers) hears of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

Params = Sequence[Any]


class Statement:
    """One statement with ``%s`` for each parameter and no other percent sign; for the database that holds everything."""

    __slots__ = ("marked", "sql")

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self.marked = sql.replace("%s", "?")

    def rows(self, params: Params) -> list[tuple[Any, ...]]:
        """Run it and return its rows."""
        return self._run(params, True)[0]

    def run(self, params: Params) -> int:
        """Run it and return how many rows it changed."""
        return self._run(params, False)[1]

    def _run(self, params: Params, fetched: bool) -> tuple[list[tuple[Any, ...]], int]:
        database = connections[DEFAULT_DB_ALIAS]
        if database.queries_logged or database.execute_wrappers or database.connection is None:
            with database.cursor() as cursor:
                cursor.execute(self.sql, params)
                return (cursor.fetchall() if fetched else []), cursor.rowcount
        database.validate_thread_sharing()
        database.validate_no_broken_transaction()
        with database.wrap_database_errors:
            driver: Any = database.connection
            found = (
                driver.execute(self.marked, params)
                if database.vendor == "sqlite"
                else _prepared(driver, self.sql, params)
            )
            return (found.fetchall() if fetched else []), found.rowcount


def _prepared(driver: Any, sql: str, params: Params) -> Any:
    """Run a statement with parameters that the server binds; it prepares what comes again, where the settings let it."""
    from psycopg import Cursor

    return Cursor(driver).execute(sql, params)
