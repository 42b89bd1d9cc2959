"""Codes of administrative divisions: GB/T 2260 (2, 4 or 6 digits) and the statistical codes of 9 or 12 digits.

Province 2, city 2, county 2, township 3, village 3 digits. A shorter code may be padded with zeros to 6 or 12 digits
(210700 is 2107). Only the shape is checked here; which codes exist, and from when until when, is data.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

from .errors import DIGITS, CodeError, accepts, require_characters, require_length, uniform

Level = Literal["province", "city", "county", "township", "village"]
_NAME = "行政区划代码"
_LEVELS: dict[int, Level] = {2: "province", 4: "city", 6: "county", 9: "township", 12: "village"}


def validate(text: str) -> str:
    """The code as given, half-width; CodeError ``codes.division.length|character|gap``."""
    code = uniform(text, "division", _NAME)
    require_length(code, (2, 4, 6, 9, 12), "division", _NAME)
    require_characters(code, DIGITS, "division", _NAME)
    steps = _steps(code)
    if int(steps[0]) < 10:
        raise CodeError(
            "codes.division.province", f"{_NAME}“{code}”的省级部分“{steps[0]}”不存在;省级代码从 11 起,请核对"
        )
    filled = [int(step) > 0 for step in steps]
    if True in filled[filled.index(False) :] if False in filled else False:
        raise CodeError("codes.division.gap", f"{_NAME}“{code}”中间一级全为 0,而下一级不为 0;请核对")
    return code


is_valid = accepts(validate)
"""Would :func:`validate` accept the text?"""


def short(text: str) -> str:
    """The code without padding: 210700 and 210700000000 give 2107."""
    steps = [step for step in _steps(validate(text)) if int(step)]
    return "".join(steps)


def full(text: str, digits: Literal[6, 12] = 12) -> str:
    """The code padded with zeros; CodeError ``codes.division.too_deep`` if it is longer."""
    code = short(text)
    if len(code) > digits:
        raise CodeError("codes.division.too_deep", f"{_NAME}“{code}”有 {len(code)} 位,不能写成 {digits} 位")
    return code.ljust(digits, "0")


def level(text: str) -> Level:
    """Level of the division."""
    return _LEVELS[len(short(text))]


def parent(text: str) -> str | None:
    """Short code of the division above; None for a province."""
    steps = _steps(short(text))
    return "".join(steps[:-1]) or None


def ancestors(text: str) -> list[str]:
    """Short codes from the province down to the code itself."""
    steps = _steps(short(text))
    return ["".join(steps[: n + 1]) for n in range(len(steps))]


def is_within(text: str, above: str) -> bool:
    """Is the division the same as, or part of, the one above? By code alone."""
    return short(above) in ancestors(text)


def _steps(code: str) -> list[str]:
    cuts = (0, 2, 4, 6, 9, 12)
    return [code[a:b] for a, b in pairwise(cuts) if code[a:b]]
