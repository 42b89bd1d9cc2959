"""Sums that the words announce (合计, 共, 其余), and lists paired by 分别."""

import itertools
import re
from collections.abc import Iterator
from decimal import Decimal

from ..claims import Claim
from .base import Passage, Relation, agrees, amount, common_words, high, low, show
from .partition import excluding

_TOTAL = re.compile(
    r"(?:^|[，、；和]|[（(])(?:以上|两[项者]|三[项者]|四项)?(?P<word>合计|共计|总计|总共|一共|共|合计共|加起来)(?P<what>[^，。；、\d]{0,8})$"
)
_RESPECTIVELY = re.compile(r"分别(?:为|是|有|达到?|占|增长|下降|完成|实现|[\u4e00-\u9fff]{0,6})$")
_LIST_SIGN = re.compile(r"^[、，和及与]+$")
_APART = re.compile(r"其中|同比|比上年|较上年|去年|增长|下降|每|目标|计划")
_NAMES = re.compile(r"^[\u4e00-\u9fffA-Za-z“”]{1,12}$")


def totals(passages: list[Passage]) -> Iterator[Relation]:
    """Relations of kind sum where a list is followed by its total, or a total by its list with 分别."""
    for passage in passages:
        claims = passage.plain()
        for place, claim in enumerate(claims):
            words = _TOTAL.search(passage.text[: passage.start(claim)][-24:])
            if words is not None and claim.kind in ("count", "amount"):
                yield from _listed(passage, claim, claims[:place], words["what"])


def _listed(passage: Passage, total: Claim, earlier: list[Claim], what: str) -> Iterator[Relation]:
    items: list[Claim] = []
    for claim in reversed(earlier):
        if "；" in passage.between(claim, total):
            break
        if claim.measure.measure != total.measure.measure or claim.kind != total.kind:
            break
        items.insert(0, claim)
    if len(items) < 2 or _APART.search(passage.text[passage.start(items[0]) : passage.start(total)]):
        return
    for first in range(len(items) - 1):
        relation = _sum(items[first:], total)
        if relation.holds:
            yield relation
            return
    if (not what or common_words(what, items[0].what + items[-1].what) >= 2) and (
        _one_list(passage, items) and len(items) >= 2 and all(high(i) <= high(total) or excluding(items) for i in items)
    ):
        yield _sum(items, total)


def _one_list(passage: Passage, items: list[Claim]) -> bool:
    """Whether the items stand in one list: short words between them, no full stop of thought."""
    return all(
        len(passage.between(a, b)) <= 16 and "；" not in passage.between(a, b) for a, b in itertools.pairwise(items)
    )


def _sum(items: list[Claim], total: Claim) -> Relation:
    holds = agrees(total, sum(map(low, items), Decimal(0)), sum(map(high, items), Decimal(0)))
    terms = "+".join(i.phrase for i in items)
    value = amount(sum((i.value for i in items), Decimal(0)), total)
    told = f"{terms}={value},文中写合计{show(total)},{'相符' if holds else '不符'}。"
    return Relation("sum", (*(i.index for i in items), total.index), holds, told, "total")


def respectively(passages: list[Passage]) -> Iterator[Relation]:
    """甲、乙、丙分别为a、b、c: as many names as numbers."""
    for passage in passages:
        for place, claim in enumerate(passage.claims):
            head = passage.text[: passage.start(claim)]
            if not _RESPECTIVELY.search(head[-10:]):
                continue
            chain = [claim]
            for following in passage.claims[place + 1 :]:
                if (
                    not _LIST_SIGN.match(passage.between(chain[-1], following))
                    or following.measure.dimension != claim.measure.dimension
                ):
                    break
                chain.append(following)
            names = _names_before(head)
            if len(chain) < 2 or len(names) < 2:
                continue
            holds = (
                True
                if len(chain) == len(names)
                else None
                if abs(len(chain) - len(names)) > 1 or len(names) < 3
                else False
            )
            pairs = "、".join(f"{n}{c.phrase}" for n, c in zip(names, chain, strict=False))
            told = f"“{'、'.join(names)}”{len(names)}项,数字{len(chain)}个," + (
                f"依次为{pairs}。" if holds else "个数对不上。"
            )
            yield Relation("respectively", tuple(c.index for c in chain), holds, told)


def _names_before(head: str) -> list[str]:
    clause = re.split(r"[，。；：]", head[: head.rindex("分别")])[-1]
    if not clause:
        return []
    clause = re.sub(
        r"(?:等)?(?:[\d一二两三四五六七八九十]+[个家项县区市镇类种者地人])[\u4e00-\u9fff]{0,6}$|等$|均|已", "", clause
    )
    names = [n for n in re.split(r"[、和与及]", clause) if n]
    return names if names and all(_NAMES.match(n) and len(n) <= 12 for n in names) else []
