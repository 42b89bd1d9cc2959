"""50万元以上的村41个, 100万元以上的村47个: what reaches the higher threshold reaches the lower one too, so it cannot be more."""

import re
from collections.abc import Iterator

from ..claims import Claim
from ..units import same_measure
from .base import Passage, Relation, high, low, show

_NEAR = 14
_OTHER_COUNT = re.compile(r"新增|净增|增加|减少|同比|去年|上年|同期|计划|目标|累计|平均|分别")
_NOUN = re.compile(r"^.*?(?:以上|超过?)的?")


def ordered_thresholds(passages: list[Passage]) -> Iterator[Relation]:
    """Counts of one kind of thing above two thresholds of one sentence, the nested one judged against the wider."""
    for passage in passages:
        told = list(_counted(passage))
        for order, (bound, count) in enumerate(told):
            for wider_bound, wider in told[:order]:
                if bound.value > wider_bound.value and _alike(bound, count, wider_bound, wider):
                    yield _relation(wider_bound, wider, bound, count)


def _counted(passage: Passage) -> Iterator[tuple[Claim, Claim]]:
    """Thresholds (以上) with the count that stands behind them, unless the clause counts something else than all there are."""
    for bound in passage.claims:
        if bound.kind != "condition" or bound.qualifier != "at_least":
            continue
        behind = [c for c in passage.claims if c.kind == "count" and passage.start(c) >= passage.end(bound)]
        if not behind or _OTHER_COUNT.search(passage.before(bound)):
            continue
        between = passage.between(bound, behind[0])
        if len(between) <= _NEAR and not re.search(r"[，。；、]", between):
            yield bound, behind[0]


def _alike(bound: Claim, count: Claim, wider_bound: Claim, wider: Claim) -> bool:
    """Whether both count the same things by the same measure: the nouns behind the thresholds must be the same."""
    noun, wider_noun = (_NOUN.sub("", claim.what) for claim in (count, wider))
    same = same_measure(bound.measure, wider_bound.measure) and same_measure(count.measure, wider.measure)
    return bool(noun) and noun == wider_noun and same


def _relation(wider_bound: Claim, wider: Claim, bound: Claim, count: Claim) -> Relation:
    holds = low(count) <= high(wider)
    told = f"{show(count)}也在{show(wider)}之内" + (",成立。" if holds else f",不可能比{wider.phrase}还多。")
    return Relation("order", (wider_bound.index, wider.index, bound.index, count.index), holds, told, "thresholds")
