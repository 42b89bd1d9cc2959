"""Receipts of one process share a commit: what is acknowledged stands, whoever is killed; one wrong row harms no other."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import IntegrityError, OperationalError

from yizhantong.zones.onething.enrolment.actions.posting import TOGETHER, Post
from yizhantong.zones.onething.enrolment.models import Intake

ENOUGH = 150
PROGRAM = """
import sys, threading
import django
from django.conf import settings
settings.DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA foreign_keys=OFF;"  # the one table stands alone here
django.setup()
from django.db import connection
from django.utils import timezone
from yizhantong.zones.onething.enrolment.actions import posting
from yizhantong.zones.onething.enrolment.models import Intake
with connection.schema_editor() as editor:
    editor.create_model(Intake)
def hand_in(parent):
    for number in range(100_000):
        row = Intake(receipt=f"R{parent}-{number}", season_id=1, account_id=parent, person_id=parent, idempotency_key=f"{number}",
                     request="", child_index=f"{parent}-{number}", data={"form": "x" * 400}, received_at=timezone.now())
        assert posting.keep(row)
        sys.stdout.write(row.receipt + "\\n")
        sys.stdout.flush()
for parent in range(6):
    threading.Thread(target=hand_in, args=(parent,)).start()
"""


def row(receipt: str) -> Intake:
    return Intake(receipt=receipt)


@pytest.fixture
def posted(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Post]:
    """Return a function that makes a post over another way of writing, without a database."""

    def made(write: Callable[[Sequence[Intake]], dict[str, int]]) -> Post:
        monkeypatch.setattr(Post, "_tune", lambda _post: None)
        monkeypatch.setattr(Post, "_written", lambda post, rows: post._write(rows))
        return Post(write)

    return made


def test_rows_that_wait_share_a_commit(posted: Callable[..., Post]) -> None:
    first, groups = threading.Event(), list[int]()

    def write(rows: Sequence[Intake]) -> dict[str, int]:
        groups.append(len(rows))
        first.wait(5)
        return {one.receipt: place for place, one in enumerate(rows)}

    post = posted(write)
    with ThreadPoolExecutor(20) as pool:
        told = [pool.submit(post.keep, row(f"R{number}")) for number in range(20)]
        while len(post._waiting) + sum(groups) < 20:
            pass
        first.set()
        for number, one in enumerate(told):
            assert f"R{number}" in one.result(5)
    assert sum(groups) == 20
    assert len(groups) <= 3
    assert max(groups) <= TOGETHER


def test_one_wrong_row_harms_no_other(posted: Callable[..., Post]) -> None:
    def write(rows: Sequence[Intake]) -> dict[str, int]:
        if any(one.receipt == "R3" for one in rows):
            raise IntegrityError("no such season")
        return {one.receipt: 1 for one in rows}

    post = posted(write)
    with ThreadPoolExecutor(8) as pool:
        told = {number: pool.submit(post.keep, row(f"R{number}")) for number in range(8)}
        assert isinstance(told.pop(3).exception(5), IntegrityError)
        assert all(f"R{number}" in one.result(5) for number, one in told.items())


def test_a_database_that_is_away_acknowledges_nothing_and_is_asked_again(posted: Callable[..., Post]) -> None:
    away = [True]

    def write(rows: Sequence[Intake]) -> dict[str, int]:
        if away[0]:
            raise OperationalError("away")
        return {one.receipt: 1 for one in rows}

    post = posted(write)
    with pytest.raises(OperationalError):
        post.keep(row("R1"))
    away[0] = False
    assert post.keep(row("R1")) == {"R1": 1}


def test_what_was_acknowledged_before_a_kill_stands(tmp_path: Path) -> None:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "yizhantong.project.settings", "YZT_HOME": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/killed.sqlite3", "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(ENOUGH)]
        process.send_signal(signal.SIGKILL)
        told += process.stdout.readlines()
    whole = {line.strip() for line in told if line.endswith("\n")}
    assert len(whole) >= ENOUGH, "the program did not hand in"
    with sqlite3.connect(tmp_path / "killed.sqlite3") as database:
        kept = {receipt for (receipt,) in database.execute(f"SELECT receipt FROM {Intake._meta.db_table}")}
    assert whole <= kept
