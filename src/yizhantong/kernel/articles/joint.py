"""Can the numbers that an article states of one set of things all be true? Two readings, put to the proof room.

1. By the wording: each set that the article counts, with all its parts, is one population; a part's conditions are its region.
2. By the figures: numbers linked with certainty to figures of one ledger, for one place and time, have the figures' regions.

Nothing is assumed that the article (or the figure) does not say: a part of another time or place, a rest (其余), a class whose
words are not understood is only a part, of which nothing more is known.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from yizhantong.foundation.proof import feasible as proof
from yizhantong.foundation.text import Article, Claim, Condition, Group
from yizhantong.kernel.articles.catalogue import Catalogue
from yizhantong.kernel.articles.link import Link
from yizhantong.kernel.articles.regions import Located, facts_of

LIMITS = proof.Limits(cells=512, seconds=2.0)
CENT = Decimal(100)
SHOWN = (("money", "亿元", Decimal(100_000_000)), ("area", "平方米", Decimal(1)), ("mass", "吨", Decimal(1000)))
MAY_BE_NEGATIVE = re.compile(r"利润|净|增|减|差|盈|亏|变化|结余")


@dataclass(frozen=True, slots=True)
class Conflict:
    """Claims that no ledger could give together: their indices, and why in a plain sentence."""

    claims: tuple[int, ...]
    sentence: str


def conflicts(article: Article) -> list[Conflict]:
    """Return the smallest contradicting sets of an article by its wording, each once."""
    found: list[Conflict] = []
    for root, members in _families(article.groups):
        statements = list(_statements(article, members))
        found += _contradictions(statements, _facts(article, root, members))
    return merged(found)


def conflicts_of_figures(
    article: Article, links: Mapping[int, Link], known: Catalogue, regions: Mapping[str, Located]
) -> list[Conflict]:
    """Return the smallest contradicting sets among numbers that are linked with certainty."""
    populations: dict[object, dict[tuple[object, ...], tuple[Claim, Located]]] = defaultdict(dict)
    for claim in article.claims:
        link = links.get(claim.index)
        place = regions.get(link.code) if link else None
        if link is None or place is None or not link.certain or link.loose or claim.repeated:
            continue
        days = link.days or known.by_code[link.code].period
        same = (link.code, claim.lower, claim.upper)
        populations[place.population, days, link.division].setdefault(same, (claim, place))
    found: list[Conflict] = []
    for stated in populations.values():
        if not _touch([place for _, place in stated.values()]):
            continue
        statements = [_of_figure(claim, place, known) for claim, place in stated.values()]
        found += _contradictions(statements, facts_of(place for _, place in stated.values()))
    return merged(found)


def _touch(places: list[Located]) -> bool:
    """Tell whether the figures say anything of each other: two of one measure, or one that bounds an attribute."""
    measures = [place.measure for place in places]
    bounded = any(isinstance(literal, proof.Interval) for place in places for literal in place.region)
    return len(places) > 1 and (bounded or len(set(measures)) < len(measures))


def merged(found: Iterable[Conflict]) -> list[Conflict]:
    """Return conflicts without those that contain another one; of equal ones the first."""
    kept: list[Conflict] = []
    for conflict in found:
        claims = set(conflict.claims)
        if not any(set(other.claims) <= claims for other in kept):
            kept = [other for other in kept if not claims < set(other.claims)] + [conflict]
    return kept


def _contradictions(statements: list[proof.Statement], facts: proof.Facts) -> Iterator[Conflict]:
    if len(statements) < 2:
        return
    for verdict in proof.conflicts(statements, facts, LIMITS):
        claims = tuple(sorted(int(key[1:]) for key in verdict.conflict if key.startswith("c")))
        if claims:
            yield Conflict(claims, verdict.sentence)


def _of_figure(claim: Claim, place: Located, known: Catalogue) -> proof.Statement:
    """Return what a claim states of its figure's region, in stored units."""
    scale = known.by_code[place.code].scale
    lower, upper = (
        None if bound is None else _decimal(Fraction(bound) / scale) for bound in (claim.lower, claim.upper)
    )
    return proof.Statement(
        f"c{claim.index}", _told(claim), place.measure, place.region, lower=lower, upper=upper,
        upper_closed=claim.qualifier != "below",
    )  # fmt: skip


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


# --- by the wording -------------------------------------------------------------------------------------------------


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
    root = members[0][1]
    said = _said_of_all(article, root)
    for index, group in members:
        regions[index] = _region(article, index, group, members, regions, said)
        if group.count_claim is not None:
            yield _statement(article.claims[group.count_claim], proof.COUNT, regions[index])
        for name, place in group.sum_claims:
            claim = article.claims[place]
            if group.count_claim is None or _same_time_and_place(claim, article.claims[group.count_claim]):
                yield _statement(claim, proof.Measure("sum", name), regions[index])
        if group.single:
            one = Decimal(1)
            yield proof.Statement(f"s{index}", group.item, proof.COUNT, regions[index], lower=one, upper=one)


def _statement(claim: Claim, measure: proof.Measure, region: proof.Region) -> proof.Statement:
    """Return what a claim states; money in 分, which are whole."""
    size = CENT if measure.kind == "sum" and claim.measure.dimension == "money" else Decimal(1)
    lower, upper = (None if bound is None else bound * size for bound in (claim.lower, claim.upper))
    return proof.Statement(
        f"c{claim.index}", _told(claim), measure, region, lower=lower, upper=upper,
        upper_closed=claim.qualifier != "below",
    )  # fmt: skip


def _region(
    article: Article,
    index: int,
    group: Group,
    members: list[tuple[int, Group]],
    regions: dict[int, proof.Region],
    said: str,
) -> proof.Region:
    """Return the region of a group within its parent's; a part that is not wholly understood gets a property of its own."""
    if group.parent is None:
        return ()
    above = regions[group.parent]
    own: proof.Literal = proof.Tag(f"第{index + 1}类")
    condition = group.condition
    if group.siblings_exclude:
        return (*above, own, *_not_the_last(index, group, members, regions))
    if condition is None or _is_apart(article, group, members):
        return (*above, own)
    literals: list[proof.Literal] = []
    if condition.tag and condition.tag not in said:
        literals.append(proof.Tag(condition.tag))
    attribute = _bounded(article, group, members)
    if condition.numeric and attribute:
        literals.append(_interval(condition, attribute, article, members))
    elif condition.numeric:
        literals.append(own)
    return (*above, *(literals or [own]))


def _is_apart(article: Article, group: Group, members: list[tuple[int, Group]]) -> bool:
    """Tell whether a part is counted for another time or place than its whole: then it is not all of its class."""
    parent = next((other for index, other in members if index == group.parent), None)
    if parent is None or parent.count_claim is None or group.count_claim is None:
        return False
    return not _same_time_and_place(article.claims[group.count_claim], article.claims[parent.count_claim])


def _same_time_and_place(one: Claim, other: Claim) -> bool:
    """Tell whether nothing says that two claims are of different days or places."""
    if one.scope and other.scope and one.scope != other.scope:
        return False
    if one.period is None or other.period is None:
        return one.period is None or one.sentence != other.sentence or one.period.kind in ("as_of", "recent")
    return one.period.same_as(other.period)


def _not_the_last(
    index: int, group: Group, members: list[tuple[int, Group]], regions: dict[int, proof.Region]
) -> Iterator[proof.Literal]:
    """Yield that a rest (其余) has not the one property by which the class before it is told; more it does not say."""
    before = [i for i, other in members if i < index and other.parent == group.parent and not other.single]
    if not before or group.parent is None:
        return
    told = regions[before[-1]][len(regions[group.parent]) :]
    if len(told) == 1 and isinstance(told[0], proof.Tag):
        yield proof.Tag(told[0].name, holds=not told[0].holds)


def _said_of_all(article: Article, root: Group) -> str:
    """Return the words that the article says of every item of the root: 签约 of 90个项目签约 and of 签约额."""
    words = [root.item, *(name for name, _ in root.sum_claims)]
    if root.count_claim is not None:
        claim = article.claims[root.count_claim]
        behind = re.match(r"[\u4e00-\u9fff]{0,6}", article.sentences[claim.sentence].text[claim.at[1] :])
        words += [claim.what, behind[0] if behind else ""]
    return " ".join(words)


def _bounded(article: Article, group: Group, members: list[tuple[int, Group]]) -> str:
    """Return what a threshold bounds: what it says itself, or, for money, what all other thresholds of the whole bound."""
    condition = group.condition
    if condition is None or not condition.numeric or condition.attribute:
        return condition.attribute if condition else ""
    dimensions = {c.measure.dimension for c in article.claims if c.kind == "condition" and c.value == condition.bound}
    others = [other.condition for _, other in members if other.parent == group.parent and other.condition]
    names = {other.attribute for other in others if other.numeric and other.attribute}
    name = names.pop() if len(names) == 1 else ""
    return name if dimensions == {"money"} and _is_money(name, article, members) else ""


def _interval(
    condition: Condition, attribute: str, article: Article, members: list[tuple[int, Group]]
) -> proof.Interval:
    assert condition.bound is not None
    bound = condition.bound * (CENT if _is_money(attribute, article, members) else 1)
    if condition.op in (">", ">="):
        return proof.Interval(attribute, low=bound, low_closed=condition.op == ">=")
    return proof.Interval(attribute, high=bound, high_closed=condition.op == "<=")


def _is_money(name: str, article: Article, members: Iterable[tuple[int, Group]]) -> bool:
    """Tell whether an attribute is summed as money anywhere among the groups (a threshold takes its unit from the sum)."""
    summed = [article.claims[place] for _, group in members for other, place in group.sum_claims if other == name]
    return any(claim.measure.dimension == "money" for claim in summed)


def _facts(article: Article, root: Group, members: Iterable[tuple[int, Group]]) -> proof.Facts:
    attributes: dict[str, proof.Attribute] = {}
    for _, group in members:
        for name, place in group.sum_claims:
            attributes.setdefault(name, _attribute(name, article.claims[place]))
    classifier = article.claims[root.count_claim].unit if root.count_claim is not None else "个"
    return proof.Facts(attributes=tuple(attributes.values()), classifier=classifier[-1:] or "个", noun=root.item)


def _attribute(name: str, claim: Claim) -> proof.Attribute:
    money = claim.measure.dimension == "money"
    unit, size = next(((u, s) for d, u, s in SHOWN if d == claim.measure.dimension), (claim.measure.base, Decimal(1)))
    return proof.Attribute(
        name, nonnegative=MAY_BE_NEGATIVE.search(name) is None, integer=money, label=name, unit=unit,
        unit_size=size * (CENT if money else 1),
    )  # fmt: skip


def _told(claim: Claim) -> str:
    return f"{claim.what}{claim.phrase}"
