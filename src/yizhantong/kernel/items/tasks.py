"""What the items do by the clock."""

from __future__ import annotations

import datetime as dt

from yizhantong.kernel.items import actions
from yizhantong.kernel.jobs import periodic, task


@periodic(at=dt.time(0, 5))
@task
def put_due_in_force() -> int:
    """Put in force what was published for a day that has come; return how many versions."""
    return actions.put_due_in_force()
