"""Recompute everything: triggers, files, roots, chain, and every fact in the database against its sealed copy.

For each ledger: 1. its triggers stand; 2. every segment's file is whole (SHA-256), its root follows from its facts, its seal
and head from the chain; 3. the facts in the database are, value by value, those of the files: none changed, none missing,
none slipped in between sealed ids; so the roots follow from the database as well; 4. red letters are what they must be,
in the part not sealed yet too. The first fact that fails is named, with the column where one differs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

import duckdb

from yizhantong.foundation.proof import merkle
from yizhantong.foundation.proof.canonical import Field
from yizhantong.kernel.ledger import triggers
from yizhantong.kernel.ledger.declare import Ledger, ledgers
from yizhantong.kernel.ledger.models import FACT_COLUMNS, Segment
from yizhantong.kernel.ledger.segments import layout
from yizhantong.kernel.ledger.segments.staging import engine, staged

Progress = Callable[[str, int], object]


@dataclass(frozen=True)
class Failure:
    """What is wrong: ``reason`` is a stable code, ``sentence`` tells it; ``fact`` is an id, ``segment`` a number."""

    ledger: str
    reason: str
    sentence: str
    fact: int | None = None
    column: str = ""
    segment: int | None = None


@dataclass
class LedgerReport:
    """What was found of one ledger: ``sealed`` and ``open`` count facts, ``head`` is its total seal."""

    ledger: str
    label: str
    sealed: int = 0
    open: int = 0
    segments: int = 0
    head: str = ""
    failures: list[Failure] = field(default_factory=list)


@dataclass
class Report:
    """The answer of :func:`verify`."""

    ledgers: list[LedgerReport] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Tell whether nothing failed."""
        return self.first_failure is None

    @property
    def first_failure(self) -> Failure | None:
        """Return the first failure, or None."""
        return next((failure for report in self.ledgers for failure in report.failures), None)

    def as_json(self) -> dict[str, Any]:
        """Return plain data: ``ok``, ``ledgers``, ``first_failure``."""
        first = self.first_failure
        return {
            "ok": self.ok,
            "ledgers": [asdict(report) for report in self.ledgers],
            "first_failure": asdict(first) if first else None,
        }


def verify(ledger: Ledger | None = None, progress: Progress | None = None) -> Report:
    """Verify one ledger or all; ``progress`` gets ledger code and number of facts verified since its last call."""
    report = Report()
    absent = dict(reversed(triggers.missing()))
    with engine() as duck:
        for declared in [ledger] if ledger is not None else list(ledgers()):
            found = LedgerReport(declared.code, str(declared.label))
            report.ledgers.append(found)
            if declared.table in absent:
                sentence = f"缺少触发器 {absent[declared.table]},事实可能被改写过"
                found.failures.append(Failure(declared.code, "verify.trigger_missing", sentence))
            found.failures.extend(_ledger(duck, declared, found, progress))
    return report


def _ledger(
    duck: duckdb.DuckDBPyConnection, ledger: Ledger, found: LedgerReport, progress: Progress | None
) -> Iterator[Failure]:
    segments = list(Segment.objects.filter(ledger=ledger.code).order_by("number"))
    yield from _chain(ledger, segments)
    fields = layout.fields_of(ledger)
    with staged(duck, ledger, fields) as count:
        for segment in segments:
            failure = _file(duck, ledger, segment) or _database(duck, ledger, segment, fields)
            if failure is not None:
                yield failure
            if progress is not None:
                progress(ledger.code, segment.count)
        last = segments[-1].last_id if segments else 0
        found.sealed, found.segments = sum(segment.count for segment in segments), len(segments)
        found.open = _one(duck, f"SELECT count(*) FROM staged WHERE id > {last}")
        found.head = segments[-1].head if segments else ""
        if count:
            yield from _red_letters(duck, ledger, fields)
            yield from _malformed(duck, ledger, last)


def _one(duck: duckdb.DuckDBPyConnection, sql: str) -> Any:
    return duck.execute(sql).fetchall()[0][0]


def _chain(ledger: Ledger, segments: list[Segment]) -> Iterator[Failure]:
    """Check numbers, ranges, seals and heads of all segments."""
    previous, after, leaves = merkle.EMPTY_ROOT.hex(), 0, merkle.CompactRange()
    for position, segment in enumerate(segments, 1):
        leaves.append(merkle.leaf_hash(bytes.fromhex(segment.seal)))
        whole = (
            segment.number == position
            and segment.after_id == after
            and segment.previous == previous
            and segment.seal == layout.seal_of(segment)
            and segment.head == leaves.root().hex()
        )
        if not whole:
            sentence = f"第{position}段的封印与前一段或其内容不符,段的登记被改动或缺失"
            yield Failure(ledger.code, "verify.chain_broken", sentence, segment=position)
            return
        previous, after = segment.seal, segment.last_id


def _file(duck: duckdb.DuckDBPyConnection, ledger: Ledger, segment: Segment) -> Failure | None:
    """Check that a segment's file is whole and gives its root."""
    path = layout.folder() / segment.file
    where: dict[str, Any] = {"segment": segment.number}
    if not path.is_file():
        return Failure(ledger.code, "verify.file_missing", f"第{segment.number}段的文件 {segment.file} 不见了", **where)
    same = layout.sha256_of(path) == segment.sha256
    try:
        leaves = layout.leaves_of(duck, path, layout.fields_from(segment.schema))
    except duckdb.Error:
        size = path.stat().st_size
        sentence = f"第{segment.number}段的文件 {segment.file} 读不出来(现长 {size} 字节),可能被截断"
        return Failure(ledger.code, "verify.file_broken", sentence, **where)
    if merkle.count_leaves(leaves) != segment.count or merkle.root(leaves).hex() != segment.root:
        sentence = f"第{segment.number}段的文件 {segment.file} 与封存的根不符,内容被改动"
        return Failure(ledger.code, "verify.root_differs", sentence, **where)
    if not same:
        sentence = f"第{segment.number}段的文件 {segment.file} 的摘要不符,但其中的事实未变"
        return Failure(ledger.code, "verify.file_altered", sentence, **where)
    return None


def _database(duck: duckdb.DuckDBPyConnection, ledger: Ledger, segment: Segment, fields: list[Field]) -> Failure | None:
    """Compare the facts of the database with those of a segment's file (known to be whole), value by value."""
    sealed = {item.name for item in layout.fields_from(segment.schema)}
    lost = sealed - {item.name for item in fields}
    if lost:
        column = sorted(lost)[0]
        sentence = f"第{segment.number}段封存的列 {column} 已不在数据表中"
        return Failure(ledger.code, "verify.column_missing", sentence, column=column, segment=segment.number)
    names = [item.name for item in fields if item.name in sealed]
    differs = " OR ".join(f'd."{name}" IS DISTINCT FROM f."{name}"' for name in names)
    live = f"(SELECT * FROM staged WHERE id > {segment.after_id} AND id <= {segment.last_id})"
    both = f"{layout.parquet(layout.folder() / segment.file)} f FULL JOIN {live} d ON f.id = d.id"
    rows = duck.execute(
        f"SELECT coalesce(f.id, d.id) AS fact, f.id IS NULL, d.id IS NULL FROM {both} "
        f"WHERE f.id IS NULL OR d.id IS NULL OR d.malformed OR {differs} ORDER BY fact LIMIT 1"
    ).fetchall()
    if not rows:
        return None
    fact, inserted, missing = rows[0]
    where: dict[str, Any] = {"fact": fact, "segment": segment.number}
    if inserted:
        sentence = f"编号 {fact} 的记录不在封存的第{segment.number}段中,是事后绕过台账插入的"
        return Failure(ledger.code, "verify.fact_inserted", sentence, **where)
    if missing:
        sentence = f"封存在第{segment.number}段的编号 {fact} 的记录从数据库中消失了"
        return Failure(ledger.code, "verify.fact_missing", sentence, **where)
    column = _column_that_differs(duck, both, fact, names)
    label = ledger.by_column[column].name if column in ledger.by_column else column
    sentence = f"编号 {fact} 的记录与封存的第{segment.number}段不符,“{label or '某列'}”被改动"
    return Failure(ledger.code, "verify.fact_changed", sentence, column=column, **where)


def _column_that_differs(duck: duckdb.DuckDBPyConnection, both: str, fact: int, names: list[str]) -> str:
    tests = ", ".join(f'd."{name}" IS DISTINCT FROM f."{name}"' for name in names)
    row = duck.execute(f"SELECT {tests} FROM {both} WHERE f.id = {int(fact)}").fetchall()[0]
    return next((name for name, differs in zip(names, row, strict=True) if differs), "")


def _red_letters(duck: duckdb.DuckDBPyConnection, ledger: Ledger, fields: list[Field]) -> Iterator[Failure]:
    """Check sign and reversed fact of all facts, and that no fact is taken back twice."""
    same = [item.name for item in fields if item.name == "division_id" or item.name not in FACT_COLUMNS]
    differs = " OR ".join(f'o."{name}" IS DISTINCT FROM r."{name}"' for name in same)
    fact = _one(
        duck,
        "WITH reversals AS MATERIALIZED (SELECT * FROM staged WHERE reverses_id IS NOT NULL), "
        "reversed AS MATERIALIZED (SELECT * FROM staged WHERE id IN (SELECT reverses_id FROM reversals)) "
        "SELECT min(id) FROM ("
        "SELECT id FROM staged WHERE sign NOT IN (1, -1) OR (sign = 1) <> (reverses_id IS NULL) UNION ALL "
        "SELECT max(id) FROM reversals GROUP BY reverses_id HAVING count(*) > 1 UNION ALL "
        "SELECT r.id FROM reversals r LEFT JOIN reversed o ON o.id = r.reverses_id "
        f"WHERE o.id IS NULL OR o.sign <> 1 OR {differs})",
    )
    if fact is not None:
        sentence = f"编号 {fact} 的红字不合规则:没有对应的蓝字、重复冲销、冲销红字或内容不一致"
        yield Failure(ledger.code, "verify.red_letter", sentence, fact=fact)


def _malformed(duck: duckdb.DuckDBPyConnection, ledger: Ledger, last: int) -> Iterator[Failure]:
    fact = _one(duck, f"SELECT min(id) FROM staged WHERE malformed AND id > {last}")
    if fact is not None:
        sentence = f"编号 {fact} 的记录有不合类型的值,数据库曾被绕过台账改写"
        yield Failure(ledger.code, "verify.fact_malformed", sentence, fact=fact)
