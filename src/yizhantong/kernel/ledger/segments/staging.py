"""Facts of a ledger as a typed DuckDB relation, straight from the database.

Small stretches, memory databases and facts of a transaction that has not ended are read through Django's connection.
Large ones are read by DuckDB's own scanner in a child process (``scan``): a second copy of SQLite in this process would
drop the locks of the first when it closes the file (SQLite, "How To Corrupt", 2.2.1).

Every value first comes as text or in its own type and is then cast; where the text is not the canonical one (SQLite lets
anyone put ``'5.5'`` into an integer column) the row is marked ``malformed``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from django.conf import settings
from django.db import connection

from yizhantong.foundation.proof.canonical import Field
from yizhantong.kernel.ledger.declare import Ledger
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.segments.layout import width_of

SMALL = 100_000
_STEP = 50_000


@contextmanager
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a DuckDB of its own, in UTC, that spills to the platform's folder."""
    scratch = Path(settings.HOME) / "tmp"
    scratch.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as made:
        made.execute("SET TimeZone = 'UTC'")
        made.execute("SET enable_progress_bar = false")
        made.execute(f"SET temp_directory = '{scratch}'")
        yield made


@contextmanager
def staged(
    engine_: duckdb.DuckDBPyConnection, ledger: Ledger, fields: list[Field], after: int = 0, last: int | None = None
) -> Iterator[int]:
    """Make the view ``staged`` of the facts with ``after < id <= last``; yield how many there are.

    Its columns are the fields' names and ``malformed``; its order is that of the ids only where asked for.
    """
    top = highest_id(ledger) if last is None else last
    with tempfile.TemporaryDirectory(dir=Path(settings.HOME) / "tmp", prefix="staging-") as scratch:
        if top - after <= SMALL or not _scannable():
            _stream(engine_, ledger, fields, after, top)
        else:
            _scan(engine_, ledger, fields, after, top, Path(scratch) / "staged.parquet")
        try:
            yield engine_.execute("SELECT count(*) FROM staged").fetchall()[0][0]
        finally:
            engine_.execute("DROP VIEW staged")


def highest_id(ledger: Ledger) -> int:
    """Return the highest id that this connection sees, 0 without any fact."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT max("id") FROM "{ledger.table}"')
        return cursor.fetchone()[0] or 0


def _columns(ledger: Ledger) -> dict[str, str]:
    return {field.attname: str(field.column) for field in ledger.model._meta.concrete_fields}


def typed_select(fields: list[Field], relation: str, texts: bool) -> str:
    """Return the SELECT that turns raw columns (texts of SQLite or PostgreSQL, or proper types) into typed ones."""
    parts, wrong = [], []
    for field in fields:
        name, width = f'"{field.name}"', width_of(field)
        if not texts:
            parts.append(f"{name}::{width} AS {name}")
            continue
        parts.append(f"TRY_CAST({name} AS {width}) AS {name}")
        wrong.append(_malformed(field, name, width))
    doubt = " OR ".join(f"coalesce({test}, false)" for test in wrong) or "false"
    return f"SELECT {', '.join(parts)}, ({doubt}) AS malformed FROM {relation}"


def _malformed(field: Field, name: str, width: str) -> str:
    if field.kind in ("integer", "date"):
        return f"{name} IS NOT NULL AND TRY_CAST({name} AS {width})::VARCHAR IS DISTINCT FROM {name}"
    if field.kind == "boolean":
        return f"{name} NOT IN ('0', '1', 'true', 'false')"
    if field.kind == "decimal":
        return f"{name} IS NOT NULL AND TRY_CAST({name} AS {width})::DOUBLE IS DISTINCT FROM TRY_CAST({name} AS DOUBLE)"
    if field.kind == "instant":
        return f"{name} IS NOT NULL AND TRY_CAST({name} AS {width}) IS NULL"
    return "false"


# --- through Django's connection --------------------------------------------------------------------------------------


def _stream(engine_: duckdb.DuckDBPyConnection, ledger: Ledger, fields: list[Field], after: int, last: int) -> None:
    columns = _columns(ledger)
    cast = ", ".join(f'CAST("{columns[field.name]}" AS text) AS c{n}' for n, field in enumerate(fields))
    schema = pa.schema([(field.name, pa.string()) for field in fields])
    batches = [pa.RecordBatch.from_pylist([], schema=schema)]
    with connection.cursor() as cursor:
        while True:
            where = f'WHERE "id" > {int(after)} AND "id" <= {int(last)} ORDER BY "id" LIMIT {_STEP}'
            cursor.execute(f'SELECT "id", {cast} FROM "{ledger.table}" {where}')
            rows = cursor.fetchall()
            if not rows:
                break
            after = rows[-1][0]
            vectors = list(zip(*rows, strict=True))[1:]
            batches.append(pa.RecordBatch.from_arrays([pa.array(v, pa.string()) for v in vectors], schema=schema))
    engine_.register("staged_raw", pa.Table.from_batches(batches, schema=schema))
    engine_.execute(f"CREATE TEMP VIEW staged AS {typed_select(fields, 'staged_raw', texts=True)}")


# --- through a scanner in a child process -----------------------------------------------------------------------------


def _scannable() -> bool:
    if connection.in_atomic_block:
        return False
    name = str(connection.settings_dict["NAME"])
    return connection.vendor == "postgresql" or (not connection.is_in_memory_db() and Path(name).is_file())  # type: ignore[attr-defined]


def _scan(
    engine_: duckdb.DuckDBPyConnection, ledger: Ledger, fields: list[Field], after: int, last: int, out: Path
) -> None:
    columns, sqlite = _columns(ledger), connection.vendor == "sqlite"
    named = ", ".join(f'"{columns[field.name]}" AS "{field.name}"' for field in fields)
    bound = f"CAST(id AS BIGINT) > {int(after)} AND CAST(id AS BIGINT) <= {int(last)}" if sqlite else (
        f"id > {int(after)} AND id <= {int(last)}"
    )  # fmt: skip
    table = f'live."{ledger.table}"' if sqlite else f'live.public."{ledger.table}"'
    raw = f"(SELECT {named} FROM {table} WHERE {bound})"
    request = {
        "source": _source(),
        "kind": "sqlite" if sqlite else "postgres",
        "sql": typed_select(fields, raw, texts=sqlite),
        "out": str(out),
        "scratch": str(out.parent),
    }
    command = [sys.executable, "-P", str(Path(__file__).with_name("scan.py"))]
    environment = os.environ | {"PGPASSWORD": str(connection.settings_dict.get("PASSWORD", ""))}
    done = subprocess.run(
        command, input=json.dumps(request), text=True, capture_output=True, env=environment, check=False
    )
    if done.returncode != 0:
        raise LedgerError("segments.scan", f"读取台账“{ledger.label}”失败:{done.stderr.strip()[-500:]}")
    engine_.execute(f"CREATE TEMP VIEW staged AS SELECT * FROM read_parquet('{out}')")


def _source() -> str:
    about: dict[str, Any] = connection.settings_dict
    if connection.vendor == "sqlite":
        return str(about["NAME"])
    parts = {"host": about["HOST"], "port": about["PORT"], "user": about["USER"], "dbname": about["NAME"]}
    return " ".join(f"{name}={value}" for name, value in parts.items() if value)
