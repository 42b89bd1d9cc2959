"""Statements that are made once and run thousands of times an hour.

For each statement Django makes a cursor with its wrappers anew, and rewrites the marks of parameters (SQLite) or writes the values into
the text (PostgreSQL), which takes longer than the database does. A :class:`Statement` goes to the driver of the same connection,
within the same transaction, with marks that the driver understands; on PostgreSQL the driver has it prepared after a few runs.
Errors are Django's, and whoever listens to statements (logs, tests that count them, wrappers) hears of each.

Writes that do not need each other go :class:`Together`: to PostgreSQL in one message, as one statement of several.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

Params = Sequence[Any]
Ids = list[int]


class Statement:
    """One statement with ``%s`` for each parameter and no other percent sign; for the database that holds everything."""

    __slots__ = ("marked", "numbered", "sql")

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self.marked = sql.replace("%s", "?")
        first, *rest = sql.split("%s")
        self.numbered = (first + "".join(f"${place}{text}" for place, text in enumerate(rest, 1))).encode()

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
                else _prepared(driver, self.numbered, params)
            )
            return (found.fetchall() if fetched else []), found.rowcount


def _prepared(driver: Any, numbered: bytes, params: Params) -> Any:
    """Run a statement with parameters that the server binds; it prepares what comes again, where the settings let it."""
    from psycopg import RawCursor

    return RawCursor(driver).execute(numbered, params)


class Together:
    """Writes that wait to be made at once; none of them may need what another has written.

    Each statement ends in ``RETURNING "id"``; who puts it here hears of the ids (in ascending order) once it was run. The order
    among the statements is kept where there is one: on SQLite they run one after the other.
    """

    __slots__ = ("_waiting",)

    def __init__(self) -> None:
        self._waiting: list[tuple[Statement, Params, Callable[[Ids], object]]] = []

    def put(self, statement: Statement, params: Params, then: Callable[[Ids], object] = lambda _ids: None) -> None:
        """Have a statement run with the others; ``then`` is told the ids of the rows that it wrote."""
        self._waiting.append((statement, params, then))

    def run(self) -> None:
        """Run what waits; what that asks for in turn is run, too."""
        while self._waiting:
            waiting, self._waiting = self._waiting, []
            statements = [statement for statement, _params, _then in waiting]
            if len(waiting) > 1 and connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
                found = _at_once(statements, [params for _statement, params, _then in waiting])
            else:
                found = [_ids(statement.rows(params)) for statement, params, _then in waiting]
            for (_statement, _params, then), ids in zip(waiting, found, strict=True):
                then(ids)


def _ids(rows: Sequence[Sequence[Any]]) -> Ids:
    return sorted(row[0] for row in rows)


def _at_once(statements: Sequence[Statement], params: Sequence[Params]) -> list[Ids]:
    found: list[Ids] = [[] for _ in statements]
    joined = _joined(tuple(statement.sql for statement in statements))
    for place, pk in joined.rows([value for given in params for value in given]):
        found[place].append(pk)
    return [sorted(ids) for ids in found]


@lru_cache(maxsize=512)
def _joined(listed: tuple[str, ...]) -> Statement:
    """Return statements as one: each a part of it, all rows that they return together, each with the place of its statement."""
    made = ", ".join(f"w{place} AS ({sql})" for place, sql in enumerate(listed))
    told = " UNION ALL ".join(f'SELECT {place}, "id" FROM w{place}' for place in range(len(listed)))
    return Statement(f"WITH {made} {told}")
