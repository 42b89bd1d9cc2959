"""Two at once: run an action in two threads that start together, each on a connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

from django.db import connection

from yizhantong.kernel.ledger.errors import LedgerError


def at_once(*actions: Callable[[], object]) -> list[str]:
    """Return, for each action, ``done`` or the code of its refusal, in alphabetical order."""
    start, found = Barrier(len(actions)), []

    def run(action: Callable[[], object]) -> None:
        start.wait(10)
        try:
            action()
            found.append("done")
        except LedgerError as error:
            found.append(error.code)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[action]) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(found)
