"""Real workers in processes of their own, killed in the middle of their work; on SQLite and, where asked for, PostgreSQL."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from yizhantong.testing.databases import fresh_database

LEASE = "3"
SCRIPT = """
import sys, django
django.setup()
from django.core.management import call_command
from yizhantong.kernel.jobs.models import Job
from yizhantong.kernel.jobs.tests import chores
what, count = sys.argv[1], int(sys.argv[2])
if what == "prepare":
    call_command("migrate", "jobs", verbosity=0, skip_checks=True)
    chores.make_table()
elif what == "load":
    import time
    for number in range(count):
        chores.idempotent.enqueue(number=number)
        chores.once.enqueue(number=number)
        time.sleep(0.01)
    print(count)
elif what == "slow":
    chores.slow.enqueue(number=1, seconds=float(count))
elif what == "lingering":
    chores.lingers_once.enqueue(seconds=float(count))
elif what == "deadly":
    chores.kills_its_worker.enqueue()
elif what == "look":
    asked = Job.objects.exclude(slot__isnull=False).values_list("state", "attempts")
    print(",".join(sorted({state for state, _ in asked})), max(attempts for _, attempts in asked))
    for kind in ("once", "idempotent", "tried", "began", "ended"):
        print(kind, *chores.effects(kind))
"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Yield the environment of a fresh database with the jobs' table, on the engine that this run tests."""
    with fresh_database(tmp_path) as url:
        environment = os.environ | {
            "YZT_HOME": str(tmp_path), "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "yizhantong.project.settings",
            "PYTHONPATH": os.pathsep.join(sys.path), "YZT_JOB_LEASE_SECONDS": LEASE,
        }  # fmt: skip
        ask(environment, "prepare")
        yield environment


def ask(environment: dict[str, str], what: str, count: int = 0) -> str:
    command = [sys.executable, "-c", SCRIPT, what, str(count)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def worker(environment: dict[str, str], *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "yizhantong.project.cli", "work", *options]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)


def seen(environment: dict[str, str]) -> tuple[str, int, dict[str, list[int]]]:
    first, *lines = ask(environment, "look").splitlines()
    states, attempts = first.split()
    kinds = {line.split()[0]: [int(word) for word in line.split()[1:]] for line in lines}
    return states, int(attempts), kinds


def begun_before(deadline: float, environment: dict[str, str]) -> None:
    """Wait until a job that takes long has begun."""
    while not seen(environment)[2]["began"]:
        assert time.monotonic() < deadline, "no worker took the job"


def test_workers_killed_under_load_lose_no_job_and_do_none_twice(place: dict[str, str]) -> None:
    count, kills, chance = 120, 6, random.Random(7)
    ask(place, "lingering", 60)
    workers = [worker(place) for _ in range(2)]
    loading = subprocess.Popen([sys.executable, "-c", SCRIPT, "load", str(count)], env=place, stdout=subprocess.PIPE)
    try:
        begun_before(time.monotonic() + 60, place)
        for victim in workers:  # one of them is in the middle of a job for certain, however slow the machine is
            victim.send_signal(signal.SIGKILL)
            victim.wait(10)
        workers = [worker(place) for _ in range(2)]
        for _kill in range(kills):
            time.sleep(1.4 + chance.random() * 0.4)
            victim = workers.pop(0)
            victim.send_signal(signal.SIGKILL)
            victim.wait(10)
            workers.append(worker(place))
        assert loading.wait(60) == 0
        deadline = time.monotonic() + 60
        while (found := seen(place))[0] != "done" and time.monotonic() < deadline:
            time.sleep(0.5)
    finally:
        for process in [*workers, loading]:
            process.kill()
            process.wait(10)
    states, attempts, effects = found
    assert states == "done"
    assert effects["once"] == list(range(count))
    assert effects["idempotent"] == list(range(count))
    assert attempts > 1, "no worker was killed in the middle of a job: the test proves nothing"
    assert effects["began"][0] == 1
    assert effects["ended"]
    assert effects["ended"][0] > 1, "the job that was to be killed in its middle came to its end"


def test_a_worker_told_to_stop_finishes_its_job_first(place: dict[str, str]) -> None:
    ask(place, "slow", 3)
    process = worker(place)
    begun_before(time.monotonic() + 60, place)
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    states, attempts, effects = seen(place)
    assert (states, attempts, effects["began"], effects["ended"]) == ("done", 1, [1], [1])


def test_a_job_longer_than_its_lease_is_kept_by_its_heartbeat(place: dict[str, str]) -> None:
    ask(place, "slow", 7)
    first, second = worker(place, "--once"), worker(place)
    assert first.wait(30) == 0
    deadline = time.monotonic() + 20
    while seen(place)[0] != "done" and time.monotonic() < deadline:
        time.sleep(0.2)
    second.terminate()
    assert second.wait(20) == 0
    assert seen(place) == ("done", 1, {"once": [], "idempotent": [], "tried": [], "began": [1], "ended": [1]})


def test_a_job_that_kills_its_worker_ends_dead(place: dict[str, str]) -> None:
    ask(place, "deadly")
    for _attempt in range(2):
        assert worker(place, "--once").wait(30) == -signal.SIGKILL
        time.sleep(float(LEASE) + 0.2)
    assert worker(place, "--once").wait(30) == 0
    assert seen(place)[0] == "dead"
