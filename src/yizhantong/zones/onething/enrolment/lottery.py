"""A lottery that nobody can bend and anybody can recompute. Pure.

Before the window opens a seed is drawn, and only its digest is published (a commitment). After the window closes the list of those who
take part is fixed and its digest published; it could not be known when the seed was drawn. Then the seed is told. The lot of a child::

    SHA-256(seed "|" digest of the list "|" code), as 64 hexadecimal digits; the smaller goes first

The code of a child follows from its identity number (keyed), not from when or how often it was entered; so neither parents nor officers
can choose it. Children who are to stay together (同胞) draw one lot under the smallest of their codes.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable

SEED_BYTES = 32


def draw_seed() -> str:
    """Return a new seed: 64 hexadecimal digits."""
    return secrets.token_hex(SEED_BYTES)


def commitment_of(seed: str) -> str:
    """Return the digest that is published before the window opens (SHA-256 of the seed's text)."""
    return hashlib.sha256(seed.encode()).hexdigest()


def fits(seed: str, commitment: str) -> bool:
    """Tell whether a seed is the one that was committed to."""
    return hmac.compare_digest(commitment_of(seed), commitment)


def list_digest(codes: Iterable[str]) -> str:
    """Return the digest of the list of codes, whatever order they come in (SHA-256 of the sorted codes, one a line)."""
    return hashlib.sha256("".join(f"{code}\n" for code in sorted(set(codes))).encode()).hexdigest()


def lot_of(seed: str, listed: str, code: str) -> str:
    """Return the lot of a code."""
    return hashlib.sha256(f"{seed}|{listed}|{code}".encode()).hexdigest()
