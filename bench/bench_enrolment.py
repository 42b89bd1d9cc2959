"""The first minute of enrolment: submissions over HTTP while a worker makes cases of them; none may be lost, not even by kill -9.

    python bench/bench_enrolment.py [--users 50] [--seconds 60] [--engine sqlite|postgres]

Fifty users, each on a connection of its own that is kept, hand in one child after the other without a pause: another child each time, each
form of thirteen elements, nine of them personal (sealed), each under an ``Idempotency-Key`` of its own. The server is the product's own
(granian, two workers, two blocking threads each); beside it a worker of the product makes cases of what was acknowledged, as in service.
Client, server and worker share two cores. Then server and worker are killed (SIGKILL) in the middle of a second, short run, started anew, and
what was acknowledged before the kill is counted. Bounds, beyond which the run fails: at least 200 submissions/s over the whole time, p95 below
500 ms, none lost, none doubled, every one a case in the end, no answer but 201.
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
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from bench_http import ENGINES, Run, answer, serve
from caseload import prepared

LEAST, SLOWEST = 200.0, 500.0
SEASON, DISTRICT = "bench-season", "210702"
WARM_UP, KILLED = 4.0, 5.0
SURE = ("FULL", "NORMAL")
"""How sure a commit is: SQLite is measured with both; PostgreSQL waits for the disk (fsync and synchronous_commit on)."""


def main() -> int:
    """Run the benchmark on both engines (each in a process of its own) or on one; return 1 when a bound is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--engine", choices=list(ENGINES))
    parser.add_argument("--synchronous", choices=SURE, default="FULL", help="how sure a commit on SQLite is")
    parser.add_argument("--dry", action="store_true", help="print the table without writing it into RESULTS.md")
    given = parser.parse_args()
    os.environ["YZT_INTAKE_SYNCHRONOUS"] = given.synchronous
    if given.engine and not given.dry:
        print(json.dumps(measured(given.engine, given.users, given.seconds)))
        return 0
    rows = []
    engines = [given.engine] if given.engine else list(ENGINES)
    wanted = [(engine, sure) for engine in engines for sure in (SURE if engine == "sqlite" else SURE[:1])]
    for engine, sure in wanted:
        command = [
            sys.executable,
            __file__,
            "--engine",
            engine,
            "--users",
            str(given.users),
            "--seconds",
            str(given.seconds),
            "--synchronous",
            sure,
        ]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
        rows.append(json.loads(done.stdout.splitlines()[-1]) | {"sure": sure})
    from report import record

    heads = [
        "engine", "users", "submissions/s", "median ms", "p95 ms", "p99 ms", "acknowledged", "kept", "cases within the run", "cases at last",
        "cases/s afterwards", "acknowledged before kill -9", "lost by it", "other answers", "client ms CPU each", "server ms CPU each",
    ]  # fmt: skip
    table = [heads, *([f"{ENGINES[row['engine']]} ({row['sure']})", *row["shown"]] for row in rows)]
    record(
        f"Enrolment: the first minute, {given.users} users at once",
        table,
        f"python bench/bench_enrolment.py --users {given.users} --seconds {given.seconds:g}",
        dry=given.dry,
    )
    rows = [row for row in rows if row["sure"] == "FULL"]  # the bounds are asked of what a city runs
    return int(any(row["rate"] < LEAST or row["p95"] > SLOWEST or row["lost"] or row["strange"] for row in rows))


def measured(engine: str, users: int, seconds: float) -> dict[str, Any]:
    """Serve a new city in season, let the users hand in for so long, count what stands; then kill and count again."""
    home = Path(tempfile.mkdtemp(prefix="yzt-bench-"))
    with prepared(home, engine == "postgres", durable=True):
        from yizhantong.zones.onething.enrolment.actions import intake
        from yizhantong.zones.onething.enrolment.models import Intake

        keys = season_and_parents(users)
        server, worker, port = start(home)
        try:
            asyncio.run(handing_in(port, keys, WARM_UP, 0))
            serving = [server.pid, *children_of(server.pid)]
            served = cpu_of(serving)
            cpu, begun = time.process_time(), time.perf_counter()
            run = asyncio.run(handing_in(port, keys, seconds, 1))
            took, cpu = time.perf_counter() - begun, time.process_time() - cpu
            served = cpu_of(serving) - served
            within = Intake.objects.filter(receipt__in=run.numbers, state="opened").count()
            killed = asyncio.run(until_killed(port, keys, server, worker))
        finally:
            stop(server, worker)
        there = set(Intake.objects.values_list("receipt", flat=True))
        left, begun = Intake.objects.filter(state="waiting").count(), time.perf_counter()
        while intake.open_waiting(5000):
            pass
        opening = time.perf_counter() - begun
        opened = set(Intake.objects.filter(state="opened", case__isnull=False).values_list("receipt", flat=True))
        doubled = len(run.numbers) - len(set(run.numbers))
    lost, lost_by_kill = len(set(run.numbers) - there), len(set(killed.numbers) - there)
    unopened = len(set(run.numbers + killed.numbers) - opened)
    for text in run.strange[:3]:
        print(text, file=sys.stderr)
    waits = sorted(run.waits)
    rate = len(waits) / took
    p95, p99 = (waits[min(int(len(waits) * share), len(waits) - 1)] for share in (0.95, 0.99))
    shown = [
        users, f"{rate:.0f}", f"{statistics.median(waits):.0f}", f"{p95:.0f}", f"{p99:.0f}", f"{len(run.numbers):,}", f"{len(run.numbers) - lost:,}",
        f"{within:,}", f"{len(opened & set(run.numbers)):,}", f"{left / opening:.0f}", f"{len(killed.numbers):,}", lost_by_kill, len(run.strange), f"{cpu / len(waits) * 1000:.2f}",
        f"{served / len(waits) * 1000:.2f}",
    ]  # fmt: skip
    return {
        "engine": engine,
        "shown": shown,
        "rate": rate,
        "p95": p95,
        "lost": lost + lost_by_kill + doubled + unopened,
        "strange": len(run.strange),
    }


def season_and_parents(users: int) -> list[str]:
    """Make a season that is open now, and parents; return the key of each."""
    from yizhantong.kernel.access.models import Token, User
    from yizhantong.kernel.divisions import clock
    from yizhantong.kernel.divisions.models import City
    from yizhantong.kernel.items.dictionary import load_elements
    from yizhantong.kernel.parties import sealing
    from yizhantong.kernel.parties.models import Organisation, Person
    from yizhantong.zones.onething.enrolment import load
    from yizhantong.zones.onething.enrolment.actions import seasons
    from yizhantong.zones.onething.enrolment.models import Season

    load_elements()
    load.load()
    document = load.document()
    assert document is not None
    city = City.objects.get()
    city.demonstration_day = dt.date.fromisoformat(document["season"]["opens_at"][:10])
    city.save()
    given, now = document["season"], clock.now()
    with clock.at(now - dt.timedelta(days=2)):
        season = seasons.prepare(Season(
            code=SEASON, name="压测批次", division_id=DISTRICT, office=Organisation.objects.get(pk=document["item"]["agency"]), stage=given["stage"], year=now.year,
            rules=given["rules"], opens_at=now - dt.timedelta(days=1), closes_at=now + dt.timedelta(days=1),
            born_from=dt.date(2014, 9, 1), born_to=dt.date(2015, 8, 31),
        ), None)  # fmt: skip
        seasons.set_schools(season, given["schools"], None)
        for batch in given["batches"]:
            seasons.plan_batch(
                season,
                None,
                name=batch["name"],
                categories=batch["categories"],
                divert=batch["divert"],
                publishes_on=now.date(),
            )
        officer = User.objects.create(username="officer", is_superuser=True, is_staff=True)
        publish(season, officer)
    keys = []
    for number in range(users):
        identity = child(number, dt.date(1985, 1, 1))
        person = Person.objects.create(
            name=f"演示家长{number}", division_id=DISTRICT, identity=identity, identity_index=sealing.index_of(identity)
        )
        user = User.objects.create(username=f"parent{number}", display_name=person.name, person=person)
        keys.append(Token.issue(user, "bench")[1])
    return keys


def publish(season: Any, officer: Any) -> None:
    """Publish as an officer whose grants cover the district."""
    from yizhantong.kernel.access.models import Grant, Role
    from yizhantong.zones.onething.enrolment.actions import seasons

    role = Role.objects.create(code="bench", name="bench", permissions=["enrolment.manage"])
    Grant.objects.create(user=officer, role=role, scope=Grant.Scope.CITY)
    seasons.publish(season, officer)


def child(number: int, first: dt.date = dt.date(2014, 9, 1)) -> str:
    """Return the identity number of the child of that number: 364,000 of them."""
    from yizhantong.zones.onething.enrolment.numbers import identity

    return identity(DISTRICT, first + dt.timedelta(days=number % 364), number // 364)


def form(number: int) -> dict[str, Any]:
    """Return the form of a child."""
    identity = child(number)
    return {
        "enrolment_district": DISTRICT, "enrolment_stage": "小学一年级", "child_name": f"演示学生{number}", "child_identity": identity,
        "child_born_on": f"{identity[6:10]}-{identity[10:12]}-{identity[12:14]}", "person_name": "演示家长", "person_identity": child(number % 1000, dt.date(1985, 1, 1)),
        "person_phone": "13900000000", "guardian_relation": "父亲", "school_category": "房户一致", "second_guardian_identity": child(number % 999, dt.date(1986, 1, 1)),
        "stay_together": False,
    }  # fmt: skip


def start(home: Path) -> tuple[subprocess.Popen[bytes], subprocess.Popen[bytes], int]:
    """Start server and worker, each in a group of processes of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = serve(port, home)
    source = str(Path(__file__).parent.parent / "src")
    environment = os.environ | {"PYTHONPATH": source, "YZT_LOG_LEVEL": "ERROR"}
    with (home / "worker.log").open("wb") as log:
        program = "import time\nfrom django import setup\nsetup()\nfrom yizhantong.zones.onething.enrolment.actions import intake\nwhile True:\n    intake.open_waiting(5000, seconds=25)\n    time.sleep(0.5)"
        worker = subprocess.Popen([sys.executable, "-c", program], env=environment, stdout=log, stderr=log)
    return server, worker, port


def stop(server: subprocess.Popen[bytes], worker: subprocess.Popen[bytes]) -> None:
    """End both, whatever became of them."""
    for process in (server, worker):
        if process.poll() is None:
            process.terminate()
            process.wait(20)


def cpu_of(processes: list[int]) -> float:
    """Return the seconds of CPU that processes have used so far (Linux): what a submission costs, however busy the machine is otherwise."""
    ticks = 0
    for process in processes:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(") ")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def children_of(process: int) -> list[int]:
    """Return the processes that a process started."""
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process)], stdout=subprocess.PIPE, text=True, check=False
    ).stdout
    return [int(line) for line in found.split()]


async def until_killed(
    port: int, keys: list[str], server: subprocess.Popen[bytes], worker: subprocess.Popen[bytes]
) -> Run:
    """Hand in, and kill the server's processes and the worker in the middle; return what was acknowledged before."""
    own = [*children_of(server.pid), server.pid, worker.pid]

    async def kill() -> None:
        await asyncio.sleep(KILLED / 2)
        for process in own:
            os.kill(process, signal.SIGKILL)

    run, _none = await asyncio.gather(handing_in(port, keys, KILLED, 2), kill())
    return run


async def handing_in(port: int, keys: list[str], seconds: float, part: int) -> Run:
    """Let every parent hand in until the time is over; what was begun is waited for."""
    run = Run()
    until = time.perf_counter() + seconds
    await asyncio.gather(
        *(one(port, key, until, part * 100_000 + place, len(keys), run) for place, key in enumerate(keys))
    )
    return run


async def one(port: int, key: str, until: float, number: int, step: int, run: Run) -> None:
    """Hand in one child after the other over one connection; a connection that breaks ends it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.perf_counter() < until:
        body = json.dumps({"data": form(number)}).encode()
        head = (
            f"POST /api/v1/onething/enrolment/seasons/{SEASON}/submissions HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nIdempotency-Key: child-{number}\r\n\r\n"
        )
        begun = time.perf_counter()
        try:
            writer.write(head.encode() + body)
            status, content = await answer(reader)
        except (asyncio.IncompleteReadError, ConnectionError):
            break
        if status == 201:
            run.waits.append((time.perf_counter() - begun) * 1000)
            run.numbers.append(str(json.loads(content)["receipt"]))
        else:
            run.strange.append(f"{status}: {content[:300]!r}")
        number += step
    writer.close()


if __name__ == "__main__":
    sys.exit(main())
