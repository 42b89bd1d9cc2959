"""Delivering what waits, as jobs."""

from __future__ import annotations

import datetime as dt

from yizhantong.kernel.jobs import periodic, task
from yizhantong.kernel.notices.delivering import deliver_due


@task(attempts=3, priority=5)
def deliver(channel: str) -> int:
    """Deliver what is due by one channel; return how many messages left. What is left over waits for the next minute."""
    return deliver_due(channel)


@periodic(every=dt.timedelta(minutes=1))
@task(attempts=1)
def deliver_all() -> int:
    """Deliver what is due: digests, and what was not taken before."""
    return sum(deliver_due(channel) for channel in ("mail", "sms"))
