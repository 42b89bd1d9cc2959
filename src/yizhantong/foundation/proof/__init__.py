"""Proof: seals that show a ledger was not changed, and the question whether stated figures can all be true.

Three rooms, each usable alone:

``canonical``  a record's one and only string of octets, in Python and as DuckDB SQL, so that anyone can hash it again;
``merkle``     RFC 9162 trees over those hashes: root, proof that a record is in, proof that history was only appended
               to, and the chain that binds each sealed segment to the one before;
``feasible``   could any ledger at all give these figures together? If none could, the smallest set of statements
               that contradict each other, and why, in a sentence a journalist understands.

The way of a seal: 1. each fact of a segment -> ``canonical.leaf_hash`` (or ``duckdb_leaf_hash`` over the Parquet
file); 2. leaf hashes in order -> ``merkle.root``; 3. ``merkle.chain(previous seal, root, header)`` -> this seal;
4. who holds a published seal checks a fact with ``verify_inclusion`` and a later state with ``verify_consistency``.
"""
