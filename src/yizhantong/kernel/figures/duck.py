"""DuckDB inside this process: no file, one memory cap, one cursor a thread, a new instance after a fork."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import duckdb
import pyarrow as pa
from django.conf import settings

_lock = threading.Lock()
_local = threading.local()
_instance: tuple[int, duckdb.DuckDBPyConnection] | None = None


def _shared() -> tuple[int, duckdb.DuckDBPyConnection]:
    global _instance
    with _lock:
        if _instance is None or _instance[0] != os.getpid():
            options = {
                "memory_limit": getattr(settings, "YZT_FIGURES_MEMORY", "1GB"),
                "threads": str(getattr(settings, "YZT_FIGURES_THREADS", os.cpu_count() or 1)),
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "preserve_insertion_order": "false",
            }
            _instance = (os.getpid(), duckdb.connect(":memory:", config=options))
        return _instance


def cursor() -> duckdb.DuckDBPyConnection:
    """Return this thread's cursor."""
    owner, instance = _shared()
    held: tuple[int, duckdb.DuckDBPyConnection] | None = getattr(_local, "cursor", None)
    if held is None or held[0] != owner:
        held = (owner, instance.cursor())
        held[1].execute("SET TimeZone = 'UTC'")
        _local.cursor = held
    return held[1]


def run(sql: str, tables: Mapping[str, pa.Table] | None = None) -> list[tuple[Any, ...]]:
    """Return the rows of a statement that may read Arrow ``tables`` by name."""
    with _tables(tables) as held:
        return held.execute(sql).fetchall()


def arrow(sql: str) -> pa.Table:
    """Return the answer of a statement as an Arrow table."""
    return cursor().execute(sql).to_arrow_table()


def arrow_of(sql: str, tables: Mapping[str, pa.Table]) -> pa.Table:
    """Return the answer of a statement over Arrow ``tables`` by name, its rows in the order of the tables."""
    with _tables(tables) as held:
        return held.execute(sql).to_arrow_table()


@contextmanager
def _tables(tables: Mapping[str, pa.Table] | None) -> Iterator[duckdb.DuckDBPyConnection]:
    held, names = cursor(), list(tables or ())
    for name in names:
        held.register(name, (tables or {})[name])
    try:
        yield held
    finally:
        for name in names:
            held.unregister(name)
