"""Counting a published figure again, from what its snapshot names and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from yizhantong.kernel.divisions import clock
from yizhantong.kernel.figures import engine, queries, sources
from yizhantong.kernel.figures.declare import Count, Distinct, Figure, Measure, Period, Ratio, Sum
from yizhantong.kernel.figures.errors import FigureError
from yizhantong.kernel.figures.models import Snapshot
from yizhantong.kernel.figures.sources import State
from yizhantong.kernel.figures.values import Raw, quotient, rounded, text_of
from yizhantong.kernel.ledger import Ledger, ledger
from yizhantong.kernel.ledger.segments.layout import sha256_of

_MEASURES: dict[str, type[Count | Sum | Distinct | Ratio]] = {
    "count": Count, "sum": Sum, "distinct": Distinct, "ratio": Ratio,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a check did not simply agree: a stable ``code`` and a sentence for people."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Check:
    """What became of a snapshot.

    ``agrees``: the segments that it names stand unchanged, and counted again as then declared they give its value.
    ``current`` is what the figure gives today as of the same day, as printed. ``reasons`` tell every difference, also those
    that leave ``agrees`` true (the definition changed since, facts were added since).
    """

    agrees: bool
    recomputed: str
    current: str
    reasons: tuple[Reason, ...]


def declaration_of(figure: Figure) -> list[dict[str, Any]]:
    """Return a figure and the parts of a ratio as JSON, enough to count again."""
    parts = [figure, *(queries.parts_of(figure) if isinstance(figure.measure, Ratio) else ())]
    return [
        {
            "code": item.code, "measure": type(item.measure).__name__.lower(), "of": asdict(item.measure),
            "ledger": item.ledger, "where": item.where, "date": item.date, "period": item.period.value,
            "unit": item.unit, "decimals": item.decimals,
        }
        for item in parts
    ]  # fmt: skip


def declared_in(snapshot: Snapshot) -> list[Figure]:
    """Return the figures as a snapshot holds them: the published one, then the parts of a ratio."""
    found = []
    for held in snapshot.declaration:
        measure: Measure = _MEASURES[held["measure"]](**held["of"])
        found.append(
            Figure(
                code=held["code"], label=held["code"], measure=measure, unit=held["unit"], definition="",
                ledger=held["ledger"], where=held["where"], date=held["date"], period=Period(held["period"]),
                decimals=held["decimals"],
            )
        )  # fmt: skip
    return found


def sealed_only(states: Mapping[str, State]) -> dict[str, State]:
    """Return the same states without what is not sealed."""
    return {code: replace(state, last_id=state.sealed_to, count=0, moment="") for code, state in states.items()}


def count(figures: Sequence[Figure], as_of: dt.date, division: str | None, states: Mapping[str, State]) -> Raw | None:
    """Return the raw value of the first of ``figures`` (a ratio stands before its parts) over given states."""
    base = [item for item in figures if not isinstance(item.measure, Ratio)]
    raws = engine.totals(base, as_of, queries.divisions_of(division), states=states)
    return quotient(figures[0], raws) if isinstance(figures[0].measure, Ratio) else raws[figures[0].code]


def as_text(raw: Raw | None) -> str:
    """Return an exact value as a snapshot keeps it."""
    return "" if raw is None else str(raw)


def check(snapshot: Snapshot) -> Check:
    """Count a snapshot again and compare."""
    figures = declared_in(snapshot)
    reasons: list[Reason] = []
    states = _named_states(snapshot, reasons)
    recomputed = "—"
    if not reasons:
        raw = count(figures, snapshot.as_of, snapshot.division_id, states)
        recomputed = text_of(rounded(raw, figures[0]))
        if as_text(raw) != snapshot.raw:
            said = f"按快照所列封存段重算得 {recomputed},与公布的 {snapshot.shown} 不同"
            reasons.append(Reason("value_differs", said))
    agrees = not reasons
    reasons += _since(snapshot)
    return Check(agrees, recomputed, _current(snapshot, reasons), tuple(reasons))


def _named_states(snapshot: Snapshot, reasons: list[Reason]) -> dict[str, State]:
    """Return the states that a snapshot names; whatever is missing or altered is added to ``reasons``."""
    found: dict[str, State] = {}
    for code, held in snapshot.seal.items():
        declared = _ledger(code)
        if declared is None:
            reasons.append(Reason("ledger_gone", f"台账 {code} 已不存在,无法重算"))
            continue
        state = sources.states([declared])[code]
        segments = tuple(item for item in state.segments if item.number <= held["number"])
        if len(segments) != held["number"] or (segments and segments[-1].seal != held["seal"]):
            reasons.append(Reason("segments_altered", f"台账 {code} 的封存段与快照所列封印不符,历史可能被改写"))
            continue
        for item in segments:
            if not Path(item.path).is_file():
                reasons.append(Reason("segment_missing", f"台账 {code} 第 {item.number} 段的文件不存在,请恢复后重试"))
            elif sha256_of(Path(item.path)) != item.sha256:
                reasons.append(Reason("segment_altered", f"台账 {code} 第 {item.number} 段的文件已被改动"))
        found[code] = replace(state, segments=segments, last_id=held["last_id"], count=0, moment="")
    return found


def _ledger(code: str) -> Ledger | None:
    try:
        return ledger(code)
    except KeyError:
        return None


def _since(snapshot: Snapshot) -> list[Reason]:
    """Return what changed since the publication, of definition and facts."""
    reasons = []
    try:
        now = queries.find(snapshot.figure)
        if queries.definition_version(now) != snapshot.definition_version:
            reasons.append(Reason("definition_changed", "发布之后口径有改动,现值按新口径计算"))
    except FigureError:
        reasons.append(Reason("figure_gone", f"数据 {snapshot.figure} 已不再统计"))
    for code, held in snapshot.seal.items():
        declared = _ledger(code)
        if declared is None:
            continue
        until = clock.end_of(snapshot.as_of)
        later = declared.model._base_manager.filter(id__gt=held["last_id"], recorded_at__lt=until).count()
        if later:
            said = f"发布之后,台账 {code} 又登记了 {later} 条截至 {snapshot.as_of} 的记录(含红字)"
            reasons.append(Reason("facts_added", said))
    return reasons


def _current(snapshot: Snapshot, reasons: Sequence[Reason]) -> str:
    if any(reason.code in ("figure_gone", "ledger_gone") for reason in reasons):
        return "—"
    return queries.value(snapshot.figure, snapshot.as_of, snapshot.division_id).text
