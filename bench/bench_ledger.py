"""How fast facts are imported, sealed and verified.

    python bench/bench_ledger.py [--facts 10000000] [--postgres] [--keep FOLDER]

1. 300,000 facts through the one door (``record_many``: checked, keyed, one transaction), and a CSV file through the import.
2. ``--facts`` facts written by plain SQL, because making them is not what is measured; sealed; verified.

Everything lies in a temporary folder; ``--postgres`` starts a throw-away cluster (``yizhantong.testing.postgres``).
Upper bounds, beyond which the run fails: verification of 10 M facts in 60 s, 300,000 facts recorded in 60 s.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

RECORDED = 300_000
IMPORTED = 50_000
BOUNDS = {"record_many": 60.0, "verify": 60.0}


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """Return the result of ``work`` and the seconds it took."""
    start = time.perf_counter()
    return work(), time.perf_counter() - start


def main() -> int:
    """Run the benchmark; return 1 when a bound is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facts", type=int, default=10_000_000)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--keep", type=Path, help="folder that is not removed afterwards")
    given = parser.parse_args()
    with ExitStack() as stack:
        home = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="yzt-bench-")))
        prepare(stack, home, given.postgres)
        rows = list(steps(given.facts))
    engine = "PostgreSQL" if given.postgres else "SQLite"
    from report import record

    command = f"python bench/bench_ledger.py --facts {given.facts}{' --postgres' if given.postgres else ''}"
    table = [["what", "facts", "seconds", "facts/s"]]
    table += [[what, f"{count:,}", f"{seconds:.1f}", f"{count / seconds:,.0f}"] for what, count, seconds in rows]
    record(f"Ledger on {engine}", table, command)
    return int(any(seconds > BOUNDS.get(what.split()[0], seconds) for what, _count, seconds in rows))


def prepare(stack: ExitStack, home: Path, postgres: bool) -> None:
    """Set up Django over a new database with the city's divisions."""
    url = f"sqlite:///{home}/bench.sqlite3"
    if postgres:
        import psycopg

        from yizhantong.testing.postgres import cluster

        running = stack.enter_context(cluster())
        with psycopg.connect(running.dsn, autocommit=True) as admin:
            admin.execute("CREATE DATABASE bench")
        url = f"postgresql://postgres@/bench?host={running.socket}"
    os.environ |= {
        "YZT_HOME": str(home), "YZT_SEGMENTS": str(home / "segments"), "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "yizhantong.project.settings",
    }  # fmt: skip
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from yizhantong.kernel.divisions.load import load_city

    stack.callback(connections.close_all)
    call_command("migrate", verbosity=0, skip_checks=True)
    load_city()


def steps(facts: int) -> Iterator[tuple[str, int, float]]:
    """Do one step after the other; yield its name, the number of facts, and the seconds it took."""
    from yizhantong.kernel.ledger import actions, imports, segments
    from yizhantong.kernel.ledger.audit import AUDIT
    from yizhantong.kernel.ledger.verify import verify

    made, seconds = timed(lambda: actions.record_many(AUDIT, rows(RECORDED), source="sample"))
    yield "record_many (checked, one transaction)", made, seconds
    found, seconds = timed(lambda: imports.preview(AUDIT, csv_file(IMPORTED), "bench.csv", None))
    yield "import: preview of a CSV file", len(found.new), seconds
    done, seconds = timed(lambda: imports.commit(found, None))
    yield "import: commit", done.recorded, seconds
    left = facts - RECORDED - IMPORTED
    _none, seconds = timed(lambda: plain_sql(left))
    yield "plain SQL, for comparison (triggers on)", left, seconds
    sealed, seconds = timed(lambda: segments.seal(AUDIT))
    yield "seal (Parquet, Merkle root, chain)", sum(segment.count for segment in sealed), seconds
    report, seconds = timed(lambda: verify(AUDIT))
    if not report.ok:
        raise SystemExit(f"verification failed: {report.first_failure}")
    yield "verify (files, roots, chain, every fact of the database)", report.ledgers[0].sealed, seconds


def rows(count: int) -> Iterator[dict[str, Any]]:
    """Yield facts by column."""
    first = dt.date(2021, 1, 1)
    for n in range(count):
        yield {
            "division_id": "210702", "occurred_on": first + dt.timedelta(days=n % 200), "event": "export",
            "actor": f"clerk{n % 300}", "target": f"record {n}", "detail": f'{{"n": {n}}}',
        }  # fmt: skip


def csv_file(count: int) -> bytes:
    """Return a file for the import."""
    lines = ["区划,发生日期,事件,操作账号,对象"]
    lines += [f"210702,2021-03-{1 + n % 28:02d},导出,clerk{n % 300},file {n}" for n in range(count)]
    return "\n".join(lines).encode()


def plain_sql(count: int) -> None:
    """Write facts inside the database."""
    from django.db import connection

    if connection.vendor == "postgresql":
        source, day = f"generate_series(1, {count}) AS n(n)", "DATE '2021-01-01' + n % 200"
        moment = "TIMESTAMPTZ '2021-08-01 00:00:00+00' + n * INTERVAL '1 millisecond'"
    else:
        source = f"(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {count}) SELECT n FROM c)"
        day = "date('2021-01-01', '+' || (n % 200) || ' days')"
        moment = "'2021-08-01 00:00:' || printf('%02d.%06d', n % 60, n % 1000000)"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_auditevent (division_id, occurred_on, recorded_at, source, sign, note, event, actor, target, "
            f"result, address, detail) SELECT '210702', {day}, {moment}, 'sample', 1, '', 'export', "
            f"'clerk' || (n % 300), 'record ' || n, 'done', '', '' FROM {source}"
        )


if __name__ == "__main__":
    sys.exit(main())
