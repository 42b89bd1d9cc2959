"""户均, 平均每…, and 每户20元 times the number of households: three printed numbers that multiply."""

import re
from collections.abc import Iterator
from decimal import Decimal

from ..claims import Claim
from .base import INFINITE, Passage, Relation, agrees, amount, common_words, divide, high, low, show, verdict

_BASES = {
    "户": "户",
    "人": "人",
    "亩": "平方米",
    "村": "村",
    "家": "家",
    "企": "家",
    "校": "所",
    "个": "个",
    "件": "件",
    "项": "项",
    "场": "场",
    "名": "人",
    "笔": "笔",
    "台": "台",
    "次": "次",
    "辆": "辆",
    "套": "套",
    "公顷": "平方米",
    "吨": "千克",
    "头": "头",
    "只": "只",
    "株": "株",
    "期": "期",
    "天": "日",
    "位": "人",
    "座": "座",
}
_MEAN = re.compile(
    rf"(?:(?P<a>[户人亩村企校])均|平均(?:每|到)?一?(?P<b>{'|'.join(_BASES)}))(?P<what>[^，。；\d]{{0,10}})$"
)
_EACH = re.compile(rf"每一?(?P<b>{'|'.join(sorted(_BASES, key=len, reverse=True))})(?P<what>[^，。；\d]{{0,12}})$")


def averages(passages: list[Passage]) -> Iterator[Relation]:
    """Relations of kind average and product within a passage and the one before."""
    for passage in passages:
        for claim in passage.claims:
            before = passage.before(claim)
            mean = _MEAN.search(before)
            each = None if mean else _EACH.search(before)
            match = mean or each
            if match is None or claim.measure.dimension in ("ratio", "points") or claim.kind == "condition":
                continue
            groups = match.groupdict()
            base = _BASES[groups.get("a") or groups["b"]]
            found = _multiply(passages, passage, claim, base, match["what"], mean is not None)
            if found is not None:
                yield found


def _multiply(
    passages: list[Passage], passage: Passage, each: Claim, base: str, what: str, mean: bool
) -> Relation | None:
    near = _near(passages, passage, each, mean)
    bases = (base, "人次") if base == "人" else (base,)
    counts = [c for c in near if c.measure.base in bases and c.kind in ("count", "amount")]
    if len(counts) > 1 and what:
        counts = [c for c in counts if c.what and what.startswith(c.what[-2:])]
    wholes = [
        c
        for c in near
        if c.measure.measure == each.measure.measure
        and c.index != each.index
        and c.kind in ("count", "amount")
        and low(c) > high(each)
    ]
    if len(counts) != 1 or not wholes:
        return None
    candidates = [w for w in wholes if _true(each, counts[0], w)]
    if candidates:
        return _told(each, counts[0], candidates[-1], mean)
    named = [w for w in wholes if _same_thing(passage, each, w, what)]
    if mean and not what and all(passage.places.get(c.index) for c in (*wholes, counts[0])):
        named = wholes
    return _told(each, counts[0], named[0], mean) if len(wholes) == 1 and len(named) == 1 else None


def _one(count: Claim) -> Decimal:
    """One printed unit of the count in base units: an area counts by its 亩, not by square metres."""
    return count.measure.to_base(Decimal(1))


def _each(whole: Claim, count: Claim) -> tuple[Decimal, Decimal] | None:
    quotient = divide(whole, count)
    return None if quotient is None else (quotient[0] * _one(count), quotient[1] * _one(count))


def _near(passages: list[Passage], passage: Passage, each: Claim, mean: bool) -> list[Claim]:
    if mean:
        own = [c for c in passage.claims if c.index < each.index]
        if len(own) < 2 and passage.number and passages[passage.number - 1].paragraph == passage.paragraph:
            own = passages[passage.number - 1].claims + own
        return own
    return [c for c in passage.claims if c.index != each.index]


def _same_thing(passage: Passage, each: Claim, whole: Claim, what: str) -> bool:
    """Whether total and average are called by the same word, so that they can only be meant to multiply."""
    core = re.sub(r"[的为达约]|可|能|实现|发放|给予|一次性", "", what)
    return len(core) >= 2 and common_words(core, whole.what + whole.clause) >= 2


def _true(each: Claim, count: Claim, whole: Claim) -> bool:
    quotient = _each(whole, count)
    return quotient is not None and quotient[1] != INFINITE and bool(agrees(each, *quotient))


def _told(each: Claim, count: Claim, whole: Claim, mean: bool) -> Relation | None:
    quotient = _each(whole, count)
    if quotient is None or INFINITE in quotient:
        return None
    if mean:
        holds = agrees(each, *quotient)
        told = f"{show(whole)}÷{show(count)}={amount(sum(quotient, Decimal(0)) / 2, each)},文中写{each.phrase},{verdict(holds)}。"
        return Relation("average", (whole.index, count.index, each.index), holds, told)
    holds = agrees(whole, low(each) * low(count) / _one(count), high(each) * high(count) / _one(count))
    told = f"{each.phrase}×{show(count)}={amount(each.value * count.value / _one(count), whole)},文中写{show(whole)},{verdict(holds)}。"
    return Relation("product", (each.index, count.index, whole.index), holds, told)
