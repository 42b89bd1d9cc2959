"""What runs by the clock: making cases of what was handed in, verification, closing the cases of a published batch, places nobody confirmed."""

from __future__ import annotations

import datetime as dt
import time

from yizhantong.kernel.divisions import clock
from yizhantong.kernel.jobs import Work, periodic, task
from yizhantong.kernel.jobs.models import Job
from yizhantong.zones.onething.enrolment.actions import confirming, intake, placing, verifying
from yizhantong.zones.onething.enrolment.models import Batch, Season

TURN = 3.0
"""Seconds that enrolment has of the worker at a time: then other jobs that wait have their turn before it goes on."""


@periodic(every=dt.timedelta(seconds=30))
@task
def open_waiting() -> int:
    """Make cases of the submissions that wait, for one turn; what is left over waits behind the jobs of others."""
    done = intake.open_waiting(5000, seconds=TURN)
    _go_on(open_waiting, intake.waits())
    return done


@periodic(every=dt.timedelta(minutes=10))
@task
def verify_waiting() -> int:
    """Compare the registers for what came in, for one turn; nobody's place depends on when that is done."""
    seasons = Season.objects.filter(
        state=Season.State.PUBLISHED, opens_at__lte=clock.now(), children__state="filed"
    ).distinct()
    done, until = 0, time.monotonic() + TURN
    for season in seasons:
        done += verifying.verify_waiting(season, limit=2000, seconds=until - time.monotonic())
    _go_on(verify_waiting, bool(done) and seasons.all().exists())
    return done


def _go_on(work: Work[..., int], more: bool) -> None:
    """Have a turn again after the jobs that wait now; of several that would, one is enough."""
    if more and not Job.objects.filter(task=work.module_path, state=Job.State.WAITING).exists():
        work.enqueue()


@task
def settle_batch(batch: int) -> int:
    """Close the cases of a published batch and tell the parents."""
    return placing.settle(Batch.objects.get(pk=batch))


@periodic(at=dt.time(0, 20))
@task(atomic=True)
def lapse_places() -> int:
    """Let places go that were not confirmed in time."""
    return confirming.lapse()
