"""How fast cases of the past are written: rows, steps, clocks, tenures by the database's triggers, facts, ratings.

    python bench/bench_history.py [--cases 50000] [--postgres] [--dry]

A case of two steps goes through the actions; ``cases.history.copy`` writes cases after its image, with seven facts each
(a rating among them). Upper bounds, beyond which the run fails: 5,000 cases/s on SQLite, 3,000 on PostgreSQL; no clock differs when it
is computed anew.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from caseload import prepared

WANTED = {"SQLite": 5_000.0, "PostgreSQL": 3_000.0}
CHECKED = 2_000


def main() -> int:
    """Run the benchmark; return 1 when a bound is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=50_000)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--dry", action="store_true", help="print only, and leave RESULTS.md as it is")
    given = parser.parse_args()
    engine = "PostgreSQL" if given.postgres else "SQLite"
    with tempfile.TemporaryDirectory(prefix="yzt-bench-") as folder, prepared(Path(folder), given.postgres):
        model = handled()
        from yizhantong.kernel.cases import history

        start, used = time.perf_counter(), time.process_time()
        count = history.copy(model, past(given.cases), source="history:bench")
        seconds, used = time.perf_counter() - start, time.process_time() - used
        assert count == given.cases
        differing = wrong(model)
    from report import record

    command = f"python bench/bench_history.py --cases {given.cases}" + (" --postgres" if given.postgres else "")
    table = [
        ["cases of the past", "cases/s", "processor ms/case", "clocks that differ, of those looked at"],
        [f"{given.cases:,}", f"{count / seconds:,.0f}", f"{used / count * 1000:.3f}", f"{differing} of {CHECKED:,}"],
    ]
    record(f"Cases of the past on {engine}", table, command, dry=given.dry)
    return int(count / seconds < WANTED[engine] or differing > 0)


def handled() -> Any:
    """Return a case that went through the actions."""
    from yizhantong.kernel.cases import actions
    from yizhantong.kernel.cases.tests import world
    from yizhantong.kernel.divisions import clock
    from yizhantong.kernel.parties.models import Organisation

    office = Organisation.objects.filter(kind="agency").order_by("uscc")[0]
    flow = world.seq(world.step("review"), world.step("decide", kind="decision"))
    item = world.item("bench.past", world.content(flow), agency=office.uscc)
    firm = Organisation.objects.filter(kind="enterprise").order_by("uscc")[0]
    begun = clock.now() - dt.timedelta(days=30)
    with clock.at(begun):
        case = actions.file(item, applicant=firm, data={}, account=None)
    with clock.at(begun + dt.timedelta(hours=5)):
        actions.accept(case, account=None)
    for days, code in enumerate(("review", "decide"), 1):
        with clock.at(begun + dt.timedelta(days=days)):
            actions.complete_step(case, code, outcome="pass", account=None)
    return case


def past(count: int) -> Iterator[Any]:
    """Yield cases over the year before, minutes apart."""
    from yizhantong.kernel.cases.history import Past
    from yizhantong.kernel.divisions import clock
    from yizhantong.kernel.parties.models import Organisation

    firms = list(Organisation.objects.filter(kind="enterprise").values_list("uscc", "division_id"))
    first = clock.now() - dt.timedelta(days=200)
    for number in range(count):
        firm, division = firms[number % len(firms)]
        begun = first + dt.timedelta(minutes=number % 200_000)
        accepted = begun + dt.timedelta(hours=number % 50)
        yield Past(
            organisation=firm, division=division, submitted_at=begun, accepted_at=accepted,
            closed_at=accepted + dt.timedelta(hours=number % 400), rating=5,
        )  # fmt: skip


def wrong(model: Any) -> int:
    """Return how many of some cases have a clock that differs when it is computed anew."""
    from yizhantong.kernel.cases import clockwork
    from yizhantong.kernel.cases.models import Case
    from yizhantong.kernel.cases.pinned import pinned

    version = pinned(model.version_id)
    cases = Case.objects.exclude(pk=model.pk).order_by("id")[:CHECKED]
    readings = [(case, clockwork.recompute(case, version)) for case in cases]
    return sum((case.due_at, case.yellow_at) != (reading.due_at, reading.yellow_at) for case, reading in readings)


if __name__ == "__main__":
    sys.exit(main())
