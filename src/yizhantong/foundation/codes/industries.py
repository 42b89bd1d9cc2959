"""Industry codes: GB/T 4754-2017. Section a letter A to T, division 2 digits, group 3, class 4; ``C26`` is also read.

The section follows from the division number. Which groups and classes exist is data; only the shape is checked here.
"""

from __future__ import annotations

import re
from typing import Literal

from .errors import CodeError, accepts, uniform

Level = Literal["section", "division", "group", "class"]
_NAME = "国民经济行业代码"
_FIRST = {
    "A": 1, "B": 6, "C": 13, "D": 44, "E": 47, "F": 51, "G": 53, "H": 61, "I": 63, "J": 66,
    "K": 70, "L": 71, "M": 73, "N": 76, "O": 80, "P": 83, "Q": 84, "R": 86, "S": 91, "T": 97,
}  # fmt: skip
_LAST_DIVISION = 97
_SHAPE = re.compile(r"([A-T]?)([0-9]{0,4})")
_LEVELS: dict[int, Level] = {0: "section", 2: "division", 3: "group", 4: "class"}


def validate(text: str) -> str:
    """Section letter, or section letter and digits (26 and C26 both give C26).

    CodeError ``codes.industry.shape|division|section``.
    """
    code = uniform(text, "industry", _NAME)
    match = _SHAPE.fullmatch(code)
    if not match or len(match[2]) not in _LEVELS:
        raise CodeError(
            "codes.industry.shape", f"{_NAME}“{code}”应为一个字母 A 至 T,或(可带该字母的)2 至 4 位数字,如 C、C26、2614"
        )
    letter, digits = match[1], match[2]
    if not digits:
        return letter
    number = int(digits[:2])
    if not 1 <= number <= _LAST_DIVISION:
        raise CodeError("codes.industry.division", f"{_NAME}“{code}”的大类“{digits[:2]}”不存在;大类为 01 至 97")
    owner = max((s for s, first in _FIRST.items() if first <= number), key=lambda s: _FIRST[s])
    if letter and letter != owner:
        raise CodeError(
            "codes.industry.section", f"{_NAME}“{code}”的大类 {digits[:2]} 属于门类 {owner},不属于 {letter};请改正其一"
        )
    return owner + digits


is_valid = accepts(validate)
"""Would :func:`validate` accept the text?"""


def section(text: str) -> str:
    """Section letter."""
    return validate(text)[0]


def level(text: str) -> Level:
    """How fine the code is."""
    return _LEVELS[len(validate(text)) - 1]


def is_industrial(text: str) -> bool:
    """工业 in China's statistics: mining, manufacturing, energy and water supply (sections B, C, D)."""
    return section(text) in "BCD"


def is_within(text: str, above: str) -> bool:
    """Is the industry the same as, or part of, the other?"""
    return validate(text).startswith(validate(above))
