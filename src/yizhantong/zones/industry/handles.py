"""Identifiers of the industrial internet: their form, their parts, and the key by which two are the same."""

from __future__ import annotations

import re
from dataclasses import dataclass

HANDLE = re.compile(r"88\.([0-9]{1,5})\.([0-9]{1,10})/([\x21-\x7e]{1,255})")
PREFIX = re.compile(r"88\.([0-9]{1,5})\.([0-9]{1,10})")


@dataclass(frozen=True, slots=True)
class Handle:
    """An identifier in its parts; all digits of a prefix count (``88.8`` is not ``88.08``)."""

    node: str
    enterprise: str
    suffix: str

    @property
    def prefix(self) -> str:
        """Return the part before the slash."""
        return f"88.{self.node}.{self.enterprise}"

    @property
    def key(self) -> str:
        """Return the form for comparison: letters of ASCII in one case, as the Handle System compares them (待核)."""
        return f"{self.prefix}/{self.suffix.upper()}"

    def __str__(self) -> str:
        return f"{self.prefix}/{self.suffix}"


def parse(text: str) -> Handle | None:
    """Return the parts of an identifier, or None when the text is none: 88, two numbers, a slash, 1 to 255 visible signs."""
    found = HANDLE.fullmatch(text)
    return Handle(*found.groups()) if found else None


def is_prefix(text: str) -> bool:
    """Tell whether the text is a prefix of an enterprise node, such as ``88.118.8``."""
    return PREFIX.fullmatch(text) is not None
