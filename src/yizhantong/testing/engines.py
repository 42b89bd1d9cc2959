"""One small table in each SQL engine at hand, to ask all of them the same question.

    with open_engine("duckdb", {"n": "whole"}, [(1,), (None,)]) as ask:
        ask(["n > 0"])          # [(True,), (None,)], rows in the order given

Kinds of columns: ``whole``, ``decimal`` (two places), ``text``, ``flag``, ``day``, ``moment`` (local, without zone).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from . import postgres

Ask = Callable[[Sequence[str]], list[tuple[Any, ...]]]
Rows = Sequence[tuple[Any, ...]]
DIALECTS = ("sqlite", "duckdb", "postgres", "clickhouse", "spark")

_TYPES: Mapping[str, Mapping[str, str]] = {
    "sqlite": {
        "whole": "INTEGER",
        "decimal": "REAL",
        "text": "TEXT",
        "flag": "BOOLEAN",
        "day": "TEXT",
        "moment": "TEXT",
    },
    "duckdb": {
        "whole": "BIGINT",
        "decimal": "DECIMAL(18, 2)",
        "text": "VARCHAR",
        "flag": "BOOLEAN",
        "day": "DATE",
        "moment": "TIMESTAMP",
    },
    "postgres": {
        "whole": "BIGINT",
        "decimal": "NUMERIC(18, 2)",
        "text": "TEXT",
        "flag": "BOOLEAN",
        "day": "DATE",
        "moment": "TIMESTAMP",
    },
    "clickhouse": {
        "whole": "Nullable(Int64)",
        "decimal": "Nullable(Decimal(18, 2))",
        "text": "Nullable(String)",
        "flag": "Nullable(Bool)",
        "day": "Nullable(Date32)",
        "moment": "Nullable(DateTime64(6, 'UTC'))",
    },
    "spark": {
        "whole": "BIGINT",
        "decimal": "DECIMAL(18, 2)",
        "text": "STRING",
        "flag": "BOOLEAN",
        "day": "DATE",
        "moment": "TIMESTAMP_NTZ",
    },
}
_PACKAGES = {"duckdb": "duckdb", "clickhouse": "chdb", "spark": "pyspark"}


def available(dialect: str) -> bool:
    """Whether the engine can be run on this machine."""
    if dialect == "postgres":
        return postgres.available()
    return dialect not in _PACKAGES or find_spec(_PACKAGES[dialect]) is not None


@contextmanager
def open_engine(dialect: str, columns: Mapping[str, str], rows: Rows) -> Iterator[Ask]:
    """A function that evaluates SQL expressions over every row. Raises ``ImportError`` where the engine is missing."""
    with _OPENERS[dialect](columns, rows) as ask:
        yield ask


def _definition(dialect: str, columns: Mapping[str, str], quote: str) -> str:
    parts = [f"{quote}row{quote} {'Int64' if dialect == 'clickhouse' else 'BIGINT'}"]
    parts += [f"{quote}{name}{quote} {_TYPES[dialect][kind]}" for name, kind in columns.items()]
    return f"CREATE TABLE t ({', '.join(parts)})"


def _question(expressions: Sequence[str], quote: str = '"') -> str:
    return f"SELECT {', '.join(f'({item}) AS a{place}' for place, item in enumerate(expressions))} FROM t ORDER BY {quote}row{quote}"


def _numbered(rows: Rows) -> list[tuple[Any, ...]]:
    return [(place, *row) for place, row in enumerate(rows)]


def _in_sqlite(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, dt.date) else value


@contextmanager
def _sqlite(columns: Mapping[str, str], rows: Rows) -> Iterator[Ask]:
    connection = import_module("sqlite3").connect(":memory:")
    connection.execute(_definition("sqlite", columns, '"'))
    marks = ", ".join("?" * (len(columns) + 1))
    connection.executemany(f"INSERT INTO t VALUES ({marks})", [tuple(map(_in_sqlite, row)) for row in _numbered(rows)])
    try:
        yield lambda expressions: connection.execute(_question(expressions)).fetchall()
    finally:
        connection.close()


@contextmanager
def _duckdb(columns: Mapping[str, str], rows: Rows) -> Iterator[Ask]:
    connection = import_module("duckdb").connect()
    connection.execute("SET threads = 1")
    connection.execute(_definition("duckdb", columns, '"'))
    connection.executemany(f"INSERT INTO t VALUES ({', '.join('?' * (len(columns) + 1))})", _numbered(rows))
    try:
        yield lambda expressions: connection.execute(_question(expressions)).fetchall()
    finally:
        connection.close()


@contextmanager
def _postgres(columns: Mapping[str, str], rows: Rows) -> Iterator[Ask]:
    psycopg = import_module("psycopg")
    with postgres.cluster() as running, psycopg.connect(running.dsn, autocommit=True) as connection:
        connection.execute(_definition("postgres", columns, '"'))
        cursor = connection.cursor()
        cursor.executemany(f"INSERT INTO t VALUES ({', '.join(['%s'] * (len(columns) + 1))})", _numbered(rows))
        yield lambda expressions: connection.execute(_question(expressions)).fetchall()


@contextmanager
def _clickhouse(columns: Mapping[str, str], rows: Rows) -> Iterator[Ask]:
    connection = import_module("chdb").connect(":memory:")
    cursor = connection.cursor()
    cursor.execute(_definition("clickhouse", columns, '"') + " ENGINE = Memory")
    values = ", ".join("(" + ", ".join(map(_in_clickhouse, row)) + ")" for row in _numbered(rows))
    cursor.execute(f"INSERT INTO t VALUES {values}")

    def ask(expressions: Sequence[str]) -> list[tuple[Any, ...]]:
        answer = str(connection.query(_question(expressions), "JSONCompactEachRow"))
        return [tuple(json.loads(line)) for line in answer.splitlines()]

    try:
        yield ask
    finally:
        connection.close()


def _in_clickhouse(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool | int | Decimal):
        return str(value)
    text = value.isoformat(sep=" ") if isinstance(value, dt.datetime) else str(value)
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


@contextmanager
def _spark(columns: Mapping[str, str], rows: Rows) -> Iterator[Ask]:
    builder = import_module("pyspark.sql").SparkSession.builder.master("local[1]")
    for key, value in {"ui.enabled": "false", "sql.shuffle.partitions": "1", "sql.session.timeZone": "UTC"}.items():
        builder = builder.config(f"spark.{key}", value)
    session = builder.getOrCreate()
    try:
        schema = ", ".join(["`row` BIGINT", *(f"`{name}` {_TYPES['spark'][kind]}" for name, kind in columns.items())])
        session.createDataFrame(_numbered(rows), schema).coalesce(1).cache().createOrReplaceTempView("t")
        yield lambda expressions: [tuple(row) for row in session.sql(_question(expressions, "`")).collect()]
    finally:
        session.stop()


_OPENERS = {
    "sqlite": _sqlite,
    "duckdb": _duckdb,
    "postgres": _postgres,
    "clickhouse": _clickhouse,
    "spark": _spark,
}
