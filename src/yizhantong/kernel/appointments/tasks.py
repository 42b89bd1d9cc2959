"""The jobs of appointments: by the clock what ``actions/watching`` does."""

from __future__ import annotations

import datetime as dt

from yizhantong.kernel.appointments.actions import watching
from yizhantong.kernel.jobs import periodic, task


@periodic(every=dt.timedelta(minutes=30))
@task(attempts=1)
def remind_of_appointments() -> int:
    """Remind of what begins within a day."""
    return watching.remind()


@periodic(every=dt.timedelta(minutes=10))
@task(attempts=1)
def mark_missed() -> int:
    """Mark what nobody came to."""
    return watching.mark_missed()


@periodic(at=dt.time(0, 20))
@task(attempts=1)
def close_yesterday() -> int:
    """End the queues of yesterday."""
    return watching.close_yesterday()
