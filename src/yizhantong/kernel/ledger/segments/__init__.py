"""Sealed segments: immutable Parquet files with Merkle roots, chained, one row of :class:`~..models.Segment` each.

The way of a seal (``seal``):

1. The highest id below which every transaction has ended is found (``settled``), so that no late commit is missed.
2. The facts after the last segment up to it are staged as typed columns (``staging``).
3. Each million of them becomes a Parquet file, written under a temporary name, read back, hashed leaf by leaf
   (``foundation/proof``), flushed to disk and renamed; then its row is written. A kill between any two of these steps
   leaves at most a file without a row, which the next seal removes.

Leaf hashes are not kept beside the facts: they do not compress (32 octets a fact, against about 4 of the facts themselves)
and are made again from a file at half a million a second on one core.

For readers: ``files(ledger)`` are the Parquet files in order, ``last_id(ledger)`` the last id in them; the columns are the
model's attribute names (``division_id``, ``contract_fen``), moments are TIMESTAMPTZ, money and counts are integers.
"""

from yizhantong.kernel.ledger.segments.layout import files, folder, last_id
from yizhantong.kernel.ledger.segments.sealing import seal

__all__ = ["files", "folder", "last_id", "seal"]
