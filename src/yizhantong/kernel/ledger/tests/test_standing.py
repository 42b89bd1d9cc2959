"""What was taken back does not stand, not even when it is taken back while another waits for the lock."""

from __future__ import annotations

import datetime as dt
import threading
import time

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet

from yizhantong.kernel.ledger import actions
from yizhantong.kernel.ledger.audit import AUDIT, Event, Result
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.kernel.ledger.standing import in_force, standing

together = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")


def _recorded(target: str = "seal") -> AuditEvent:
    values = {
        "division_id": "2107",
        "occurred_on": dt.date(2021, 3, 1),
        "event": Event.SEAL.value,
        "target": target,
        "result": Result.DONE.value,
    }
    fact = actions.record(AUDIT, values, account=None, source="test")
    assert isinstance(fact, AuditEvent)
    return fact


def _of(target: str = "seal") -> QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(target=target)


@pytest.mark.django_db
@pytest.mark.parametrize("lock", [False, True])
def test_what_was_taken_back_does_not_stand(city: None, lock: bool) -> None:
    assert standing(_of(), lock=lock) is None
    wrong, other = _recorded(), _recorded("other")
    assert standing(_of(), lock=lock) == wrong
    actions.reverse(wrong, account=None, reason="登记有误", source="test")
    assert standing(_of(), lock=lock) is None
    right = _recorded()
    assert standing(_of(), lock=lock) == right
    assert list(in_force(AuditEvent.objects.all(), lock=lock)) == [other, right]
    assert standing(AuditEvent.objects.all(), lock=lock) == right


@pytest.mark.django_db(transaction=True)
def test_a_lock_needs_a_transaction_where_rows_are_locked(city: None) -> None:
    fact = _recorded()
    if connection.features.has_select_for_update:
        with pytest.raises(transaction.TransactionManagementError):
            standing(_of(), lock=True)
    else:
        assert standing(_of(), lock=True) == fact


@together
@pytest.mark.django_db(transaction=True)
def test_what_is_taken_back_while_another_waits_for_the_lock_does_not_stand_for_him(city: None) -> None:
    fact = _recorded()
    found: list[AuditEvent | None] = []

    def wait_for_it() -> None:
        try:
            with transaction.atomic():
                found.append(standing(_of(), lock=True))
        finally:
            connection.close()

    waiting = threading.Thread(target=wait_for_it)
    with transaction.atomic():
        assert standing(_of(), lock=True) == fact
        waiting.start()
        _until_one_waits()
        actions.reverse(fact, account=None, reason="误登", source="test")
        assert found == []
    waiting.join(10)
    assert found == [None]


def _until_one_waits() -> None:
    """Return when another connection waits for a lock; fails after five seconds."""
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    pytest.fail("nobody waits for the lock")
