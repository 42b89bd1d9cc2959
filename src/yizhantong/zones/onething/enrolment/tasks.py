"""What runs by the clock: making cases of what was handed in, verification, closing the cases of a published batch, places nobody confirmed."""

from __future__ import annotations

import datetime as dt

from yizhantong.kernel.divisions import clock
from yizhantong.kernel.jobs import periodic, task
from yizhantong.zones.onething.enrolment.actions import confirming, intake, placing, verifying
from yizhantong.zones.onething.enrolment.models import Batch, Season


@periodic(every=dt.timedelta(seconds=30))
@task
def open_waiting() -> int:
    """Make cases of the submissions that wait."""
    return intake.open_waiting(5000, seconds=25)


@periodic(every=dt.timedelta(minutes=10))
@task
def verify_waiting() -> int:
    """Compare the registers for what came in; nobody's place depends on when that is done."""
    seasons = Season.objects.filter(
        state=Season.State.PUBLISHED, opens_at__lte=clock.now(), children__state="filed"
    ).distinct()
    return sum(verifying.verify_waiting(season, limit=2000) for season in seasons)


@task
def settle_batch(batch: int) -> int:
    """Close the cases of a published batch and tell the parents."""
    return placing.settle(Batch.objects.get(pk=batch))


@periodic(at=dt.time(0, 20))
@task(atomic=True)
def lapse_places() -> int:
    """Let places go that were not confirmed in time."""
    return confirming.lapse()
