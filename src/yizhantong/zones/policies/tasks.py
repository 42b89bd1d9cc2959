"""What this zone does by the clock: documents run out, offers lapse, reports and money to pay back are reminded of."""

from __future__ import annotations

import datetime as dt

from yizhantong.kernel.jobs import periodic, task
from yizhantong.zones.policies.actions import automatic, documents, followups, recovery


@periodic(at=dt.time(0, 20))
@task
def expire_documents() -> int:
    """End documents whose validity has run out, and take their cards offline."""
    return documents.expire_documents()


@periodic(at=dt.time(0, 40))
@task
def lapse_offers() -> int:
    """Let unanswered offers lapse: money and places are free again."""
    return automatic.lapse()


@periodic(at=dt.time(9, 10))
@task
def remind_of_results() -> int:
    """Remind enterprises of reports that are due."""
    return followups.remind()


@periodic(at=dt.time(9, 20))
@task
def remind_of_recoveries() -> int:
    """Remind enterprises of money that they are to pay back."""
    return recovery.remind()
