"""Numbers of cases, and the passwords by which anybody who has both may ask how a case stands.

A number is the day (8 digits), ten random digits and a check digit: 19 digits that can be read out on the telephone, drawn
without asking anybody. The check digit is ISO/IEC 7064 MOD 11,10.
"""

from __future__ import annotations

import datetime as dt
import hmac
import secrets

from yizhantong.kernel.cases import settings
from yizhantong.kernel.parties import sealing

LENGTH = 19


def draw(day: dt.date) -> str:
    """Return a new number; that it is nobody else's the database sees to."""
    body = f"{day:%Y%m%d}{secrets.randbelow(10**10):010d}"
    return body + check_digit(body)


def check_digit(body: str) -> str:
    """Return the check digit of a number (ISO/IEC 7064 MOD 11,10)."""
    product = 10
    for digit in body:
        total = (product + int(digit)) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def is_valid(number: str) -> bool:
    """Tell whether a number can be one: catches every single wrong digit, and nearly every swap of neighbours."""
    return len(number) == LENGTH and number.isascii() and number.isdigit() and check_digit(number[:-1]) == number[-1]


def draw_password() -> str:
    """Return a new query password."""
    digits = int(settings.of("lookup")["digits"])
    return f"{secrets.randbelow(10**digits):0{digits}d}"


def digest_of(number: str, password: str) -> str:
    """Return what is kept of a query password: keyed, so that the table alone betrays none."""
    return sealing.index_of(f"case:{number}:{password}")


def fits(number: str, password: str, digest: str) -> bool:
    """Tell whether the password is that of the number."""
    return bool(digest) and hmac.compare_digest(digest_of(number, password), digest)
