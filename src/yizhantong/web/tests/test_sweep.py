"""What is kept for a short time goes by itself, and nothing before its time."""

from __future__ import annotations

import datetime as dt
import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases.models import FailedLookup
from yizhantong.kernel.jobs.models import Job
from yizhantong.kernel.jobs.periodic import declared
from yizhantong.kernel.jobs.worker import drain
from yizhantong.web import staging
from yizhantong.web.models import IdempotencyKey
from yizhantong.web.tasks import sweep

pytestmark = pytest.mark.django_db


def ago(**span: int) -> dt.datetime:
    return timezone.now() - dt.timedelta(**span)


def test_old_keys_passwords_sessions_and_files_go_and_fresh_ones_stay(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    account = User.objects.create(username="one")
    for name, made in (("old", ago(days=8)), ("new", ago(days=6))):
        key = IdempotencyKey.objects.create(account=account, key=name, request="x")
        IdempotencyKey.objects.filter(pk=key.pk).update(made_at=made)
    FailedLookup.objects.create(number="1", count=3, last_at=ago(days=2))
    FailedLookup.objects.create(number="2", count=3, last_at=ago(hours=2))
    for span in (-1, 60):
        session = SessionStore()
        session.set_expiry(span)
        session.create()
    old, new = (staging.keep(b"x", ledger="l", name="n", user=1) for _ in range(2))
    os.utime(old.folder, (time.time() - 2 * 86_400,) * 2)
    queued = sweep.enqueue()
    assert drain() >= 1
    assert Job.objects.get(pk=queued.id).state == Job.State.DONE
    assert [key.key for key in IdempotencyKey.objects.all()] == ["new"]
    assert [row.number for row in FailedLookup.objects.all()] == ["2"]
    assert Session.objects.count() == 1
    assert [folder.name for folder in (tmp_path / "staging").iterdir()] == [new.token]


def test_it_runs_every_night() -> None:
    assert [one.at for one in declared() if one.work is sweep] == [dt.time(3, 20)]
