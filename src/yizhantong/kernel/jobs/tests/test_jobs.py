"""Enqueueing, running, failing, waiting, dying."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection, transaction
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks.exceptions import InvalidTaskError, TaskResultDoesNotExist

from yizhantong.kernel.jobs import commands, leases, queries, task
from yizhantong.kernel.jobs.backend import LeasedBackend
from yizhantong.kernel.jobs.models import Job
from yizhantong.kernel.jobs.tests import chores
from yizhantong.kernel.jobs.worker import Worker, drain, run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget() -> None:
    chores.CALLS.clear()


def later(seconds: float) -> None:
    """Move every moment of the jobs back, as if so much time had passed."""
    past = dt.timedelta(seconds=seconds)
    for job in Job.objects.all():
        job.run_after -= past
        job.lease_until = job.lease_until and job.lease_until - past
        job.save()


def test_a_job_runs_once_with_its_arguments_and_its_result_can_be_asked_for() -> None:
    asked = chores.note.enqueue(what={"号": [1, "二"]})
    assert asked.status == TaskResultStatus.READY
    assert (drain(), drain()) == (1, 0)
    assert chores.CALLS == [{"号": [1, "二"]}]
    asked.refresh()
    assert (asked.status, asked.return_value, asked.attempts) == (TaskResultStatus.SUCCESSFUL, {"号": [1, "二"]}, 1)
    with pytest.raises(TaskResultDoesNotExist):
        chores.note.get_result("99999")


def test_what_is_rolled_back_leaves_no_job() -> None:
    def refused() -> None:
        with transaction.atomic():
            chores.note.enqueue(what=1)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        refused()
    assert not Job.objects.exists()


def test_many_are_enqueued_in_few_statements(django_assert_max_num_queries: Any) -> None:
    backend = chores.note.get_backend()
    assert isinstance(backend, LeasedBackend)
    with transaction.atomic(), django_assert_max_num_queries(10):
        assert backend.enqueue_many(chores.note, [{"what": n} for n in range(300)]) == 300
    assert drain() == 300
    assert sorted(chores.CALLS) == list(range(300))


def test_urgent_ones_go_first_and_later_ones_wait() -> None:
    chores.note.enqueue(what="a")
    chores.urgent.enqueue(what="b")
    chores.note.using(run_after=timezone.now() + dt.timedelta(hours=1)).enqueue(what="c")
    assert drain() == 2
    assert chores.CALLS == ["b", "a"]
    later(3601)
    assert drain() == 1


def test_a_failed_attempt_waits_longer_each_time_and_ends_dead_with_its_error() -> None:
    chores.fails.enqueue(times=9)
    waits = []
    for _attempt in range(2):
        assert drain() == 1
        job = Job.objects.get()
        assert (job.state, drain()) == ("waiting", 0)
        waits.append((job.run_after - timezone.now()).total_seconds())
        later(waits[-1] + 1)
    assert waits == [pytest.approx(10, abs=2), pytest.approx(20, abs=2)]
    assert drain() == 1
    job = Job.objects.get()
    assert (job.state, job.attempts, drain()) == ("dead", 3, 0)
    assert "对方没有应答" in job.error


def test_a_task_that_fails_once_is_done_the_second_time_and_forgets_its_error() -> None:
    chores.fails.enqueue(times=1)
    drain()
    later(60)
    drain()
    job = Job.objects.get()
    assert (job.state, job.attempts, job.error) == ("done", 2, "")


def test_an_attempt_that_hangs_is_broken_off() -> None:
    chores.hangs.enqueue()
    drain()
    job = Job.objects.get()
    assert job.state == "waiting"
    assert "0 秒仍未完成" in job.error


def test_a_task_knows_its_attempt() -> None:
    asked = chores.knows_itself.enqueue()
    drain()
    asked.refresh()
    assert asked.return_value == 1


@pytest.mark.parametrize("path", ["yizhantong.nowhere.gone", "yizhantong.kernel.jobs.tests.chores.gone", "os.getcwd"])
def test_a_task_that_is_gone_from_the_code_is_dead_at_once(path: str) -> None:
    Job.objects.create(task=path, given={"args": [], "kwargs": {}})
    drain()
    job = Job.objects.get()
    assert (job.state, path in job.error) == ("dead", True)


def test_an_atomic_task_that_fails_leaves_nothing() -> None:
    chores.make_table()
    chores.writes_then_fails.enqueue(number=1)
    chores.once.enqueue(number=2)
    drain()
    assert chores.effects("once") == [2]
    assert sorted(Job.objects.values_list("state", flat=True)) == ["done", "waiting"]


def test_the_job_of_a_worker_that_died_is_given_back_when_its_lease_lapses(settings: Any) -> None:
    chores.note.enqueue(what=1)
    claimed = leases.claim("gone")
    assert claimed is not None
    assert (leases.sweep(), drain()) == (0, 0)
    later(settings.YZT_JOB_LEASE_SECONDS + 1)
    assert drain() == 1
    assert Job.objects.get().attempts == 2
    assert chores.CALLS == [1]
    assert not leases.finish(claimed, None)
    assert not leases.renew(claimed)
    assert not leases.fail(claimed, "late", 3, 1)


def test_a_worker_that_comes_back_too_late_writes_no_end_and_undoes_its_transaction() -> None:
    chores.make_table()
    chores.once.enqueue(number=1)
    late = leases.claim("late")
    assert late is not None
    later(1000)
    assert drain() == 1
    assert not run(late)
    assert chores.effects("once") == [1]


def test_a_task_that_kills_every_worker_is_buried_by_the_sweep() -> None:
    chores.kills_its_worker.enqueue()
    for _worker in range(2):
        assert leases.claim("dies") is not None
        later(1000)
        assert leases.sweep() == 1
    assert Job.objects.get().state == "dead"


def test_a_running_job_must_have_a_lease() -> None:
    from django.db import IntegrityError

    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(task="x", given={}, state="running")


def test_an_idle_worker_asks_little(django_assert_max_num_queries: Any) -> None:
    from yizhantong.kernel.jobs.periodic import Slots

    worker = Worker(slots=Slots([]))
    worker.once()
    with django_assert_max_num_queries(1):
        assert not worker.once()


def test_a_function_that_no_worker_could_find_is_no_task() -> None:
    with pytest.raises(InvalidTaskError):
        task(lambda: None)


def test_jobs_tells_how_the_work_stands_and_exits_1_when_some_are_dead() -> None:
    chores.note.enqueue(what=1)
    Job.objects.create(task="gone.task", given={"args": [], "kwargs": {}})
    before = CliRunner().invoke(commands.jobs, ["--json"])
    assert (before.exit_code, json.loads(before.output)["due"]) == (0, 2)
    drain()
    told = CliRunner().invoke(commands.jobs, ["--json"])
    found = json.loads(told.output)
    assert (told.exit_code, found["done"], found["dead"]) == (1, 1, 1)
    assert found["dead_jobs"][0]["task"] == "gone.task"
    plain = CliRunner().invoke(commands.jobs)
    assert "gone.task" in plain.output
    assert CliRunner().invoke(commands.jobs, ["--retry", "all"]).exit_code == 0
    assert Job.objects.filter(state="waiting").count() == 1
    drain()
    assert CliRunner().invoke(commands.jobs, ["--drop", str(Job.objects.get(state="dead").pk)]).exit_code == 0
    assert CliRunner().invoke(commands.jobs, ["--drop", "x"]).exit_code == 2
    assert queries.standing().dead == 0


def test_the_next_job_is_found_by_an_index() -> None:
    due = Job.objects.filter(state="waiting", run_after__lte=timezone.now()).order_by("-priority", "run_after", "pk")
    if connection.vendor == "sqlite":
        assert "job_waiting" in due[:1].explain()
