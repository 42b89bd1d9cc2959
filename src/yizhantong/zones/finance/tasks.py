"""What this zone does by the clock: limits that are missed, loans that mature, products and authorisations that run out."""

from __future__ import annotations

import datetime as dt

from yizhantong.kernel.jobs import periodic, task
from yizhantong.zones.finance.actions import authorising, dealing, lending, products


@periodic(every=dt.timedelta(minutes=15))
@task
def let_lapse() -> int:
    """Let needs fall back that a bank did not answer or contact in time; warn of limits that run out."""
    return dealing.lapse()


@periodic(at=dt.time(0, 30))
@task
def mark_overdue() -> int:
    """Mark loans that were not repaid on their day."""
    return lending.mark_overdue()


@periodic(at=dt.time(0, 35))
@task
def expire_products() -> int:
    """Take products offline whose validity has run out."""
    return products.expire()


@periodic(at=dt.time(9, 30))
@task(atomic=True)
def remind_of_authorisations() -> int:
    """Tell who authorised that it runs out within three days."""
    return authorising.remind()
