"""Codes of investment projects on the national approval platform: 24 characters in five groups.

``YYYY-DDDDDD-II-CC-SSSSSS``: year 4, division 6, industry 2, category 2, serial 6, which makes 20 digits and 4 hyphens.
The meaning of the groups is not confirmed against the standard's text, so only the shape and the province are checked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .errors import CodeError, accepts, uniform

_NAME = "投资项目代码"
_SHAPE = re.compile(r"([0-9]{4})-?([0-9]{6})-?([0-9]{2})-?([0-9]{2})-?([0-9]{6})")


@dataclass(frozen=True, slots=True)
class Parts:
    """The five groups. ``year`` as printed: some provinces print year and month (2105 is May 2021) in its place."""

    year: str
    division: str
    industry: str
    category: str
    serial: str


def parts(text: str) -> Parts:
    """The five groups of a code; errors as :func:`validate`."""
    code = re.sub(r"[‐‑‒–—―−]", "-", uniform(text, "project", _NAME))
    match = _SHAPE.fullmatch(code)
    if not match:
        raise CodeError(
            "codes.project.shape", f"{_NAME}“{code}”应为 20 位数字,写成 4-6-2-2-6 五段(共 24 个字符);请对照备案证明"
        )
    if not 11 <= int(match[2][:2]) <= 83:
        raise CodeError("codes.project.division", f"{_NAME}“{code}”第二段“{match[2]}”不是区划代码;请对照备案证明")
    return Parts(*match.groups())


def validate(text: str) -> str:
    """The code with its hyphens; CodeError ``codes.project.shape|division``."""
    found = parts(text)
    return "-".join((found.year, found.division, found.industry, found.category, found.serial))


is_valid = accepts(validate)
"""Would :func:`validate` accept the text?"""
