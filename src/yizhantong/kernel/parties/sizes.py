"""Size classes of enterprises: 工信部联企业〔2011〕300号 (in force since 2011-06-18), industries by GB/T 4754-2017.

Each industry has one or two indicators: X people employed, Y revenue and Z assets (both in 万元). A class needs **every**
indicator at its bound (以上 includes the number itself), so the class of an enterprise is the lowest of its indicators' classes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib import resources

from yizhantong.foundation.codes import industries
from yizhantong.foundation.codes.errors import CodeError

MICRO, SMALL, MEDIUM, LARGE = LEVELS = ("micro", "small", "medium", "large")
Amount = int | Decimal | None


@dataclass(frozen=True, slots=True)
class Bounds:
    """The lower bounds of one indicator (``X``, ``Y`` or ``Z``), each included."""

    indicator: str
    small: int
    medium: int
    large: int

    def level(self, value: int | Decimal) -> int:
        """Return the class that this indicator alone gives, 0 (micro) to 3 (large)."""
        return sum(value >= bound for bound in (self.small, self.medium, self.large))


@lru_cache(maxsize=1)
def table() -> Mapping[str, tuple[Bounds, ...]]:
    """Return the bounds by the name of the industry (what stands before a bracket in the norm's name)."""
    found: dict[str, tuple[Bounds, ...]] = {}
    for name, _codes, indicator, large, medium, small in _rows("enterprise_size_2011_300.tsv"):
        key = name.partition("(")[0]
        found[key] = (*found.get(key, ()), Bounds(indicator, int(small), int(medium), int(large)))
    return found


@lru_cache(maxsize=1)
def _prefixes() -> Mapping[str, str]:
    return {prefix: name for prefix, name in _rows("enterprise_size_industries.tsv")}


def _rows(name: str) -> list[list[str]]:
    text = resources.files("yizhantong.kernel.parties").joinpath("data", name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return list(csv.reader(io.StringIO("\n".join(lines)), delimiter="\t"))[1:]


def bounds_of(industry: str) -> tuple[Bounds, ...] | None:
    """Return the bounds for an industry (``C3985`` or ``3985``), or None where the norm has no size classes."""
    try:
        code = industries.validate(industry)
    except CodeError:
        return None
    prefixes = _prefixes()
    name = next((prefixes[code[:end]] for end in range(len(code), 0, -1) if code[:end] in prefixes), "-")
    return table().get(name)


def size_of(industry: str, employees: Amount, revenue: Amount, assets: Amount) -> str | None:
    """Return ``large``, ``medium``, ``small`` or ``micro``; None where it is not known or the industry has no classes.

    ``employees`` in persons (X), ``revenue`` (Y) and ``assets`` (Z) in 万元, None for not known. One indicator at the lowest
    class decides without the other.
    """
    bounds = bounds_of(industry)
    if bounds is None:
        return None
    given = {"X": employees, "Y": revenue, "Z": assets}
    levels = [None if (value := given[item.indicator]) is None else item.level(value) for item in bounds]
    known = [level for level in levels if level is not None]
    if known and (len(known) == len(levels) or min(known) == 0):
        return LEVELS[min(known)]
    return None
