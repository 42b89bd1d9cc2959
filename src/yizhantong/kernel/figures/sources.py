"""Where the facts of a ledger lie at this moment: sealed segments (files), and the live tail after them (database).

A :class:`State` names that moment: the last seal, and how many facts follow it up to which. Facts are never changed, so two
equal states hold equal facts, and whatever was computed of one holds for the other. Reading all states takes two queries,
however many ledgers there are. Within an open transaction nothing is remembered, because it may still be rolled back.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.conf import settings
from django.db import connection

from yizhantong.kernel.figures import compile as compiler
from yizhantong.kernel.figures.declare import figures
from yizhantong.kernel.ledger import Ledger, ledger
from yizhantong.kernel.ledger.models import Segment

LIVE_LIMIT = 300_000
"""A tail with more facts than this is not read into memory; the database itself answers until it is sealed."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """One segment's file and digest, its last id, its chained seal with the head over all, and the columns that it holds."""

    number: int
    last_id: int
    seal: str
    head: str
    path: str
    sha256: str
    columns: frozenset[str]


@dataclass(frozen=True, slots=True)
class State:
    """One ledger at one moment: what is sealed, and the facts that follow.

    ``last_id`` and ``moment`` are those of the newest fact. ``count`` tells of facts that commit late, with an id below
    others (PostgreSQL; it stops above ``LIVE_LIMIT``); SQLite has one writer at a time, there it is the distance of ids.
    """

    ledger: str
    segments: tuple[Sealed, ...]
    last_id: int
    count: int
    moment: str

    @property
    def sealed_to(self) -> int:
        """Return the last id that is sealed, 0 before the first seal."""
        return self.segments[-1].last_id if self.segments else 0

    @property
    def seal(self) -> str:
        """Return the chained seal of all segments, empty before the first."""
        return self.segments[-1].seal if self.segments else ""

    @property
    def head(self) -> str:
        """Return the head over all seals, empty before the first."""
        return self.segments[-1].head if self.segments else ""

    @property
    def too_large(self) -> bool:
        """Tell whether the tail is too large to be read into memory."""
        return self.count > LIVE_LIMIT

    @property
    def key(self) -> tuple[str, str, int, int, str]:
        """Return what tells two moments of a ledger apart."""
        return self.ledger, self.seal, self.last_id, self.count, self.moment


def states(ledgers: Iterable[Ledger]) -> dict[str, State]:
    """Return the present state of ledgers by code, in two queries."""
    wanted = list(ledgers)
    segments: dict[str, list[Sealed]] = {item.code: [] for item in wanted}
    rows = Segment.objects.filter(ledger__in=list(segments)).order_by("ledger", "number")
    names = ("ledger", "number", "last_id", "seal", "head", "file", "sha256", "schema")
    for code, number, last, seal, head, file, sha256, schema in rows.values_list(*names):
        path = str(Path(settings.YZT_SEGMENTS) / file)
        columns = frozenset(str(field[0]) for field in schema)
        segments[code].append(Sealed(number, last, seal, head, path, sha256, columns))
    tails = _tails([(item, segments[item.code][-1].last_id if segments[item.code] else 0) for item in wanted])
    return {code: State(code, tuple(segments[code]), *tails[code]) for code in segments}


def _tails(asked: Sequence[tuple[Ledger, int]]) -> dict[str, tuple[int, int, str]]:
    """Return last id, number of facts and newest moment after an id for each ledger, in one query."""
    quote = connection.ops.quote_name
    late = connection.vendor != "sqlite"
    parts: list[str] = []
    values: list[str | int] = []
    for item, after in asked:
        table = quote(item.table)
        moment = f"(SELECT CAST(recorded_at AS TEXT) FROM {table} ORDER BY id DESC LIMIT 1)"
        some = f"SELECT id FROM {table} WHERE id > %s LIMIT {LIVE_LIMIT + 1}"
        count = f"(SELECT COUNT(*) FROM ({some}) t)" if late else f"(SELECT MAX(id) - %s FROM {table})"
        parts.append(f"SELECT %s AS c, (SELECT MAX(id) FROM {table}) AS i, {count} AS n, {moment} AS m")
        values += [item.code, after]
    if not parts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return {code: (last or 0, max(count or 0, 0), moment or "") for code, last, count, moment in cursor.fetchall()}


# --- the live tail, as Arrow ------------------------------------------------------------------------------------------

_lock = threading.Lock()
_tails_held: dict[str, tuple[State, tuple[str, ...], pa.Table]] = {}
_ARROW = {"string": pa.string(), "boolean": pa.bool_(), "date": pa.date32(), "datetime": pa.timestamp("us", "UTC")}


def remembers() -> bool:
    """Tell whether what is computed now may be remembered: not inside an open transaction."""
    return not connection.in_atomic_block


def columns_of(declared: Ledger) -> tuple[str, ...]:
    """Return the columns that the declared figures read of a ledger, sorted."""
    read = set(compiler.BASE)
    for item in figures():
        if item.ledger == declared.code:
            read |= compiler.columns_read(item)
    return tuple(sorted(read))


def tail(state: State) -> pa.Table:
    """Return the facts of a state that are not sealed; only those that are new are read from the database."""
    declared = ledger(state.ledger)
    columns = columns_of(declared)
    if not remembers():
        return _read(declared, columns, state.sealed_to, state.last_id)
    with _lock:
        held = _tails_held.get(state.ledger)
    if held is not None and held[0].key == state.key and held[1] == columns:
        return held[2]
    table = _grown(declared, columns, state, held)
    with _lock:
        _tails_held[state.ledger] = (state, columns, table)
    return table


def _grown(
    declared: Ledger, columns: tuple[str, ...], state: State, held: tuple[State, tuple[str, ...], pa.Table] | None
) -> pa.Table:
    """Return the tail of ``state``: what is held and what came after it, unless a fact of an earlier id came late."""
    if held is not None and held[1] == columns and held[0].seal == state.seal and held[0].last_id < state.last_id:
        new = _read(declared, columns, held[0].last_id, state.last_id)
        if connection.vendor == "sqlite" or held[2].num_rows + new.num_rows == state.count:
            return pa.concat_tables([held[2], new]).combine_chunks()
    return _read(declared, columns, state.sealed_to, state.last_id)


def _read(declared: Ledger, columns: tuple[str, ...], after: int, last: int) -> pa.Table:
    schema = pa.schema([(name, arrow_type(declared, name)) for name in columns])
    if last <= after:
        return schema.empty_table()
    rows = declared.model._base_manager.filter(id__gt=after, id__lte=last).order_by("id").values_list(*columns)
    read: list[tuple[Any, ...]] = list(rows)
    if not read:
        return schema.empty_table()
    arrays = [pa.array(values, type=kind) for values, kind in zip(zip(*read, strict=True), schema.types, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def arrow_type(declared: Ledger, name: str) -> pa.DataType:
    """Return the Arrow type of a column in a tail, as in a segment."""
    kind = declared.type_of(name)
    if kind == "integer":
        return pa.int64()
    if kind == "decimal":
        field = compiler.model_field(declared, name)
        return pa.decimal128(getattr(field, "max_digits", None) or 38, compiler.decimals_of(declared, name))
    return _ARROW[kind]


def forget() -> None:
    """Drop all tails held in memory."""
    with _lock:
        _tails_held.clear()
