"""Many want the same time, the same serial number, the same ticket: exactly one has it. Threads with their own connections.

``YZT_RACE_TRIALS`` (default 1,000): a fiftieth of it is run here.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from yizhantong.kernel.access.models import User
from yizhantong.kernel.appointments import actions, queries
from yizhantong.kernel.appointments.errors import AppointmentError
from yizhantong.kernel.appointments.models import Appointment, Seat, Ticket
from yizhantong.kernel.appointments.tests import conftest
from yizhantong.kernel.cases.tests import world
from yizhantong.kernel.divisions import clock, tree

TRIALS = max(3, int(os.environ.get("YZT_RACE_TRIALS", "1000")) // 50)
CROWD = 6
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[conftest.Place]:
    """Return the hall where several connections can reach it: in a file on SQLite, for one in memory has a single connection."""
    tree.forget()
    if connection.vendor == "postgresql":
        with clock.at(world.NOW):
            yield conftest.settle()
        return
    inner, memory = connection.settings_dict, connection.connection
    before, shared = dict(inner), connection.is_in_memory_db
    connection.connection = None
    with closing(sqlite3.connect(tmp_path / "races.sqlite3")) as target:
        memory.backup(target)
    inner["NAME"] = str(tmp_path / "races.sqlite3")
    inner["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE", "timeout": 60,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;",
    }  # fmt: skip
    connection.is_in_memory_db = lambda: False  # type: ignore[method-assign]
    try:
        with clock.at(world.NOW):
            yield conftest.settle()
    finally:
        connection.close()
        connection.is_in_memory_db = shared  # type: ignore[method-assign]
        inner.clear()
        inner.update(before)
        connection.connection = memory
        tree.forget()


def at_once(*tasks: Callable[[], Any]) -> list[Any]:
    """Run tasks together, each in a thread of its own; return what each gave or raised."""
    gate, results = threading.Barrier(len(tasks)), [None] * len(tasks)

    def run(number: int, task: Callable[[], Any]) -> None:
        gate.wait(30)
        try:
            with clock.at(world.NOW):
                results[number] = task()
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number, task)) for number, task in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def crowd() -> list[User]:
    return [world.citizen(f"众人{number}") for number in range(CROWD)]


def test_a_time_with_two_windows_is_booked_twice_and_never_three_times(place: conftest.Place) -> None:
    people, start = crowd(), world.at(10, 8, 50)
    for _trial in range(TRIALS):
        results = at_once(
            *(lambda who=who: actions.book(place.short, start, who.person, account=who) for who in people)  # type: ignore[misc]
        )
        made = [each for each in results if isinstance(each, Appointment)]
        refused = [each for each in results if isinstance(each, AppointmentError)]
        assert (len(made), len(refused)) == (2, CROWD - 2), results
        assert {each.code for each in refused} == {"appointments.full"}
        assert len({each.window_id for each in made}) == 2
        assert Seat.objects.count() == 2 * 4
        for each in made:
            actions.cancel(each, account=User.objects.get(person=each.person_id))


def test_tickets_taken_together_have_different_numbers_without_a_gap(place: conftest.Place) -> None:
    for _trial in range(max(3, TRIALS // 4)):
        results = at_once(*(lambda: actions.take(place.short)[0] for _ in range(CROWD)))
        assert all(isinstance(each, Ticket) for each in results), results
    serials = sorted(Ticket.objects.values_list("serial", flat=True))
    assert serials == list(range(1, len(serials) + 1))


def test_two_windows_that_call_at_once_get_different_tickets(place: conftest.Place) -> None:
    clerk, second = place.people["clerk"], place.people["second"]
    actions.sit(place.one, account=clerk)
    actions.sit(place.two, account=second)
    for _trial in range(TRIALS):
        for _ in range(2):
            actions.take(place.short)
        pairs = ((place.one, clerk), (place.two, second))
        results = at_once(*(lambda w=w, who=who: actions.call_next(w, account=who) for w, who in pairs))  # type: ignore[misc]
        assert len({each.pk for each in results if isinstance(each, Ticket)}) == 2, results
        for called, (_window, who) in zip(results, pairs, strict=True):
            actions.finish(called, account=who)


def test_of_two_ends_of_one_ticket_one_counts(place: conftest.Place) -> None:
    clerk = place.people["clerk"]
    actions.sit(place.one, account=clerk)
    for _trial in range(max(3, TRIALS // 4)):
        actions.take(place.short)
        called = actions.call_next(place.one, account=clerk)
        assert called is not None
        results = at_once(
            lambda called=called: actions.finish(called, account=clerk),  # type: ignore[misc]
            lambda called=called: actions.skip(called, account=clerk),  # type: ignore[misc]
        )
        assert sum(isinstance(each, Ticket) for each in results) == 1, results
        assert sum(isinstance(each, AppointmentError) for each in results) == 1
        Ticket.objects.filter(state=Ticket.State.SKIPPED).update(state=Ticket.State.LEFT, ended_at=timezone.now())
    assert queries.at_window(place.one) is None
