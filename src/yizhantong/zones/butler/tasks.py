"""What runs by the clock: the ladder, endings nobody answered, answers that run out, visits that are due."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from yizhantong.kernel.divisions import clock
from yizhantong.kernel.jobs import periodic, task
from yizhantong.zones.butler import notices as tell
from yizhantong.zones.butler.actions import endings, escalations, knowledge
from yizhantong.zones.butler.models import Butler
from yizhantong.zones.butler.queries.visits import due_for


@periodic(at=dt.time(7, 20))
@task
def remind_of_appeals() -> int:
    """Let open appeals climb the ladder; return how many rungs were new."""
    return escalations.escalate_due()


@periodic(at=dt.time(1, 15))
@task(atomic=True)
def lapse_endings() -> int:
    """Mark endings that nobody answered as unconfirmed."""
    return endings.lapse()


@periodic(at=dt.time(1, 30))
@task
def retire_answers() -> int:
    """Retire answers of the knowledge base that are no longer valid."""
    return knowledge.retire_expired()


@periodic(at=dt.time(7, 40))
@task(atomic=True)
def remind_of_visits() -> int:
    """Tell each butler on Mondays what he has to visit; return how many butlers were told."""
    if clock.today().weekday() != 0:
        return 0
    told = 0
    for butler in Butler.objects.filter(active=True, account__isnull=False):
        members = list(due_for(butler)[:50])
        if members:
            with transaction.atomic():
                tell.visits_due(butler, members)
            told += 1
    return told
