"""Claiming, renewing, ending and giving back: the only places that change a job's state.

Of two workers that claim at once one gets the job: PostgreSQL locks the row and lets others skip it, SQLite has one
writer at a time. An end is written only by the holder of the lease, so that a worker which was thought dead and comes
back changes nothing.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from yizhantong.kernel.jobs.models import Job
from yizhantong.kernel.jobs.work import ATTEMPTS

State = Job.State
MOST_ERROR = 8000


def lease_length() -> dt.timedelta:
    """Return how long a claim holds without a heartbeat (``settings.YZT_JOB_LEASE_SECONDS``)."""
    return dt.timedelta(seconds=settings.YZT_JOB_LEASE_SECONDS)


def claim(worker: str) -> Job | None:
    """Take the next job that is due, with a fresh lease; None when nothing is due."""
    due = Job.objects.filter(state=State.WAITING, run_after__lte=timezone.now()).order_by(
        "-priority", "run_after", "pk"
    )
    if not due.exists():  # an idle worker must not take the writer's lock of SQLite
        return None
    with transaction.atomic():
        job = due.select_for_update(skip_locked=True).first()
        if job is None:
            return None
        job.state, job.attempts, job.started_at = State.RUNNING, job.attempts + 1, timezone.now()
        job.lease, job.lease_until = f"{worker}:{uuid4().hex[:12]}", timezone.now() + lease_length()
        job.save(update_fields=["state", "attempts", "started_at", "lease", "lease_until"])
    return job


def renew(job: Job) -> bool:
    """Hold the job for another lease; False when it is no longer ours."""
    return _held(job).update(lease_until=timezone.now() + lease_length()) == 1


def finish(job: Job, value: Any) -> bool:
    """End a job well; False when the lease was lost meanwhile, and nothing was written."""
    ended = {"state": State.DONE, "finished_at": timezone.now(), "lease_until": None, "value": value, "error": ""}
    return _held(job).update(**ended) == 1


def fail(job: Job, error: str, attempts: int, wait: float) -> bool:
    """Let a failed job wait ``wait`` seconds for its next attempt, or bury it after ``attempts``; False: lease lost."""
    now = timezone.now()
    if job.attempts >= attempts:
        changed: dict[str, Any] = {"state": State.DEAD, "finished_at": now}
    else:
        changed = {"state": State.WAITING, "run_after": now + dt.timedelta(seconds=wait)}
    return _held(job).update(lease="", lease_until=None, error=error[-MOST_ERROR:], **changed) == 1


def give_back(job: Job) -> bool:
    """Let a job wait again that was claimed but not run; the attempt does not count."""
    return _held(job).update(state=State.WAITING, lease="", lease_until=None, attempts=job.attempts - 1) == 1


def sweep() -> int:
    """Give back the jobs whose lease lapsed, bury those that had all their attempts; return how many.

    A task that kills its worker each time ends here as dead, instead of killing workers for ever.
    """
    lapsed = Job.objects.filter(state=State.RUNNING, lease_until__lt=timezone.now())
    if not lapsed.exists():
        return 0
    with transaction.atomic():
        found = list(lapsed.select_for_update(skip_locked=True)[:200])
        for job in found:
            dead = job.attempts >= _attempts_of(job)
            job.state = State.DEAD if dead else State.WAITING
            job.finished_at = timezone.now() if dead else None
            job.error, job.lease, job.lease_until = "执行它的进程中断,租约到期", "", None
        Job.objects.bulk_update(found, ["state", "finished_at", "error", "lease", "lease_until"])
    return len(found)


def retry_dead(only: list[int] | None = None) -> int:
    """Let dead jobs (all, or those of these numbers) wait anew with all their attempts; return how many."""
    return _dead(only).update(state=State.WAITING, attempts=0, run_after=timezone.now(), finished_at=None)


def drop_dead(only: list[int] | None = None) -> int:
    """Delete dead jobs (all, or those of these numbers); return how many."""
    return _dead(only).delete()[0]


def _dead(only: list[int] | None) -> QuerySet[Job]:
    dead = Job.objects.filter(state=State.DEAD)
    return dead if only is None else dead.filter(pk__in=only)


def _held(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, state=State.RUNNING, lease=job.lease)


def _attempts_of(job: Job) -> int:
    from yizhantong.kernel.jobs.backend import find

    try:
        return find(job.task).attempts
    except Exception:  # the task is gone from the code; whoever claims it next will say so
        return ATTEMPTS
