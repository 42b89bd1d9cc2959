"""How fast cases are: create, five steps by people, close; with permissions, clock, facts and notices on.

    python bench/bench_cases.py [--cases 300] [--rounds 3] [--fill 1000000] [--postgres]

1. Cases per second, beside SpiffWorkflow 3.2 (its state saved as JSON after every step) and django-viewflow 2.4, in turns within
   the same run, on the same database (SQLite in a file, or PostgreSQL by Unix socket); the median of the rounds counts.
2. A joint case of five agencies: statements and milliseconds of each change.
3. The same cases once more with ten thousand, …, ``--fill`` cases in the tables: what a case costs stays flat.

Upper bounds, beyond which the run fails: 200 cases/s on SQLite and 100 on PostgreSQL, above SpiffWorkflow, three times viewflow;
20 statements and 15 ms for a change of the joint case; at most 1.5 times the time at the largest size. Shared machines tell little
in seconds: the processor's milliseconds stand beside.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

WANTED = {"SQLite": 200.0, "PostgreSQL": 100.0}
AGENCIES = 5
STATEMENTS, MILLISECONDS, GROWTH = 20, 15.0, 1.5


def main() -> int:
    """Run the benchmark; return 1 when a bound is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--fill", type=int, default=1_000_000)
    parser.add_argument("--postgres", action="store_true")
    given = parser.parse_args()
    engine = "PostgreSQL" if given.postgres else "SQLite"
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="yzt-bench-")))
        from bench_ledger import prepare

        prepare(stack, home, given.postgres)
        city = City()
        speeds = in_turns(city, home, given.cases, given.rounds, given.postgres)
        statements, milliseconds = city.joint()
        sizes = [10**n for n in range(4, 10) if 10**n <= given.fill]
        growth = [(size, *city.at_size(size, given.cases)) for size in sizes]
    return report(engine, given, speeds, (statements, milliseconds), growth)


class City:
    """A city with one item of five steps, and what is done in it."""

    def __init__(self) -> None:
        from yizhantong.kernel.cases.tests import world
        from yizhantong.kernel.parties.models import Organisation

        self.world = world
        codes = [f"1121070000000{n:04d}A" for n in range(AGENCIES)]
        Organisation.objects.bulk_create(
            Organisation(uscc=code, name=f"演示单位{n}", kind="agency", division_id="2107")
            for n, code in enumerate(codes)
        )
        self.firm = Organisation.objects.create(
            uscc=world.FIRM, name="演示企业", kind="enterprise", division_id="210702"
        )
        steps = [world.step(f"s{n}") for n in range(4)]
        flow = world.seq(*steps, world.step("decide", kind="decision"))
        shared = {"kind": "appeal", "agency": codes[0]}
        self.item = world.item("bench.one", world.content(flow, intake=False), **shared)
        parts = [world.step(f"p{n}", office=code) for n, code in enumerate(codes)]
        both = world.seq(world.together(*parts), world.step("decide", kind="decision"))
        self.together = world.item("bench.joint", world.content(both, intake=False), **shared)
        rights = ("cases.handle", "cases.decide", "cases.intake")
        self.officers = [world.official(f"bench{n}", code, *rights) for n, code in enumerate(codes)]
        self.asker = world.citizen("bench", world.FIRM)
        self.filled = 0

    def one(self) -> None:
        """Create a case, complete its five steps, the last of which closes it."""
        from yizhantong.kernel.cases import actions

        case = actions.file(self.item, applicant=self.firm, data={}, account=self.asker)
        for code in ("s0", "s1", "s2", "s3", "decide"):
            actions.complete_step(case, code, outcome="pass", account=self.officers[0])
        assert case.state == "closed"

    def timed(self, cases: int) -> tuple[float, float]:
        """Return the seconds of so many cases, on the clock and of the processor."""
        for _ in range(5):
            self.one()
        start, used = time.perf_counter(), time.process_time()
        for _ in range(cases):
            self.one()
        return time.perf_counter() - start, time.process_time() - used

    def joint(self) -> tuple[int, float]:
        """Return the most statements and the median milliseconds of one agency's completion."""
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        from yizhantong.kernel.cases import actions

        most, times = 0, []
        for round_ in range(30):
            case = actions.file(self.together, applicant=self.firm, data={}, account=self.asker)
            for n, officer in enumerate(self.officers):
                if round_ == 0:
                    with CaptureQueriesContext(connection) as seen:
                        actions.complete_step(case, f"p{n}", outcome="pass", account=officer)
                    most = max(most, len(seen))
                    continue
                start = time.perf_counter()
                actions.complete_step(case, f"p{n}", outcome="pass", account=officer)
                times.append((time.perf_counter() - start) * 1000)
            assert case.marking == "decide"
        return most, statistics.median(times)

    def at_size(self, size: int, cases: int) -> tuple[float, float]:
        """Fill the tables up to ``size`` cases by plain SQL; return the milliseconds of a case, clock and processor."""
        from django.db import connection

        new = size - self.filled
        with connection.cursor() as cursor:
            cursor.execute("SELECT max(id) FROM cases_case")
            for sql in _filling(connection.vendor, self.filled, new, max(cursor.fetchone()[0], 10**8) - self.filled):
                cursor.execute(sql)
            cursor.execute("ANALYZE")
        self.filled = size
        seconds, used = self.timed(cases)
        return seconds / cases * 1000, used / cases * 1000


def _filling(vendor: str, done: int, new: int, base: int) -> list[str]:
    """Return the statements that copy one closed case so many times, with its steps, facts, tenure and clock."""
    numbers = (
        f"generate_series({done + 1}, {done + new}) AS n(n)" if vendor == "postgresql"
        else f"(WITH RECURSIVE c(n) AS (SELECT {done + 1} UNION ALL SELECT n + 1 FROM c WHERE n < {done + new}) SELECT n FROM c) AS n"
    )  # fmt: skip
    made = []
    first = "(SELECT min(id) FROM cases_case)"
    from yizhantong.kernel.cases.models import Case, CaseEvent, CaseStep, ClockSegment

    own = f"{base} + n.n"
    for model, replaced in (
        (Case, {"id": own, "number": "'F' || n.n", "idempotency_key": "NULL"}), (CaseStep, {"case_id": own}),
        (ClockSegment, {"case_id": own}), (CaseEvent, {"number": "'F' || n.n"}),
    ):  # fmt: skip
        columns = [f.column for f in model._meta.concrete_fields if f.column != "id" or model is Case]
        values = ", ".join(replaced.get(column, f't."{column}"') for column in columns)
        listed = ", ".join(f'"{column}"' for column in columns)
        which = {
            Case: f"t.id = {first}",
            CaseEvent: f"t.number = (SELECT number FROM cases_case WHERE id = {first})",
        }.get(model, f"t.case_id = {first}")
        made.append(
            f"INSERT INTO {model._meta.db_table} ({listed}) SELECT {values} FROM {numbers}, {model._meta.db_table} t WHERE {which}"
        )
    return made


def in_turns(city: City, home: Path, cases: int, rounds: int, postgres: bool) -> dict[str, tuple[float, float]]:
    """Return by engine the median cases per second and processor milliseconds of a case."""
    from django.db import connection

    found: dict[str, list[tuple[float, float]]] = {"ours": [], "spiff": [], "viewflow": []}
    for _ in range(rounds):
        seconds, used = city.timed(cases)
        found["ours"].append((cases / seconds, used / cases * 1000))
        for peer, count in (("spiff", cases), ("viewflow", max(cases // 3, 20))):
            url = f"sqlite:///{home}/{peer}.sqlite3"
            if postgres:
                url = _database(connection.settings_dict, peer)
            command = [sys.executable, str(Path(__file__).with_name("peers_cases.py")), peer, url, str(count)]
            done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=True)
            told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
            found[peer].append((told["cases"] / told["seconds"], told["processor"] / told["cases"] * 1000))
    return {
        name: (statistics.median(speed for speed, _used in rows), statistics.median(used for _speed, used in rows))
        for name, rows in found.items()
    }


def _database(given: dict[str, Any], peer: str) -> str:
    """Return the address of a database of the peer's own in the running cluster."""
    import psycopg

    with psycopg.connect(host=given["HOST"], user="postgres", dbname="postgres", autocommit=True) as admin:
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [peer]).fetchone():
            admin.execute(f"CREATE DATABASE {peer}".encode())
    return f"postgresql://postgres@/{peer}?host={given['HOST']}"


def report(engine: str, given: argparse.Namespace, speeds: dict[str, tuple[float, float]], joint: tuple[int, float],
           growth: list[tuple[int, float, float]]) -> int:  # fmt: skip
    """Write the tables; return 1 when a bound is passed."""
    from report import record

    command = f"python bench/bench_cases.py --cases {given.cases} --rounds {given.rounds} --fill {given.fill}"
    command += " --postgres" if given.postgres else ""
    names = {
        "ours": "ours (permissions, clock, facts, notices)",
        "spiff": "SpiffWorkflow 3.2",
        "viewflow": "django-viewflow 2.4",
    }
    table = [["create, five steps, close", "cases/s", "processor ms/case"]]
    table += [[names[name], f"{speed:,.0f}", f"{used:.2f}"] for name, (speed, used) in speeds.items()]
    table.append([f"joint case of {AGENCIES}: most statements of a change (BEGIN, COMMIT included)", str(joint[0]), ""])
    table.append([f"joint case of {AGENCIES}: median ms of a change", f"{joint[1]:.2f}", ""])
    table += [
        [f"ms per case with {size:,} cases in the tables", f"{wall:.2f}", f"{used:.2f}"] for size, wall, used in growth
    ]
    record(f"Cases on {engine}", table, command)
    ours = speeds["ours"][0]
    kept = (
        ours >= WANTED[engine], ours > speeds["spiff"][0], ours >= 3 * speeds["viewflow"][0],
        joint[0] <= STATEMENTS, joint[1] <= MILLISECONDS, not growth or growth[-1][2] <= GROWTH * growth[0][2],
    )  # fmt: skip
    print("bounds kept:", kept)
    return int(not all(kept))


if __name__ == "__main__":
    sys.exit(main())
