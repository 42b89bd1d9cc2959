"""The child process that reads a live table through DuckDB's scanner and writes it as one Parquet file.

It knows neither Django nor the ledgers: ``staging`` hands it the SQL as JSON on standard input. Passwords come by the
environment, never by the command line.
"""

from __future__ import annotations

import json
import sys

import duckdb
from duckdb_extensions import import_extension  # type: ignore[import-untyped]


def main() -> None:
    """Read the request, scan, write."""
    request = json.load(sys.stdin)
    extension = f"{request['kind']}_scanner"
    with duckdb.connect() as engine:
        _load(engine, extension)
        engine.execute("SET TimeZone = 'UTC'")
        engine.execute("SET enable_progress_bar = false")
        engine.execute("SET preserve_insertion_order = false")
        engine.execute(f"SET temp_directory = '{request['scratch']}'")
        if request["kind"] == "sqlite":
            engine.execute("SET sqlite_all_varchar = true")
        source = request["source"].replace("'", "''")
        engine.execute(f"ATTACH '{source}' AS live (TYPE {request['kind']}, READ_ONLY)")
        engine.execute(f"COPY ({request['sql']}) TO '{request['out']}' (FORMAT parquet, COMPRESSION lz4_raw)")


def _load(engine: duckdb.DuckDBPyConnection, extension: str) -> None:
    """Load a scanner, unpacked from its package at first use."""
    try:
        engine.execute(f"LOAD {extension}")
    except duckdb.Error:
        import_extension(extension)
        engine.execute(f"LOAD {extension}")


if __name__ == "__main__":
    main()
