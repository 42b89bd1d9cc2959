"""Can the numbers that an article states of one set of things all be true? The article's groups, put to the proof room.

Each root group with all below it is one population; a group's conditions are its region, its count and sums are
statements with the bounds that rounding and qualifiers allow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from yizhantong.foundation.proof import feasible as proof
from yizhantong.foundation.text import Article, Claim, Group

LIMITS = proof.Limits(cells=512, seconds=2.0)
SHOWN = (("money", "亿元", Decimal(100_000_000)), ("area", "平方米", Decimal(1)), ("mass", "吨", Decimal(1000)))


@dataclass(frozen=True, slots=True)
class Conflict:
    """Claims that no ledger could give together: their indices, and why in a plain sentence."""

    claims: tuple[int, ...]
    sentence: str


def conflicts(article: Article) -> list[Conflict]:
    """Return the smallest contradicting sets of an article, each once."""
    found: dict[frozenset[int], Conflict] = {}
    for root, members in _families(article.groups):
        statements = list(_statements(article, members))
        if len(statements) < 2:
            continue
        facts = _facts(article, root, members)
        for verdict in proof.conflicts(statements, facts, LIMITS):
            claims = tuple(sorted(int(key[1:]) for key in verdict.conflict))
            found.setdefault(frozenset(claims), Conflict(claims, verdict.sentence))
    return list(found.values())


def _families(groups: tuple[Group, ...]) -> Iterator[tuple[Group, list[tuple[int, Group]]]]:
    """Yield each group without a parent, with it and all below it."""
    for place, root in enumerate(groups):
        if root.parent is None:
            family = {place}
            for index, group in enumerate(groups):
                if group.parent in family:
                    family.add(index)
            if len(family) > 1 or len(root.sum_claims) > 0:
                yield root, [(index, groups[index]) for index in sorted(family)]


def _statements(article: Article, members: list[tuple[int, Group]]) -> Iterator[proof.Statement]:
    regions: dict[int, proof.Region] = {}
    implied = _said_of_all(article, members[0][1])
    for index, group in members:
        regions[index] = _region(index, group, members, regions, implied)
        measured: list[tuple[int, proof.Measure]] = []
        if group.count_claim is not None:
            measured.append((group.count_claim, proof.COUNT))
        measured += [(claim, proof.Measure("sum", name)) for name, claim in group.sum_claims]
        for place, measure in measured:
            claim = article.claims[place]
            yield proof.Statement(
                f"c{place}", _told(claim), measure, regions[index], lower=claim.lower, upper=claim.upper,
                upper_closed=claim.qualifier != "below",
            )  # fmt: skip
        if group.single:
            yield proof.Statement(
                f"s{index}", group.item, proof.COUNT, regions[index], lower=Decimal(1), upper=Decimal(1)
            )


def _region(
    index: int, group: Group, members: list[tuple[int, Group]], regions: dict[int, proof.Region], implied: str
) -> proof.Region:
    above = regions[group.parent] if group.parent is not None else ()
    if group.siblings_exclude:
        return above + tuple(_denied(group, members))
    if group.condition is None or group.parent is None:
        return above
    literals: list[proof.Literal] = []
    if group.condition.tag and group.condition.tag not in implied:
        literals.append(proof.Tag(group.condition.tag))
    if group.condition.numeric and group.condition.attribute:
        literals.append(_interval(group))
    return above + tuple(literals or [proof.Tag(f"第{index + 1}类")])


def _said_of_all(article: Article, root: Group) -> str:
    """Return the words that the article says of every item of the root: 签约 of 项目签约 and of 签约额."""
    words = [root.item, *(name for name, _ in root.sum_claims)]
    if root.count_claim is not None:
        claim = article.claims[root.count_claim]
        words += [claim.what, claim.clause]
    return " ".join(words)


def _interval(group: Group) -> proof.Interval:
    assert group.condition is not None
    bound = group.condition.bound
    if group.condition.op in (">", ">="):
        return proof.Interval(group.condition.attribute, low=bound, low_closed=group.condition.op == ">=")
    return proof.Interval(group.condition.attribute, high=bound, high_closed=group.condition.op == "<=")


def _denied(group: Group, members: list[tuple[int, Group]]) -> Iterator[proof.Literal]:
    """Yield what the rest (其余) is not: the conditions of the classes named before it."""
    for _, other in members:
        if other.parent != group.parent or other is group or other.condition is None or other.siblings_exclude:
            continue
        if other.condition.numeric and other.condition.attribute and not other.condition.tag:
            shape = _interval(other)
            if shape.low is not None:
                yield proof.Interval(shape.attribute, high=shape.low, high_closed=not shape.low_closed)
            else:
                yield proof.Interval(shape.attribute, low=shape.high, low_closed=not shape.high_closed)
        elif other.condition.tag:
            yield proof.Tag(other.condition.tag, holds=False)


def _facts(article: Article, root: Group, members: Iterable[tuple[int, Group]]) -> proof.Facts:
    attributes: dict[str, proof.Attribute] = {}
    for _, group in members:
        for name, place in group.sum_claims:
            dimension = article.claims[place].measure.dimension
            unit, size = next(((u, s) for d, u, s in SHOWN if d == dimension), (article.claims[place].measure.base, 1))
            attributes.setdefault(name, proof.Attribute(name, label=name, unit=unit, unit_size=Decimal(size)))
    classifier = article.claims[root.count_claim].unit if root.count_claim is not None else "个"
    return proof.Facts(attributes=tuple(attributes.values()), classifier=classifier[-1:] or "个", noun=root.item)


def _told(claim: Claim) -> str:
    return f"{claim.what}{claim.phrase}"
