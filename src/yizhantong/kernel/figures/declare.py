"""Figures as declared by zones, and the registry in which everyone finds them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured

from yizhantong.kernel.ledger import UNITS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Period(StrEnum):
    """Which facts a figure takes, by the day it goes by, seen from the day it is asked for (the as-of day D)."""

    ALL = "all"  # 累计,截至 D
    THIS_YEAR = "this_year"  # 今年以来: 1 January of D's year to D
    FIRST_HALF = "first_half"  # 上半年: January to June of D's year (to D, while it lasts)
    LAST_YEAR = "last_year"  # 上年全年
    THREE_YEARS = "three_years"  # 近三年: from the day after D three years ago, to D
    CAMPAIGN = "campaign"  # 活动开展以来: from the campaign's first day (city.toml [campaign] start) to D


@dataclass(frozen=True, slots=True)
class Count:
    """How many facts, reversals taken off: the sum of ``sign``."""


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of ``sign`` times a column, in stored units."""

    column: str


@dataclass(frozen=True, slots=True)
class Distinct:
    """How many different values of a column have at least one fact in force (signs that add up to more than nothing)."""

    column: str


@dataclass(frozen=True, slots=True)
class Ratio:
    """One figure over another, both by code; without a value where the denominator is nothing. ``percent`` shows x 100."""

    numerator: str
    denominator: str
    percent: bool = True


Measure = Count | Sum | Distinct | Ratio

FACTORS = UNITS | {"%": Decimal("0.01")}


@dataclass(frozen=True)
class Figure:
    """A figure. ``ledger`` and ``where`` are empty for a ratio, which takes those of its two parts.

    ``parent`` is the code of the figure that this one is a part of (其中); ``estimate`` marks expectations, which are never
    shown as achieved; ``norm`` says where the definition comes from, with 待核 while nobody has confirmed it.
    """

    code: str
    label: StrOrPromise
    measure: Measure
    unit: str
    definition: StrOrPromise
    ledger: str = ""
    where: str = ""
    date: str = "occurred_on"
    period: Period = Period.ALL
    decimals: int = 0
    phrases: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    parent: str = ""
    estimate: bool = False
    norm: StrOrPromise = ""
    _memo: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def zone(self) -> str:
        """Return the code of the zone that declared it."""
        return self.code.partition(".")[0]

    @property
    def factor(self) -> Decimal:
        """Return how many stored units one shown unit is."""
        return FACTORS.get(self.unit, Decimal(1))

    @property
    def version(self) -> str:
        """Return twelve hexadecimal characters that change whenever what is counted changes (not the wording)."""
        if "version" not in self._memo:
            counted = [self.code, repr(self.measure), self.ledger, self.where, self.date, self.period, self.unit]
            text = json.dumps(counted, ensure_ascii=False)
            self._memo["version"] = hashlib.sha256(text.encode()).hexdigest()[:12]
        return self._memo["version"]


_FIGURES: dict[str, Figure] = {}


def register(declared: Figure) -> Figure:
    """Enter a figure into the registry; a code that is malformed or used twice is a configuration error."""
    if declared.code in _FIGURES:
        raise ImproperlyConfigured(f"figure {declared.code} is declared twice")
    if declared.code.count(".") != 1:
        raise ImproperlyConfigured(f"figure code {declared.code} is not <zone>.<name>")
    if bool(declared.ledger) == isinstance(declared.measure, Ratio):
        raise ImproperlyConfigured(
            f"figure {declared.code}: a ratio has no ledger of its own, any other figure has one"
        )
    _FIGURES[declared.code] = declared
    return declared


def figure(code: str) -> Figure:
    """Return the figure of that code; KeyError when there is none."""
    return _FIGURES[code]


def figures() -> Iterator[Figure]:
    """Return all figures in the order in which they were declared."""
    return iter(_FIGURES.values())
