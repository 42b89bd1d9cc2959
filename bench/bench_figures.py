"""How fast the figures are: all of them over ten million facts, beside hand-written SQL, and the same on Spark.

    .venv/bin/python bench/bench_figures.py [--facts 10000000] [--no-spark]

The data: the sample city is loaded and sealed once (``build/bench-figures``), then the rows of its segments are copied until
there are as many facts as asked for, ids and texts of keys made different in each copy. The hand-written queries
(``figures_by_hand.sql``) answer 53 figures of the 11 ledgers that hold nearly all facts; the ratio is over those, in the same run.
Times are the best of several runs, in seconds. ``recomputed``: nothing remembered but the text of statements.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "build" / "bench-figures"
COMMAND = "python bench/bench_figures.py"
AS_OF = "2021-08-16"


def main() -> int:
    """Measure, record, and return 1 when a bound is exceeded."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--facts", type=int, default=10_000_000)
    options.add_argument("--no-spark", action="store_true")
    asked = options.parse_args()
    set_up()
    rows = measure(asked.facts, spark=not asked.no_spark)
    for name, value, bound, holds in rows:
        print(f"{name:<58} {value:>14} {bound:>10} {'' if holds else '  EXCEEDED'}")
    record(rows)
    return 0 if all(row[3] for row in rows) else 1


def record(rows: list[tuple[str, str, str, bool]]) -> None:
    """Write the section of ``bench/RESULTS.md``."""
    sys.path.insert(0, str(ROOT / "bench"))
    import report

    lines = [(name, value, bound, "yes" if holds else "NO") for name, value, bound, holds in rows]
    report.record("figures", [("what", "measured", "bound", "holds"), *lines], COMMAND)


def set_up() -> None:
    """Set up Django in a home of its own, with the sample city in it."""
    HOME.mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "YZT_HOME": str(HOME), "YZT_SECRET_KEY": "bench", "YZT_SEALING_KEY": "bench",
        "DATABASE_URL": f"sqlite:///{HOME / 'run.sqlite3'}", "YZT_SEGMENTS": str(HOME / "segments"),
        "DJANGO_SETTINGS_MODULE": "yizhantong.project.settings",
    }  # fmt: skip
    for left in HOME.glob("run.sqlite3*"):
        left.unlink()
    if (HOME / "city.sqlite3").exists():
        shutil.copy(HOME / "city.sqlite3", HOME / "run.sqlite3")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from yizhantong.kernel.ledger.models import Segment
    from yizhantong.kernel.ledger.sample_load import load_sample

    call_command("migrate", verbosity=0)
    if not Segment.objects.exists():
        print("loading the sample city, once")
        load_sample()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(HOME / "city.sqlite3")])


def multiplied(facts: int) -> Path:
    """Return a folder of segments that hold ``facts`` facts in all: copies of the sample's, under the same names."""
    import duckdb

    from yizhantong.kernel.ledger import ledger
    from yizhantong.kernel.ledger.models import Segment

    folder = HOME / f"segments-{facts}"
    total = sum(Segment.objects.values_list("count", flat=True))
    copies = -(-facts // total)
    engine = duckdb.connect()
    engine.execute("SET TimeZone = 'UTC'; SET preserve_insertion_order = true")
    for segment in Segment.objects.order_by("ledger", "number"):
        target = folder / segment.file
        if target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        declared = ledger(segment.ledger)
        own = {f.attname for f in declared.model._meta.concrete_fields if not f.is_relation}
        texts = [name for name in _names_of_keys(declared) & own if declared.type_of(name) == "string"]
        changed = "".join(f""", "{name}" || '-' || copy AS "{name}\"""" for name in sorted(texts))
        copied = f"""SELECT d.* REPLACE (d.id + copy * {segment.last_id} AS id{changed})
            FROM range({copies}) r(copy), read_parquet('{HOME / "segments" / segment.file}') d ORDER BY copy, d.id"""
        engine.execute(f"COPY ({copied}) TO '{target}.part' (FORMAT parquet, COMPRESSION zstd)")
        Path(f"{target}.part").rename(target)
    return folder


def _names_of_keys(declared: Any) -> set[str]:
    """Return the columns that say what a fact is about: keys, and whom they concern."""
    return {*declared.key, "household", "member", "project"}


def measure(facts: int, *, spark: bool) -> list[tuple[str, str, str, bool]]:
    """Return rows of name, value, bound, and whether the bound holds."""
    from django.conf import settings

    from yizhantong.kernel.figures import engine, figures, queries, sources
    from yizhantong.kernel.ledger import ledgers

    settings.YZT_SEGMENTS = multiplied(facts)
    held = count_facts()
    codes = [item.code for item in figures()]
    every = queries.values("all", date())
    recomputed = best(lambda: queries.values("all", date()), before=lambda: engine.forget(texts=False))
    engine.forget(texts=False)
    queries.values("all", date())
    remembered = best(lambda: queries.values("all", date()))
    by_hand, hand_time, same, compared = against_hand(every)
    shown = fresh(sources, ledgers)
    rows = [
        ("facts in segments", f"{held:,}", "", True),
        ("figures, ledgers", f"{len(codes)}, {len(list(ledgers()))}", "", True),
        ("all figures, recomputed (s)", f"{recomputed:.3f}", "<= 1", recomputed <= 1),
        ("all figures, segments remembered (s)", f"{remembered:.4f}", "<= 1", remembered <= 1),
        (f"{compared} figures by hand-written DuckDB SQL (s)", f"{hand_time:.3f}", "", True),
        (f"the same {compared} figures by the engine, recomputed (s)", f"{by_hand:.3f}", "", True),
        ("ratio to hand-written", f"{by_hand / hand_time:.2f}", "<= 1.5", by_hand / hand_time <= 1.5),
        (f"values equal to hand-written, of {compared}", f"{same}", f"= {compared}", same == compared),
        ("a new fact shows in its figure after (ms), median", f"{shown * 1000:.1f}", "< 50", shown < 0.05),
    ]
    return rows + (on_spark(every) if spark else [])


def date() -> Any:
    """Return the as-of day."""
    import datetime as dt

    return dt.date.fromisoformat(AS_OF)


def best(ask: Callable[[], object], before: Callable[[], object] = lambda: None, times: int = 5) -> float:
    """Return the best time of some runs, in seconds."""
    taken = []
    for _ in range(times):
        before()
        start = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - start)
    return min(taken)


def count_facts() -> int:
    """Return how many facts the segments hold."""
    from yizhantong.kernel.figures import duck, sources
    from yizhantong.kernel.ledger import ledgers

    paths = [item.path for state in sources.states(ledgers()).values() for item in state.segments]
    return int(duck.run(f"SELECT sum(num_rows) FROM parquet_file_metadata({paths!r})")[0][0])


def against_hand(every: dict[str, Any]) -> tuple[float, float, int, int]:
    """Return the engine's time, the hand-written queries' time, how many values are equal, and of how many."""
    from yizhantong.kernel.figures import duck, engine, queries, sources
    from yizhantong.kernel.ledger import ledgers

    states = sources.states(ledgers())
    files = {code: repr([item.path for item in state.segments]) for code, state in states.items()}
    text = (ROOT / "bench" / "figures_by_hand.sql").read_text(encoding="utf-8")
    text = re.sub(r"\{([a-z.]+)\}", lambda found: files[found.group(1)], text)
    statements = [part for part in text.split(";") if "SELECT" in part]
    found: dict[str, int] = {}

    def by_hand() -> None:
        for statement in statements:
            answer = duck.cursor().execute(statement)
            found.update(zip([column[0] for column in answer.description], answer.fetchone() or (), strict=True))

    hand_time = best(by_hand)
    codes = list(found)
    own_time = best(lambda: queries.values(codes, date()), before=lambda: engine.forget(texts=False))
    same = sum(every[code].raw == (number or 0) for code, number in found.items())
    for code, number in found.items():
        if every[code].raw != (number or 0):
            print("differs:", code, every[code].raw, number)
    return own_time, hand_time, same, len(found)


def fresh(sources: Any, ledgers: Any) -> float:
    """Return the median time from the commit of a fact in a large ledger to its figure with it, in seconds."""
    from yizhantong.kernel.figures import queries
    from yizhantong.kernel.ledger import actions, ledger

    declared = ledger("livelihood.claim")
    pattern = declared.model._base_manager.order_by("id").values(
        *[f.attname for f in declared.model._meta.concrete_fields if f.editable and f.attname not in ("id", "source")]
    )[0]
    before = queries.value("livelihood.claims", date()).raw
    taken = []
    for number in range(1, 12):
        name = f"bench-{os.getpid()}-{number}"
        values = pattern | {name_of: name for name_of in declared.key}
        actions.record(declared, values, account=None, source="bench")
        start = time.perf_counter()
        found = queries.values(["livelihood.claims", "livelihood.claimants"], date())
        taken.append(time.perf_counter() - start)
        assert found["livelihood.claims"].raw == before + number, "a stale answer"
    return sorted(taken)[len(taken) // 2]


def on_spark(every: dict[str, Any]) -> list[tuple[str, str, str, bool]]:
    """Return rows of the same definitions on Spark in local mode, over the same files."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        return [("Spark: pyspark is not installed", "-", "", True)]
    builder = SparkSession.builder.master("local[2]").appName("figures").config("spark.driver.memory", "3g")
    for name, value in {
        "spark.sql.session.timeZone": "UTC", "spark.ui.enabled": "false", "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1", "spark.sql.shuffle.partitions": "4", "spark.log.level": "ERROR",
    }.items():  # fmt: skip
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    try:
        start = time.perf_counter()
        found = spark_values(session)
        taken = time.perf_counter() - start
    finally:
        session.stop()
    same = sum(every[code].raw == raw for code, raw in found.items())
    for code, raw in found.items():
        if every[code].raw != raw:
            print("differs:", code, every[code].raw, raw)
    return [
        ("all figures over ledgers on Spark, local[2], once (s)", f"{taken:.1f}", "", True),
        (f"values equal on Spark, of {len(found)}", f"{same}", f"= {len(found)}", same == len(found)),
    ]


def spark_values(session: Any) -> dict[str, Any]:
    """Return the raw values of all figures over ledgers, computed by Spark."""
    from sqlglot import exp

    from yizhantong.kernel.figures import engine, figures, sources
    from yizhantong.kernel.figures.statements import Scope
    from yizhantong.kernel.ledger import ledgers

    found: dict[str, Any] = {}
    for code, state in sources.states(ledgers()).items():
        group = [item for item in figures() if item.ledger == code]
        if not group:
            continue
        if not state.segments:
            found |= dict.fromkeys((item.code for item in group), 0)
            continue
        session.read.parquet(*[item.path for item in state.segments]).createOrReplaceTempView("facts")
        declared = next(item for item in ledgers() if item.code == code)
        scope = Scope(declared, "spark", date(), None, exp.to_table("facts"))
        for part, statement in engine.questions(group, scope):
            row = session.sql(statement.sql(dialect="spark")).collect()[0]
            found |= {item.code: engine.whole(item, number) for item, number in zip(part, row, strict=True)}
    return found


if __name__ == "__main__":
    sys.exit(main())
