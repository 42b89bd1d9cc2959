"""What must balance: found less solved is left, income less spending is the surplus, and progress ahead of the calendar."""

import re
from collections.abc import Iterator
from decimal import Decimal

from ..claims import Claim
from ..vocabulary import any_of
from .base import Passage, Relation, agrees, amount, high, low, percent, show, verdict

_INCOME, _SPENDING = re.compile(r"收入"), re.compile(r"支出|支付")
_SURPLUS = re.compile(r"(?:结余|盈余|节余|结存)(?:为|达|约)?$")
_ROLLED = re.compile(r"累计|滚存|历年|年末")
_PACE = re.compile(r"(?:(?P<ahead>超|超过|快于|高于|快|领先|超前)|(?P<behind>慢于|低于|落后于?|滞后))序时(?:进度)?$")


def balances(passages: list[Passage]) -> Iterator[Relation]:
    """Relations of kind balance."""
    yield from left_over(passages)
    for passage in passages:
        yield from _surplus(passage)
        yield from _pace(passage)


def _surplus(passage: Passage) -> Iterator[Relation]:
    """收入68亿元,支出61亿元,当期结余7亿元."""
    numbers = [c for c in passage.plain() if c.kind == "amount" and c.measure.dimension != "ratio"]
    yield from _trade(passage, numbers)
    for income, spending, rest in zip(numbers, numbers[1:], numbers[2:], strict=False):
        words = [passage.before(c) for c in (income, spending, rest)]
        if {c.measure.measure for c in (income, spending, rest)} != {rest.measure.measure}:
            continue
        fits = _INCOME.search(words[0]) and _SPENDING.search(words[1]) and _SURPLUS.search(words[2])
        if not fits or _ROLLED.search(words[2]) or len({c.measure.measure for c in (income, spending, rest)}) > 1:
            continue
        holds = agrees(rest, low(income) - high(spending), high(income) - low(spending))
        told = f"{show(income)}-{show(spending)}={amount(income.value - spending.value, rest)},文中写{show(rest)},{verdict(holds)}。"
        yield Relation("balance", (income.index, spending.index, rest.index), holds, told, "surplus")


def _trade(passage: Passage, numbers: list[Claim]) -> Iterator[Relation]:
    """出口241亿元…;进口77亿元…;贸易顺差164亿元."""
    for first, second, rest in zip(numbers, numbers[1:], numbers[2:], strict=False):
        words = [passage.before(c) for c in (first, second, rest)]
        sides = [re.search(r"(?<!进)出口|(?<!出)进口", w) for w in words[:2]]
        sign = re.search(r"(顺差|逆差)[^，。；]{0,3}$", words[2])
        if sign is None or not all(sides) or len({c.measure.measure for c in (first, second, rest)}) > 1:
            continue
        names = [s[0] for s in sides if s]
        if set(names) != {"出口", "进口"}:
            continue
        out, into = (first, second) if names[0] == "出口" else (second, first)
        more, less = (out, into) if sign[1] == "顺差" else (into, out)
        holds = agrees(rest, low(more) - high(less), high(more) - low(less))
        told = (
            f"{show(more)}-{show(less)}={amount(more.value - less.value, rest)},文中写{show(rest)},{verdict(holds)}。"
        )
        yield Relation("balance", (first.index, second.index, rest.index), holds, told, "trade")


def _pace(passage: Passage) -> Iterator[Relation]:
    """占年度计划的70%,超序时进度3.3个百分点, at the end of a month."""
    for at, points in enumerate(passage.claims):
        words = _PACE.search(passage.before(points)) if points.measure.dimension == "points" else None
        done = [c for c in passage.claims[:at] if c.measure.dimension == "ratio" and c.kind == "ratio"]
        end = done[-1].period if words and done else None
        months = _months(end.text) if end is not None else None
        if words is None or months is None:
            continue
        calendar = Decimal(months) / 12
        low_, high_ = (low(done[-1]) - calendar, high(done[-1]) - calendar)
        if words["behind"]:
            low_, high_ = -high_, -low_
        room = Decimal("0.0006")
        holds = agrees(points, low_ - room, high_ + room)
        told = f"序时进度为{percent(calendar, calendar)},{done[-1].phrase}与它相差{percent(low_, high_)},文中写{points.phrase},{verdict(holds)}。"
        yield Relation("balance", (done[-1].index, points.index), holds, told, "pace")


_MONTHS = [
    (re.compile(r"(?:1|一|元)月?(?:至|到|-|—|~|–)(\d{1,2})月"), 0),
    (re.compile(r"(\d{1,2})月(?:份)?(?:底|末)"), 0),
    (re.compile(r"(\d{1,2})月(?:30|31)日"), 0),
    (re.compile(r"上半年|二季度末"), 6),
    (re.compile(r"前三季度|三季度末"), 9),
    (re.compile(r"一季度"), 3),
]


def _months(text: str) -> int | None:
    """The months of the year that have passed at the end of a period."""
    for shape, fixed in _MONTHS:
        match = shape.search(text)
        if match:
            months = fixed or int(match[1])
            return months if 1 <= months <= 12 else None
    return None


def left_over(passages: list[Passage]) -> Iterator[Relation]:
    """balance: 排查3236件,解决3038件,未解决198件."""
    remaining = re.compile(any_of("remaining"))
    settled = re.compile(any_of("settled"))
    for passage in passages:
        counts = [c for c in passage.plain() if c.kind in ("count", "amount")]
        for place, rest in enumerate(counts):
            if place < 2 or not remaining.search(passage.before(rest)):
                continue
            before = [c for c in counts[:place] if c.measure.measure == rest.measure.measure]
            if (
                len(before) < 2
                or not settled.search(passage.before(before[-1]))
                or remaining.search(passage.before(before[-1]))
            ):
                continue
            total, done = before[-2], before[-1]
            if (settled.search(passage.before(total)) and "排查" not in passage.before(total)) or high(done) > high(
                total
            ):
                continue
            yield _balance(total, done, rest)


def _balance(total: Claim, done: Claim, rest: Claim) -> Relation:
    holds = agrees(total, low(done) + low(rest), high(done) + high(rest))
    told = f"{show(done)}+{show(rest)}={amount(done.value + rest.value, total)},与{show(total)}{'相符' if holds else '不符'}。"
    return Relation("balance", (done.index, rest.index, total.index), holds, told)
