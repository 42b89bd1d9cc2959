"""Keeping receipts: the rows that wait in one process share one commit.

A commit that waits for the disk costs the same for one row as for thirty, and one writer of SQLite keeps the others waiting. So requests
hand their row to the one thread of their process that writes; it takes all that wait, writes them by one statement, commits, and only
then lets the requests answer. What was not committed was not acknowledged: a process that dies loses nothing that was promised.
Within a transaction (tests, a shell) the row is written at once. The thread ends, and its connection with it, when nothing comes.

How sure a commit is, SQLite is told by ``YZT_INTAKE_SYNCHRONOUS``: ``FULL`` (the default) waits for the disk at each, and not even a power
cut loses what was acknowledged; ``NORMAL`` outlives the end of any process (kill -9 too) but may lose the last commits before a power cut
or a crash of the operating system. PostgreSQL has ``synchronous_commit`` for the same, which is on unless its operator turns it off.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from django.conf import settings
from django.db import DatabaseError, OperationalError, connection, transaction

from yizhantong.kernel.ledger import inserting
from yizhantong.zones.onething.enrolment.models import Intake

TOGETHER = 32
"""Rows in one statement at most."""
AGAIN = 0.002
"""Seconds between two attempts to get the lock of SQLite."""
IDLE = 0.5
"""Seconds without a row after which the thread ends."""
PATIENCE = 60.0
"""Seconds that a request waits for its commit; its key finds the receipt later, should it have been committed after all."""
Write = Callable[[Sequence[Intake]], dict[str, int]]


def keep(row: Intake) -> bool:
    """Write a row for good and give it its id; False: an earlier row stands in its way. Raises what the database raises."""
    found = write([row]) if connection.in_atomic_block else _POST.keep(row)
    row.pk = found.get(row.receipt)
    return row.pk is not None


def write(rows: Sequence[Intake]) -> dict[str, int]:
    """Write by one statement; return the ids of those that were written, by receipt."""
    return inserting.insert_new(Intake, [row.__dict__ for row in rows], "receipt")


class Post:
    """The rows that wait in this process, and the thread that writes them while there are any."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._waiting: deque[tuple[Intake, Future[dict[str, int]]]] = deque()
        self._changed = threading.Condition()
        self._running = False
        self._tuned: object = None

    def keep(self, row: Intake) -> dict[str, int]:
        """Hand a row over and wait until it is committed; return the ids written with it."""
        answer: Future[dict[str, int]] = Future()
        with self._changed:
            self._waiting.append((row, answer))
            if self._running:
                self._changed.notify()
            else:
                threading.Thread(target=self._run, name="enrolment-post", daemon=True).start()
                self._running = True
        return answer.result(PATIENCE)

    def _run(self) -> None:
        try:
            while group := self._next():
                self._commit(group)
        finally:
            connection.close()

    def _next(self) -> list[tuple[Intake, Future[dict[str, int]]]]:
        with self._changed:
            if not self._waiting:
                self._changed.wait(IDLE)
            group = [self._waiting.popleft() for _ in range(min(TOGETHER, len(self._waiting)))]
            self._running = bool(group)
            return group

    def _commit(self, group: Sequence[tuple[Intake, Future[dict[str, int]]]]) -> None:
        try:
            self._tune()
            found = self._written([row for row, _answer in group])
        except OperationalError as error:  # the database is away or busy: nobody is told that anything was kept
            connection.close()
            for _row, answer in group:
                answer.set_exception(error)
        except DatabaseError as error:  # one row is wrong: the others must not suffer from it
            if len(group) == 1:
                group[0][1].set_exception(error)
            else:
                for one in group:
                    self._commit([one])
        except BaseException as error:
            for _row, answer in group:
                answer.set_exception(error)
        else:
            for _row, answer in group:
                answer.set_result(found)

    def _written(self, rows: Sequence[Intake]) -> dict[str, int]:
        """Write; while another writer of SQLite is at it, ask again every two milliseconds.

        SQLite itself asks ever more rarely, up to ten times a second, and whoever writes one thing after the other (the worker its papers)
        gets the lock before it each time.
        """
        if connection.vendor != "sqlite":
            return self._write(rows)
        until = time.monotonic() + PATIENCE
        while True:
            try:
                with transaction.atomic():  # takes the lock before any row is made ready
                    return self._write(rows)
            except OperationalError as error:
                if not _is_busy(error) or time.monotonic() > until:
                    raise
            time.sleep(AGAIN)

    def _tune(self) -> None:
        """Tell a new connection to SQLite how sure its commits are to be, and that it is we who ask again."""
        connection.ensure_connection()
        if connection.connection is not self._tuned:
            self._tuned = connection.connection
            if connection.vendor == "sqlite":
                sure = "NORMAL" if settings.YZT_INTAKE_SYNCHRONOUS == "NORMAL" else "FULL"
                with connection.cursor() as cursor:
                    cursor.execute(f"PRAGMA synchronous={sure}")
                    cursor.execute("PRAGMA busy_timeout=0")


def _is_busy(error: OperationalError) -> bool:
    """Tell whether SQLite refused because somebody else writes: nothing was done."""
    return getattr(error.__cause__, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


_POST = Post(write)
