"""Verification codes: 20 characters of 31, drawn at random (99 bits), without those that are mistaken for others."""

from __future__ import annotations

import secrets
import unicodedata

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 20


def make() -> str:
    """Return a new code."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def plain(text: str) -> str:
    """Return a typed code as it is kept, or an empty text if it cannot be one."""
    found = "".join(c for c in unicodedata.normalize("NFKC", text[:100]).upper() if not c.isspace() and c not in "-—–")
    return found if len(found) == LENGTH and all(c in ALPHABET for c in found) else ""


def grouped(code: str) -> str:
    """Return a code in groups of four, for people."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
