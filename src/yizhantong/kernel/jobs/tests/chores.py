"""Tasks that only tests run; ``EFFECTS`` says what they left, without any constraint that would hide a second time."""

from __future__ import annotations

import os
import signal
import time

from django.db import connection, transaction
from django_tasks.base import TaskContext

from yizhantong.kernel.jobs import task

CALLS: list[object] = []


@task
def note(what: object) -> object:
    """Remember what was given, return it."""
    CALLS.append(what)
    return what


@task(priority=10)
def urgent(what: object) -> None:
    """Remember, before others."""
    CALLS.append(what)


@task(attempts=3, back_off=10.0)
def fails(times: int) -> None:
    """Fail as often as said."""
    CALLS.append(times)
    if len(CALLS) <= times:
        raise RuntimeError("对方没有应答")


@task(limit=0.2)
def hangs() -> None:
    """Take too long."""
    time.sleep(20)


@task(takes_context=True)
def knows_itself(context: TaskContext) -> int:
    """Return the number of the attempt."""
    return context.attempt


@task(atomic=True)
def writes_then_fails(number: int) -> None:
    """Leave an effect that must be undone."""
    effect("once", number)
    raise RuntimeError("中途失败")


@task(atomic=True)
def once(number: int) -> None:
    """Add an effect, in one transaction with the job's end."""
    effect("once", number)
    time.sleep(0.01)


@task(atomic=True)
def occupies(seconds: float) -> None:
    """Keep the transaction open for so long."""
    time.sleep(seconds)


@task(attempts=50, back_off=0.05)
def idempotent(number: int) -> None:
    """Add an effect unless it is there, slowly on both sides of the commit."""
    effect("tried", number)
    time.sleep(0.02)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM chore_effect WHERE kind = 'idempotent' AND number = %s", [number])
        if cursor.fetchone()[0] == 0:
            cursor.execute("INSERT INTO chore_effect (kind, number) VALUES ('idempotent', %s)", [number])
    time.sleep(0.02)


@task(attempts=2, back_off=0.0)
def kills_its_worker() -> None:
    """End the process that runs it, as a crash would."""
    os.kill(os.getpid(), signal.SIGKILL)


@task
def slow(number: int, seconds: float) -> None:
    """Say when it began, sleep, say when it ended."""
    effect("began", number)
    time.sleep(seconds)
    effect("ended", number)


@task(attempts=50, back_off=0.05, takes_context=True)
def lingers_once(context: TaskContext, seconds: float) -> None:
    """Take that long at the first attempt; say which attempt began and which ended."""
    effect("began", context.attempt)
    if context.attempt == 1:
        time.sleep(seconds)
    effect("ended", context.attempt)


def make_table() -> None:
    """Make the table of effects."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE chore_effect (kind varchar(20), number integer)")


def effect(kind: str, number: int) -> None:
    """Write one effect."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO chore_effect (kind, number) VALUES (%s, %s)", [kind, number])


def effects(kind: str) -> list[int]:
    """Return the numbers that left an effect, in order, as often as they did."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM chore_effect WHERE kind = %s ORDER BY number", [kind])
        return [row[0] for row in cursor.fetchall()]
