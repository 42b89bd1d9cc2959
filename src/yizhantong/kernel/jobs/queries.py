"""How the work stands: for ``yzt jobs`` and for whoever watches the platform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min
from django.utils import timezone

from yizhantong.kernel.jobs.models import Job


@dataclass(frozen=True, slots=True)
class Standing:
    """Numbers of jobs by state, the seconds that the oldest due one has waited, and the dead ones (newest first)."""

    waiting: int
    due: int
    running: int
    lapsed: int
    done: int
    dead: int
    oldest_seconds: float
    by_task: list[dict[str, Any]]
    dead_jobs: list[Job]

    def as_json(self) -> dict[str, Any]:
        """Return it for programs."""
        plain = {name: getattr(self, name) for name in self.__slots__ if name not in ("dead_jobs",)}
        listed = [
            {"id": job.pk, "task": job.task, "given": job.given, "attempts": job.attempts, "error": job.error}
            for job in self.dead_jobs
        ]
        return plain | {"dead_jobs": listed}


def standing(most: int = 20) -> Standing:
    """Return how the work stands now, with at most ``most`` of the dead jobs."""
    now = timezone.now()
    counts = dict(Job.objects.values_list("state").annotate(number=Count("pk")))
    due = Job.objects.filter(state=Job.State.WAITING, run_after__lte=now)
    oldest = due.aggregate(at=Min("run_after"))["at"]
    unfinished = Job.objects.exclude(state=Job.State.DONE)
    by_task = unfinished.values("task", "state").annotate(number=Count("pk")).order_by("task", "state")
    return Standing(
        waiting=counts.get("waiting", 0),
        due=due.count(),
        running=counts.get("running", 0),
        lapsed=Job.objects.filter(state=Job.State.RUNNING, lease_until__lt=now).count(),
        done=counts.get("done", 0),
        dead=counts.get("dead", 0),
        oldest_seconds=round((now - oldest).total_seconds(), 1) if oldest else 0.0,
        by_task=[dict(row) for row in by_task],
        dead_jobs=list(Job.objects.filter(state=Job.State.DEAD).order_by("-finished_at", "-pk")[:most]),
    )
