"""A worker with much to do leaves room for people's requests: SQLite has one writer, and who waits for it only looks now and then."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections, transaction

from yizhantong.kernel.jobs.models import Job
from yizhantong.kernel.jobs.periodic import Slots
from yizhantong.kernel.jobs.tests import chores
from yizhantong.kernel.jobs.worker import Worker
from yizhantong.testing.databases import reachable

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has one writer for the whole database"),
]


@pytest.fixture
def _django_db_helper() -> None:
    """Do not wrap the test in a transaction: the worker's connection is another one."""


JOBS = 60
PATIENCE = 1.0
"""Seconds that a request waits at most for its turn; without courtesy it waits until the last of the jobs (5 s) is done."""


@pytest.fixture
def busy(tmp_path: Path, django_db_setup: None, django_db_blocker: Any) -> Iterator[Worker]:
    """A worker in a thread of its own that goes from job to job, each of which holds the writer's lock for 80 ms."""
    with django_db_blocker.unblock(), reachable(tmp_path):
        for _ in range(JOBS):
            chores.occupies.enqueue(seconds=0.08)
        worker = Worker(slots=Slots([]))

        def run() -> None:
            try:
                worker.run()
            finally:
                connections.close_all()

        thread = threading.Thread(target=run)
        thread.start()
        yield worker
        worker.stop()
        thread.join(30)


def test_requests_get_their_turn_while_the_worker_has_much_to_do(busy: Worker) -> None:
    waited = []
    until = time.monotonic() + 20
    while Job.objects.filter(state="waiting").count() == JOBS:
        assert time.monotonic() < until, "the worker did not begin"
        time.sleep(0.01)
    for _ in range(10):
        began = time.monotonic()
        with transaction.atomic():
            Job.objects.filter(state="dead").update(error="")
        waited.append(time.monotonic() - began)
        time.sleep(0.11)
    assert max(waited) < PATIENCE
    assert Job.objects.filter(state="waiting").exists(), "the worker had nothing to do any more: this proves nothing"
