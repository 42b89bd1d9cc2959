"""The worker: claims, runs, ends; sweeps up after those who died; enqueues what is due by the clock."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from traceback import format_exception
from types import FrameType
from typing import Any

from django.db import InterfaceError, OperationalError, close_old_connections, connection, connections, transaction
from django_tasks.base import TaskContext
from django_tasks.exceptions import InvalidTaskError
from django_tasks.signals import task_finished, task_started
from django_tasks.utils import normalize_json

from yizhantong.kernel.jobs import leases
from yizhantong.kernel.jobs.backend import LeasedBackend, find, result_of
from yizhantong.kernel.jobs.models import Job
from yizhantong.kernel.jobs.periodic import Slots
from yizhantong.kernel.jobs.work import Work

logger = logging.getLogger("yizhantong.jobs")

IDLE = 0.5
"""Seconds between two looks of an idle worker."""
COURTESY = 0.12
"""Seconds at most that a worker waits after each job on SQLite. Whoever waits for its one writer's lock looks every 0.1 s, so that a
worker which goes from job to job would keep people's requests out for as long as it has work."""


class LeaseLost(Exception):
    """The job was given to somebody else meanwhile; what this attempt did in its transaction is undone."""

    code = "jobs.lease_lost"


class TooLong(Exception):
    """The attempt took longer than its task's ``limit``."""

    code = "jobs.too_long"


class Worker:
    """One worker: runs one job at a time until it is told to stop."""

    def __init__(self, *, parent: int | None = None, slots: Slots | None = None) -> None:
        """``parent``: stop when this process is no longer our parent; ``slots``: periodic tasks (default: all)."""
        self.name = f"{socket.gethostname()[:32]}:{os.getpid()}"
        self.stopping = threading.Event()
        self._parent = parent
        self._slots = slots
        self._swept = 0.0

    def stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """Finish the running job, then end; safe to call from a signal."""
        self.stopping.set()

    def run(self) -> None:
        """Work until stopped. A database that is away is waited for."""
        wait = IDLE
        while not self._told_to_stop():
            try:
                close_old_connections()
                began = time.monotonic()
                busy = self.once()
                wait = IDLE
                if busy and connection.vendor == "sqlite":
                    self.stopping.wait(min(time.monotonic() - began, COURTESY))
            except (OperationalError, InterfaceError) as error:
                logger.warning("database not available, waiting %.0f s: %s", wait, error)
                connections.close_all()
                busy, wait = False, min(wait * 2, 30.0)
            if not busy:
                self.stopping.wait(wait)

    def drain(self) -> int:
        """Run all that is due now, then return how many jobs were run; what failed waits for its next attempt."""
        self._housekeeping()
        ran = 0
        while not self._told_to_stop() and self._claim_and_run():
            ran += 1
        return ran

    def once(self) -> bool:
        """Do what is due of housekeeping and run at most one job; tell whether one was run."""
        if time.monotonic() - self._swept >= leases.lease_length().total_seconds() / 3:
            self._housekeeping()
        elif self._slots is not None:
            self._slots.enqueue()
        return self._claim_and_run()

    def _housekeeping(self) -> None:
        self._swept = time.monotonic()
        if self._slots is None:
            self._slots = Slots()
        self._slots.enqueue()
        if found := leases.sweep():
            logger.warning("%d job(s) of workers that died were taken up again", found)

    def _told_to_stop(self) -> bool:
        if self._parent is not None and os.getppid() != self._parent:
            self.stop()
        return self.stopping.is_set()

    def _claim_and_run(self) -> bool:
        job = leases.claim(self.name)
        if job is None:
            return False
        if self.stopping.is_set():
            leases.give_back(job)
            return False
        run(job)
        return True


def run(job: Job) -> bool:
    """Run a claimed job and write its end; tell whether it ended well."""
    try:
        work = find(job.task)
    except (ImportError, InvalidTaskError, AttributeError) as error:
        logger.error("job %s: %s", job, error)
        leases.fail(job, f"找不到任务 {job.task}:{error}", attempts=0, wait=0)
        return False
    task_started.send(LeasedBackend, task_result=result_of(job, work))
    try:
        with _limited(work.limit):
            ended = _atomically(job, work) if work.atomic else _leased(job, work)
    except LeaseLost:
        ended = False
    except Exception as error:
        told = "".join(format_exception(error))
        logger.warning("job %s failed (attempt %d): %s", job, job.attempts, error)
        ended = leases.fail(job, told, work.attempts, work.wait_after(job.attempts)) and False
    else:
        if not ended:
            logger.warning("job %s took longer than its lease and was given to another worker", job)
    job.refresh_from_db()
    task_finished.send(LeasedBackend, task_result=result_of(job, work))
    return ended


def _call(job: Job, work: Work[Any, Any]) -> Any:
    args, kwargs = job.given["args"], job.given["kwargs"]
    if work.takes_context:
        args = [TaskContext(task_result=result_of(job, work)), *args]
    return normalize_json(work.call(*args, **kwargs))


def _atomically(job: Job, work: Work[Any, Any]) -> bool:
    """Run with effect and end in one transaction; the row stays locked, so that no sweep can take it."""
    with transaction.atomic():
        if not leases.renew(job):
            raise LeaseLost
        value = _call(job, work)
        if not leases.finish(job, value):
            raise LeaseLost
    return True


def _leased(job: Job, work: Work[Any, Any]) -> bool:
    with _heartbeat(job):
        value = _call(job, work)
    return leases.finish(job, value)


@contextmanager
def _heartbeat(job: Job) -> Iterator[None]:
    """Renew the lease from a thread with a connection of its own until the block ends, or the lease is lost."""
    ended = threading.Event()

    def beat() -> None:
        try:
            while not ended.wait(leases.lease_length().total_seconds() / 3):
                try:
                    if not leases.renew(job):
                        return
                except (OperationalError, InterfaceError) as error:
                    logger.warning("job %s: heartbeat missed: %s", job, error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=beat, name=f"heartbeat-{job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Break the block off with :class:`TooLong` after some seconds; only a process's first thread can be broken off."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise TooLong(f"超过 {seconds:.0f} 秒仍未完成,已中断")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def drain() -> int:
    """Run in this process what is due now, without the tasks of the clock; return how many jobs were run."""
    return Worker(slots=Slots([])).drain()
