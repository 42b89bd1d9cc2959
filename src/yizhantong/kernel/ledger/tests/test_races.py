"""What happens at the same moment, run as it happens: threads of their own connections, and processes that are killed."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection, transaction

from yizhantong.kernel.ledger import actions, imports, segments
from yizhantong.kernel.ledger.declare import Ledger
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import ImportBatch, Segment
from yizhantong.kernel.ledger.segments import staging
from yizhantong.kernel.ledger.tests.test_imports import HEAD, row, sheet_file
from yizhantong.kernel.ledger.tests.trial import Trial, signing
from yizhantong.kernel.ledger.verify import verify
from yizhantong.testing.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)
POSTGRES = connection.vendor == "postgresql"
together = pytest.mark.skipif(not POSTGRES, reason="a SQLite database in memory has one connection for all threads")


@together
def test_of_two_reversals_at_once_one_wins(trial: Ledger) -> None:
    for round_ in range(10):
        fact = actions.record(trial, signing(round_), account=None, source="test")
        results = at_once(*[lambda f=fact: actions.reverse(f, account=None, reason="错", source="test")] * 2)
        lost = [item for item in results if isinstance(item, LedgerError)]
        assert [item.code for item in lost] == ["ledger.already_reversed"], results
        assert Trial.objects.filter(reverses=fact).count() == 1


@together
def test_of_two_who_record_one_key_at_once_one_wins(trial: Ledger) -> None:
    for round_ in range(10):
        one = lambda n=round_: actions.record(trial, signing(n), account=None, source="test")  # noqa: E731
        many = lambda n=round_: actions.record_many(trial, [signing(n)], source="test")  # noqa: E731
        results = at_once(one, one, many)
        lost = [item for item in results if isinstance(item, LedgerError)]
        assert [item.code for item in lost] == ["ledger.key_taken"] * 2, results
        assert Trial.objects.filter(project=f"P{round_}").count() == 1


@together
def test_of_two_imports_of_one_file_at_once_one_wins(trial: Ledger) -> None:
    for round_ in range(5):
        content = sheet_file(HEAD, *[row(项目编号=f"P{round_}{n}") for n in range(20)])

        def bring(content: bytes = content) -> imports.Imported:
            return imports.commit(imports.preview(trial, content, "a.xlsx", None), None)

        results = at_once(bring, bring)
        assert sorted((item.recorded, item.already) for item in results) == [(0, True), (20, False)], results
    assert (Trial.objects.count(), ImportBatch.objects.count()) == (100, 5)


@together
def test_a_seal_never_misses_a_fact_that_commits_late(trial: Ledger) -> None:
    """A transaction draws a small id and commits after others with larger ids are there to be sealed."""
    drawn, may_commit = threading.Event(), threading.Event()

    def late() -> int:
        with transaction.atomic():
            fact = actions.record(trial, signing(1), account=None, source="test")
            drawn.set()
            may_commit.wait(10)
        return int(fact.pk)

    def sealer() -> list[Segment]:
        drawn.wait(10)
        actions.record(trial, signing(2), account=None, source="test")
        threading.Timer(1.0, may_commit.set).start()
        return segments.seal(trial)

    late_id, sealed = at_once(late, sealer)
    assert sealed[0].last_id > late_id
    assert sealed[0].count == 2
    assert verify(trial).ok


@together
def test_seals_among_busy_writers_take_every_fact_exactly_once(trial: Ledger) -> None:
    stop = time.monotonic() + 4

    def writer(number: int) -> int:
        written = 0
        while time.monotonic() < stop:
            key = number * 1_000_000 + written
            if written % 5:
                actions.record(trial, signing(key), account=None, source="test")
                written += 1
            else:
                actions.record_many(trial, [signing(key + n) for n in range(4)], source="test")
                written += 4
        return written

    def sealer() -> int:
        total = 0
        while time.monotonic() < stop:
            total += sum(segment.count for segment in segments.seal(trial))
        return total

    results = at_once(lambda: writer(1), lambda: writer(2), lambda: writer(3), sealer)
    assert all(isinstance(item, int) for item in results), results
    sealed = results[3] + sum(segment.count for segment in segments.seal(trial))
    assert sealed == sum(results[:3]) == Trial.objects.count()
    report = verify(trial)
    assert report.ok, report.first_failure


@together
def test_large_tables_are_scanned_by_a_child_process(trial: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "SMALL", 0)
    values = {"share": Decimal("0.5"), "started_on": dt.date(2021, 5, 1), "foreign": True, "name": "光伏'\\"}
    actions.record_many(
        trial, [signing(n, **values, met_at=dt.datetime(2021, 3, 1, tzinfo=dt.UTC)) for n in range(50)], source="test"
    )
    actions.reverse(Trial.objects.first(), account=None, reason="错", source="test")  # type: ignore[arg-type]
    (made,) = segments.seal(trial)
    by_scan = made.root
    assert verify(trial).ok
    monkeypatch.setattr(staging, "SMALL", 100)
    assert verify(trial).ok
    assert Segment.objects.get().root == by_scan


@together
def test_a_seal_gives_up_politely_when_a_writer_never_ends(trial: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    from yizhantong.kernel.ledger.segments import sealing, settled

    monkeypatch.setattr(sealing, "settled_id", lambda ledger: settled.settled_id(ledger, patience=0.5))
    drawn, done = threading.Event(), threading.Event()

    def endless() -> None:
        with transaction.atomic():
            actions.record(trial, signing(1), account=None, source="test")
            drawn.set()
            done.wait(20)

    def sealer() -> None:
        drawn.wait(10)
        try:
            segments.seal(trial)
        finally:
            done.set()

    _none, refused = at_once(endless, sealer)
    assert isinstance(refused, LedgerError)
    assert refused.code == "segments.busy"


# --- kill -9 ------------------------------------------------------------------------------------------------------------

CHILD = """
import os, sys
import django
django.setup()
from importlib import import_module
from django.db import connection
from yizhantong.kernel.ledger import actions, declare, imports, segments, triggers
from yizhantong.kernel.ledger.audit import AUDIT
from yizhantong.kernel.ledger.segments import sealing, staging
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.divisions.models import Division
task, point = sys.argv[1], sys.argv[2]
staging.SMALL = 0  # all by the scanner in its child process

def die(*_):
    os.kill(os.getpid(), 9)

def rows(count):
    for n in range(count):
        yield {"division_id": "2107", "occurred_on": clock.today(), "event": "setting", "actor": f"a{n}"}

def report():
    from yizhantong.kernel.ledger.models import AuditEvent, Segment
    from yizhantong.kernel.ledger.verify import verify
    found = verify(AUDIT)
    print(AuditEvent.objects.count(), sum(s.count for s in Segment.objects.all()), found.ok, flush=True)

if task == "prepare":
    import_module("yizhantong.project.tables").bring_up()
    Division.objects.create(code="2107", name="x", level="city", source="test")
    tree.forget()
    print(actions.record_many(AUDIT, rows(300), source="test"))
elif task == "record":
    actions.CHUNK = 50
    calls = []
    actions.record_many(AUDIT, rows(500), source="test", progress=lambda n: calls.append(n) or (len(calls) == 4 and die()))
elif task == "seal":
    sealing.MOST = 100
    if point == "after_copy":
        sealing.merkle.root = die
    elif point == "before_rename":
        sealing._settle = die
    elif point == "after_rename":
        settle = sealing._settle
        sealing._settle = lambda *given: (settle(*given), die())
    elif point == "second_segment":
        segment_of, made = sealing._write, []
        sealing._write = lambda *given: (made.append(1), len(made) == 2 and die(), segment_of(*given))[2]
    segments.seal(AUDIT)
report()
"""


def child(home: Path, task: str, point: str = "-") -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "YZT_HOME": str(home), "YZT_SEGMENTS": str(home / "segments"), "DATABASE_URL": f"sqlite:///{home}/kill.sqlite3",
        "DJANGO_SETTINGS_MODULE": "yizhantong.project.settings", "PYTHONPATH": os.pathsep.join(sys.path),
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-c", CHILD, task, point],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("kill")
    done = child(home, "prepare")
    assert done.stdout.split()[:2] == ["300", "300"], done.stderr
    return home


def test_a_kill_in_the_middle_of_a_bulk_leaves_nothing_of_it(prepared: Path) -> None:
    assert child(prepared, "record").returncode == -signal.SIGKILL
    assert child(prepared, "look").stdout.split()[0] == "300"


@pytest.mark.parametrize("point", ["after_copy", "before_rename", "after_rename", "second_segment"])
def test_a_kill_in_the_middle_of_a_seal_loses_nothing_and_doubles_nothing(
    prepared: Path, tmp_path: Path, point: str
) -> None:
    for file in prepared.glob("kill.sqlite3*"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    killed = child(tmp_path, "seal", point)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    after = child(tmp_path, "seal")
    assert after.stdout.split() == ["300", "300", "True"], after.stderr
    left = sorted(path.name[:6] for path in (tmp_path / "segments" / "ledger.audit").glob("*"))
    assert left == ["000001", "000002", "000003"]
