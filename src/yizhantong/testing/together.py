"""Several at the same moment: threads that each have a connection of their own, on PostgreSQL and on SQLite."""

from __future__ import annotations

import datetime as dt
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, connections

from yizhantong.kernel.divisions import clock


class Crew:
    """Threads that stay, each with its own connection and the clock at ``moment``: ``at_once`` starts one task in each together."""

    def __init__(self, size: int, moment: dt.datetime) -> None:
        self.gate = threading.Barrier(size)
        self.moment = moment
        self.tasks: list[queue.Queue[Any]] = [queue.Queue() for _ in range(size)]
        self.results: queue.Queue[tuple[int, Any]] = queue.Queue()
        self.threads = [threading.Thread(target=self._run, args=(n,), daemon=True) for n in range(size)]
        for thread in self.threads:
            thread.start()

    def _run(self, number: int) -> None:
        while (task := self.tasks[number].get()) is not None:
            self.gate.wait(30)
            try:
                with clock.at(self.moment):
                    result = task()
            except Exception as error:
                result = error
            self.results.put((number, result))
        connections.close_all()

    def at_once(self, *tasks: Callable[[], Any]) -> list[Any]:
        """Run tasks together; return what each gave or raised."""
        for line, task in zip(self.tasks, tasks, strict=True):
            line.put(task)
        found = dict(self.results.get(timeout=60) for _ in tasks)
        return [found[number] for number in range(len(tasks))]

    def go(self) -> None:
        """Let the threads end."""
        for line in self.tasks:
            line.put(None)
        for thread in self.threads:
            thread.join(30)


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
