"""Up to which id is everything settled? What lies below it can be sealed without ever missing a late commit.

Ids are drawn before their transaction commits, so on PostgreSQL a fact with a smaller id may appear after one with a
larger. Every writer holds ROW EXCLUSIVE on the table from before it draws an id until it ends; ``LOCK TABLE … IN SHARE
MODE`` is granted only when no writer is left, so the highest id seen under it is a bound below which nothing can appear any
more. The lock is asked for with a short timeout, again and again, so that writers never queue long behind it, and is given
back before anything is read. SQLite has one writer at a time, and ids in the order of commits.
"""

from __future__ import annotations

import time

from django.db import OperationalError, connection, transaction

from yizhantong.kernel.ledger.declare import Ledger
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.segments.staging import highest_id

PATIENCE = 60.0
"""Seconds after which sealing a ledger that is written to without a pause is given up until the next run."""


def settled_id(ledger: Ledger, patience: float = PATIENCE) -> int:
    """Return the id; :class:`LedgerError` ``segments.busy`` when some transaction never lets go."""
    if connection.vendor != "postgresql":
        return highest_id(ledger)
    until, wait = time.monotonic() + patience, 0.1
    while True:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL lock_timeout = '{int(wait * 1000)}ms'")
                cursor.execute(f'LOCK TABLE "{ledger.table}" IN SHARE MODE')
                return highest_id(ledger)
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") != "55P03":
                raise
            if time.monotonic() > until:
                text = f"台账“{ledger.label}”一直有未结束的写入事务,本次未封存,请稍后再试"
                raise LedgerError("segments.busy", text) from error
        time.sleep(wait)
        wait = min(wait * 1.5, 2.0)
