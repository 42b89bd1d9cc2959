"""Growth: 由a增至b, 增长x%; 比上年增加d, 增长x%; 去年同期a; 提高n个百分点; 翻番."""

import re
from collections.abc import Iterator
from decimal import Decimal

from ..claims import Claim
from ..vocabulary import any_of
from .base import INFINITE, Passage, Relation, agrees, amount, attributes_differ, high, low, percent, show, verdict

_UP = any_of("up")
_DOWN = any_of("down")
_REAL = re.compile(any_of("real_growth"))
_TO = re.compile(
    r"(?P<up>(?:增加|增长|提高|提升|上升|扩大|增|升|扩|上涨|发展|扩展|增多|跃升|拓展|攀升|涨)(?:到了?|至|为))|(?P<down>(?:减少|下降|降低|缩短|压缩|压减|缩减|降|减|缩|精简|下跌|缩小|优化)(?:到了?|至|为))"
)
_FROM = re.compile(r"(?:由|从|自)[^，。；]{0,22}$")
_DELTA = re.compile(rf"(?:比|较|同比)[^，。；]{{0,12}}?(?:(?P<up>净?{_UP})|(?P<down>{_DOWN}))(?:了|达|约)?$")
_NET = re.compile(r"^，(?:(?P<up>净增加?|增加)|(?P<down>净减少?|减少))了?$")
_CHANGE = re.compile(rf"(?:(?P<down>{_DOWN})|(?P<up>{_UP}))(?:了|率|幅|达|为|约|近|超)*$")
_MOVED = re.compile(r"[增减多少升降涨跌](?:[产收加支效税少了长]|$)")
_DOUBLED = re.compile(r"翻了?(?:近|约|超过?)?$")
_BASE = re.compile(rf"(?:{any_of('base_words')})[^，。；\d]{{0,8}}(?:为|是|的|仅|只有|有)?[^，。；\d]{{0,6}}$")


def growth(passages: list[Passage]) -> Iterator[Relation]:
    """Relations of kind growth, and of kind order where the direction is wrong."""
    for passage in passages:
        numbers = [c for c in passage.plain() if c.kind != "condition"]
        for place in range(len(numbers) - 1):
            yield from _from_to(passage, numbers, place)
            yield from _with_delta(passage, numbers, place)
            yield from _with_base(passage, numbers, place)
            yield from _lists(passage, numbers, place)


def _from_to(passage: Passage, numbers: list[Claim], place: int) -> Iterator[Relation]:
    a, b = numbers[place], numbers[place + 1]
    link = _TO.search(passage.between(a, b))
    if link is None or a.measure.measure != b.measure.measure or len(passage.between(a, b)) > 24:
        return
    if not _FROM.search(passage.text[: passage.start(a)]):
        return
    rising = link["up"] is not None
    if (low(a) > high(b)) if rising else (high(a) < low(b)):
        word = "增加" if rising else "减少"
        yield Relation(
            "order", (a.index, b.index), False, f"文中说由{a.phrase}{word}到{b.phrase},方向相反。", "direction"
        )
        return
    for change in numbers[place + 2 : place + 4]:
        if passage.text[passage.end(b) : passage.start(change)].count("，") > 1:
            return
        if change.measure.dimension == "doublings" and rising:
            yield from _doubled(passage, a, b, change)
        words = _CHANGE.search(passage.before(change))
        if words is not None and (words["up"] is not None) == rising:
            yield from _changed(
                passage, b, (low(a), high(a)), change, rising, (a.index, b.index), f"由{a.phrase}到{b.phrase}"
            )


def _doubled(passage: Passage, a: Claim, b: Claim, change: Claim) -> Iterator[Relation]:
    """由96家增长到214家,翻了一番多: b is 2^n times a; 近 lets it fall short by a tenth, 多 exceed."""
    if not _DOUBLED.search(passage.before(change)) or low(a) <= 0 or change.number != change.number.to_integral_value():
        return
    times = Decimal(2) ** int(min(change.number, Decimal(20)))
    least, most = low(b) / high(a), high(b) / low(a)
    more = change.qualifier == "at_least" or passage.after(change, 1) == "多"
    near = change.qualifier in ("below", "about")
    floor = times * (Decimal("0.8") if near else Decimal("0.95"))
    ceiling = times * (2 if more else Decimal(1) if change.qualifier == "below" else Decimal("1.1"))
    holds = most >= floor and least <= ceiling
    told = f"由{a.phrase}到{b.phrase},是{percent(least, most)},文中写翻{change.phrase},{verdict(holds)}。"
    yield Relation("growth", (a.index, b.index, change.index), holds, told, "doubling")


def _with_delta(passage: Passage, numbers: list[Claim], place: int) -> Iterator[Relation]:
    """current, then 比…增加d, then the percentage."""
    if place + 2 >= len(numbers):
        return
    now, delta, change = numbers[place : place + 3]
    if (
        now.measure.measure != delta.measure.measure
        or change.measure.dimension != "ratio"
        or now.measure.dimension == "ratio"
    ):
        return
    words = _DELTA.search(passage.between(now, delta)) or _NET.search(passage.between(now, delta))
    again = _CHANGE.search(passage.between(delta, change))
    if (
        words is None
        or again is None
        or len(passage.between(delta, change)) > 10
        or len(passage.between(now, delta)) > 22
    ):
        return
    rising = words["up"] is not None
    if (again["up"] is not None) != rising or _REAL.search(passage.text):
        return
    base = (
        (low(now) - high(delta), high(now) - low(delta)) if rising else (low(now) + low(delta), high(now) + high(delta))
    )
    sign = "-" if rising else "+"
    told = f"{show(now)},基数为{now.phrase}{sign}{delta.phrase}"
    yield from _changed(passage, now, base, change, rising, (now.index, delta.index), told, (low(delta), high(delta)))


def _lists(passage: Passage, numbers: list[Claim], place: int) -> Iterator[Relation]:
    """事故23起、死亡14人,比去年同期减少6起、4人,分别下降20.7%和22.2%: two numbers, two differences, and one or two percentages."""
    row = numbers[place : place + 6]
    if len(row) < 5 or row[0].measure.measure == row[1].measure.measure:
        return
    now, delta, changes = row[:2], row[2:4], row[4:6]
    words = _DELTA.search(passage.between(now[1], delta[0]))
    again = _CHANGE.search(passage.between(delta[1], changes[0]))
    if words is None or again is None or _REAL.search(passage.text):
        return
    if any(n.measure.measure != d.measure.measure for n, d in zip(now, delta, strict=True)):
        return
    rising = words["up"] is not None
    both = "分别" in passage.between(delta[1], changes[0]) and len(changes) == 2
    pairs = zip(now, delta, changes, strict=True) if both else [(now[1], delta[1], changes[0])]
    if (again["up"] is not None) != rising or passage.between(delta[0], delta[1]) not in ("、", "和"):
        return
    for n, d, change in pairs:
        sign = -1 if rising else 1
        base = (low(n) + sign * (high(d) if rising else low(d)), high(n) + sign * (low(d) if rising else high(d)))
        told = f"{show(n)},基数为{n.phrase}{'-' if rising else '+'}{d.phrase}"
        yield from _changed(passage, n, base, change, rising, (n.index, d.index), told, (low(d), high(d)))


def _with_base(passage: Passage, numbers: list[Claim], place: int) -> Iterator[Relation]:
    """current and 去年同期a in one sentence, with the percentage behind."""
    now, base = numbers[place], numbers[place + 1]
    if (
        now.measure.measure != base.measure.measure
        or attributes_differ(now, base)
        or not _BASE.search(passage.between(now, base))
    ):
        return
    if (
        _MOVED.search(passage.between(now, base))
        or _CHANGE.search(passage.between(now, base))
        or _REAL.search(passage.text)
        or len(passage.between(now, base)) > 20
    ):
        return
    for change in numbers[place + 2 : place + 4]:
        gap = passage.text[passage.end(base) : passage.start(change)]
        words = _CHANGE.search(gap)
        if words is None or len(gap) > 12:
            return
        rising = words["up"] is not None
        yield from _changed(
            passage,
            now,
            (low(base), high(base)),
            change,
            rising,
            (now.index, base.index),
            f"{show(now)},基数{base.phrase}",
        )


def _changed(
    passage: Passage,
    now: Claim,
    base: tuple[Decimal, Decimal],
    change: Claim,
    rising: bool,
    indices: tuple[int, ...],
    told: str,
    delta: tuple[Decimal, Decimal] | None = None,
) -> Iterator[Relation]:
    if INFINITE in (*map(abs, base), abs(low(now)), abs(high(now))) or base[0] <= 0:
        return
    difference = delta or _difference(now, base, rising)
    dimension = change.measure.dimension
    if dimension == "points" or (change.measure.measure == now.measure.measure and dimension != "ratio"):
        holds = agrees(change, *difference)
        done = f"相差{amount(sum(difference, Decimal(0)) / 2, now)}"
    elif dimension == "ratio" and now.measure.dimension != "ratio":
        quotient = (difference[0] / base[1], difference[1] / base[0])
        holds, done = agrees(change, *quotient), f"变化{percent(*quotient)}"
    elif dimension == "times":
        quotient = (difference[0] / base[1], (difference[1] + base[1]) / base[0])
        holds, done = agrees(change, *quotient), f"变化{percent(*quotient)}"
    else:
        return
    yield Relation("growth", (*indices, change.index), holds, f"{told},{done},文中写{change.phrase},{verdict(holds)}。")


def _difference(now: Claim, base: tuple[Decimal, Decimal], rising: bool) -> tuple[Decimal, Decimal]:
    if rising:
        return low(now) - base[1], high(now) - base[0]
    return base[0] - high(now), base[1] - low(now)
