"""One quantity stated twice: the same (good) or with two values (conflict).

To be called a conflict, two statements must agree in measure, in the words that say what is counted (with its conditions), in subject, period and
scope, and stand in different passages; between headline and body, every word of the headline must be found in the body's clause. Anything else
is left alone: an article speaks of many things in similar words.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from ..claims import Claim
from ..tokens import scope_of, strip_fillers, tokens_of
from ..vocabulary import any_of, words
from .base import Passage, Relation, agrees, high, low, show

_CHANGE = re.compile(
    r"增长|增加|下降|减少|提[高升]|比上年|同比|环比|占|新增|降低|由|从|目标|计划|力争|每|平均|均|最|分别|去年|上年|同期|此前|原|第[一二三]|又|再|另"
)


def restated(passages: list[Passage]) -> Iterator[Relation]:
    """Relations of kind same and conflict."""
    seen: dict[tuple[object, ...], tuple[Passage, Claim]] = {}
    for passage in passages:
        if passage.kind == "heading":
            continue
        for claim in passage.plain():
            key = _key(passage, claim)
            if key is None:
                continue
            if key in seen and seen[key][0] is not passage:
                yield from _compare(seen[key][1], claim)
            seen.setdefault(key, (passage, claim))
    yield from _totals_twice(passages)
    yield from _headlines(passages)


_STOCK = re.compile(r"总(?!投资|体|共|计|分|额度)[\u4e00-\u9fff]{1,4}$|总[\u4e00-\u9fff]{0,2}[数量额]$|保有量$|余额$")
_PLACES = re.compile(r"全[市省县区国州镇乡村]|[我本][市省县区]")


def _totals_twice(passages: list[Passage]) -> Iterator[Relation]:
    """Stocks (供热总面积) are said of one place at one time: a second value is a conflict even where the sentence about it is another one."""
    seen: dict[tuple[object, ...], tuple[Passage, Claim]] = {}
    for passage in passages:
        for claim in passage.plain() if passage.kind != "heading" else ():
            core = _PLACES.sub("", strip_fillers(claim.what))
            if claim.kind not in ("count", "amount") or len(core) < 4 or not _STOCK.search(core):
                continue
            whose = _PLACES.sub("", claim.subject)
            if (
                _CHANGE.search(passage.before(claim))
                or claim.marks[:1] == ("每",)
                or scope_of(whose)
                or claim.qualifier
            ):
                continue
            key = (core, claim.measure.measure, _year(claim))
            first = seen.setdefault(key, (passage, claim))
            if first[0] is not passage and _same_place(first[1], claim):
                yield from _compare(first[1], claim)


def _same_place(first: Claim, second: Claim) -> bool:
    whole = {"", "全市", "全县", "全区", "全省", "我市", "我县", "本市"}
    return first.scope == second.scope or {first.scope, second.scope} <= whole


def _year(claim: Claim) -> object:
    end = claim.period.end if claim.period else None
    return end.year if end else re.sub(r"今年|目前|截至.*", "", claim.period.text) if claim.period else ""


def _key(passage: Passage, claim: Claim) -> tuple[object, ...] | None:
    """What must agree; None for numbers whose words say too little or speak of change."""
    if claim.kind not in ("count", "amount", "ratio") or claim.measure.dimension in ("points", "times"):
        return None
    core = strip_fillers(claim.what)
    clause = passage.before(claim)
    if len(core) < 3 or _CHANGE.search(clause) or _CHANGE.search(passage.after(claim, 2)) or claim.marks[:1] == ("每",):
        return None
    named = sum(1 for t in tokens_of(core) if len(t.text) > 1)
    if named < 2 and len(core) < 4:
        return None
    if not claim.measure.is_count and len(_without_attribute(core)) < 3:
        return None
    period = claim.period
    when = (period.start, period.end) if period and period.start and period.end else period.text if period else ""
    return core, claim.subject or _earlier_words(passage, claim), claim.measure.measure, when, claim.scope, claim.kind


def _without_attribute(core: str) -> str:
    """What remains of 项目总投资 or 投资总额 says nothing about whose it is."""
    return re.sub(rf"{any_of('attributes')}|总额|项目|企业|金额", "", core)


def _earlier_words(passage: Passage, claim: Claim) -> str:
    """For a clause without a subject of its own: what the passage counted just before (副市级以上领导招商55批次,对接企业83家)."""
    earlier = [c for c in passage.plain() if passage.end(c) <= passage.start(claim)]
    return earlier[-1].what if earlier else ""


def _compare(first: Claim, second: Claim) -> Iterator[Relation]:
    indices = (first.index, second.index)
    if agrees(first, low(second), high(second)):
        told = f"“{show(first)}”与“{show(second)}”说的是同一件事,数字相符。"
        yield Relation("same", indices, True, told)
    else:
        told = f"同一件事有两个数字:前面是“{show(first)}”,后面是“{show(second)}”。"
        yield Relation("conflict", indices, False, told)


def _headlines(passages: list[Passage]) -> Iterator[Relation]:
    """A headline's number against those of the paragraphs under it, down to the next headline."""
    by_section: dict[int, list[tuple[Passage, Claim]]] = defaultdict(list)
    heads: list[tuple[Passage, Claim, int]] = []
    section = 0
    for passage in passages:
        if passage.kind == "heading":
            section += 1
            heads += [(passage, c, section) for c in passage.claims]
        else:
            by_section[section] += [(passage, c) for c in passage.claims]
    for passage, claim, number in heads:
        found = by_section[number] or by_section.get(number + 1, [])
        yield from _headline(passage, claim, found)


def _headline(passage: Passage, head: Claim, body: list[tuple[Passage, Claim]]) -> Iterator[Relation]:
    if head.kind not in ("count", "amount", "ratio") or head.measure.dimension == "points":
        return
    wanted = _content(passage.before(head) + head.what)
    if not wanted:
        return
    fitting = _offering(head, body, wanted)
    own = _content(head.what)
    if not fitting and len(own) >= 2 and len(own) < len(wanted):
        wanted = own
        fitting = [(p, c) for p, c in _offering(head, body, own) if strip_fillers(c.what) == strip_fillers(head.what)]
    for _, claim in fitting:
        if agrees(head, low(claim), high(claim)):
            yield from _compare(head, claim)
            return
    bare = [
        (p, c)
        for p, c in fitting
        if not set(_content(p.before(c) + c.what)) - set(wanted) and "分别" not in p.before(c)
    ]
    fitting = bare if len(fitting) > 1 else fitting
    if len(fitting) == 1 and (len(wanted) >= 2 or len(wanted[0]) >= 3):
        place, claim = fitting[0]
        changes = _CHANGE.search(place.before(claim)), _CHANGE.search(passage.before(head))
        if changes == (None, None) or (changes[0] and changes[1] and changes[0][0] == changes[1][0]):
            yield from _compare(head, claim)


def _offering(head: Claim, body: list[tuple[Passage, Claim]], wanted: list[str]) -> list[tuple[Passage, Claim]]:
    """The numbers of the body beside which every wanted word stands."""
    found = []
    for place, claim in body:
        if claim.measure.measure == head.measure.measure and claim.kind == head.kind:
            offered = place.before(claim) + claim.what + claim.subject
            if all(w in offered for w in wanted):
                found.append((place, claim))
    return found


def _content(text: str) -> list[str]:
    text = re.sub(r"[#\s]+", "，", text)
    return list(
        dict.fromkeys(
            t.text
            for t in tokens_of(text)
            if len(t.text) > 1
            and t.text not in words("weak_words")
            and t.tag not in ("ns", "m", "t", "d", "x")
            and t.text not in words("fillers")
        )
    )
