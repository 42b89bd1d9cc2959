"""How fast packages are: submitted, forked into five agencies' cases, each decided by its own official, joined, closed.

    python bench/bench_packages.py [--packages 60] [--rounds 3] [--postgres] [--quick] [--dry]

Ours with permissions, clocks, facts, notices and papers of every part, beside django-viewflow 2.4 with none of these: a process with
five processes of its own, as ours is a case with five cases; and, which is less, one process of five tasks. In turns within the same run, on the same database (SQLite in a file, or PostgreSQL by
Unix socket); the median of the rounds counts.

Upper bounds, beyond which the run fails: 20 statements for a change, BEGIN and COMMIT included; three times as fast as viewflow's six processes.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from caseload import prepared

STATEMENTS, TIMES, WARM = 20, 3.0, 3


def main() -> int:
    """Run the benchmark; return 1 when a bound is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--quick", action="store_true", help="--packages 20 --rounds 1")
    parser.add_argument("--dry", action="store_true", help="print only, and leave RESULTS.md as it is")
    given = parser.parse_args()
    if given.quick:
        given.packages, given.rounds = 20, 1
    with tempfile.TemporaryDirectory(prefix="yzt-bench-") as folder, prepared(Path(folder), given.postgres):
        city = City()
        statements = city.statements()
        speeds = in_turns(city, Path(folder), given.packages, given.rounds, given.postgres)
    return report(given, statements, speeds)


class City:
    """Five agencies, an item of each, and the package of all of them."""

    def __init__(self) -> None:
        from yizhantong.kernel.cases import hooks
        from yizhantong.kernel.cases.tests import packages, world
        from yizhantong.kernel.parties.models import Organisation

        Organisation.objects.bulk_create(
            Organisation(uscc=code, name=f"演示单位{n}", kind="agency", division_id="2107")
            for n, code in enumerate(packages.OFFICES)
        )
        self.firm = Organisation.objects.create(
            uscc=world.FIRM, name="演示企业", kind="enterprise", division_id="210702"
        )
        self.asker = world.citizen("bench", world.FIRM)
        items = packages.items()
        self.zone = packages.Joining(lambda _case: packages.parts_of(items, accepted=True))
        hooks.register(self.zone, zone=packages.ZONE, kind="package")
        self.item = packages.package()
        self.heads = [world.official(f"bench{n}", code, "cases.decide") for n, code in enumerate(packages.OFFICES)]

    def one(self) -> None:
        """Submit a package, which is accepted and forked at once; have its five parts decided, the last of which ends it."""
        from yizhantong.kernel.cases import actions
        from yizhantong.kernel.cases.models import Case

        parent = actions.file(self.item, applicant=self.firm, data={}, account=self.asker)
        for part, head in zip(self.zone.forked, self.heads, strict=True):
            actions.decide(part, outcome="granted", account=head)
        assert Case.objects.filter(pk=parent.pk, outcome="granted").exists()

    def statements(self) -> tuple[int, int, int]:
        """Return the statements of submitting with the fork, the most of a part's ending, and of the last, which joins."""
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        from yizhantong.kernel.cases import actions

        self.one()
        counts = []
        with CaptureQueriesContext(connection) as asked:
            actions.file(self.item, applicant=self.firm, data={}, account=self.asker)
        counts.append(len(asked))
        for part, head in zip(self.zone.forked, self.heads, strict=True):
            with CaptureQueriesContext(connection) as asked:
                actions.decide(part, outcome="granted", account=head)
            counts.append(len(asked))
        return counts[0], max(counts[1:5]), counts[5]

    def timed(self, packages: int) -> tuple[float, float]:
        """Return the seconds of so many packages, on the clock and of the processor."""
        for _ in range(WARM):
            self.one()
        start, used = time.perf_counter(), time.process_time()
        for _ in range(packages):
            self.one()
        return time.perf_counter() - start, time.process_time() - used


def in_turns(city: City, home: Path, packages: int, rounds: int, postgres: bool) -> dict[str, tuple[float, float]]:
    """Return by engine the median packages per second and processor milliseconds of a package."""
    from bench_cases import _database
    from django.db import connection

    found: dict[str, list[tuple[float, float]]] = {"ours": [], "viewflow-parts": [], "viewflow-package": []}
    for turn in range(rounds * 2):
        peer = ("viewflow-parts", "viewflow-package")[turn % 2]
        seconds, used = city.timed(packages)
        found["ours"].append((packages / seconds, used / packages * 1000))
        url = _database(connection.settings_dict, "viewflow") if postgres else f"sqlite:///{home}/viewflow.sqlite3"
        command = [
            sys.executable,
            str(Path(__file__).with_name("peers_cases.py")),
            peer,
            url,
            str(packages),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=True)
        told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        found[peer].append((told["cases"] / told["seconds"], told["processor"] / told["cases"] * 1000))
    return {
        name: (statistics.median(speed for speed, _used in rows), statistics.median(used for _speed, used in rows))
        for name, rows in found.items()
    }


def report(given: argparse.Namespace, statements: tuple[int, int, int], speeds: dict[str, tuple[float, float]]) -> int:
    """Write the table; return 1 when a bound is passed."""
    from report import record

    engine = "PostgreSQL" if given.postgres else "SQLite"
    command = f"python bench/bench_packages.py --packages {given.packages} --rounds {given.rounds}"
    command += " --postgres" if given.postgres else ""
    names = {
        "ours": "ours, six cases (permissions, clocks, facts, notices, papers)",
        "viewflow-parts": "django-viewflow 2.4, six processes (nothing of these)",
        "viewflow-package": "django-viewflow 2.4, one process of five tasks (nothing of these)",
    }
    table = [["a package of five agencies", "packages/s", "processor ms/package"]]
    table += [[names[name], f"{speed:,.1f}", f"{used:.2f}"] for name, (speed, used) in speeds.items()]
    table += [
        [said, str(count), ""]
        for said, count in zip(
            (
                "statements (BEGIN, COMMIT included): submitted, accepted, forked",
                "statements: a part decided, at most",
                "statements: the last part decided, the parent joined and closed",
            ),
            statements,
            strict=True,
        )
    ]
    record(f"Packages on {engine}", table, command, dry=given.dry)
    kept = (max(statements) <= STATEMENTS, speeds["ours"][0] >= TIMES * speeds["viewflow-parts"][0])
    print("bounds kept:", kept)
    return int(not all(kept))


if __name__ == "__main__":
    sys.exit(main())
