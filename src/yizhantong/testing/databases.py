"""A database of its own for tests that run other processes, on the engine that the run tests."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


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
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    try:
        yield f"{base.rpartition('/')[0]}/{name}?{query}"
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
