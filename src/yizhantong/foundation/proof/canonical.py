"""Canonical octets of a record: one record, one string of octets, the same in any language and in DuckDB's SQL.

**The form, for whoever reimplements it.** A schema is an ordered list of fields, each with a name and a kind
(``text``, ``integer``, ``boolean``, ``date``, ``instant``, ``decimal/S`` with S digits after the point)::

    net(x)   = decimal length of x in octets, ":", x, ","        (text as UTF-8, not normalised)
    schema   = SHA-256( net("yizhantong record v1") net(name1) net(kind1) net(name2) net(kind2) … )
    record   = schema (32 octets), then for each field in order: net(text of the value), or "-," when it is null

The text of a value: an integer in decimal without leading zeros or plus sign; ``true``/``false``; a date as
``YYYY-MM-DD`` (years 0001 to 9999); an instant as the integer number of microseconds since 1970-01-01T00:00:00Z; a
decimal with exactly S digits after the point, never ``-0``. Lengths come first, so nothing is escaped, and the form is
injective: different values, names, kinds or orders give different octets. The leaf of the Merkle tree is
``SHA-256(0x00 || record)`` (RFC 9162, 2.1.1).

Why not JSON: DuckDB, Python and JavaScript escape strings differently; lengths need no agreement.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Literal

Kind = Literal["text", "integer", "boolean", "date", "instant", "decimal"]
Value = int | str | bool | date | datetime | Decimal | None

_VERSION = "yizhantong record v1"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EXACT = Context(prec=38, traps=[Inexact, InvalidOperation])
MAX_DIGITS = 38
"""Digits of the widest decimal and integer: DuckDB's DECIMAL(38, s); integers are bound by HUGEINT, 2**127."""


class CanonicalError(ValueError):
    """A value that has no canonical form; ``code`` is stable, ``field`` names where, the text is for people."""

    def __init__(self, code: str, field: str, message: str) -> None:
        super().__init__(f"字段“{field}”:{message}")
        self.code = code
        self.field = field


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a schema: its name, its kind, and for ``decimal`` the digits after the point."""

    name: str
    kind: Kind
    scale: int = 0

    def __post_init__(self) -> None:
        if self.kind not in _WRITERS:
            raise CanonicalError("proof.kind_unknown", self.name, f"没有“{self.kind}”这种类型")
        if not 0 <= self.scale < MAX_DIGITS or (self.scale and self.kind != "decimal"):
            raise CanonicalError("proof.scale", self.name, f"小数位数 {self.scale} 不适用于类型“{self.kind}”")

    @property
    def kind_text(self) -> str:
        """Kind as it enters the schema's hash, e.g. ``decimal/2``."""
        return f"decimal/{self.scale}" if self.kind == "decimal" else self.kind


def record_bytes(fields: Sequence[Field], values: Sequence[Value]) -> bytes:
    """Canonical octets of one record; ``values`` stand in the order of ``fields``.

    Errors: ``CanonicalError`` with code ``proof.value_count``, ``proof.value_type``, ``proof.value_range``,
    ``proof.value_scale``, ``proof.value_zone`` or ``proof.value_text``.
    """
    return encoder(fields)(values)


def leaf_hash(fields: Sequence[Field], values: Sequence[Value]) -> bytes:
    """Leaf of the record in its segment's Merkle tree: 32 octets."""
    return hashlib.sha256(b"\x00" + record_bytes(fields, values)).digest()


def encoder(fields: Sequence[Field]) -> Callable[[Sequence[Value]], bytes]:
    """The function values -> octets of one schema, with the schema's hash computed once."""
    prefix = schema_digest(fields)
    writers = [(field, _WRITERS[field.kind]) for field in fields]

    def encode(values: Sequence[Value]) -> bytes:
        if len(values) != len(writers):
            raise CanonicalError("proof.value_count", "*", f"应有 {len(writers)} 个值,给了 {len(values)} 个")
        parts = [prefix]
        for (field, write), value in zip(writers, values, strict=True):
            parts.append(b"-," if value is None else _net(field.name, write(field, value)))
        return b"".join(parts)

    return encode


def schema_digest(fields: Sequence[Field]) -> bytes:
    """SHA-256 that names the schema: version, then names and kinds in order."""
    names = [field.name for field in fields]
    if len(set(names)) != len(names):
        raise CanonicalError("proof.field_twice", "*", "同名字段出现两次")
    texts = [_VERSION] + [text for field in fields for text in (field.name, field.kind_text)]
    return hashlib.sha256(b"".join(_net("*", text) for text in texts)).digest()


def _net(name: str, text: str) -> bytes:
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise CanonicalError("proof.value_text", name, f"第 {error.start + 1} 个字符不是完整的 Unicode 字符") from error
    return b"%d:%s," % (len(data), data)


def _wrong_type(field: Field, value: Value) -> CanonicalError:
    return CanonicalError("proof.value_type", field.name, f"应为 {field.kind},给的是 {type(value).__name__}")


def _text(field: Field, value: Value) -> str:
    if not isinstance(value, str):
        raise _wrong_type(field, value)
    return value


def _integer(field: Field, value: Value) -> str:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong_type(field, value)
    if not -(1 << 127) < value < 1 << 127:
        raise CanonicalError("proof.value_range", field.name, "整数超出 128 位")
    return str(int(value))


def _boolean(field: Field, value: Value) -> str:
    if not isinstance(value, bool):
        raise _wrong_type(field, value)
    return "true" if value else "false"


def _date(field: Field, value: Value) -> str:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise _wrong_type(field, value)
    return value.isoformat()


def _instant(field: Field, value: Value) -> str:
    if not isinstance(value, datetime):
        raise _wrong_type(field, value)
    if value.utcoffset() is None:
        raise CanonicalError("proof.value_zone", field.name, "时刻没有时区,无法换算为世界时")
    return str((value - _EPOCH) // timedelta(microseconds=1))


def _decimal(field: Field, value: Value) -> str:
    if not isinstance(value, Decimal):
        raise _wrong_type(field, value)
    if not value.is_finite():
        raise CanonicalError("proof.value_range", field.name, "不是有限的数")
    try:
        fixed = value.quantize(Decimal(1).scaleb(-field.scale), context=_EXACT)
    except (Inexact, InvalidOperation) as error:
        raise CanonicalError(
            "proof.value_scale", field.name, f"{value} 不能恰好写成 {field.scale} 位小数、{MAX_DIGITS} 位有效数字以内"
        ) from error
    return f"{abs(fixed) if fixed.is_zero() else fixed:f}"


_WRITERS: dict[str, Callable[[Field, Value], str]] = {
    "text": _text,
    "integer": _integer,
    "boolean": _boolean,
    "date": _date,
    "instant": _instant,
    "decimal": _decimal,
}


# --- the same in DuckDB's SQL ---------------------------------------------------------------------------------------


def duckdb_expression(fields: Sequence[Field], columns: Mapping[str, str] | None = None) -> str:
    """SQL expression (BLOB) that gives the same octets as :func:`record_bytes` for each row in DuckDB.

    ``columns`` maps a field's name to the SQL expression of its value, by default the column of that name. Column
    types: text VARCHAR; integer any integer; boolean BOOLEAN; date DATE; instant TIMESTAMPTZ, or TIMESTAMP that holds
    UTC; decimal DECIMAL(p, s) with s not above the field's scale. SQL does not check that: a value of another type is
    cast. The expressions come from the program, never from a user.
    """
    given = columns or {}
    parts = [_sql_field(field, given.get(field.name, _quoted(field.name))) for field in fields]
    # concat, not ||, because || nests to the left and DuckDB bounds the depth of an expression.
    body = f"encode(concat({', '.join(parts)}))" if parts else "''::BLOB"
    return f"({_sql_blob(schema_digest(fields))} || {body})"


def duckdb_leaf_hash(fields: Sequence[Field], columns: Mapping[str, str] | None = None) -> str:
    """SQL expression (BLOB of 32 octets) that gives :func:`leaf_hash` for each row in DuckDB.

    DuckDB's ``sha256`` of a BLOB answers hexadecimal text, hence the ``unhex``.
    """
    return f"unhex(sha256('\\x00'::BLOB || {duckdb_expression(fields, columns)}))"


def _sql_field(field: Field, expression: str) -> str:
    text = _SQL_TEXT[field.kind].format(x=f"({expression})", scale=field.scale, digits=MAX_DIGITS)
    return f"coalesce(strlen({text})::VARCHAR || ':' || {text} || ',', '-,')"


_SQL_TEXT: dict[str, str] = {
    "text": "{x}::VARCHAR",
    "integer": "{x}::VARCHAR",
    "boolean": "{x}::BOOLEAN::VARCHAR",
    "date": "{x}::DATE::VARCHAR",
    "instant": "epoch_us({x})::VARCHAR",
    "decimal": "{x}::DECIMAL({digits}, {scale})::VARCHAR",
}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _sql_blob(data: bytes) -> str:
    return "'" + re.sub("..", lambda pair: "\\x" + pair.group(), data.hex()) + "'::BLOB"
