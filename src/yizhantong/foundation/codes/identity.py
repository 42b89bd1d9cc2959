"""Citizen identity numbers: GB 11643-1999, 18 characters: division 6, birthday 8, serial 3, check character 1.

The date must be a real day and the check character follow ISO 7064 MOD 11-2; both decide. The division only gives a
warning, because numbers keep the code of the time they were issued, and many such codes were withdrawn since.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from typing import Literal

from .errors import DIGITS, CodeError, accepts, require_characters, require_length, uniform

_NAME = "居民身份证号码"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_PROVINCES = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")


@dataclass(frozen=True, slots=True)
class Parts:
    """What a number says."""

    division: str
    born_on: date
    sex: Literal["male", "female"]


def check_character(first17: str) -> str:
    """Check character of the first 17 digits (ISO 7064 MOD 11-2)."""
    return _CHECKS[sum(int(c) * w for c, w in zip(first17, _WEIGHTS, strict=True)) % 11]


def validate(text: str) -> str:
    """The number, half-width, X in capitals; CodeError ``codes.identity.length|character|date|check``.

    Whether the birthday lies in the future is for the caller to ask: this room has no clock.
    """
    number = uniform(text, "identity", _NAME).replace(" ", "")
    require_length(number, (18,), "identity", _NAME)
    require_characters(number[:17], DIGITS, "identity", _NAME)
    require_characters(number[17:], DIGITS + "X", "identity", _NAME, start=17)
    _birthday(number)
    if check_character(number[:17]) != number[17]:
        raise CodeError("codes.identity.check", f"{_NAME}的校验位(第 18 位)与前 17 位不符;请逐位对照身份证")
    return number


is_valid = accepts(validate)
"""Would :func:`validate` accept the text?"""


def parts(text: str) -> Parts:
    """The parts of a valid number; the 17th digit is odd for men."""
    number = validate(text)
    return Parts(number[:6], _birthday(number), "male" if int(number[16]) % 2 else "female")


def warnings(text: str, divisions: Container[str] | None = None) -> list[str]:
    """Doubts about a valid number that do not refuse it: its division is unknown to the given list, or no province's."""
    division = parts(text).division
    if not _PROVINCES.fullmatch(division[:2]):
        return [f"{_NAME}前两位“{division[:2]}”不是省级区划代码,请核对"]
    if divisions is not None and division not in divisions:
        return [f"{_NAME}前六位“{division}”不在现行或历史区划表中,可能是已撤销的区划,请核对"]
    return []


def mask(text: str) -> str:
    """First three and last four characters, the rest as stars; anything shorter than ten entirely as stars."""
    return text[:3] + "*" * (len(text) - 7) + text[-4:] if len(text) >= 10 else "*" * len(text)


def make(division: str, born_on: date, serial: int) -> str:
    """A valid number for sample data (演示数据); ``serial`` 0 to 999, odd for men."""
    first17 = f"{division}{born_on:%Y%m%d}{serial:03d}"
    return validate(first17 + check_character(first17))


def _birthday(number: str) -> date:
    text = number[6:14]
    try:
        born = date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        born = None
    if born is None or born.year < 1800:
        raise CodeError("codes.identity.date", f"{_NAME}第 7 至 14 位“{text}”不是真实的出生日期;请对照身份证")
    return born
