"""Units of Chinese reports as data (`units.tsv`): symbol, dimension, factor to the base unit, base unit.

Counts are measures of their own: 个, 家, 户, 件, 人, 人次, 台次, 批次 never add up; only spellings of one measure share a base
(名 and 位 are 人, 幢 is 栋). Within money, each currency is a dimension of its own. Ratios have base 1 (62% is 0.62); 个百分点 is a difference
of ratios and no ratio. 亩 is 2000/3 m² as the State's conversion has it (GB 3100).
"""

import re
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from functools import cache
from importlib import resources

from .numerals import EXACT
from .vocabulary import words

_WIDE = Context(prec=60)


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit. `factor` turns a printed value into `base`; compound units (元/户) have dimension and base joined by "/"."""

    symbol: str
    dimension: str
    factor: Fraction
    base: str

    @property
    def measure(self) -> tuple[str, str]:
        """Two values may be compared only when this agrees: the dimension and, for counts, the counted measure."""
        return (self.dimension, self.base)

    @property
    def is_count(self) -> bool:
        """Counts of things are whole numbers and exact when printed without scale."""
        return self.dimension == "count"

    def to_base(self, value: Decimal) -> Decimal:
        """`value` of this unit in base units; exact unless the factor is a repeating decimal (亩)."""
        scaled = EXACT.multiply(value, Decimal(self.factor.numerator))
        return scaled if self.factor.denominator == 1 else _WIDE.divide(scaled, Decimal(self.factor.denominator))


NO_UNIT = Unit("", "none", Fraction(1), "")


@cache
def units() -> dict[str, Unit]:
    """All units by symbol."""
    table = resources.files(__package__).joinpath("units.tsv").read_text("utf-8").splitlines()[1:]
    found: dict[str, Unit] = {}
    for line in table:
        symbol, dimension, factor, base = line.split("\t")
        found[symbol] = Unit(symbol, dimension, Fraction(factor), base)
    return found


@cache
def pattern() -> re.Pattern[str]:
    """Matches the longest unit at a place, with 每/per (元/户, 公斤/亩, 元每平方米)."""
    names = "|".join(re.escape(s) for s in sorted(units(), key=len, reverse=True))
    return re.compile(rf"({names})(?:/(?:每)?({names}))?")


def match_unit(text: str, at: int) -> tuple[Unit, int] | None:
    """The unit that begins at offset `at` and the offset behind it; None when none does. Latin symbols must end at a word's end."""
    match = pattern().match(text, at)
    if match is None:
        return None
    first, second = match.groups()
    end = match.end()
    if (
        text[end - 1].isascii()
        and text[end - 1].isalpha()
        and end < len(text)
        and text[end].isascii()
        and text[end].isalnum()
    ):
        return None
    unit = units()[first]
    if second is None:
        return unit, end
    return per(unit, units()[second]), end


def per(top: Unit, bottom: Unit) -> Unit:
    """The compound unit `top` per `bottom`."""
    return Unit(
        f"{top.symbol}/{bottom.symbol}",
        f"{top.dimension}/{bottom.dimension}",
        top.factor / bottom.factor,
        f"{top.base}/{bottom.base}",
    )


def same_measure(a: Unit, b: Unit) -> bool:
    """Whether values in `a` and `b` may be compared: one dimension and, for counts, one measure."""
    return a.measure == b.measure


def kindred(a: Unit, b: Unit) -> bool:
    """Whether two counts may count things of one set though the writer changed the measure word (71个项目 … 11项)."""
    if same_measure(a, b):
        return True
    if not (a.is_count and b.is_count) or words("events") & {a.base, b.base}:
        return False
    return "个" in (a.base, b.base) and {a.base, b.base} <= words("generic_measures") and "人" not in (a.base, b.base)
