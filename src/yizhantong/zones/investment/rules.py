"""Rules of investment that need no database."""

from __future__ import annotations

import re

FIRST_INDUSTRIAL, LAST_INDUSTRIAL = 6, 46
"""Divisions of GB/T 4754-2017 in sections B (06-12), C (13-43) and D (44-46)."""

DIGITS = re.compile(r"[0-9]{2,4}")
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


def is_industrial(industry: str) -> bool:
    """Tell whether a code of GB/T 4754-2017 (a section's letter, or 2 to 4 digits) belongs to industry 工业; no code does not."""
    if DIGITS.fullmatch(industry):
        return FIRST_INDUSTRIAL <= int(industry[:2]) <= LAST_INDUSTRIAL
    return industry in ("B", "C", "D")


def is_month(text: str) -> bool:
    """Tell whether the text is a month as ledgers write it, such as ``2021-06``."""
    return MONTH.fullmatch(text) is not None
