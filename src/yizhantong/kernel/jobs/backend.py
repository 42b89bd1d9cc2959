"""The backend of django-tasks that keeps jobs in our table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskError, TaskResult, TaskResultStatus
from django_tasks.exceptions import InvalidTaskError, TaskResultDoesNotExist
from django_tasks.signals import task_enqueued
from django_tasks.utils import normalize_json

from yizhantong.kernel.jobs.work import Work
from yizhantong.kernel.ledger.inserting import insert_one, put_few
from yizhantong.kernel.ledger.statements import Together

if TYPE_CHECKING:
    from yizhantong.kernel.jobs.models import Job

STATUS = {
    "waiting": TaskResultStatus.READY,
    "running": TaskResultStatus.RUNNING,
    "done": TaskResultStatus.SUCCESSFUL,
    "dead": TaskResultStatus.FAILED,
}


class LeasedBackend(BaseTaskBackend):
    """Jobs in the table ``jobs_job`` of the default database: enqueued in the caller's transaction."""

    task_class = Work
    supports_defer = True
    supports_get_result = True
    supports_priority = True

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        """Write one job; raise ``TypeError`` when an argument is no JSON."""
        from yizhantong.kernel.jobs.models import Job

        self.validate_task(task)
        job = Job(**_row(task, args, kwargs))
        job.pk = insert_one(Job, job.__dict__)  # nearly every change of a case enqueues: the statement is made once
        job._state.adding = False
        result = result_of(job, task)
        task_enqueued.send(type(self), task_result=result)
        return result

    def enqueue_many(self, task: Task[Any, Any], calls: Iterable[dict[str, Any]]) -> int:
        """Write one job for each mapping of keyword arguments, in few statements; return how many."""
        from yizhantong.kernel.jobs.models import Job

        self.validate_task(task)
        return len(Job.objects.bulk_create([Job(**_row(task, (), kwargs)) for kwargs in calls], batch_size=500))

    def get_result(self, result_id: str) -> TaskResult[Any]:
        """Return how a job stands; raise ``TaskResultDoesNotExist`` for an unknown one."""
        from yizhantong.kernel.jobs.models import Job

        job = Job.objects.filter(pk=result_id).first() if str(result_id).isdigit() else None
        if job is None:
            raise TaskResultDoesNotExist(result_id)
        return result_of(job)


def put_jobs(together: Together, task: Task[Any, Any], calls: Iterable[dict[str, Any]]) -> None:
    """Have one job for each mapping of keyword arguments written with what else waits there."""
    from yizhantong.kernel.jobs.models import Job

    put_few(together, Job, [Job(**_row(task, (), kwargs)).__dict__ for kwargs in calls])


def find(path: str) -> Work[Any, Any]:
    """Return the task of a dotted path; raise ``ImportError`` or ``InvalidTaskError`` when it is gone or is no task."""
    found = import_string(path)
    if not isinstance(found, Work):
        raise InvalidTaskError(f"{path} 不是后台任务(缺少 @task)")
    return found


def result_of(job: Job, task: Task[Any, Any] | None = None) -> TaskResult[Any]:
    """Return a job as django-tasks tells it."""
    errors = [TaskError(exception_class_path="", traceback=job.error)] if job.error else []
    result: TaskResult[Any] = TaskResult(
        task=task or find(job.task),
        id=str(job.pk),
        status=STATUS[job.state],
        enqueued_at=job.enqueued_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        last_attempted_at=job.started_at,
        args=job.given["args"],
        kwargs=job.given["kwargs"],
        backend="default",
        errors=errors,
        worker_ids=[job.lease] * job.attempts,
    )
    object.__setattr__(result, "_return_value", job.value)
    return result


def _row(task: Task[Any, Any], args: Any, kwargs: Any) -> dict[str, Any]:
    now = timezone.now()
    return {
        "task": task.module_path,
        "given": normalize_json({"args": list(args), "kwargs": dict(kwargs)}),
        "priority": task.priority,
        "enqueued_at": now,
        "run_after": task.run_after or now,
    }
