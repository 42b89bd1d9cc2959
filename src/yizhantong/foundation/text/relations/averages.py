"""户均, 平均每…, and 每户20元 times the number of households: three printed numbers that multiply."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from ..claims import Claim
from ..units import units
from .base import INFINITE, Passage, Relation, agrees, amount, common_words, divide, high, low, show, verdict

_BASES = {symbol: unit.base for symbol, unit in units().items() if unit.is_count and "(" not in symbol and "（" not in symbol} | {
    "企": "家", "校": "所", "亩": "平方米", "公顷": "平方米", "公里": "米", "吨": "千克", "天": "日", "日": "日",
}  # fmt: skip
_ANY = "|".join(sorted(_BASES, key=len, reverse=True))
_MEAN = re.compile(
    rf"(?:(?P<a>[户人亩村企校日笔场处件])均|(?P<yield>亩产|单产)|平均(?:每|到)?一?(?P<b>{_ANY}))(?P<what>[^，。；\d]{{0,10}})$"
)
_EACH = re.compile(rf"每一?(?P<b>{_ANY})(?P<what>[^，。；\d]{{0,12}})$")


_CLASSES = tuple(
    frozenset(group.split("/"))
    for group in (
        "投资/投入/资金/造价",
        "收入/消费/花费/营收/销售额",
        "补助/补贴/奖补",
        "产值/收入",
        "产量/产",
        "奖励/奖金",
        "贷款/授信/放款",
    )
)


def averages(passages: list[Passage], whole_of: dict[int, Claim]) -> Iterator[Relation]:
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
            base = _BASES[groups.get("a") or ("亩" if groups.get("yield") else groups["b"])]
            whose = before[: match.start()].rstrip("，、")
            found = _multiply(passages, passage, _Mean(claim, base, match["what"], mean is not None, whose), whole_of)
            if found is not None:
                yield found


_SAME_BASE = {"人": ("人", "人次"), "户": ("户", "家"), "场": ("场", "场次")}


@dataclass(frozen=True, slots=True)
class _Mean:
    """A mean (户均…) or a rate per piece (每座…): per `base`, of `what`, `whose` being the words in front (村民|人均收入)."""

    claim: Claim
    base: str
    what: str
    mean: bool
    whose: str


def _multiply(passages: list[Passage], passage: Passage, each: _Mean, whole_of: dict[int, Claim]) -> Relation | None:
    near = _near(passages, passage, each)
    counts = [c for c in near if _counts(c, each.base)]
    wholes = [
        c
        for c in near
        if c.measure.measure == each.claim.measure.measure
        and c.index != each.claim.index
        and c.kind in ("count", "amount")
        and low(c) > high(each.claim)
    ]
    for whole in reversed(wholes):
        for count in reversed(counts):
            if _true(each.claim, count, whole):
                return _told(each.claim, count, whole, each.mean)
    counts = [c for c in counts if whole_of.get(c.index) not in counts and passage.bracket(_place(passage, c)) < 0]
    wholes = [w for w in wholes if whole_of.get(w.index) not in wholes and passage.bracket(_place(passage, w)) < 0]
    named = [c for c in counts if c.what and each.what.startswith(c.what[-2:])]
    if named and each.mean:
        counts, each = named, replace(each, what="")
    elif len(counts) > 1 and each.what:
        counts = named
    if len(counts) != 1 or len(wholes) != 1 or not _meant(passage, each, counts[0], wholes[0]):
        return None
    return _told(each.claim, counts[0], wholes[0], each.mean)


def _place(passage: Passage, claim: Claim) -> int:
    return passage.start(claim) if claim.index in passage.places else 0


def _counts(claim: Claim, base: str) -> bool:
    """Whether a claim says how many of the base there are; days also as lengths of time."""
    if base == "日":
        return claim.measure.dimension == "day" and claim.kind in ("duration", "period")
    return claim.kind in ("count", "amount") and claim.measure.base in _SAME_BASE.get(base, (base,))


def _meant(passage: Passage, each: _Mean, count: Claim, whole: Claim) -> bool:
    """Whether the only total and the only count can only be meant to give this mean, though they do not: called alike, and not far from it."""
    quotient = _each(whole, count)
    if quotient is None or INFINITE in quotient or not each.claim.value:
        return False
    factor = sum(quotient, Decimal(0)) / 2 / each.claim.value
    limit = Decimal(4) if each.mean else Decimal("1.6")
    slip = any(abs(factor.scaleb(-n) - 1) < Decimal("0.03") for n in (-4, -3, -1, 1, 3, 4))
    if not (1 / limit <= factor <= limit or slip):
        return False
    if (
        each.whose
        and common_words(each.whose, count.what + count.subject) < 2
        and not re.match("平?均|其中", each.whose)
    ):
        return False
    if (
        not each.mean
        and whole.index > each.claim.index
        and re.search(r"共|累计|合计|总", whole.clause)
        and whole.index in passage.places
    ):
        return True
    return _same_thing(each.what, whole) or (each.mean and len(each.what) < 2 and whole.index in passage.places)


def _one(count: Claim) -> Decimal:
    """One printed unit of the count in base units: an area counts by its 亩, not by square metres."""
    return count.measure.to_base(Decimal(1))


def _each(whole: Claim, count: Claim) -> tuple[Decimal, Decimal] | None:
    quotient = divide(whole, count)
    return None if quotient is None else (quotient[0] * _one(count), quotient[1] * _one(count))


def _near(passages: list[Passage], passage: Passage, each: _Mean) -> list[Claim]:
    if not each.mean:
        own = [c for c in passage.claims if c.index != each.claim.index]
    else:
        own = [
            c for c in passage.claims if c.index < each.claim.index or (each.base == "平方米" and c is not each.claim)
        ]
    back = passages[passage.number - 1] if passage.number else None
    if back is not None and back.paragraph == passage.paragraph and not any(_counts(c, each.base) for c in own):
        own = back.claims + own
    return own


def _same_thing(what: str, whole: Claim) -> bool:
    """Whether total and average are called by the same word, or by words for the same flow of money."""
    core = re.sub(r"[的为达约]|可|能|实现|发放|给予|一次性", "", what)
    named = whole.what + whole.clause
    if not core:
        return False
    if len(core) >= 2 and common_words(core, named) >= 2:
        return True
    if whole.what.endswith(("金额", "总额")):
        return True
    return any(any(w in core for w in group) and any(w in named for w in group) for group in _CLASSES)


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
