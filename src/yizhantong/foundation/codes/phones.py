"""Telephone numbers of mainland China: mobiles of 11 digits, landlines with area code; masking for the screen."""

from __future__ import annotations

import re
from typing import Literal

from .errors import CodeError, accepts, uniform

_NAME = "电话号码"
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(0(?:10|2[0-9]|[3-9][0-9]{2}))-?([2-9][0-9]{6,7})(?:-([0-9]{1,6}))?")
_COUNTRY = re.compile(r"(?:\+|00)86[- ]?")


def validate(text: str) -> str:
    """A mobile as 11 digits, or a landline as area-number(-extension); CodeError ``codes.phone.shape``."""
    given = uniform(text, "phone", _NAME)
    number = _COUNTRY.sub("", given, count=1) if _COUNTRY.match(given) else given
    bare = re.sub(r"[\s-]", "", number)
    if _MOBILE.fullmatch(bare):
        return bare
    match = _LANDLINE.fullmatch(re.sub(r"[\s()]", "", number))
    if not match:
        raise CodeError(
            "codes.phone.shape", f"{_NAME}“{mask(given)}”既不是 11 位手机号,也不是“区号-号码”的座机;请核对位数和区号"
        )
    return "-".join(part for part in match.groups() if part)


is_valid = accepts(validate)
"""Would :func:`validate` accept the text?"""


def kind(text: str) -> Literal["mobile", "landline"]:
    """Which sort of number a valid one is."""
    return "mobile" if _MOBILE.fullmatch(validate(text)) else "landline"


def mask(text: str) -> str:
    """Mobiles keep three and four digits (138****1234), anything else only its last two characters."""
    if len(text) == 11 and text.isdigit():
        return text[:3] + "****" + text[7:]
    return "*" * max(len(text) - 2, 0) + text[-2:] if len(text) > 4 else "*" * len(text)
