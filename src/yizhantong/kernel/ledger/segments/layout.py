"""Where segments lie, and what their columns are."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import duckdb
from django.conf import settings
from django.db import models

from yizhantong.foundation.proof import canonical, merkle
from yizhantong.kernel.ledger.declare import Ledger
from yizhantong.kernel.ledger.models import Segment

KINDS: dict[str, canonical.Kind] = {
    "integer": "integer", "decimal": "decimal", "string": "text", "boolean": "boolean", "date": "date", "datetime": "instant",
}  # fmt: skip
WIDTHS = {"integer": "BIGINT", "text": "VARCHAR", "boolean": "BOOLEAN", "date": "DATE", "instant": "TIMESTAMPTZ"}


def folder() -> Path:
    """Return the folder of all segments."""
    return Path(settings.YZT_SEGMENTS)


def files(ledger: Ledger) -> list[Path]:
    """Return the Parquet files of a ledger in the order of their facts."""
    names = Segment.objects.filter(ledger=ledger.code).order_by("number").values_list("file", flat=True)
    return [folder() / name for name in names]


def last_id(ledger: Ledger) -> int:
    """Return the last id up to which facts are sealed, 0 before the first segment."""
    found = Segment.objects.filter(ledger=ledger.code).order_by("-number").values_list("last_id", flat=True).first()
    return found or 0


def fields_of(ledger: Ledger) -> list[canonical.Field]:
    """Return the fields of a leaf: every column of the model by its attribute name, in the model's order."""
    made = []
    for field in ledger.model._meta.concrete_fields:
        kind = KINDS[ledger.type_of(field.attname)]
        made.append(canonical.Field(field.attname, kind, _scale(field) if kind == "decimal" else 0))
    return made


def _scale(field: models.Field[Any, Any]) -> int:
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return int(getattr(field, "decimal_places", 0) or 0)


def width_of(field: canonical.Field) -> str:
    """Return DuckDB's type of a field."""
    return f"DECIMAL(38, {field.scale})" if field.kind == "decimal" else WIDTHS[field.kind]


def schema_of(fields: list[canonical.Field]) -> list[list[Any]]:
    """Return fields as a segment's row keeps them."""
    return [[field.name, field.kind, field.scale] for field in fields]


def fields_from(schema: list[list[Any]]) -> list[canonical.Field]:
    """Return the fields that a segment's row names."""
    return [canonical.Field(name, kind, scale) for name, kind, scale in schema]


def header_of(segment: Segment) -> bytes:
    """Return what a seal binds besides root and previous seal: canonical JSON (sorted keys, no spaces, UTF-8)."""
    about = {
        "ledger": segment.ledger,
        "number": segment.number,
        "after_id": segment.after_id,
        "last_id": segment.last_id,
        "count": segment.count,
        "sha256": segment.sha256,
        "schema": canonical.schema_digest(fields_from(segment.schema)).hex(),
        "sealed_at": segment.sealed_at.isoformat(timespec="microseconds"),
        "software": segment.software,
    }
    return json.dumps(about, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def seal_of(segment: Segment) -> str:
    """Return the seal that follows from a segment's root, previous seal and header (hexadecimal)."""
    return merkle.chain(bytes.fromhex(segment.previous), bytes.fromhex(segment.root), header_of(segment)).hex()


def head_of(seals: list[str]) -> str:
    """Return the head over the seals of segments 1 to n: the root of the RFC 9162 tree of which they are the entries."""
    return merkle.root(seal_leaves(seals)).hex()


def seal_leaves(seals: list[str]) -> bytes:
    """Return the packed leaf hashes of seals."""
    return merkle.pack(merkle.leaf_hash(bytes.fromhex(seal)) for seal in seals)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's octets."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def leaves_of(connection: duckdb.DuckDBPyConnection, path: Path, fields: list[canonical.Field]) -> bytes:
    """Return the packed leaf hashes of a segment's file, in its order.

    They pass through a table because a result that is fetched at once is computed on one core.
    """
    sql = f"SELECT {canonical.duckdb_leaf_hash(fields)} AS leaf FROM {parquet(path)}"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE leaves AS {sql}")
    chunks = connection.execute("SELECT leaf FROM leaves").to_arrow_table().column(0).chunks
    connection.execute("DROP TABLE leaves")
    return b"".join(_octets(chunk) for chunk in chunks)


def _octets(chunk: Any) -> bytes:
    """Return the octets of an Arrow array of blobs of 32 octets each, without making a Python object of every one."""
    if not len(chunk):
        return b""
    start = chunk.offset * merkle.HASH_SIZE
    return bytes(chunk.buffers()[2][start : start + len(chunk) * merkle.HASH_SIZE])


def parquet(*paths: Path) -> str:
    """Return the SQL table function that reads Parquet files."""
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    return f"read_parquet([{listed}])"
