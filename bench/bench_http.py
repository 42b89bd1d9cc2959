"""Submissions through the whole house: HTTP, granian, permissions, form, case, clock, facts, notices, papers asked for.

    python bench/bench_http.py [--users 50] [--seconds 30] [--engine sqlite|postgres]

Fifty users, each on a connection of its own that is kept, file one application after the other without a pause (a closed loop: the
rate and the waiting belong together, 50 users at 200/s wait 250 ms each). An application has a form of five elements, one of them
personal (sealed), and a commitment in place of a material; each goes under an ``Idempotency-Key`` of its own. The server is the
product's own: granian, two workers, two blocking threads each. Client and server share the machine, so what the client costs is told.
Afterwards the cases are counted: each acknowledged submission must be there, once. Bounds, beyond which the run fails: at least
100 submissions/s on two cores, p95 at most 1 s, none lost, no answer but 201.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from caseload import offices, prepared

ITEM = "bench.http"
WARM_UP = 4.0
LEAST, SLOWEST = 100.0, 1000.0
ENGINES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
DATA = {
    "title": "车间改造项目", "description": "拟改造两条生产线,购置节能设备。", "revenue": "12500000.00", "contact_phone": "13900000000",
    "occurred_on": "2021-06-01",
}  # fmt: skip


@dataclass
class Run:
    """What the users saw: milliseconds of each answer, numbers acknowledged, answers that were none of the expected."""

    waits: list[float] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)


def main() -> int:
    """Run the benchmark on both engines (each in a process of its own) or on one; return 1 when a bound is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--engine", choices=list(ENGINES))
    given = parser.parse_args()
    if given.engine:
        print(json.dumps(measured(given.engine, given.users, given.seconds)))
        return 0
    rows = []
    for engine in ENGINES:
        command = [
            sys.executable,
            __file__,
            "--engine",
            engine,
            "--users",
            str(given.users),
            "--seconds",
            str(given.seconds),
        ]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
        rows.append(json.loads(done.stdout.splitlines()[-1]))
    from report import record

    heads = [
        "engine", "users", "submissions/s", "median ms", "p95 ms", "p99 ms", "acknowledged", "in the database", "other answers",
        "client ms CPU each",
    ]  # fmt: skip
    table = [heads, *([ENGINES[row["engine"]], *row["shown"]] for row in rows)]
    command_line = f"python bench/bench_http.py --users {given.users} --seconds {given.seconds:g}"
    record("Submissions over HTTP, 50 users at once", table, command_line)
    return int(any(row["rate"] < LEAST or row["p95"] > SLOWEST or row["lost"] or row["strange"] for row in rows))


def measured(engine: str, users: int, seconds: float) -> dict[str, Any]:
    """Serve a new city, let the users file for so long, count what stands."""
    home = Path(tempfile.mkdtemp(prefix="yzt-bench-"))
    with prepared(home, engine == "postgres"):
        from yizhantong.kernel.cases.models import Case

        firms_and_keys = people(users)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        server = serve(port, home)
        try:
            asyncio.run(filing(port, firms_and_keys, WARM_UP, "warm"))
            before = Case.objects.count()
            cpu, start = time.process_time(), time.perf_counter()
            run = asyncio.run(filing(port, firms_and_keys, seconds, "run"))
            took, cpu = time.perf_counter() - start, time.process_time() - cpu
        finally:
            server.terminate()
            server.wait(20)
        there = set(Case.objects.filter(number__in=run.numbers).values_list("number", flat=True))
        made = Case.objects.count() - before
    return result(engine, users, run, took, cpu, made, len(set(run.numbers) - there))


def result(engine: str, users: int, run: Run, took: float, cpu: float, made: int, lost: int) -> dict[str, Any]:
    """Return a row of the table, and what the bounds are asked of."""
    waits = sorted(run.waits)
    rate = len(waits) / took
    p95, p99 = (waits[min(int(len(waits) * share), len(waits) - 1)] for share in (0.95, 0.99))
    shown = [
        users, f"{rate:.0f}", f"{statistics.median(waits):.0f}", f"{p95:.0f}", f"{p99:.0f}", f"{len(run.numbers):,}", f"{made:,}",
        len(run.strange), f"{cpu / len(waits) * 1000:.2f}",
    ]  # fmt: skip
    for text in run.strange[:3]:
        print(text, file=sys.stderr)
    return {
        "engine": engine, "shown": shown, "rate": rate, "p95": p95, "lost": lost or made != len(set(run.numbers)),
        "strange": len(run.strange),
    }  # fmt: skip


def people(users: int) -> list[tuple[str, str]]:
    """Make the item and its askers; return for each the code of the enterprise and the key."""
    import datetime as dt

    from yizhantong.kernel.access.models import Token, User
    from yizhantong.kernel.parties.models import Mandate, Organisation, Person
    from yizhantong.testing.items import published_item, steps

    published_item(
        ITEM, agency=offices()[0], form=tuple(DATA), flow=steps("check", "review", "decide", decide={"kind": "decision"}),
        materials=[{"code": "promise", "name": "信用承诺书", "commitment": True, "by_law": "《演示办法》第二条"}],
        options={"commitment_text": "本单位承诺所填内容真实,违者承担责任。"},
        limits={"promised": {"amount": 10, "unit": "workday", "law": "演示承诺", "source": "演示"}},
    )  # fmt: skip
    found = []
    for number, firm in enumerate(Organisation.objects.filter(kind="enterprise").order_by("uscc")[:users]):
        person = Person.objects.create(name=f"演示经办{number}", division_id=firm.division_id)
        Mandate.objects.create(organisation=firm, person=person, valid_from=dt.date(2020, 1, 1))
        user = User.objects.create(username=f"asker{number}", display_name=f"演示经办{number}", person=person)
        found.append((firm.uscc, Token.issue(user, "bench")[1]))
    return found


def serve(port: int, home: Path) -> subprocess.Popen[bytes]:
    """Start the product's own server and wait for its first answer."""
    from yizhantong.project.serve import command

    source = str(Path(__file__).parent.parent / "src")
    environment = os.environ | {"PYTHONPATH": source, "YZT_LOG_LEVEL": "ERROR"}
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(command("127.0.0.1", port, 2), env=environment, stdout=log, stderr=log)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return server
        time.sleep(0.1)
    raise SystemExit((home / "server.log").read_text(encoding="utf-8")[-2000:])


async def filing(port: int, askers: list[tuple[str, str]], seconds: float, name: str) -> Run:
    """Let every asker file until the time is over; what was begun is waited for."""
    run = Run()
    until = time.perf_counter() + seconds
    await asyncio.gather(*(one(port, firm, key, until, f"{name}-{n}", run) for n, (firm, key) in enumerate(askers)))
    return run


async def one(port: int, firm: str, key: str, until: float, name: str, run: Run) -> None:
    """File one application after the other over one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = json.dumps(
        {"item": ITEM, "applicant": firm, "data": DATA, "materials": [{"code": "promise", "mode": "committed"}]}
    ).encode()
    head = (
        f"POST /api/v1/cases HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nIdempotency-Key: {name}-"
    )
    count = 0
    while time.perf_counter() < until:
        start = time.perf_counter()
        writer.write(f"{head}{count}\r\n\r\n".encode() + body)
        status, content = await answer(reader)
        if status == 201:
            run.waits.append((time.perf_counter() - start) * 1000)
            run.numbers.append(str(json.loads(content)["number"]))
        else:
            run.strange.append(f"{status}: {content[:300]!r}")
        count += 1
    writer.close()


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Read one answer: its status and its content."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
    return int(head[9:12]), await reader.readexactly(length)


if __name__ == "__main__":
    sys.exit(main())
