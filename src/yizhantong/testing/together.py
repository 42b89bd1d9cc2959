"""Several at the same moment: threads that each have a connection of their own, on PostgreSQL and on SQLite."""

from __future__ import annotations

import datetime as dt
import queue
import threading
from collections.abc import Callable
from typing import Any

from django.db import connections

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


def at_once(*tasks: Callable[[], Any]) -> list[Any]:
    """Run tasks in threads that start together, each with a connection of its own; return what each gave or raised."""
    gate, found = threading.Barrier(len(tasks)), [None] * len(tasks)

    def run(place: int, task: Callable[[], Any]) -> None:
        try:
            gate.wait(10)
            found[place] = task()
        except Exception as error:
            found[place] = error  # type: ignore[call-overload]
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def raced(*tasks: Callable[[], Any]) -> tuple[list[Any], list[str]]:
    """Run tasks together; return what succeeded, and the codes of what was refused (of any other failure, what it says)."""
    found = at_once(*tasks)
    refused = [str(getattr(each, "code", repr(each))) for each in found if isinstance(each, Exception)]
    return [each for each in found if not isinstance(each, Exception)], refused
