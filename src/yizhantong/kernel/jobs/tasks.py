"""The jobs' own housekeeping."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from yizhantong.kernel.jobs.models import Job
from yizhantong.kernel.jobs.periodic import periodic
from yizhantong.kernel.jobs.work import task

KEPT = dt.timedelta(days=7)
"""How long finished jobs are kept; longer than any slot, whose row keeps it from being run again."""


@periodic(at=dt.time(3, 10))
@task(atomic=True)
def forget_finished() -> int:
    """Delete the jobs that ended well more than a week ago; return how many. Dead ones stay until a person decides."""
    old = Job.objects.filter(state=Job.State.DONE, finished_at__lt=timezone.now() - KEPT)
    return old.delete()[0]
