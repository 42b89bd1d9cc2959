"""Proofs that anyone can check without this platform: a fact is in a sealed segment; history was only appended to.

Both are JSON. An inclusion proof holds the record, its schema, the path to the segment's root, and the header and previous seal
from which the segment's seal follows; a consistency proof links two heads of one ledger (RFC 9162, 2.1.4). How a record
becomes octets is written in ``foundation/proof/canonical.py``; hashes are hexadecimal SHA-256.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from yizhantong.foundation.proof import canonical, merkle
from yizhantong.kernel.ledger.declare import Ledger
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import Segment
from yizhantong.kernel.ledger.segments import layout
from yizhantong.kernel.ledger.segments.staging import engine

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
INCLUSION = "yizhantong inclusion proof v1"
CONSISTENCY = "yizhantong consistency proof v1"


def inclusion_proof(ledger: Ledger, fact: int) -> dict[str, Any]:
    """Return the proof that the fact of that id is sealed; :class:`LedgerError` ``proofs.not_sealed`` while it is not.

    The record is that of the sealed file, with all columns: show it to those who may see them.
    """
    segment = Segment.objects.filter(ledger=ledger.code, after_id__lt=fact, last_id__gte=fact).first()
    if segment is None:
        raise LedgerError("proofs.not_sealed", f"编号 {fact} 的记录尚未封存,封存后才有证明")
    fields = layout.fields_from(segment.schema)
    path = layout.folder() / segment.file
    with engine() as duck:
        table = f"(SELECT *, file_row_number AS position FROM {_numbered(path)})"
        names = ", ".join(_read(item) for item in fields)
        rows = duck.execute(f"SELECT position, {names} FROM {table} WHERE id = {int(fact)}").fetchall()
        if not rows:
            raise LedgerError("proofs.no_such_fact", f"台账“{ledger.label}”没有编号 {fact} 的记录")
        leaves = layout.leaves_of(duck, path, fields)
    index, *values = rows[0]
    return {
        "kind": INCLUSION,
        "ledger": ledger.code,
        "fact": fact,
        "schema": segment.schema,
        "record": {item.name: _plain(item, value) for item, value in zip(fields, values, strict=True)},
        "index": index,
        "size": segment.count,
        "path": [step.hex() for step in merkle.inclusion_proof(index, leaves)],
        "root": segment.root,
        "segment": segment.number,
        "header": layout.header_of(segment).decode(),
        "previous": segment.previous,
        "seal": segment.seal,
    }


def _numbered(path: Any) -> str:
    return layout.parquet(path).replace("])", "], file_row_number=true)")


def verify_inclusion(proof: Mapping[str, Any]) -> bool:
    """Tell whether an inclusion proof holds: record, path, root and seal fit together. Needs nothing but the proof."""
    try:
        fields = layout.fields_from(proof["schema"])
        values = [_value(item, proof["record"][item.name]) for item in fields]
        leaf = canonical.leaf_hash(fields, values)
        path = [bytes.fromhex(step) for step in proof["path"]]
        root, previous = bytes.fromhex(proof["root"]), bytes.fromhex(proof["previous"])
        chained = merkle.chain(previous, root, proof["header"].encode())
        within = merkle.verify_inclusion(leaf, proof["index"], proof["size"], path, root)
        return within and chained.hex() == proof["seal"] and proof["record"]["id"] == proof["fact"]
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return False


def consistency_proof(ledger: Ledger, earlier: int, later: int | None = None) -> dict[str, Any]:
    """Return the proof that segments 1 to ``earlier`` are a prefix of those up to ``later`` (default: all)."""
    rows = list(Segment.objects.filter(ledger=ledger.code).order_by("number").values_list("seal", "head"))
    last = len(rows) if later is None else later
    if not 0 < earlier <= last <= len(rows):
        raise LedgerError("proofs.no_such_segment", f"台账“{ledger.label}”共 {len(rows)} 段,没有所问的段")
    leaves = layout.seal_leaves([seal for seal, _head in rows[:last]])
    return {
        "kind": CONSISTENCY,
        "ledger": ledger.code,
        "earlier": {"segments": earlier, "head": rows[earlier - 1][1]},
        "later": {"segments": last, "head": rows[last - 1][1]},
        "path": [step.hex() for step in merkle.consistency_proof(earlier, leaves)],
    }


def verify_consistency(proof: Mapping[str, Any]) -> bool:
    """Tell whether a consistency proof holds: the later head only appended to the earlier."""
    try:
        old, new = proof["earlier"], proof["later"]
        path = [bytes.fromhex(step) for step in proof["path"]]
        heads = bytes.fromhex(old["head"]), bytes.fromhex(new["head"])
        return merkle.verify_consistency(old["segments"], new["segments"], path, *heads)
    except (KeyError, TypeError, ValueError):
        return False


def _read(field: canonical.Field) -> str:
    """Return how a column is read: moments as microseconds, for DuckDB needs another library to make them Python's."""
    return f'epoch_us("{field.name}")' if field.kind == "instant" else f'"{field.name}"'


def _plain(field: canonical.Field, value: Any) -> Any:
    if field.kind == "instant" and value is not None:
        return (EPOCH + dt.timedelta(microseconds=value)).isoformat(timespec="microseconds")
    if isinstance(value, (dt.date, Decimal)):
        return str(value)
    return value


def _value(field: canonical.Field, value: Any) -> Any:
    if value is None:
        return None
    readers: dict[str, Any] = {
        "date": dt.date.fromisoformat,
        "instant": dt.datetime.fromisoformat,
        "decimal": Decimal,
    }
    return readers[field.kind](value) if field.kind in readers else value
