"""What the shell keeps for a short time only, swept by the clock."""

from __future__ import annotations

import datetime as dt

from django.core.management import call_command
from django.utils import timezone

from yizhantong.kernel.cases import lookup
from yizhantong.kernel.jobs import periodic, task
from yizhantong.kernel.ledger import segments
from yizhantong.web import staging
from yizhantong.web.models import IdempotencyKey

KEYS_KEPT = dt.timedelta(days=7)
"""How long a key protects against a change that is sent again; longer than any program goes on trying."""


@periodic(every=dt.timedelta(hours=1))
@task(attempts=1)
def seal() -> int:
    """Seal what was recorded since the last hour; return how many segments that made."""
    return len(segments.seal())


@periodic(at=dt.time(3, 20))
@task(atomic=True)
def sweep() -> int:
    """Delete keys of the API that nobody sends again, sessions that ended, old wrong passwords, files left in the staging."""
    gone: int = IdempotencyKey.objects.filter(made_at__lt=timezone.now() - KEYS_KEPT).delete()[0]
    gone += lookup.forget_failed()
    call_command("clearsessions")
    staging.sweep()
    return gone
