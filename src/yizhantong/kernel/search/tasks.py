"""The index kept in line with its sources, in case that something changed past the actions that tell it."""

from __future__ import annotations

import datetime as dt

from yizhantong.kernel.jobs import periodic, task
from yizhantong.kernel.search import sources


@periodic(at=dt.time(2, 30))
@task
def rebuild() -> dict[str, list[int]]:
    """Bring the index into line; return by kind how many changed and how many went."""
    return {kind: list(counts) for kind, counts in sources.rebuild().items()}
