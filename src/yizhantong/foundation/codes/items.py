"""Codes of government service items: GB/T 39554.1-2020 and the national exchange schema.

Basic code 12: province 2, department 4, main item 3, sub item 3. Implementation code 31: the agency's GB 32100 code 18,
level 1, basic code 12. Handling item 33: implementation code and serial 2. Exchange tables hold implementation codes of
up to 36 characters: beyond 31 (and other than 33) the rest is kept as ``suffix``. Agencies without a registration of
their own bear made-up codes in practice (``11341800A72824253Z``), so a wrong agency code is a warning, not a refusal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from . import uscc
from .errors import DIGITS, CodeError, accepts, require_characters, require_length, uniform

Kind = Literal["basic", "implementation", "handling", "extended"]
_NAME = "事项编码"
_LETTERS = DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LEVELS = {"1": "national", "2": "province", "3": "city", "4": "county", "5": "township", "6": "village"}
"""Level of exercise by its digit."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a code says; ``agency`` and ``level`` are empty in a basic code."""

    kind: Kind
    agency: str
    level: str
    province: str
    department: str
    main: str
    sub: str
    suffix: str

    @property
    def basic(self) -> str:
        """The basic code inside."""
        return self.province + self.department + self.main + self.sub


def parts(text: str) -> Parts:
    """The parts of a code; errors as :func:`validate`."""
    code = uniform(text, "item", _NAME)
    require_length(code, (12, 31, 32, 33, 34, 35, 36), "item", _NAME)
    if len(code) == 12:
        return _parts("basic", "", "", code, "", 0)
    require_characters(code[:18], _LETTERS, "item", _NAME)
    if code[18] not in LEVELS:
        raise CodeError("codes.item.level", f"{_NAME}第 19 位“{code[18]}”不是行使层级;应为 1(国家)至 6(村)")
    kinds: dict[int, Kind] = {31: "implementation", 33: "handling"}
    return _parts(kinds.get(len(code), "extended"), code[:18], code[18], code[19:31], code[31:], 19)


def _parts(kind: Kind, agency: str, level: str, basic: str, suffix: str, start: int) -> Parts:
    require_characters(basic[:2], DIGITS, "item", _NAME, start)
    require_characters(basic[2:], _LETTERS, "item", _NAME, start + 2)
    require_characters(suffix, DIGITS if kind == "handling" else _LETTERS, "item", _NAME, start + 12)
    return Parts(kind, agency, level, basic[:2], basic[2:6], basic[6:9], basic[9:], suffix)


def validate(text: str) -> str:
    """The code, half-width and in capitals; CodeError ``codes.item.length|character|level``."""
    found = parts(text)
    return found.agency + found.level + found.basic + found.suffix


def warnings(text: str) -> list[str]:
    """Doubts about a valid code that do not refuse it: its agency's code is not one of GB 32100."""
    agency = parts(text).agency
    if not agency or uscc.is_valid(agency):
        return []
    return [f"{_NAME}前 18 位“{agency}”不是有效的统一社会信用代码,可能是内设机构的自编代码;请核对"]


is_valid = accepts(validate)
"""Would :func:`validate` accept the text?"""
