"""占总量的62%, 占比, 办结率: a printed ratio against the two printed numbers it is the ratio of."""

import re
from collections.abc import Iterator

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
    percent,
    show,
    verdict,
)

_SHARE = re.compile(r"(?:占|占比|占到|比重|比例)[^，。；]{0,24}$")
_OF_WHOLE = re.compile(rf"(?:{any_of('wholes')}|总|全部)")
_WIDER = re.compile(r"全省|全国|全球|GDP|生产总值|同期|历年|世界")
_LIST_OF_SHARES = re.compile(r"^(?:、|和|，|及|与)$")


def shares(passages: list[Passage], whole_of: dict[int, Claim]) -> Iterator[Relation]:
    """Relations of kind share."""
    for passage in passages:
        done: set[int] = set()
        for claim in passage.claims:
            if claim.measure.dimension != "ratio" or claim.kind != "ratio" or claim.index in done:
                continue
            before = passage.before(claim)
            direct = _of_printed(passage, claim)
            if direct is not None:
                yield direct
                continue
            if not _SHARE.search(before) or "比上年" in before or "同比" in before:
                continue
            chain = _chain(passage, claim)
            done.update(c.index for c in chain)
            for ratio, numerator in zip(chain, _numerators(passage, claim, len(chain), before), strict=False):
                found = _judge(passages, passage, ratio, numerator, before, whole_of)
                if found is not None:
                    yield found


def _of_printed(passage: Passage, ratio: Claim) -> Relation | None:
    """占年度计划108亿元的80%: the whole stands between 占 and the ratio."""
    earlier = [c for c in passage.plain() if passage.end(c) <= passage.start(ratio)]
    if len(earlier) < 2 or passage.between(earlier[-1], ratio) not in ("的", "的比重为", "的近", "的约", "的比例为"):
        return None
    whole = earlier[-1]
    if not re.search(r"占[^，。；]*$", passage.text[: passage.start(whole)]):
        return None
    tops = [
        c
        for c in earlier[:-1]
        if _same_sort(whole, c) or (same_measure(c.measure, whole.measure) and c.kind in ("count", "amount"))
    ]
    return _share(ratio, tops[-1], whole) if tops else None


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


def _judge(
    passages: list[Passage], passage: Passage, ratio: Claim, numerator: Claim, before: str, whole_of: dict[int, Claim]
) -> Relation | None:
    named = re.sub(r"^.*?占比?(?:到|了)?", "", before)
    candidates = [
        c for c in _earlier(passages, passage, numerator) if comparable(c, numerator) and high(c) >= low(numerator)
    ]
    if _WIDER.search(named):
        wider = _WIDER.search(named)
        candidates = [c for c in candidates if wider and wider[0] in c.clause]
    candidates, surely = _named(candidates, named)
    for whole in reversed(candidates):
        relation = _share(ratio, numerator, whole)
        if relation is not None and relation.holds:
            return relation
    sure = _sure(surely, numerator, whole_of, named)
    return _share(ratio, numerator, sure) if sure is not None else None


def _named(candidates: list[Claim], named: str) -> tuple[list[Claim], list[Claim]]:
    """(the candidates that the words behind 占 can mean, those that they surely mean). 总量 and the like name nothing and leave all."""
    core = _OF_WHOLE.sub("", re.sub(r"全市|全县|全区|的|数|量|额|项目数|约|近|超过?|总", "", named))
    if len(core) < 2:
        return candidates, candidates
    possible = [c for c in candidates if common_words(core, c.what + c.subject) >= 2]
    return possible, [c for c in possible if _covers(c.what + c.subject, core)]


def _covers(text: str, core: str) -> bool:
    return sum(char in text for char in core) >= 0.8 * len(core)


def _same_sort(whole: Claim, numerator: Claim) -> bool:
    return comparable(whole, numerator) or (whole.kind == "target" and same_measure(whole.measure, numerator.measure))


def _sure(candidates: list[Claim], numerator: Claim, whole_of: dict[int, Claim], named: str) -> Claim | None:
    """The one whole that the share can mean, or None when there is a choice."""
    whole = whole_of.get(numerator.index)
    if whole is not None and whole in candidates:
        return whole
    if len(candidates) == 1 and (_OF_WHOLE.search(named) or len(named) >= 2 or not named):
        only = candidates[0]
        related = common_words(only.what, numerator.what) >= 2 or bool(attribute_of(only)) or only.measure.is_count
        return only if related else None
    return None


def _earlier(passages: list[Passage], passage: Passage, numerator: Claim) -> list[Claim]:
    found: list[Claim] = []
    for other in passages[max(0, passage.number - 4) : passage.number + 1]:
        if passage.paragraph - other.paragraph > 1 or other.kind == "heading":
            continue
        found += [c for c in other.claims if c.index < numerator.index and c.kind in (numerator.kind, "target")]
    return found


def _share(ratio: Claim, numerator: Claim, whole: Claim) -> Relation | None:
    quotient = divide(numerator, whole)
    if quotient is None:
        return None
    holds = agrees(ratio, *quotient)
    told = f"{show(numerator)}÷{show(whole)}={percent(*quotient)},文中写{ratio.phrase},{verdict(holds)}。"
    return Relation("share", (numerator.index, whole.index, ratio.index), holds, told)


_RATE = re.compile(
    rf"(?P<name>(?:{any_of('rates')}))率(?:已|为|达到?|高达|约|超|均|分别|至|，|是|提高|提升|到|：|在)*$"
)


def rates(passages: list[Passage]) -> Iterator[Relation]:
    """Relations of kind rate: 受理3236件,办结3038件,办结率93.88%."""
    for passage in passages:
        for claim in passage.claims:
            if claim.measure.dimension != "ratio" or claim.kind != "ratio":
                continue
            match = _RATE.search(passage.before(claim))
            if match is None or re.search(r"提[高升]到|提[高升]至|由|从", passage.before(claim)):
                continue
            found = _rate(passages, passage, claim, match["name"])
            if found is not None:
                yield found


def _rate(passages: list[Passage], passage: Passage, ratio: Claim, name: str) -> Relation | None:
    stem = name[-2:] if name[:2] in ("按期", "按时", "一次", "群众", "抽检") else name[:2]
    stem = "(?:审结|结案|办结|执结)" if stem == "结案" else stem
    counts = [
        c for c in passage.claims if passage.end(c) <= passage.start(ratio) and c.kind in ("count", "amount", "target")
    ]
    tops = [
        c
        for c in counts
        if c.kind != "target"
        and re.search(rf"{stem}.*#|#[^，。；]{{0,2}}{stem}", f"{passage.before(c)}#{passage.after(c, 5)}")
        and not re.search(rf"[未不待]{stem}|应{stem}", passage.before(c))
    ]
    if passage.bracket(passage.start(ratio)) < 0:
        counts = [c for c in counts if passage.bracket(passage.start(c)) < 0]
    tops = [c for c in tops if c in counts]
    if not tops:
        return None
    top = tops[-1]
    bottoms = [
        c
        for c in counts
        if c is not top
        and not re.search("新", passage.before(c))
        and comparable(c, top)
        and c.index < top.index
        and high(c) >= low(top)
    ]
    fitting = [b for b in bottoms if (q := divide(top, b)) is not None and agrees(ratio, *q)]
    bottom = (
        fitting[-1] if fitting else bottoms[0] if len(bottoms) == 1 else _earlier_whole(passages, passage, ratio, top)
    )
    quotient = divide(top, bottom) if bottom is not None else None
    if bottom is None or quotient is None:
        return None
    holds = agrees(ratio, *quotient)
    told = f"{name}率:{show(top)}÷{show(bottom)}={percent(*quotient)},文中写{ratio.phrase},{verdict(holds)}。"
    return Relation("rate", (top.index, bottom.index, ratio.index), holds, told, name)


def _earlier_whole(passages: list[Passage], passage: Passage, ratio: Claim, top: Claim) -> Claim | None:
    """A whole that stands sentences before; it may only confirm a rate, never refute it."""
    earlier = [c for c in _earlier(passages, passage, top) if comparable(c, top) and high(c) >= low(top)]
    return next((c for c in reversed(earlier) if (q := divide(top, c)) is not None and agrees(ratio, *q)), None)
