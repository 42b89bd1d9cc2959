"""A figure as SQL of an engine: what it counts, by which condition, on which days. sqlglot trees only, nothing is pasted.

Dialects: ``sqlite`` and ``postgres`` over the ledger's table, ``duckdb``, ``spark`` and ``clickhouse`` over the sealed segments.
A fact counts when it was recorded before the end of the as-of day, its day lies in the period, its division in the division
asked for, and ``where`` is true for it (FEEL: null is not true). Everything adds up in ``sign``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache

from django.db import models
from sqlglot import exp

from yizhantong.foundation.rules.limits import FeelError
from yizhantong.foundation.rules.sql import Column, Compiled, compile_sql
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.figures.declare import Count, Distinct, Figure, Ratio, Sum
from yizhantong.kernel.figures.errors import FigureError
from yizhantong.kernel.figures.periods import span
from yizhantong.kernel.ledger import UNITS, Ledger, ledger

DIALECTS = ("sqlite", "postgres", "duckdb", "spark", "clickhouse")
BASE = ("id", "division_id", "recorded_at", "sign")
"""Columns that every statement may read, whatever the figure."""

_KINDS: Mapping[str, str] = {"integer": "number", "decimal": "number"}
_WIDE = {"clickhouse": "Int128"}


@lru_cache(maxsize=1024)
def _literal(value: dt.date, dialect: str) -> exp.Expression:
    return compile_sql("v", {}, dialect, {"v": value}).sql


def literal(value: dt.date, dialect: str) -> exp.Expression:
    """Return a day or a moment in the engine's own words."""
    return _literal(value, dialect).copy()


def column(name: str) -> exp.Expression:
    """Return a quoted column reference."""
    return exp.column(name, quoted=True)


def model_field(declared: Ledger, name: str) -> models.Field[object, object]:
    """Return the model field of a column; foreign keys by their ``_id`` name."""
    return next(f for f in declared.model._meta.concrete_fields if name in (f.attname, f.name))


def sql_name(declared: Ledger, name: str, dialect: str) -> str:
    """Return what the engine calls a column: files keep the attribute's name, databases may have another."""
    field = model_field(declared, name)
    return str(field.column if dialect in ("sqlite", "postgres") else field.attname)


def columns_of(declared: Ledger, dialect: str, table: str | None = None) -> dict[str, Column]:
    """Return, for each Chinese field name, the column in which FEEL finds it."""
    found = {}
    for item in declared.all_fields:
        kind = declared.type_of(item.column)
        field = model_field(declared, item.column)
        scale = decimals_of(declared, item.column) if kind in ("integer", "decimal") else None
        digits = getattr(field, "max_digits", None) or 19
        found[item.name] = Column(
            sql_name(declared, item.column, dialect), _KINDS.get(kind, kind), table,  # type: ignore[arg-type]
            nullable=field.null, scale=scale, digits=digits, aware=kind == "datetime",
        )  # fmt: skip
    return found


def decimals_of(declared: Ledger, name: str) -> int:
    """Return the digits after the point of a number's column (0 for integers)."""
    return int(getattr(model_field(declared, name), "decimal_places", None) or 0)


def where(figure: Figure, dialect: str, table: str | None = None) -> Compiled | None:
    """Return the compiled ``where`` of a figure, or None when it takes all facts.

    Raises :class:`FigureError` ``figures.not_compilable`` that names the figure and the part.
    """
    return _where(figure.code, figure.ledger, figure.where, dialect, table) if figure.where.strip() else None


@lru_cache(maxsize=4096)
def _where(code: str, ledger_code: str, text: str, dialect: str, table: str | None) -> Compiled:
    columns = columns_of(ledger(ledger_code), dialect, table)
    constants = {name: factor for name, factor in UNITS.items() if name not in columns}
    try:
        made = compile_sql(text, columns, dialect, constants, filter_only=True)
    except FeelError as error:
        raise FigureError("figures.not_compilable", f"数据 {code} 的条件“{text}”不能编译:{error}") from error
    if made.kind != "boolean":
        raise FigureError("figures.not_compilable", f"数据 {code} 的条件“{text}”不是判断,请写成条件")
    return made


def conditions(figure: Figure, dialect: str, as_of: dt.date, table: str | None = None) -> list[exp.Expression]:
    """Return what a fact must meet beside the common conditions: ``where`` and the days of the period."""
    declared = ledger(figure.ledger)
    days = span(figure.period, as_of)
    made: list[exp.Expression] = []
    place = exp.column(sql_name(declared, figure.date, dialect), table=table, quoted=True)
    moment = declared.type_of(figure.date) == "datetime"
    if days.start is not None:
        low = clock.end_of(days.start - dt.timedelta(days=1)) if moment else days.start
        made.append(exp.GTE(this=place.copy(), expression=literal(low, dialect)))
    if moment:
        made.append(exp.LT(this=place.copy(), expression=literal(clock.end_of(days.end), dialect)))
    else:
        made.append(exp.LTE(this=place.copy(), expression=literal(days.end, dialect)))
    compiled = where(figure, dialect, table)
    if compiled is not None:
        made.append(exp.Paren(this=compiled.sql.copy()))
    return made


def common_conditions(
    declared: Ledger, dialect: str, as_of: dt.date, divisions: frozenset[str] | None, table: str | None = None
) -> list[exp.Expression]:
    """Return what every counted fact of a ledger must meet: recorded by then, in one of ``divisions`` (None: any)."""
    recorded = exp.column(sql_name(declared, "recorded_at", dialect), table=table, quoted=True)
    until = literal(clock.end_of(as_of), dialect)
    made: list[exp.Expression] = [exp.LT(this=recorded, expression=until)]
    if divisions is not None:
        place = exp.column(sql_name(declared, "division_id", dialect), table=table, quoted=True)
        codes = [exp.Literal.string(code) for code in sorted(divisions)]
        made.append(exp.In(this=place, expressions=codes) if codes else exp.false())
    return made


def amount(figure: Figure, dialect: str) -> exp.Expression:
    """Return what one fact adds: its sign, or sign times column as a whole number of the column's last decimals."""
    declared = ledger(figure.ledger)
    sign = column(sql_name(declared, "sign", dialect))
    if not isinstance(figure.measure, Sum):
        return sign
    value = column(sql_name(declared, figure.measure.column, dialect))
    places = decimals_of(declared, figure.measure.column)
    if places:
        moved = exp.Mul(this=value, expression=exp.Literal.number(10**places))
        value = exp.cast(exp.Round(this=moved), exp.DataType.build("BIGINT"))
    product = exp.Mul(this=sign, expression=value)
    return exp.cast(product, exp.DataType.build(_WIDE[dialect], dialect=dialect)) if dialect in _WIDE else product


def scale_of(figure: Figure) -> int:
    """Return by which power of ten the figure's summed whole numbers are too large (0 unless a decimal column is summed)."""
    if isinstance(figure.measure, Sum):
        return decimals_of(ledger(figure.ledger), figure.measure.column)
    return 0


def columns_read(figure: Figure) -> set[str]:
    """Return the columns (attribute names) that a figure and its dimensions read."""
    declared = ledger(figure.ledger)
    read = {*BASE, figure.date}
    if isinstance(figure.measure, Sum | Distinct):
        read.add(figure.measure.column)
    compiled = where(figure, "duckdb")
    names = {*(compiled.names if compiled else ()), *figure.dimensions}
    read |= {declared.by_name[name].column for name in names if name in declared.by_name}
    return {model_field(declared, name).attname for name in read}


def is_additive(figure: Figure) -> bool:
    """Tell whether values of parts add up to the value of the whole."""
    return isinstance(figure.measure, Count | Sum)


def is_ratio(figure: Figure) -> bool:
    """Tell whether the figure is one of others."""
    return isinstance(figure.measure, Ratio)
