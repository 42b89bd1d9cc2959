"""办结率, 开工率, 城镇化率: a rate against the two printed numbers that its name says it is made of.

The numerator is a number beside which the first or last two characters of the rate's name stand (已开工118个 … 开工率); the denominator a quantity
of the same measure that is not less, in the same statement, or, when only one is left to choose from, in the statements before it.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from ..claims import Claim
from ..vocabulary import any_of
from .base import Passage, Relation, agrees, comparable, divide, high, low, other_year, quotient_told, show, verdict

_RATE = re.compile(
    r"(?P<name>[\u4e00-\u9fff]{2,8})率(?:已|分别|为|达到?|高达|约|超过?|均|至|，|是|提高|提升|到|：|在|近)*$"
)
_NO_RATE = re.compile(any_of("unbounded_rates") + r"$|^.?[增利速]$")
_GOING = re.compile(r"提[高升]到|提[高升]至|由|从|平均|同比|比上年|全[省国]")
_LEAST = Decimal("0.2")
"""A quotient of numbers from different statements below this is no rate that anyone would print wrongly."""


def rates(passages: list[Passage], whole_of: dict[int, Claim]) -> Iterator[Relation]:
    """Relations of kind rate: 受理3236件,办结3038件,办结率93.88%."""
    for passage in passages:
        for claim in passage.claims:
            if claim.measure.dimension != "ratio" or claim.kind != "ratio":
                continue
            match = _RATE.search(passage.before(claim))
            if match is None or _NO_RATE.search(match["name"]) or _GOING.search(passage.before(claim)):
                continue
            found = _rate(passages, passage, claim, match["name"], whole_of)
            if found is not None:
                yield found


def _stem(name: str) -> str:
    """What stands beside the numerator: the end of the rate's name (按期办结), or what succeeded (调解成功)."""
    name = name.removesuffix("化") if len(name) > 2 else name
    ends = {name[:2] if len(name) == 3 else name[-2:]}
    if name.endswith(("成功", "完成")):
        ends.add(name[-4:-2] or name)
    if ends & {"结案", "审结", "审执"}:
        ends |= {"审结", "办结", "执结", "结案"}
    loose = [f"{e[0]}[^，。；、]{{0,2}}{e[1]}" for e in ends if len(e) == 2 and len(name) == 2]
    return f"(?:{'|'.join(sorted([*ends, *loose]))})"


def _rate(
    passages: list[Passage], passage: Passage, ratio: Claim, name: str, whole_of: dict[int, Claim]
) -> Relation | None:
    counts = [
        c for c in passage.claims if passage.end(c) <= passage.start(ratio) and c.kind in ("count", "amount", "target")
    ]
    if passage.bracket(passage.start(ratio)) < 0:
        counts = [c for c in counts if passage.bracket(passage.start(c)) < 0]
    top = _numerator(passage, counts, _stem(name))
    if top is None:
        return None
    bottoms = [c for c in counts if c.index < top.index and _may_divide(passage, c, top)]
    fitting = [b for b in bottoms if (q := divide(top, b)) is not None and agrees(ratio, *q)]
    roots = [b for b in bottoms if whole_of.get(b.index) not in bottoms]
    bottom = fitting[-1] if fitting else _beside(passage, roots, top, counts)
    if bottom is None:
        bottom = _before(passages, passage, ratio, top, whole_of)
    quotient = divide(top, bottom) if bottom is not None else None
    if bottom is None or quotient is None:
        return None
    holds = agrees(ratio, *quotient)
    told = f"{name}率:{show(top)}÷{show(bottom)}={quotient_told(top, bottom)},文中写{ratio.phrase},{verdict(holds)}。"
    return Relation("rate", (top.index, bottom.index, ratio.index), holds, told, name)


def _numerator(passage: Passage, counts: list[Claim], stem: str) -> Claim | None:
    tops = [
        c
        for c in counts
        if c.kind != "target"
        and re.search(rf"{stem}.*#|#[^，。；]{{0,2}}{stem}", f"{passage.before(c)}#{passage.after(c, 5)}")
        and not re.search(rf"[未不待]{stem}|应{stem}", passage.before(c))
    ]
    return tops[-1] if tops else None


def _may_divide(passage: Passage, bottom: Claim, top: Claim) -> bool:
    return not re.search("新[收受立]", passage.before(bottom)) and comparable(bottom, top) and high(bottom) >= low(top)


def _beside(passage: Passage, bottoms: list[Claim], top: Claim, counts: list[Claim]) -> Claim | None:
    """The only number of the statement to divide by, or the one directly in front (回访12000件,满意11424件)."""
    if len(bottoms) == 1:
        return bottoms[0]
    place = counts.index(top)
    if bottoms and place and counts[place - 1] is bottoms[-1] and passage.between(bottoms[-1], top).count("，") <= 1:
        return bottoms[-1]
    return None


def _before(
    passages: list[Passage], passage: Passage, ratio: Claim, top: Claim, whole_of: dict[int, Claim]
) -> Claim | None:
    """A whole that stands sentences before: any that makes the rate true; the only one that is no part of another, if none does."""
    found: list[tuple[Passage, Claim]] = []
    for other in passages[max(0, passage.number - 4) : passage.number]:
        if passage.paragraph - other.paragraph > 1 or other.kind == "heading":
            continue
        found += [
            (other, c) for c in other.plain() if c.kind in ("count", "amount", "target") and _may_divide(other, c, top)
        ]
    claims = [c for _, c in found]
    for claim in reversed(claims):
        quotient = divide(top, claim)
        if quotient is not None and agrees(ratio, *quotient):
            return claim
    claims = [c for c in claims if c.measure.measure == top.measure.measure and whole_of.get(c.index) not in claims]
    if len(claims) != 1 or other_year(claims, top):
        return None
    if re.search(r"新|又|再|其中", passage.before(top)) or re.search(
        r"去年|上年|同期", passage.text[: passage.start(top)]
    ):
        return None
    quotient = divide(top, claims[0])
    return claims[0] if quotient is not None and quotient[0] > _LEAST else None
