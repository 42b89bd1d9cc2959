"""Work of the files outside requests."""

from __future__ import annotations

import datetime as dt

from yizhantong.kernel.files.actions import sweep_orphans
from yizhantong.kernel.jobs import periodic, task

KEPT = dt.timedelta(days=30)
"""How long a file that nobody refers to is kept: a draft that is left for a month is gone itself."""


@periodic(at=dt.time(3, 40))
@task
def sweep() -> None:
    """Remove files that nothing has referred to for a month; repeatable."""
    sweep_orphans(KEPT)
