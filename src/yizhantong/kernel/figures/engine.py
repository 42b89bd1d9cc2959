"""Raw values of figures, by one of two engines that must agree.

``files`` (the default): DuckDB over the sealed segments, plus the live tail from the database as Arrow. What was computed
of sealed segments holds for ever, so only the tail is counted again when a fact arrives: counts and sums add up, and for
``Distinct`` each value of the tail is looked up among the sealed ones. ``database``: everything in the database itself.
A ledger whose tail is too large for memory is answered by the database until it is sealed.

Raw values are whole numbers of stored units (分, 千克, 米, counts), or fractions of decimal columns.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection
from sqlglot import exp

from yizhantong.kernel.figures import compile as compiler
from yizhantong.kernel.figures import duck, sources, statements
from yizhantong.kernel.figures.declare import Distinct, Figure
from yizhantong.kernel.figures.errors import FigureError
from yizhantong.kernel.figures.memory import Memory
from yizhantong.kernel.figures.sources import State
from yizhantong.kernel.figures.statements import Scope
from yizhantong.kernel.ledger import ledger

Engine = Literal["files", "database"]
Raw = int | Fraction
KEPT_VALUES = 20_000
"""Up to so many different values of a column are kept in memory with the sums of their signs; more are looked up."""

Divisions = frozenset[str] | None

_finals: Memory[Raw] = Memory(20_000)
_sealed: Memory[int] = Memory(20_000)
_texts: Memory[str] = Memory(4_000)
_presences: Memory[pa.Table] = Memory(256)
_many_values: set[tuple[str, str]] = set()
_answers: Memory[list[tuple[Any, ...]]] = Memory(2_000)


def check_engine(engine: str) -> None:
    """Raise :class:`FigureError` ``figures.unknown_engine`` unless there is such an engine."""
    if engine not in ("files", "database"):
        raise FigureError("figures.unknown_engine", f"没有“{engine}”这种计算引擎,可用:files、database")


def dialect_of_database() -> str:
    """Return sqlglot's name of the database that serves the platform."""
    return {"postgresql": "postgres"}.get(connection.vendor, connection.vendor)


def forget(*, texts: bool = True) -> None:
    """Drop everything that is remembered of values and tails, and of statements' ``texts`` (for tests and measurements)."""
    for memory in (_finals, _sealed, _presences, _answers):
        memory.clear()
    if texts:
        _texts.clear()
        _many_values.clear()
    sources.forget()


# --- values -----------------------------------------------------------------------------------------------------------


def totals(
    asked: Sequence[Figure],
    as_of: dt.date,
    divisions: Divisions,
    *,
    states: Mapping[str, State],
    engine: Engine = "files",
) -> dict[str, Raw]:
    """Return the raw values of figures that are no ratios, by code; ``states`` are those of their ledgers."""
    by_ledger: dict[str, list[Figure]] = defaultdict(list)
    for item in asked:
        by_ledger[item.ledger].append(item)
    found: dict[str, Raw] = {}
    for code, group in by_ledger.items():
        state = states[code]
        in_database = engine == "database" or state.too_large
        answer = _by_database if in_database else _by_files
        if in_database or not sources.remembers():
            found |= answer(group, as_of, divisions, state)
            continue
        held = {item.code: _finals.get((_name(item), as_of, divisions, state.key)) for item in group}
        missing = [item for item in group if held[item.code] is None]
        fresh = answer(missing, as_of, divisions, state) if missing else {}
        for item in missing:
            _finals.put((_name(item), as_of, divisions, state.key), fresh[item.code])
        found |= {code: value for code, value in held.items() if value is not None} | fresh
    return found


def _name(figure: Figure) -> tuple[str, str]:
    return figure.code, figure.version


def _by_database(group: Sequence[Figure], as_of: dt.date, divisions: Divisions, state: State) -> dict[str, Raw]:
    found: dict[str, Raw] = {}
    for part, statement in questions(group, database_scope(state, as_of, divisions)):
        row = in_database(statement)[0]
        found |= {item.code: whole(item, number) for item, number in zip(part, row, strict=True)}
    return found


def questions(group: Sequence[Figure], scope: Scope) -> Iterator[tuple[list[Figure], exp.Expression]]:
    """Yield the statements that answer figures of one ledger in the dialect of ``scope``: one row, one number a figure."""
    for part in _parts(group):
        if isinstance(part[0].measure, Distinct):
            yield part, statements.present(statements.presence(scope, part), len(part))
        else:
            yield part, statements.totals(scope, part)


def _by_files(group: Sequence[Figure], as_of: dt.date, divisions: Divisions, state: State) -> dict[str, Raw]:
    found: dict[str, Raw] = {}
    live = sources.tail(state)
    for part in _parts(group):
        kept = _presence(part, as_of, divisions, state) if state.segments else None
        if kept is not None:
            numbers = [pc.sum(pc.greater(kept.column(f"f{i}"), 0)).as_py() or 0 for i in range(len(part))]
        else:
            numbers = _sealed_numbers(part, as_of, divisions, state) if state.segments else [0] * len(part)
        if live.num_rows:
            tables = {"live": live} | ({"sealed": kept} if kept is not None else {})
            text = _text("live" if kept is None else "live beside kept", part, as_of, divisions, state)
            rises = duck.run(text, tables)[0]
            numbers = [number + int(rise) for number, rise in zip(numbers, rises, strict=True)]
        found |= {item.code: whole(item, number) for item, number in zip(part, numbers, strict=True)}
    return found


def _presence(part: Sequence[Figure], as_of: dt.date, divisions: Divisions, state: State) -> pa.Table | None:
    """Return the sealed values of ``Distinct`` figures with the sums of their signs, None where they are too many to keep."""
    measure = part[0].measure
    if not isinstance(measure, Distinct) or (state.ledger, measure.column) in _many_values:
        return None
    key = (tuple(_name(item) for item in part), as_of, divisions, state.seal)
    table = _presences.get(key)
    if table is None:
        table = duck.arrow(_text("presence", part, as_of, divisions, state))
        if table.num_rows > KEPT_VALUES:
            _many_values.add((state.ledger, measure.column))
            return None
        _presences.put(key, table)
    return table


def _parts(group: Sequence[Figure]) -> Iterable[list[Figure]]:
    """Part figures into those that one statement answers: all additive ones, and ``Distinct`` ones column by column."""
    parts: dict[str, list[Figure]] = defaultdict(list)
    for item in group:
        parts[item.measure.column if isinstance(item.measure, Distinct) else ""].append(item)
    return parts.values()


def _sealed_numbers(part: Sequence[Figure], as_of: dt.date, divisions: Divisions, state: State) -> list[int]:
    """Return what the segments alone give; what was computed of them once is kept."""
    keys = {item.code: (_name(item), as_of, divisions, state.seal) for item in part}
    held = {item.code: _sealed.get(keys[item.code]) for item in part}
    missing = [item for item in part if held[item.code] is None]
    if missing:
        row = duck.run(_text("sealed", missing, as_of, divisions, state))[0]
        for item, number in zip(missing, row, strict=True):
            held[item.code] = int(number)
            _sealed.put(keys[item.code], int(number))
    return [held[item.code] or 0 for item in part]


def _text(kind: str, part: Sequence[Figure], as_of: dt.date, divisions: Divisions, state: State) -> str:
    """Return the statement of one ``kind``.

    ``sealed``: the numbers of the segments; ``presence``: their values (see :func:`statements.presence`); ``live``: what the tail
    adds to the segments; ``live beside kept``: the same, with the presence of the segments at hand as table ``sealed``.
    """
    key = (kind, tuple(_name(item) for item in part), as_of, divisions, state.seal)

    def make() -> exp.Expression:
        tail = Scope(ledger(state.ledger), "duckdb", as_of, divisions, exp.to_table("live"))
        scope = sealed_scope(state, as_of, divisions) if state.segments else tail
        if kind == "presence":
            return statements.presence(scope, part).limit(KEPT_VALUES + 1)
        if kind == "live beside kept":
            kept = exp.Table(this=exp.to_identifier("sealed"), alias=exp.TableAlias(this=exp.to_identifier("s")))
            return statements.change(tail, part, kept)
        if kind == "live" and state.segments and isinstance(part[0].measure, Distinct):
            return statements.change(tail, part, statements.touched(scope, tail, part))
        return next(statement for _, statement in questions(part, scope if kind == "sealed" else tail))

    return _remembered(key, make)


def _remembered(key: tuple[object, ...], make: Callable[[], exp.Expression]) -> str:
    text = _texts.get(key)
    if text is None:
        text = make().sql(dialect="duckdb")
        _texts.put(key, text)
    return text


# --- where rows come from ---------------------------------------------------------------------------------------------


def database_scope(state: State, as_of: dt.date, divisions: Divisions) -> Scope:
    """Return the scope over the ledger's table in the database."""
    declared = ledger(state.ledger)
    relation = exp.Table(this=exp.to_identifier(declared.table, quoted=True))
    return Scope(declared, dialect_of_database(), as_of, divisions, relation)


def sealed_scope(state: State, as_of: dt.date, divisions: Divisions, dialect: str = "duckdb") -> Scope:
    """Return the scope over the sealed segments of a state."""
    return Scope(ledger(state.ledger), dialect, as_of, divisions, _files(state))


def whole_scope(state: State, as_of: dt.date, divisions: Divisions) -> Scope:
    """Return the scope over segments and tail together; the tail is the table ``live``."""
    relation: exp.Expression = exp.to_table("live")
    if state.segments:
        names = sources.columns_of(ledger(state.ledger))
        columns = [compiler.column(name) for name in names]
        sealed = exp.select(*(column.copy() for column in columns)).from_(_files(state))
        live = exp.select(*columns).from_("live")
        relation = exp.union(sealed, live, distinct=False).subquery("facts")
    return Scope(ledger(state.ledger), "duckdb", as_of, divisions, relation)


def _files(state: State) -> exp.Expression:
    """Return the segments' files as a relation with every column of the ledger, null where no segment has it yet."""
    names = [field.attname for field in ledger(state.ledger).model._meta.concrete_fields]
    paths = exp.Array(expressions=[exp.Literal.string(item.path) for item in state.segments])
    held = [item.columns for item in state.segments]
    arguments: list[exp.Expression] = [paths]
    if len(set(held)) > 1:
        arguments.append(exp.EQ(this=exp.to_identifier("union_by_name"), expression=exp.true()))
    reader = exp.Table(this=exp.Anonymous(this="read_parquet", expressions=arguments))
    known = frozenset().union(*held)
    if known.issuperset(names):
        return reader
    columns = [
        compiler.column(name) if name in known else exp.alias_(exp.cast(exp.Null(), _duck_type(state, name)), name)
        for name in names
    ]
    return exp.select(*columns).from_(reader).subquery("facts")


def _duck_type(state: State, name: str) -> exp.DataType:
    kind = ledger(state.ledger).type_of(name)
    names = {"string": "VARCHAR", "boolean": "BOOLEAN", "date": "DATE", "datetime": "TIMESTAMPTZ", "integer": "BIGINT"}
    return exp.DataType.build(names.get(kind, "DECIMAL(38, 9)"), dialect="duckdb")


def in_database(statement: exp.Expression) -> list[tuple[Any, ...]]:
    """Return the rows of a statement that runs in the database."""
    with connection.cursor() as cursor:
        cursor.execute(statement.sql(dialect=dialect_of_database()))
        return list(cursor.fetchall())


# --- split values -----------------------------------------------------------------------------------------------------


def split(
    make: statements.Maker,
    state: State,
    as_of: dt.date,
    divisions: Divisions,
    *,
    engine: Engine,
    name: tuple[object, ...],
) -> list[tuple[Any, ...]]:
    """Return the rows of the statement ``make(scope)``, over all facts of a state; ``name`` says which statement it is."""
    if engine == "database" or state.too_large:
        return in_database(make(database_scope(state, as_of, divisions)))
    key: tuple[object, ...] = (*name, as_of, divisions, state.key)
    rows = _answers.get(key) if sources.remembers() else None
    if rows is None:
        seal = (*name, as_of, divisions, state.seal)
        text = _remembered(seal, lambda: make(whole_scope(state, as_of, divisions)))
        rows = duck.run(text, {"live": sources.tail(state)})
        if sources.remembers():
            _answers.put(key, rows)
    return rows


def whole(figure: Figure, number: Any) -> Raw:
    """Return a number that an engine answered for a figure as a raw value; nothing is 0."""
    value, places = int(number or 0), compiler.scale_of(figure)
    fraction = Fraction(value, 10**places)
    return int(fraction) if fraction.denominator == 1 else fraction
