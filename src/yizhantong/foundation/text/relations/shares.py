"""占总量的62%, 占比, 62%为…: a printed ratio against the two printed numbers it is the ratio of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ..claims import Claim
from ..units import same_measure
from ..vocabulary import any_of
from .base import (
    Passage,
    Relation,
    agrees,
    attribute_of,
    common_words,
    comparable,
    divide,
    high,
    low,
    other_year,
    percent,
    quotient_told,
    show,
    verdict,
)
from .partition import excluding, exhausting

_SHARE = re.compile(r"(?:占|占比|占到|比重|比例)[^，。；]{0,24}$")
_OF_WHOLE = re.compile(rf"(?:{any_of('wholes')}|总|全部)")
_WIDER = re.compile(r"全省|全国|全球|GDP|生产总值|同期|历年|世界")
_LIST_OF_SHARES = re.compile(r"^(?:、|和|，|及|与)$")
_PLAN = re.compile(r"预算|计划|目标|任务|预计|去年|上年|同期")
_GIVEN_WHOLE = re.compile(r"(?:占|完成|达到?|为)[^，。；]*$")
_IS = re.compile(r"^(?:以上)?(?:为|是|属于|来自)[^，。；、\d]{1,14}[，（](?:共|计|约|达|有|即)?$")
_BARE = re.compile(r"(?:占比?|占比为|占到|比重为?)(?:约|近|达|超过?|的)*$")


@dataclass(slots=True)
class _Seen:
    """The whole that the last share of the passage was of: 占总数的13.2%;省外项目41个,占60.3%."""

    whole: Claim | None = None


def shares(passages: list[Passage], whole_of: dict[int, Claim]) -> Iterator[Relation]:
    """Relations of kind share; wholes that a share confirms are added to `whole_of`."""
    for passage in passages:
        seen = _Seen()
        yield from _in_passage(passages, passage, whole_of, seen)
        yield from _of_hundred(passage)


def _in_passage(
    passages: list[Passage], passage: Passage, whole_of: dict[int, Claim], seen: _Seen
) -> Iterator[Relation]:
    done: set[int] = set()
    for claim in passage.claims:
        if claim.measure.dimension != "ratio" or claim.kind != "ratio" or claim.index in done:
            continue
        before = passage.before(claim)
        direct = _of_printed(passage, claim) or _is_some(passage, claim)
        if direct is not None:
            yield direct
            continue
        if not _SHARE.search(before) or "比上年" in before or "同比" in before:
            continue
        chain = _chain(passage, claim)
        done.update(c.index for c in chain)
        for ratio, numerator in zip(chain, _numerators(passage, claim, len(chain), before), strict=False):
            whole = _whole(passages, passage, ratio, numerator, before, whole_of, seen)
            relation = None if whole is None else _share(ratio, numerator, whole)
            if whole is not None and relation is not None:
                seen.whole = whole
                if relation.holds:
                    whole_of.setdefault(numerator.index, whole)
                yield relation


def _of_printed(passage: Passage, ratio: Claim) -> Relation | None:
    """占年度计划108亿元的80%: the whole stands between 占 and the ratio."""
    earlier = [c for c in passage.plain() if passage.end(c) <= passage.start(ratio)]
    if len(earlier) < 2 or passage.between(earlier[-1], ratio) not in ("的", "的比重为", "的近", "的约", "的比例为"):
        return None
    whole = earlier[-1]
    words = _GIVEN_WHOLE.search(passage.text[: passage.start(whole)])
    if words is None or ("占" not in words[0] and not re.search(r"计划|目标|任务", words[0])):
        return None
    tops = [
        c
        for c in earlier[:-1]
        if _same_sort(whole, c) or (same_measure(c.measure, whole.measure) and c.kind in ("count", "amount"))
    ]
    return _share(ratio, tops[-1], whole) if tops else None


def _is_some(passage: Passage, ratio: Claim) -> Relation | None:
    """3200名教师中,35%为研究生学历,共1120名."""
    place = passage.claims.index(ratio)
    following = passage.claims[place + 1 : place + 2]
    if not following or not _IS.match(passage.between(ratio, following[0])):
        return None
    earlier = [c for c in passage.claims[:place] if c.kind == following[0].kind and comparable(c, following[0])]
    if not earlier or not re.search(r"[中里][，：]?[^，。；]{0,4}$", passage.between(earlier[-1], ratio)):
        return None
    return _share(ratio, following[0], earlier[-1])


def _of_hundred(passage: Passage) -> Iterator[Relation]:
    """甲占40%、乙占65%: classes that exclude each other make at most 100%, and all classes together make it."""
    parts = [
        c
        for c in passage.plain()
        if c.measure.dimension == "ratio" and c.kind == "ratio" and _BARE.search(passage.before(c))
    ]
    shared = [c for c in passage.claims if c.measure.dimension == "ratio" and "占" in passage.before(c)]
    complete = 1 < len(parts) == len(shared) and exhausting(parts, parts[0])
    if len(parts) < 2 or not (complete or excluding(parts)):
        return
    least, most = sum(map(low, parts), Decimal(0)), sum(map(high, parts), Decimal(0))
    if least > 1 or (most < 1 and complete):
        told = f"{'+'.join(p.phrase for p in parts)}={percent(least, most)},各部分互不相容,合起来应当是100%。"
        yield Relation("sum", tuple(p.index for p in parts), False, told, "hundred")


def _chain(passage: Passage, first: Claim) -> list[Claim]:
    """25%和23.4%: ratios listed one behind the other after 分别占."""
    chain = [first]
    if "分别" not in passage.text[max(0, passage.start(first) - 30) : passage.start(first)]:
        return chain
    for claim in passage.claims[passage.claims.index(first) + 1 :]:
        if claim.measure.dimension != "ratio" or not _LIST_OF_SHARES.match(passage.between(chain[-1], claim)):
            break
        chain.append(claim)
    return chain


def _numerators(passage: Passage, ratio: Claim, count: int, before: str) -> list[Claim]:
    numbers = [
        c
        for c in passage.claims
        if passage.end(c) <= passage.start(ratio) and c.kind in ("count", "amount") and c.measure.dimension != "ratio"
    ]
    if re.search(r"[个户件人项家]?数占|数量占", before):
        numbers = [c for c in numbers if c.measure.is_count]
    elif re.search(r"[额资值]占", before):
        numbers = [c for c in numbers if not c.measure.is_count]
    if count == 1 and numbers and passage.text[passage.end(numbers[-1]) : passage.start(ratio)].count("，") > 2:
        return []
    return numbers[-count:] if len(numbers) >= count else []


def _whole(
    passages: list[Passage],
    passage: Passage,
    ratio: Claim,
    numerator: Claim,
    before: str,
    whole_of: dict[int, Claim],
    seen: _Seen,
) -> Claim | None:
    """The whole that a share is of: one that makes it true, or else the one it can only mean."""
    named = re.sub(r"^.*?占比?(?:到|了)?", "", before)
    candidates = [c for c in _earlier(passages, passage, numerator) if _possible(c, numerator, named)]
    wider = _WIDER.search(named)
    if wider:
        candidates = [c for c in candidates if wider[0] in c.clause]
    candidates, surely = _named(candidates, named)
    for whole in reversed(candidates):
        relation = _share(ratio, numerator, whole)
        if relation is not None and relation.holds:
            return whole
    if wider is None and seen.whole is not None and seen.whole in candidates and _BARE.search(before):
        return seen.whole
    return _sure(surely, numerator, whole_of, named)


def _possible(candidate: Claim, numerator: Claim, named: str) -> bool:
    if high(candidate) < low(numerator):
        return False
    if comparable(candidate, numerator):
        return True
    attribute = attribute_of(candidate)
    return bool(attribute) and attribute in named and same_measure(candidate.measure, numerator.measure)


def _named(candidates: list[Claim], named: str) -> tuple[list[Claim], list[Claim]]:
    """(the candidates that the words behind 占 can mean, those that they surely mean). 总量 and the like name nothing and leave all."""
    core = _OF_WHOLE.sub("", re.sub(r"全市|全县|全区|当年|本年|的|数|量|额|总?值|项目数|约|近|超过?|总", "", named))
    if len(core) < 2:
        return candidates, candidates
    possible = [
        c
        for c in candidates
        if common_words(core, c.what + c.subject + c.clause[:30]) >= 2 or _covers(c.what + c.measure.base, core)
    ]
    exact = [c for c in possible if re.sub("[额值量数]$", "", _OF_WHOLE.sub("", c.what)) in (core, c.subject + core)]
    covering = [
        c
        for c in possible
        if _covers(c.what + c.subject + c.measure.base, core)
        and bool(_PLAN.search(c.what + c.clause)) == bool(_PLAN.search(named))
    ]
    return possible, exact if len(exact) == 1 else covering


def _covers(text: str, core: str) -> bool:
    return sum(char in text for char in core) >= 0.8 * len(core)


def _same_sort(whole: Claim, numerator: Claim) -> bool:
    return comparable(whole, numerator) or (whole.kind == "target" and same_measure(whole.measure, numerator.measure))


def _sure(candidates: list[Claim], numerator: Claim, whole_of: dict[int, Claim], named: str) -> Claim | None:
    """The one whole that the share can mean, or None when there is a choice. Parts of other candidates are no choice."""
    whole = whole_of.get(numerator.index)
    if whole is not None and whole in candidates:
        return whole
    if len(candidates) > 1:
        candidates = [c for c in candidates if whole_of.get(c.index) not in candidates]
    if len(candidates) > 1:
        candidates = [c for c in candidates if c.paragraph == numerator.paragraph]
    if other_year(candidates[:1], numerator):
        return None
    if len(candidates) == 1 and (_OF_WHOLE.search(named) or len(named) >= 2 or not named):
        only = candidates[0]
        told = re.sub(r"的.*$|[占总额数]", "", named)
        related = (
            common_words(only.what, numerator.what) >= 2
            or common_words(told, only.what) >= 2
            or bool(attribute_of(only))
            or only.measure.is_count
        )
        return only if related else None
    return None


def _earlier(passages: list[Passage], passage: Passage, numerator: Claim) -> list[Claim]:
    found: list[Claim] = []
    for other in passages[max(0, passage.number - 6) : passage.number + 1]:
        if passage.paragraph - other.paragraph > 2 or other.kind == "heading":
            continue
        found += [c for c in other.claims if c.index < numerator.index and c.kind in (numerator.kind, "target")]
    return found


def _share(ratio: Claim, numerator: Claim, whole: Claim) -> Relation | None:
    quotient = divide(numerator, whole)
    if quotient is None:
        return None
    holds = agrees(ratio, *quotient)
    told = f"{show(numerator)}÷{show(whole)}={quotient_told(numerator, whole)},文中写{ratio.phrase},{verdict(holds)}。"
    return Relation("share", (numerator.index, whole.index, ratio.index), holds, told)
