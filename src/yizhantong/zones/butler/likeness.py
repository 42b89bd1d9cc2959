"""How alike two short Chinese texts are: overlap of their pairs of characters, from 0 to 1; pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator


def likeness(one: str, other: str) -> float:
    """Return the share of the shorter text's character pairs that the other holds (Szymkiewicz-Simpson); 0 where one is empty."""
    left, right = set(_pairs(one)), set(_pairs(other))
    least = min(len(left), len(right))
    return len(left & right) / least if least else 0.0


def _pairs(text: str) -> Iterator[str]:
    plain = "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())
    return (plain[at : at + 2] for at in range(max(0, len(plain) - 1)))
