"""What is stated, of which part of a population, and what is known of the population beforehand."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal as OneOf


class FeasibilityError(ValueError):
    """The question itself cannot be answered; ``code`` is stable, the text is for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Tag:
    """Condition: the record has (or, with ``holds=False``, has not) this property, e.g. ``Tag("工业")``."""

    name: str
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Interval:
    """Condition: a numeric attribute of the record lies between two values, each end closed or open; None is no end."""

    attribute: str
    low: Decimal | None = None
    high: Decimal | None = None
    low_closed: bool = True
    high_closed: bool = False


Literal = Tag | Interval
Region = tuple[Literal, ...]
"""A conjunction of conditions; the empty one is the whole population."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What is measured of a region: the number of its records, or the sum of one attribute over them."""

    kind: OneOf["count", "sum"]
    attribute: str = ""

    def __post_init__(self) -> None:
        if (self.kind == "sum") != bool(self.attribute):
            raise FeasibilityError("proof.measure", "求和要指明对哪个数值求和,计数则不能指明")


COUNT = Measure("count")


@dataclass(frozen=True, slots=True)
class Statement:
    """One stated figure: ``lower <= measure(region) <= upper``, in the attribute's base unit; None is no bound.

    An exact figure has lower = upper; a rounded one the interval of its rounding; 余/多 only a lower bound.
    ``text`` is the phrase as printed, used in the explaining sentence.
    """

    key: str
    text: str
    measure: Measure
    region: Region
    lower: Decimal | None = None
    upper: Decimal | None = None
    lower_closed: bool = True
    upper_closed: bool = True


@dataclass(frozen=True, slots=True)
class Attribute:
    """What is known of a numeric attribute of a record.

    ``integer``: stored as a whole number (money in 分). ``nullable``: may be unknown in a record, which then lies in no
    interval and adds nothing to a sum. ``label``, ``unit`` and ``unit_size`` (base units in one display unit, e.g.
    10**10 分 in one 亿元) serve the sentence.
    """

    name: str
    nonnegative: bool = True
    integer: bool = False
    nullable: bool = False
    label: str = ""
    unit: str = ""
    unit_size: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Subset:
    """Whatever meets ``part`` also meets ``whole``, e.g. 国家级 is also 省级以上."""

    part: Region
    whole: Region


@dataclass(frozen=True, slots=True)
class Exclusive:
    """No record has two of these tags."""

    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Partition:
    """Every record of ``of`` (of the whole population, if None) has exactly one of these tags, no other record any."""

    parts: tuple[str, ...]
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known beforehand of the population, and how its records are called (``classifier`` + ``noun``: 个 项目)."""

    attributes: tuple[Attribute, ...] = ()
    subsets: tuple[Subset, ...] = ()
    exclusives: tuple[Exclusive, ...] = ()
    partitions: tuple[Partition, ...] = ()
    classifier: str = "个"
    noun: str = ""

    def attribute(self, name: str) -> Attribute:
        """The attribute of that name, or one of which only non-negativity is assumed not to hold."""
        for known in self.attributes:
            if known.name == name:
                return known
        return Attribute(name, nonnegative=False)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of the effort: cells of the arrangement, seconds by the clock."""

    cells: int = 4096
    seconds: float = 5.0


@dataclass(frozen=True, slots=True)
class WitnessCell:
    """One kind of record of a possible ledger: its tags, where its attributes lie, how many, with which sums."""

    tags: tuple[str, ...]
    ranges: tuple[str, ...]
    count: int
    sums: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Answer: ``feasible`` True (with ``witness``), False (with ``conflict`` and ``sentence``) or None (``sentence`` says why).

    ``multipliers`` (statement key -> rational as text) is the certificate of Farkas where linear arithmetic alone
    proves the conflict: added up with them, the statements say 0 > 0. ``proof`` holds the sentence's numbers.
    """

    feasible: bool | None
    sentence: str
    witness: tuple[WitnessCell, ...] = ()
    conflict: tuple[str, ...] = ()
    proof: dict[str, Decimal] = field(default_factory=dict)
    multipliers: dict[str, str] = field(default_factory=dict)
