"""Numeric functions (clause 10.3.4.5). A scale is the number of digits after the point, negative for tens, hundreds …"""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)

from ..arithmetic import Undefined, negate
from ..calls import Implementation
from ..moments import DayTime, YearMonth
from ..runtime import Run
from ..values import NUMBERS

Number = int | Decimal
MIN_SCALE, MAX_SCALE = -6111, 6176
_WIDE = Context(prec=13_000, Emin=-20_000, Emax=20_000)


def _round(value: Number, scale: Number, rounding: str) -> Decimal:
    digits = int(scale) if abs(Decimal(scale)) < 10_000 else 10_000
    if not MIN_SCALE <= digits <= MAX_SCALE:
        raise Undefined("rules.bad_argument", f"小数位数应在 {MIN_SCALE} 到 {MAX_SCALE} 之间")
    number = Decimal(value)
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -digits:
        return NUMBERS.plus(number)
    return NUMBERS.plus(number.quantize(Decimal((0, (1,), -digits)), rounding, _WIDE))


def _rounder(rounding: str) -> Implementation:
    def rounded(run: Run, value: Number, scale: Number = 0) -> object:
        if scale is None:
            raise Undefined("rules.bad_argument", "小数位数不能是空值")
        return _round(value, scale, rounding)

    return rounded


def _abs(run: Run, value: Number | YearMonth | DayTime) -> object:
    if isinstance(value, YearMonth):
        return value if value.months >= 0 else negate(value)
    if isinstance(value, DayTime):
        return value if value.ns >= 0 else negate(value)
    return NUMBERS.abs(Decimal(value))


def _modulo(run: Run, dividend: Number, divisor: Number) -> object:
    """``dividend - divisor * floor(dividend / divisor)``: the sign is that of the divisor."""
    if divisor == 0:
        raise Undefined("rules.bad_number", "除数不能是零")
    rest = NUMBERS.remainder(Decimal(dividend), divisor)
    return NUMBERS.add(rest, divisor) if rest != 0 and (rest < 0) != (divisor < 0) else rest


def _sqrt(run: Run, number: Number) -> object:
    return NUMBERS.sqrt(Decimal(number))


def _log(run: Run, number: Number) -> object:
    if number <= 0:
        raise Undefined("rules.bad_number", "对数只对正数有意义")
    return NUMBERS.ln(Decimal(number))


def _exp(run: Run, number: Number) -> object:
    return NUMBERS.exp(Decimal(number))


def _parity(rest: int) -> Implementation:
    def answer(run: Run, number: Number) -> object:
        if number != Decimal(number).to_integral_value():
            raise Undefined("rules.bad_argument", "只有整数分奇偶")
        return abs(_WIDE.remainder(Decimal(number), Decimal(2))) == rest

    return answer


_SCALED = "n: number, scale: number"
SIGNATURES: list[tuple[str, str, Implementation]] = [
    ("decimal", _SCALED, _rounder(ROUND_HALF_EVEN)),
    ("floor", "n: number", _rounder(ROUND_FLOOR)),
    ("floor", _SCALED, _rounder(ROUND_FLOOR)),
    ("ceiling", "n: number", _rounder(ROUND_CEILING)),
    ("ceiling", _SCALED, _rounder(ROUND_CEILING)),
    ("round up", _SCALED, _rounder(ROUND_UP)),
    ("round down", _SCALED, _rounder(ROUND_DOWN)),
    ("round half up", _SCALED, _rounder(ROUND_HALF_UP)),
    ("round half down", _SCALED, _rounder(ROUND_HALF_DOWN)),
    ("abs", "n: number|years and months duration|days and time duration", _abs),
    ("modulo", "dividend: number, divisor: number", _modulo),
    ("sqrt", "number: number", _sqrt),
    ("log", "number: number", _log),
    ("exp", "number: number", _exp),
    ("odd", "number: number", _parity(1)),
    ("even", "number: number", _parity(0)),
]
