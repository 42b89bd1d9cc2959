"""Sets of things that an article counts and sums, for the question whether the figures can all be true at once.

    …90个项目签约,签约额359.04亿元。其中,亿元以上签约项目62个,签约额324.25亿元。工业项目56个,…,签约额183亿元。

gives a group of 90 items with the sum 签约额, a child with the condition 签约额 >= 10^8 元 and its own count and sum, and a child with the tag
工业. What follows from it is for the proof room; this room only says what is stated.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from .claims import Claim
from .relations.base import Passage, attribute_of
from .tokens import strip_fillers, tokens_of
from .vocabulary import words


@dataclass(frozen=True, slots=True)
class Condition:
    """What every item of a group meets: `attribute op bound` with the bound in base units (attribute "" when the article leaves it to the sum it
    names), or a mere `tag` (工业, 国家级)."""

    tag: str = ""
    attribute: str = ""
    op: str = ""
    bound: Decimal | None = None

    @property
    def numeric(self) -> bool:
        """Whether it bounds a number of each item."""
        return self.bound is not None


@dataclass(frozen=True, slots=True)
class Group:
    """A set of items. `parent` is the index of the group it is a subset of; `count_claim` and `sum_claims` (attribute → claim) are indices of
    claims; `single` says that it is one named item (投资53亿元的X项目) of its parent."""

    item: str
    parent: int | None
    condition: Condition | None
    count_claim: int | None
    sum_claims: tuple[tuple[str, int], ...]
    single: bool = False
    siblings_exclude: bool = False
    """Whether the article names it as a class that excludes the other children of its parent (其余)."""


def find_groups(claims: list[Claim], passages: list[Passage], whole_of: dict[int, Claim]) -> list[Group]:
    """The groups of an article, parents before children. A group alone, without parent, child or sum, is left out."""
    book = _Book(whole_of)
    last_paragraph = -1
    for passage in passages:
        if passage.paragraph != last_paragraph:
            book.chain, last_paragraph = [], passage.paragraph
        _read(passage, claims, book)
    return _worth_keeping(_unambiguous(book.groups))


def _unambiguous(groups: list[Group]) -> list[Group]:
    """Groups of one parent that would be one set (受理…审结4198件;受理…审结431件) are of things this room did not tell apart: all but the parent's
    link is taken from them, so that nothing is concluded."""
    seen: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for place, group in enumerate(groups):
        if group.parent is not None and not group.single and not group.siblings_exclude:
            seen[(group.parent, group.item, group.condition)].append(place)
    unclear = {place for places in seen.values() if len(places) > 1 for place in places}
    return [
        Group(
            g.item,
            g.parent,
            Condition(tag=f"{g.condition.tag if g.condition else ''}#{i}"),
            g.count_claim,
            g.sum_claims,
        )
        if i in unclear
        else g
        for i, g in enumerate(groups)
    ]


@dataclass(slots=True)
class _Book:
    """The groups found so far; `chain` holds the root group of the paragraph, `last_passage` where a group was last found."""

    whole_of: dict[int, Claim]
    groups: list[Group] = field(default_factory=list)
    chain: list[int] = field(default_factory=list)
    last_passage: int = -1


def _read(passage: Passage, claims: list[Claim], book: _Book) -> None:
    """Add the groups of one passage."""
    found, chain = book.groups, book.chain
    counts = [
        c
        for c in passage.plain()
        if c.kind == "count" and c.measure.is_count and c.measure.base not in words("not_items")
    ]
    singles = _singles(passage)
    for order, count in enumerate(counts):
        item, condition = _item_of(passage, count, claims)
        if not item and not chain:
            continue
        stop = passage.start(counts[order + 1]) if order + 1 < len(counts) else len(passage.text)
        semicolon = passage.text.find("；", passage.end(count), stop)
        stop = semicolon if semicolon >= 0 else stop
        listed = order > 0 and passage.between(counts[order - 1], count).startswith("、")
        sums = () if listed else _sums(passage, count, stop)
        parent = _parent(passage, count, item, condition, book, claims)
        if parent is None and condition is not None and condition.numeric and not sums:
            continue
        book.last_passage = passage.number
        rest = bool(re.search(r"其余|余下|剩余", passage.before(count)))
        settled = _settle(condition, sums)
        found.append(
            Group(
                item or (found[parent].item if parent is not None else ""),
                parent,
                settled,
                count.index,
                sums,
                siblings_exclude=rest,
            )
        )
        if parent is None:
            chain[:] = [len(found) - 1]
            if order == 0 or singles:
                _add_singles(passage, count, singles, found)


def _settle(condition: Condition | None, sums: tuple[tuple[str, int], ...]) -> Condition | None:
    """A threshold without its own attribute is one of the only sum's."""
    if condition is None or not condition.numeric or condition.attribute or len(sums) != 1:
        return condition
    return Condition(condition.tag, sums[0][0], condition.op, condition.bound)


_HEADS = re.compile(
    r"(?:项目|企业|贷款|农户|学校|医院|工程|园区|基地|案件|问题|诉求|产品|品牌|合作社|家庭农场|车间|平台|机构|商户|个体工商户|市场主体|单位|门店|合同|订单|大棚|住宅|小区|道路|桥梁|水库|站点|村|户|人员|群众|学生|专利|课题|成果)$"
)


def _item_of(passage: Passage, count: Claim, claims: list[Claim]) -> tuple[str, Condition | None]:
    """The head noun that is counted, and the condition that its modifiers state."""
    what = strip_fillers(count.what)
    threshold = _threshold(passage, count, claims)
    if threshold is not None:
        what = re.sub(r"^.*?(?:以上|以下|以内|级)的?", "", what)
    head = _HEADS.search(what)
    if head is None:
        return "", threshold or (Condition(tag=what) if what and len(what) <= 14 else None)
    tag = _without_verb(what[: head.start()])
    if threshold is not None:
        return head[0], Condition(tag, threshold.attribute, threshold.op, threshold.bound)
    return head[0], Condition(tag=tag) if tag else None


def _without_verb(tag: str) -> str:
    """What the items are, without what was done to them (受理|民商事, 通过): a leading verb that further words follow is left out."""
    tokens = tokens_of(tag)
    if len(tokens) > 1 and tokens[0].tag == "v" and tokens[0].text not in words("class_verbs"):
        return strip_fillers(tag[tokens[0].end :])
    return tag


def _threshold(passage: Passage, count: Claim, claims: list[Claim]) -> Condition | None:
    """亿元以上, 5000万元以上, 500万元以下, directly in front of the counted noun."""
    bounds = [
        c
        for c in passage.claims
        if c.kind == "condition" and c.measure.dimension != "age" and passage.end(c) <= passage.start(count)
    ]
    if (
        not bounds
        or len(passage.between(bounds[-1], count)) > 14
        or re.search("[，。；]", passage.between(bounds[-1], count))
    ):
        return None
    bound = bounds[-1]
    op = {"at_least": ">=", "below": "<=", "at_most": "<="}.get(bound.qualifier)
    if op is None:
        return None
    attribute = attribute_of(bound) or strip_fillers(bound.what)[-4:]
    return Condition("", attribute if attribute_of(bound) else "", op, bound.value)


def _sums(passage: Passage, count: Claim, stop: int) -> tuple[tuple[str, int], ...]:
    """Amounts that belong to a count: those behind it, up to the next count, that name what they are an amount of."""
    found: dict[str, int] = {}
    for claim in passage.claims:
        if claim.kind != "amount" or not passage.end(count) <= passage.start(claim) < stop:
            continue
        name = attribute_of(claim)
        if name and name not in found and not re.search(r"其中|每|均|比|较|同比|增", passage.before(claim)):
            found[name] = claim.index
    return tuple(found.items())


def _parent(
    passage: Passage, count: Claim, item: str, condition: Condition | None, book: "_Book", claims: list[Claim]
) -> int | None:
    """The group that this is a subset of: as the relation of parts has it, by 占总量 behind it, or as a further class of the same things in the
    next breath (…。工业项目56个)."""
    found = book.groups
    whole = book.whole_of.get(count.index)
    if whole is not None:
        return next((i for i, g in enumerate(found) if g.count_claim == whole.index), None)
    if not book.chain:
        return None
    root = book.chain[0]
    base = found[root]
    stated = claims[base.count_claim] if base.count_claim is not None else None
    if stated is None or stated.value < count.value or item != base.item or condition is None:
        return None
    if re.match(r"[^。]{0,14}占[^，。]{0,6}(?:总|全部|比)", passage.after(count, 24)):
        return root
    near = any(g.parent == root for g in found) and passage.number - book.last_passage <= 1
    verb = tokens_of(condition.tag)[:1]
    return root if near and not (verb and verb[0].tag == "v") else None


_SINGLE = re.compile(r"的([^，。；、]{2,30}?)(?:项目|工程|基地)")


def _singles(passage: Passage) -> list[tuple[Claim, str]]:
    """Amounts of single named items: 总投资34.7亿元的X项目."""
    found: list[tuple[Claim, str]] = []
    for claim in passage.claims:
        match = _SINGLE.match(passage.after(claim, 40)) if claim.kind == "amount" else None
        if match:
            found.append((claim, match[1]))
    return found


def _add_singles(passage: Passage, count: Claim, singles: list[tuple[Claim, str]], found: list[Group]) -> None:
    parent = len(found) - 1
    for claim, name in singles:
        inside = (
            passage.end(claim) <= passage.start(count)
            and "等" in passage.text[passage.end(claim) : passage.start(count)]
        )
        if inside:
            sums = ((attribute_of(claim) or "投资", claim.index),)
            found.append(Group(found[parent].item, parent, Condition(tag=name), None, sums, single=True))


def _worth_keeping(groups: list[Group]) -> list[Group]:
    parents = {g.parent for g in groups}
    keep = [i for i, g in enumerate(groups) if g.parent is not None or i in parents or g.sum_claims]
    place = {old: new for new, old in enumerate(keep)}
    return [
        Group(
            g.item,
            None if g.parent is None else place[g.parent],
            g.condition,
            g.count_claim,
            g.sum_claims,
            g.single,
            g.siblings_exclude,
        )
        for g in (groups[i] for i in keep)
    ]
