"""Regions of ledgers that figures measure, and what is known beforehand of their codes: which exclude, which contain each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from yizhantong.foundation.proof import feasible as proof

Codes = frozenset[str]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A condition that a column has one of some codes (or, ``among`` False, none of them), under the tag's name."""

    tag: str
    column: str
    codes: Codes
    among: bool = True


@dataclass(frozen=True)
class Located:
    """A figure as a measure of a region of its ledger. ``population`` is what figures must share to be put together."""

    code: str
    label: str
    population: tuple[str, str]
    measure: proof.Measure
    region: proof.Region
    chosen: tuple[Chosen, ...]
    attributes: tuple[proof.Attribute, ...]
    unit: str


def facts_of(parts: Iterable[Located]) -> proof.Facts:
    """Return what is known beforehand of the population: attributes, and which codes exclude or contain each other."""
    parts = list(parts)
    attributes = {a.name: a for part in parts for a in part.attributes}
    chosen = {c.tag: c for part in parts for c in part.chosen}
    exclusives, subsets = [], []
    for a, b in combinations(chosen.values(), 2):
        if a.column == b.column:
            exclusives += [(a.tag, b.tag)] if _exclude(a, b) else []
            subsets += [pair for pair in ((a, b), (b, a)) if _inside(*pair)]
    counted = next((part.unit for part in parts if part.measure == proof.COUNT), "个")
    return proof.Facts(
        attributes=tuple(attributes.values()),
        subsets=tuple(proof.Subset((proof.Tag(a.tag),), (proof.Tag(b.tag),)) for a, b in subsets),
        exclusives=tuple(proof.Exclusive(pair) for pair in exclusives),
        classifier=counted,
        noun="记录",
    )


def _exclude(a: Chosen, b: Chosen) -> bool:
    if a.among and b.among:
        return not a.codes & b.codes
    if a.among != b.among:
        inside, outside = (a, b) if a.among else (b, a)
        return inside.codes <= outside.codes
    return False


def _inside(a: Chosen, b: Chosen) -> bool:
    """Tell whether whatever meets ``a`` meets ``b``."""
    if a.among:
        return a.codes <= b.codes if b.among else not a.codes & b.codes
    return not b.among and b.codes <= a.codes
