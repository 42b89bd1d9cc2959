"""The first minute of enrolment: submissions over HTTP while a worker makes cases of them; none may be lost, not even by kill -9.

    python bench/bench_enrolment.py [--rate 200] [--seconds 60] [--engine sqlite|postgres]

Parents do not wait for one another: submissions come at a fixed rate (an open loop), each with a scheduled moment, and the time of one runs
from that moment to its answer, so that a server which falls behind pays for all that queue up. A free connection is taken, or one more is
opened. Each hands in another child: a form of thirteen elements, nine of them personal (sealed), under an ``Idempotency-Key`` of its own.
The server is the product's own (granian as ``yzt serve`` starts it), beside it the product's worker, kept by its keeper, with all that it does
by the clock. Client, server and worker share the machine's cores. Once the minute is over, the worker is waited for until every receipt is a
case. Then all are killed (SIGKILL) in the middle of a second, short run as fast as users can, and what was acknowledged before is counted; the
cases of these are made by a worker started anew. Bounds, beyond which the run fails: at least 99 % of the rate, p95 below 500 ms, none
lost, none doubled, every one a case in the end, no answer but 201.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from bench_http import ENGINES, Run, answer, serve
from caseload import prepared
from season import SEASON, form, season_and_parents

RATE, PERSEVERED, SLOWEST = 200.0, 0.99, 500.0
PARENTS, USERS, CONNECTIONS = 200, 50, 1000
WARM_UP, KILLED, PATIENCE = 1.5, 5.0, 600.0
SURE = ("FULL", "NORMAL")
"""How sure a commit is: SQLite is measured with both; PostgreSQL waits for the disk (fsync and synchronous_commit on)."""
HEADS = [
    "engine", "asked/s", "submissions/s", "median ms", "p95 ms", "p99 ms", "worst ms", "acknowledged", "kept once", "cases at the end of the run",
    "all cases after s", "other jobs waited at most s", "acknowledged before kill -9", "lost by it", "other answers", "client ms CPU each", "server ms CPU each",
    "worker s CPU",
]  # fmt: skip


def main() -> int:
    """Run the benchmark on both engines (each in a process of its own) or on one; return 1 when a bound is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--engine", choices=list(ENGINES))
    parser.add_argument(
        "--synchronous", choices=SURE, help="how sure a commit on SQLite is; without: both are measured"
    )
    parser.add_argument("--dry", action="store_true", help="print the table without writing it into RESULTS.md")
    parser.add_argument("--one", action="store_true", help="measure in this process and print the figures as JSON")
    given = parser.parse_args()
    if given.one:
        os.environ["YZT_INTAKE_SYNCHRONOUS"] = given.synchronous
        print(json.dumps(measured(given.engine, given.rate, given.seconds)))
        return 0
    rows = []
    for engine in [given.engine] if given.engine else list(ENGINES):
        for sure in [given.synchronous] if given.synchronous else (SURE if engine == "sqlite" else SURE[:1]):
            command = [sys.executable, __file__, "--one", "--engine", engine, "--synchronous", sure]
            command += ["--rate", f"{given.rate:g}", "--seconds", f"{given.seconds:g}"]
            done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
            rows.append(json.loads(done.stdout.splitlines()[-1]) | {"sure": sure})
    from report import record

    table = [HEADS, *([f"{ENGINES[row['engine']]} ({row['sure']})", *row["shown"]] for row in rows)]
    record(
        f"Enrolment: the first minute, {given.rate:g} submissions a second",
        table,
        f"python bench/bench_enrolment.py --rate {given.rate:g} --seconds {given.seconds:g}",
        dry=given.dry,
    )
    return int(not all(row["good"] for row in rows))


def measured(engine: str, rate: float, seconds: float) -> dict[str, Any]:
    """Serve a new city in season, let parents hand in for so long, count what stands; then kill and count again."""
    home = Path(tempfile.mkdtemp(prefix="yzt-bench-"))
    with prepared(home, engine == "postgres", durable=True):
        keys = season_and_parents(PARENTS)
        server, keeper, port = start(home)
        try:
            asyncio.run(handing_in(port, keys[:USERS], WARM_UP, 0))
            rest(PATIENCE, jobs=False)
            serving = [server.pid, *below(server.pid)]
            used = [cpu_of(serving), cpu_of(below(keeper.pid)), time.process_time()]
            begun, since = time.perf_counter(), moment()
            run = asyncio.run(arriving(port, keys, rate, seconds))
            took = time.perf_counter() - begun
            used = [now - before for before, now in zip(used, [cpu_of(serving), cpu_of(below(keeper.pid)), time.process_time()], strict=True)]  # fmt: skip
            within = opened_of(run.numbers)
            print(
                f"{engine}: {len(run.waits)} in {took:.1f} s, median {statistics.median(run.waits):.0f} ms, p95 {sorted(run.waits)[int(len(run.waits) * 0.95)]:.0f} ms",
                file=sys.stderr,
            )
            after = rest(PATIENCE, jobs=False)
            waited = others_waited(since)
            killed = asyncio.run(until_killed(port, keys, [server.pid, keeper.pid]))
            server, keeper, port = start(home)
            rest(PATIENCE, jobs=False)
        finally:
            stop(server, keeper)
        missing = len(set(run.numbers)) - kept_once(run.numbers)
        lost = len(set(killed.numbers)) - kept_once(killed.numbers)
    for text in run.strange[:3]:
        print(text, file=sys.stderr)
    waits, count = sorted(run.waits), len(run.waits)
    p95, p99 = (waits[min(int(count * share), count - 1)] for share in (0.95, 0.99))
    shown = [
        f"{rate:g}", f"{count / took:.1f}", f"{statistics.median(waits):.0f}", f"{p95:.0f}", f"{p99:.0f}", f"{waits[-1]:.0f}", f"{count:,}",
        f"{count - missing:,}", f"{within:,}", f"{after:.0f}", f"{waited:.1f}", f"{len(killed.numbers):,}", lost, len(run.strange),
        f"{used[2] / count * 1000:.2f}", f"{used[0] / count * 1000:.2f}", f"{used[1]:.1f}",
    ]  # fmt: skip
    doubled = len(run.numbers) != len(set(run.numbers))
    good = count / took >= rate * PERSEVERED and p95 < SLOWEST and not (missing or lost or doubled or run.strange)
    return {"engine": engine, "shown": shown, "good": good}


# --- what is counted --------------------------------------------------------------------------------------------------


def opened_of(receipts: list[str]) -> int:
    """Return how many of these receipts are cases already."""
    from yizhantong.zones.onething.enrolment.models import Intake

    rows = Intake.objects.filter(state="opened").values_list("receipt", flat=True)
    return len(set(receipts).intersection(rows))


def kept_once(receipts: list[str]) -> int:
    """Return how many of these receipts stand exactly once, each with a case, a child and a number of its own."""
    from collections import Counter

    from yizhantong.kernel.cases.models import Case
    from yizhantong.zones.onething.enrolment.models import Child, Intake

    wanted = set(receipts)
    rows = [row for row in Intake.objects.values_list("receipt", "case_id", "child_index", "state") if row[0] in wanted]
    times, children = Counter(row[0] for row in rows), Counter(row[2] for row in rows)
    there = set(Case.objects.exclude(number="").values_list("pk", flat=True))
    entered = Counter(Child.objects.values_list("case_id", flat=True))
    return sum(
        1
        for receipt, case, child, state in rows
        if times[receipt] == children[child] == entered[case] == 1 and state == "opened" and case in there
    )


def others_waited(since: dt.datetime) -> float:
    """Return the seconds that a job of another room waited longest for its turn since that moment (papers, which give way to all, left out)."""
    from django.db.models import F, Max

    from yizhantong.kernel.jobs.models import Job

    rows = Job.objects.filter(run_after__gte=since, started_at__isnull=False, priority__gte=0).exclude(
        task__contains="enrolment"
    )
    found = rows.aggregate(longest=Max(F("started_at") - F("run_after")))["longest"]
    return float(found.total_seconds()) if found is not None else 0.0


def rest(patience: float, *, jobs: bool = True) -> float:
    """Wait until every receipt is a case and, with ``jobs``, until the worker has nothing to do that is due; return the seconds."""
    from django.utils import timezone

    from yizhantong.kernel.jobs.models import Job
    from yizhantong.zones.onething.enrolment.models import Intake

    begun = time.monotonic()
    while (waited := time.monotonic() - begun) < patience:
        due = Job.objects.filter(state__in=["waiting", "running"], run_after__lte=timezone.now())
        if not Intake.objects.filter(state="waiting").exists() and not (jobs and due.exists()):
            return waited
        time.sleep(0.5)
    raise SystemExit(f"after {patience:.0f} s there are still receipts that are no case, or jobs that did not end")


def moment() -> dt.datetime:
    """Return the server's time, which jobs go by."""
    from django.utils import timezone

    return timezone.now()


def cpu_of(processes: list[int]) -> float:
    """Return the seconds of CPU that processes have used so far (Linux): what a submission costs, however busy the machine is otherwise."""
    ticks = 0
    for process in processes:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(") ")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


# --- server, worker, users --------------------------------------------------------------------------------------------


def start(home: Path) -> tuple[subprocess.Popen[bytes], subprocess.Popen[bytes], int]:
    """Start the product's server, and its keeper with a worker; return both and the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    from yizhantong.project.serve import beside

    server = serve(port, home)
    source = str(Path(__file__).parent.parent / "src")
    environment = os.environ | {"PYTHONPATH": source, "YZT_LOG_LEVEL": "ERROR"}
    with (home / "worker.log").open("ab") as log:
        keeper = beside(os.getpid(), env=environment, stdout=log, stderr=log)
    return server, keeper, port


def stop(*started: subprocess.Popen[bytes]) -> None:
    """End all, whatever became of them."""
    for process in started:
        if process.poll() is None:
            process.terminate()
            process.wait(60)


def below(process: int) -> list[int]:
    """Return the processes that a process started, and those that they started."""
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process)], stdout=subprocess.PIPE, text=True, check=False
    )
    found = [int(line) for line in listed.stdout.split()]
    return [*found, *(each for child in found for each in below(child))]


async def until_killed(port: int, keys: list[str], started: list[int]) -> Run:
    """Hand in as fast as users can, and kill every process of the product in the middle; return what was acknowledged before."""
    own = [*started, *(each for process in started for each in below(process))]

    async def kill() -> None:
        await asyncio.sleep(KILLED / 2)
        for process in own:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    run, _none = await asyncio.gather(handing_in(port, keys[:USERS], KILLED, 2), kill())
    return run


class Arrivals:
    """Submissions that come at their moments, each over a connection that is free, or over one more."""

    def __init__(self, port: int, keys: list[str]) -> None:
        self.run = Run()
        self._port, self._keys = port, keys
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._room = asyncio.Semaphore(CONNECTIONS)

    async def one(self, number: int, due: float) -> None:
        """Hand in one child; its time runs from ``due``."""
        whole = request(self._port, self._keys[number % len(self._keys)], number)
        async with self._room:
            while self._free:
                reader, writer = self._free.pop()
                try:
                    writer.write(whole)
                    status, content = await answer(reader)
                    break
                except (
                    asyncio.IncompleteReadError,
                    ConnectionError,
                ):  # kept too long: the same again, under the same key
                    writer.close()
            else:
                reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
                writer.write(whole)
                status, content = await answer(reader)
            self._free.append((reader, writer))
        note(self.run, status, content, due)

    def close(self) -> None:
        """Close the connections."""
        for _reader, writer in self._free:
            writer.close()


async def arriving(port: int, keys: list[str], rate: float, seconds: float) -> Run:
    """Let submissions come at a fixed rate for so long, whatever the server does; return when all are answered."""
    arrivals, begun = Arrivals(port, keys), time.perf_counter()
    under_way = []
    for number in range(int(rate * seconds)):
        due = begun + number / rate
        if (early := due - time.perf_counter()) > 0:
            await asyncio.sleep(early)
        under_way.append(asyncio.create_task(arrivals.one(100_000 + number, due)))
    ended = await asyncio.gather(*under_way, return_exceptions=True)
    arrivals.run.strange += [repr(one) for one in ended if isinstance(one, BaseException)]
    arrivals.close()
    return arrivals.run


async def handing_in(port: int, keys: list[str], seconds: float, part: int) -> Run:
    """Let every parent hand in one child after the other until the time is over; what was begun is waited for."""
    run = Run()
    until = time.perf_counter() + seconds
    await asyncio.gather(
        *(one_after_other(port, key, until, part * 100_000 + place, len(keys), run) for place, key in enumerate(keys))
    )
    return run


async def one_after_other(port: int, key: str, until: float, number: int, step: int, run: Run) -> None:
    """Hand in over one connection; a connection that breaks ends it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (begun := time.perf_counter()) < until:
        try:
            writer.write(request(port, key, number))
            status, content = await answer(reader)
        except (asyncio.IncompleteReadError, ConnectionError):
            break
        note(run, status, content, begun)
        number += step
    writer.close()


def request(port: int, key: str, number: int) -> bytes:
    """Return the whole request of the child of that number."""
    body = json.dumps({"data": form(number)}).encode()
    head = (
        f"POST /api/v1/onething/enrolment/seasons/{SEASON}/submissions HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nIdempotency-Key: child-{number}\r\n\r\n"
    )
    return head.encode() + body


def note(run: Run, status: int, content: bytes, since: float) -> None:
    """Write down an answer."""
    if status == 201:
        run.waits.append((time.perf_counter() - since) * 1000)
        run.numbers.append(str(json.loads(content)["receipt"]))
    else:
        run.strange.append(f"{status}: {content[:300]!r}")


if __name__ == "__main__":
    sys.exit(main())
