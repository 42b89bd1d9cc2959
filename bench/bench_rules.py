"""Nine conditions over one record on one thread, beside other rule engines; a million records by SQL, beside Polars.

    python bench/bench_rules.py

Peers that are not installed are left out and named (the ``bench`` extra; feelin: ``npm ci --prefix bench``).
Every engine has the rule compiled as far as it can, must find the record eligible, and is timed by the processor time of its thread, best of three: other work on the machine then
counts less. The million records are timed by the clock on the wall, since their engines use all cores.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

from report import record as report

from yizhantong.foundation.rules import compile_expression
from yizhantong.foundation.rules.explain import Explainer, Verdict
from yizhantong.foundation.rules.sql import Column, compile_sql

HERE = Path(__file__).parent
SECONDS = 1.0
ROUNDS = 3
MANY = 1_000_000
TARGETS = {"compiled": 1_000_000, "with reasons": 300_000}

OURS = (
    '年营业收入 >= 4000000 and 行业 in ["C26", "C38"] and 高新技术企业 = true and 研发占比 >= 0.03 and 从业人数 <= 300'
    ' and 从业人数 > 10 and 社保连续月 >= 12 and 纳税信用 in ["A", "B"] and 欠税 = 0'
)
NAMES = {
    "年营业收入": "revenue",
    "行业": "industry",
    "高新技术企业": "hightech",
    "研发占比": "research",
    "从业人数": "staff",
    "社保连续月": "months",
    "纳税信用": "credit",
    "欠税": "arrears",
}
RECORD: dict[str, Any] = {
    "年营业收入": 5_000_000,
    "行业": "C38",
    "高新技术企业": True,
    "研发占比": Decimal("0.05"),
    "从业人数": 50,
    "社保连续月": 24,
    "纳税信用": "B",
    "欠税": 0,
}
PLAIN = {NAMES[name]: float(value) if isinstance(value, Decimal) else value for name, value in RECORD.items()}


def in_english(text: str) -> str:
    """The rule with names that every engine can read."""
    for name, plain in NAMES.items():
        text = text.replace(name, plain)
    return text


def bracketed(text: str) -> str:
    """Each condition in brackets: peers disagree about how tightly ``in`` binds."""
    return " and ".join(f"({part})" for part in text.split(" and "))


def rate(ask: Callable[[], object], expected: object, clock: Callable[[], float] = thread_time) -> float:
    """Evaluations per second by ``clock``, best of three turns; the thread's own processor time unless told otherwise."""
    if ask() != expected:
        raise AssertionError(f"{ask()!r} instead of {expected!r}")
    batch, best = 1, 0.0
    while True:
        spent = _time(ask, batch, clock)
        if spent > SECONDS / 5:
            break
        batch *= 4
    for _ in range(ROUNDS):
        best = max(best, batch / _time(ask, batch, clock))
    return best


def _time(ask: Callable[[], object], batch: int, clock: Callable[[], float]) -> float:
    start = clock()
    for _ in range(batch):
        ask()
    return clock() - start


def zen() -> float:
    """GoRules' zen-engine, compiled once (its language is close to FEEL)."""
    text = in_english(OURS).replace(" = ", " == ")
    compiled = import_module("zen").compile_expression(text)
    return rate(lambda: compiled.evaluate(PLAIN), True)


def bkflow() -> float:
    """Tencent's bkflow-feel, parsed once."""
    package = import_module("bkflow_feel")
    text = bracketed(in_english(OURS))
    tree = package.transformer.transform(package.parser.parse(text))
    return rate(lambda: tree.evaluate(PLAIN), True)


def pysfeel() -> float:
    """pySFeel, which parses at every evaluation."""
    parser = import_module("pySFeel").SFeelParser()
    for name, value in PLAIN.items():
        parser.sFeelParse(f"{name} <- {json.dumps(value)}")
    text = bracketed(in_english(OURS).replace("[", "(").replace("]", ")"))
    return rate(lambda: parser.sFeelParse(text)[1], True)


def feelin() -> float:
    """bpmn.io's feelin on Node.js, which parses at every evaluation."""
    node = shutil.which("node")
    if node is None or not (HERE / "node_modules" / "feelin").exists():
        raise ImportError("feelin")
    arguments = [node, str(HERE / "feelin.mjs"), bracketed(in_english(OURS)), json.dumps(PLAIN), str(SECONDS)]
    best = 0.0
    for _ in range(ROUNDS):
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=True)
        best = max(best, float(done.stdout))
    return best


PEERS: dict[str, Callable[[], float]] = {"zen-engine": zen, "bkflow-feel": bkflow, "pySFeel": pysfeel, "feelin": feelin}


def one_record() -> list[list[str]]:
    """Rows: engine, evaluations/s, and how many times as fast ours are."""
    rule = compile_expression(OURS, NAMES)
    explainer = Explainer(OURS, tuple(NAMES))
    run, explain = explainer.run, explainer.explain
    compiled = rate(lambda: rule(RECORD), True)
    codes = rate(lambda: run(RECORD)[0], explainer.run(RECORD)[0])
    reasons = rate(lambda: explain(RECORD).verdict, Verdict.MET)
    expanded = rate(lambda: len(explain(RECORD).conditions), 9)
    rows = [["engine", "evaluations/s", "compiled is × this", "with reasons is × this", "target"]]
    rows.append(_row("ours, compiled", compiled, compiled, reasons, TARGETS["compiled"]))
    rows.append(_row("ours, with reasons", reasons, compiled, reasons, TARGETS["with reasons"]))
    rows.append(_row("ours, reasons as codes and values", codes, compiled, reasons))
    rows.append(_row("ours, reasons written out as a tree", expanded, compiled, reasons))
    for name, measure in PEERS.items():
        try:
            rows.append(_row(name, measure(), compiled, reasons))
        except ImportError:
            rows.append([name, "not installed", "", "", ""])
        except Exception as error:  # a peer that cannot say the rule is a result, too
            rows.append([name, f"fails: {type(error).__name__}", "", "", ""])
    return rows


def _row(name: str, own: float, compiled: float, reasons: float, target: int | None = None) -> list[str]:
    met = "" if target is None else f">= {target:,}: {'met' if own >= target else 'MISSED'}"
    return [name, f"{own:,.0f}", f"{compiled / own:,.2f}", f"{reasons / own:,.2f}", met]


def many_records() -> list[list[str]]:
    """Rows: engine, records/s, ratio, over the same million rows in memory, all threads."""
    duckdb, polars = import_module("duckdb"), import_module("polars")
    connection = duckdb.connect()
    connection.execute("SELECT setseed(0.5)")
    connection.execute(f"""CREATE TABLE firms AS SELECT
        (random() * 10000000)::BIGINT AS revenue, ['C26', 'C38', 'A01'][1 + (random() * 2.99)::INT % 3] AS industry,
        random() < 0.5 AS hightech, (random() / 10)::DECIMAL(6, 4) AS research, (random() * 400)::INT AS staff,
        (random() * 36)::INT AS months, ['A', 'B', 'C', NULL][1 + (random() * 3.99)::INT % 4] AS credit,
        (random() * 2)::INT AS arrears FROM range({MANY})""")
    types = {"行业": "string", "纳税信用": "string", "高新技术企业": "boolean"}
    columns = {name: Column(plain, types.get(name, "number")) for name, plain in NAMES.items()}  # type: ignore[arg-type]
    ours = compile_sql(OURS, columns, "duckdb", filter_only=True).text()
    exact = compile_sql(OURS, columns, "duckdb").text()
    frame = polars.from_arrow(connection.execute("SELECT * FROM firms").to_arrow_table())
    condition = _in_polars(polars)
    answers = {
        "ours, SQL of a filter on DuckDB": lambda: _count(connection, ours),
        "ours, SQL of a three-valued value on DuckDB": lambda: _count(connection, f"({exact}) IS TRUE"),
        "Polars, the same written by hand": lambda: (
            frame.lazy().filter(condition).select(polars.len()).collect().item()
        ),
    }
    expected = _count(connection, ours)
    rates = {name: MANY * rate(ask, expected, perf_counter) for name, ask in answers.items()}
    first = next(iter(rates.values()))
    rows = [["engine", "records/s", "filter on DuckDB is × this"]]
    return rows + [[name, f"{value:,.0f}", f"{first / value:,.2f}"] for name, value in rates.items()]


def _count(connection: Any, condition: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM firms WHERE {condition}").fetchone()[0])


def _in_polars(polars: Any) -> Any:
    column = polars.col
    return (
        (column("revenue") >= 4_000_000)
        & column("industry").is_in(["C26", "C38"])
        & (column("hightech") == True)  # noqa: E712
        & (column("research") >= Decimal("0.03"))
        & (column("staff") <= 300)
        & (column("staff") > 10)
        & (column("months") >= 12)
        & column("credit").is_in(["A", "B"])
        & (column("arrears") == 0)
    )


def main() -> int:
    """Measure, write the two sections, and fail if a target is missed."""
    rows = one_record()
    command = "python bench/bench_rules.py"
    report("Rules: nine conditions over one record, one thread", rows, command)
    report(f"Rules: nine conditions over {MANY:,} records", many_records(), command)
    return 1 if any("MISSED" in cell for row in rows for cell in row) else 0


if __name__ == "__main__":
    sys.exit(main())
