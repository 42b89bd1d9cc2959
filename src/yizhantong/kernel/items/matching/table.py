"""The profiles as a columnar table: names of the vocabulary as columns, derived ones computed once, by DuckDB.

Money is DECIMAL(18, 2) in 元, exact and as quick as whole numbers. A column is called by its place in the vocabulary (``v12``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pyarrow as pa
from django.db.models import BooleanField, Case, Value, When

from yizhantong.foundation.rules.sql import Column
from yizhantong.kernel.figures import duck
from yizhantong.kernel.items.matching.subject import VALID, Subject
from yizhantong.kernel.parties.models import EnterpriseProfile
from yizhantong.kernel.parties.vocabulary import BY_NAME, TERMS, Term

NAME = "yzt_profiles"
PLACE = "place"
"""The column with a row's place in the order of the codes, for DuckDB answers in any order."""
_RAW = "yzt_profiles_raw"
_PLAIN = tuple(term for term in TERMS if term.column)
_MONEY = "DECIMAL(18, 2)"


def _column(place: int, term: Term) -> Column:
    scale = None
    if term.kind == "number":
        scale = 2 if term.divide != 1 or term.unit == "%" else 0
    return Column(f"v{place}", term.kind, scale=scale, digits=18 if scale else 10)


COLUMNS: Mapping[str, Column] = {term.name: _column(place, term) for place, term in enumerate(TERMS)}


@dataclass(frozen=True, eq=False)
class Profiles:
    """All profiles on a day: ``rows`` with ``columns``, in the order of ``usccs``; see :meth:`asking` for more than profiles."""

    day: dt.date
    usccs: Sequence[str]
    rows: pa.Table
    columns: Mapping[str, Column] = field(default_factory=lambda: COLUMNS)

    def asking(
        self, keys: Sequence[str], usccs: Sequence[str], asked: Mapping[str, tuple[Column, pa.Array]]
    ) -> Profiles:
        """Return one row for each thing that an enterprise asks for: its profile, and ``asked`` values by name.

        ``keys`` name the rows in place of the enterprises' codes; an enterprise without a profile has none of its facts.
        """
        places = {uscc: place for place, uscc in enumerate(self.usccs)}
        rows = self.rows.take(pa.array([places.get(uscc) for uscc in usccs], pa.int32()))
        rows = rows.drop_columns([PLACE]).append_column(PLACE, pa.array(range(len(keys)), pa.int32()))
        for column, values in asked.values():
            rows = rows.append_column(column.name, values)
        return Profiles(self.day, keys, rows, {**self.columns, **{name: column for name, (column, _) in asked.items()}})


def read(day: dt.date) -> Profiles:
    """Read all profiles of enterprises that are in force or of unknown standing; one query."""
    known = {
        f"said_{column}": Case(
            When(sources__has_key=column, then=Value(True)), default=Value(False), output_field=BooleanField()
        )
        for column in VALID.values()
    }
    fields = ["organisation_id", "organisation__division_id", *(term.column for term in _PLAIN), *known]
    rows = EnterpriseProfile.objects.annotate(**known).order_by("organisation_id").values_list(*fields)
    columns = list(zip(*rows.iterator(chunk_size=20_000), strict=True)) or [()] * len(fields)
    kinds = [pa.string(), pa.string(), *map(_arrow_type, _PLAIN), *(pa.bool_() for _ in known)]
    raw = pa.table([pa.array(values, kind) for values, kind in zip(columns, kinds, strict=True)], names=fields)
    return of_raw(raw, day)


def of_raw(raw: pa.Table, day: dt.date) -> Profiles:
    """Return the table of COLUMNS made of raw columns (those of the model, and ``said_<column>`` for certificates)."""
    listed = ", ".join(f"{_sql(term, day)} AS v{place}" for place, term in enumerate(TERMS))
    numbered = raw.append_column(PLACE, pa.array(range(raw.num_rows), pa.int32()))
    made = duck.arrow_of(f"SELECT {listed}, {PLACE} FROM {_RAW}", {_RAW: numbered}).sort_by(PLACE)
    return Profiles(day, raw.column("organisation_id").to_pylist(), made)


def _arrow_type(term: Term) -> Any:
    kinds = {"number": pa.int64(), "string": pa.string(), "boolean": pa.bool_(), "date": pa.date32()}
    return kinds[term.kind]


def _sql(term: Term, day: dt.date) -> str:
    if not term.column:
        return _derived(term, day)
    column = f'"{term.column}"'
    if term.divide != 1:
        return f"CAST({column} * CAST(0.01 AS DECIMAL(3, 2)) AS {_MONEY})"
    if any(code != word for code, word in term.words.items()):
        cases = " ".join(f"WHEN '{code}' THEN '{word}'" for code, word in term.words.items())
        return f"CASE {column} {cases} ELSE {column} END"
    return f"NULLIF({column}, '')" if term.kind == "string" else column


def _derived(term: Term, day: dt.date) -> str:
    if term.name in VALID:
        until = f'"{VALID[term.name]}"'
        return f"CASE WHEN {until} IS NULL THEN (CASE WHEN said_{VALID[term.name]} THEN FALSE END) ELSE {until} >= DATE '{day}' END"
    since = '"established_on"'
    birthday = f"(month({since}) * 100 + day({since}) > {day.month * 100 + day.day})"
    growth = _percent('"revenue_fen"', '"revenue_before_fen"')
    return {
        "行业大类": 'CASE WHEN length("industry") >= 3 THEN substr("industry", 1, 3) END',
        "行业门类": "NULLIF(substr(\"industry\", 1, 1), '')",
        "所在区划": '"organisation__division_id"',
        "成立年限": f"CAST({day.year} - year({since}) - CAST({birthday} AS INTEGER) AS INTEGER)",
        "研发占比": _percent('"rd_fen"', '"revenue_fen"'),
        "营业收入增长率": f"CAST({growth} - 100 AS {_MONEY})",
    }[term.name]


def _percent(part: str, whole: str) -> str:
    """As :func:`~yizhantong.kernel.items.matching.subject.percent`: whole numbers all the way, rounded half up."""
    hundredths = f"(CAST({part} AS HUGEINT) * 20000 + {whole}) // (2 * CAST({whole} AS HUGEINT))"
    return f"CASE WHEN {whole} <> 0 THEN CAST(({hundredths}) * CAST(0.01 AS DECIMAL(3, 2)) AS {_MONEY}) END"


def subjects(profiles: Profiles) -> Iterator[Subject]:
    """Return the enterprises of the table one by one, for rules that only the evaluator can match."""
    names = list(profiles.columns)
    chosen = profiles.rows.select([profiles.columns[name].name for name in names])
    for batch in chosen.to_batches(max_chunksize=5_000):
        columns = [column.to_pylist() for column in batch.columns]
        for values in zip(*columns, strict=True):
            record = {name: _exact(name, value) for name, value in zip(names, values, strict=True)}
            yield Subject("", "", record)


def _exact(name: str, value: Any) -> Any:
    return Decimal(value) if name in BY_NAME and BY_NAME[name].divide != 1 and value is not None else value
