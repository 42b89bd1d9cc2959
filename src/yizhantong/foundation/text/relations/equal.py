"""One quantity printed in two units at one place: 3.6万亩(约2400公顷), 3600万元(0.36亿元), 1200亩,合80公顷."""

import re
from collections.abc import Iterator

from ..claims import Claim
from .base import Passage, Relation, agrees, amount, high, low, show

_OPENS = re.compile(r"^(?:（|，)?(?:约|即|合|折合|约合|约为|相当于|大约|也就是)*$")
_CLOSES = re.compile(r"^(?:左右|多|余)?[）]")


def same_in_two_units(passages: list[Passage]) -> Iterator[Relation]:
    """Relations of kind same and conflict between a number and its restatement in another unit."""
    for passage in passages:
        for first, second in zip(passage.claims, passage.claims[1:], strict=False):
            if _restates(passage, first, second):
                yield _judge(first, second)


def _restates(passage: Passage, first: Claim, second: Claim) -> bool:
    if first.measure.measure != second.measure.measure or first.unit == second.unit or first.measure.is_count:
        return False
    between = passage.between(first, second)
    if not _OPENS.match(between) or first.measure.dimension in ("ratio", "day"):
        return False
    if between.startswith("（"):
        return bool(_CLOSES.match(passage.after(second)))
    return bool(re.search(r"合|即|相当于|也就是", between))


def _judge(first: Claim, second: Claim) -> Relation:
    holds = agrees(first, low(second), high(second))
    told = f"{first.phrase}合{amount(first.value, second)},文中又写{show(second)}"
    if holds is False:
        return Relation("conflict", (first.index, second.index), False, f"{told},两种单位说的不是同一个数。", "units")
    return Relation("same", (first.index, second.index), holds, f"{told},相符。", "units")
