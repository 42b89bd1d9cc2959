"""Unified social credit codes of organisations: GB 32100-2015, with the organisation code of GB 11714-1997 inside.

18 characters of ``0-9A-HJ-NPQRTUWXY`` (never I O S V Z): registering authority 1, category 1, division 6, organisation
code 9 (its last is a check character of its own), check character 1. Checking is python-stdnum's.
"""

from __future__ import annotations

from dataclasses import dataclass

from stdnum.cn import uscc as standard
from stdnum.exceptions import ValidationError

from .errors import DIGITS, CodeError, accepts, require_characters, require_length, uniform

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_NAME = "统一社会信用代码"
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION = DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Parts:
    """What a code says: authority (9 市场监管, 1 机构编制, 5 民政 …), category, division, organisation code."""

    authority: str
    category: str
    division: str
    organisation: str


def validate(text: str) -> str:
    """The code, half-width and in capitals; CodeError ``codes.uscc.length|character|division|check``."""
    code = uniform(text, "uscc", _NAME).replace(" ", "").replace("-", "")
    require_length(code, (18,), "uscc", _NAME)
    require_characters(code, ALPHABET, "uscc", _NAME)
    require_characters(code[2:8], DIGITS, "uscc", f"{_NAME}的登记机关区划", start=2)
    try:
        return str(standard.validate(code))
    except ValidationError as error:
        raise CodeError(
            "codes.uscc.check", f"{_NAME}“{code}”的校验位(第 18 位)与前 17 位不符;请逐位对照营业执照或登记证书"
        ) from error


is_valid = accepts(validate)
"""Would :func:`validate` accept the text?"""


def parts(text: str) -> Parts:
    """The parts of a valid code."""
    code = validate(text)
    return Parts(code[0], code[1], code[2:8], code[8:17])


def organisation_check(base: str) -> str:
    """Check character of an organisation code's first eight characters (GB 11714-1997): 10 is X, 11 is 0."""
    total = sum(_ORGANISATION.index(c) * w for c, w in zip(base, _WEIGHTS, strict=True))
    return {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11))


def has_true_organisation_code(text: str) -> bool:
    """Does the organisation code inside bear its own check character? A no is a warning, not a refusal.

    Codes issued to sole proprietors and some early ones do not, and are in use.
    """
    organisation = parts(text).organisation
    return organisation_check(organisation[:8]) == organisation[8]


def make(division: str, base: str, authority: str = "9", category: str = "1") -> str:
    """A valid code for sample data (演示数据) from a six-digit division and eight characters of organisation code."""
    body = authority + category + division + base + organisation_check(base)
    return validate(body + standard.calc_check_digit(body))
