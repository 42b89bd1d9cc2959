"""Databases for tests that run other processes or several connections, on the engine that the run tests."""

from __future__ import annotations

import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import connection


@contextmanager
def fresh_database(folder: Path) -> Iterator[str]:
    """Yield the ``DATABASE_URL`` of an empty database: a file in ``folder``, or one more in the run's PostgreSQL cluster."""
    running = os.environ.get("DATABASE_URL", "")
    if not running.startswith("postgresql"):
        yield f"sqlite:///{folder}/own.sqlite3"
        return
    name = f"own_{uuid.uuid4().hex}"
    base, _, query = running.partition("?")
    server = f"{base.rpartition('/')[0]}/postgres?{query}"
    with psycopg.connect(server, autocommit=True) as opened:
        opened.execute(f"CREATE DATABASE {name}".encode())
    try:
        yield f"{base.rpartition('/')[0]}/{name}?{query}"
    finally:
        with psycopg.connect(server, autocommit=True) as opened:
            opened.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@contextmanager
def reachable(folder: Path) -> Iterator[None]:
    """Let several connections reach the tests' database: on SQLite a copy in a file, since one in memory has a single connection.

    What the block writes is gone with the file; on PostgreSQL the tests' own database is used, and emptied by the test's own end.
    """
    if connection.vendor == "postgresql":
        yield
        return
    connection.ensure_connection()
    inner = connection.settings_dict
    before, memory = dict(inner), connection.connection
    connection.connection = None
    source = folder / "together.sqlite3"
    target = sqlite3.connect(source)
    memory.backup(target)
    target.close()
    inner["NAME"] = str(source)
    inner["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE", "timeout": 60,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;",
    }  # fmt: skip
    shared = connection.is_in_memory_db
    connection.is_in_memory_db = lambda: False  # type: ignore[method-assign]
    try:
        yield
    finally:
        connection.close()
        connection.is_in_memory_db = shared  # type: ignore[method-assign]
        inner.clear()
        inner.update(before)
        connection.connection = memory
