"""The jobs of cases: by the clock what :mod:`~yizhantong.kernel.cases.watch` does, and papers after the transaction."""

from __future__ import annotations

import datetime as dt

from yizhantong.kernel.cases import watch
from yizhantong.kernel.jobs import periodic, task

OFTEN = dt.timedelta(minutes=10)


@periodic(every=OFTEN)
@task(attempts=1)
def deem_accepted() -> int:
    """Accept by law what nobody answered."""
    return watch.deem_accepted()


@periodic(every=OFTEN)
@task(attempts=1)
def light_lamps() -> int:
    """Light lamps."""
    return watch.light_lamps()


@periodic(every=OFTEN)
@task(attempts=1)
def deem_confirmed() -> int:
    """Let uncontested endings stand."""
    return watch.deem_confirmed()


@periodic(every=dt.timedelta(hours=1))
@task(attempts=1)
def remind() -> int:
    """Remind whom something waits for."""
    return watch.remind()


@periodic(at=dt.time(8))
@task(atomic=True)
def remind_of_mandates() -> int:
    """Tell holders and givers of mandates that end soon."""
    from yizhantong.kernel.cases import mandates

    return mandates.remind()


@task(atomic=True, priority=-1)
def issue(case: int, paper: str) -> str:
    """Issue a paper of a case, once; return its number. Of thousands at once, they wait behind all else that is due."""
    from yizhantong.kernel.cases import papers

    return papers.issue(case, paper)
