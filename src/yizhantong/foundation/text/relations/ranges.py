"""What no number can be: a part of more than 100 %, the 30th of February, a maximum below its minimum, shares that do not make 100."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from ..claims import Claim
from ..layout import Paragraph
from ..vocabulary import any_of
from .base import Passage, Relation, high, low

_BOUNDED = re.compile(
    r"(?P<name>[\u4e00-\u9fff]{1,12}(?:率|满意度))(?:已|为|达到?|高达|超过?|均|约|近|分别|至|，|是|提高到|提升到|提升至|提高至|保持在|稳定在|到|在)*$"
)
_UNBOUNDED = re.compile(any_of("unbounded_rates") + "率$|^.?[增利速]率$|完成率$")
_SHARE = re.compile(
    r"(?<!比)占(?!年度|全年|计划|目标|预算|去年|上年|同期|年初)[^，。；]{0,14}(?:总量|总数|总额|比重|比例|比|的)(?:为|达到?|超过?)?$"
)
_DAY = re.compile(r"(?:(?P<y>(?:19|20)\d\d)年)?(?<!\d)(?P<m>\d{1,2})月(?:(?P<d>\d{1,2})[日号])?")
_SPAN = re.compile(
    r"(?:自|从|于)?(?:(?P<y1>(?:19|20)\d\d)年)?(?P<m1>\d{1,2})月(?P<d1>\d{1,2})日(?:[上下]午|晚|早)?(?:\d{1,2}[时点](?:\d{1,2}分)?)?(?:至|到|—|-|~)(?:(?P<y2>(?:19|20)\d\d)年)?(?:(?P<m2>\d{1,2})月)?(?P<d2>\d{1,2})日"
)
_YEARS = re.compile(r"(?:从|自)?((?:19|20)\d\d)年(?:至|到|—|-|~)((?:19|20)\d\d)年")
_STRUCTURE = re.compile(r"(?:结构|比例?|之比)[^，。；\d]{0,14}?((?:\d{1,2}(?:\.\d+)?[:：∶]){2,4}\d{1,2}(?:\.\d+)?)")
_EXTREMES = re.compile(r"最(?:高|大|多|长|快)[^，。；]{0,8}$"), re.compile(r"最(?:低|小|少|短|慢)[^，。；]{0,8}$")


def impossible_values(passages: list[Passage]) -> Iterator[Relation]:
    """Ratios beyond their bounds and extremes in the wrong order."""
    for passage in passages:
        for claim in passage.claims:
            if claim.measure.dimension == "ratio" and claim.kind in ("ratio", "target", "estimate") and low(claim) > 1:
                before = passage.before(claim)
                rate = _BOUNDED.search(before)
                bounded = rate is not None and not _UNBOUNDED.search(rate["name"])
                if (bounded or _SHARE.search(before)) and not re.search(r"[完赔偿]|超额|毛|增长|同比", before):
                    yield Relation(
                        "range",
                        (claim.index,),
                        False,
                        f"“{before[-10:]}{claim.phrase}”:部分不可能超过整体的100%。",
                        "over_hundred",
                    )
        yield from _extremes(passage)


def _extremes(passage: Passage) -> Iterator[Relation]:
    for a, b in zip(passage.claims, passage.claims[1:], strict=False):
        if a.measure.measure != b.measure.measure or len(passage.between(a, b)) > 12:
            continue
        before = passage.before(a), passage.before(b)
        big, small = (a, b) if _EXTREMES[0].search(before[0]) else (b, a)
        first, second = (_EXTREMES[0], _EXTREMES[1]) if big is a else (_EXTREMES[1], _EXTREMES[0])
        if first.search(before[0]) and second.search(before[1]) and high(big) < low(small):
            yield Relation(
                "order", (a.index, b.index), False, f"最高(多)的{big.phrase}小于最低(少)的{small.phrase}。", "extremes"
            )


def impossible_dates(paragraphs: list[Paragraph], claims: tuple[Claim, ...]) -> Iterator[Relation]:
    """Dates that the calendar does not have, and spans that end before they begin."""
    for paragraph in paragraphs:
        text = paragraph.text
        for match in _DAY.finditer(text):
            fault = _date_fault(match)
            if fault:
                yield Relation(
                    "range", _claims_at(paragraph, match, claims), False, f"“{match.group()}”:{fault}", "date"
                )
        for match in _SPAN.finditer(text):
            if _backwards(match):
                yield Relation(
                    "range", _claims_at(paragraph, match, claims), False, f"“{match.group()}”:结束早于开始。", "span"
                )
        for match in _YEARS.finditer(text):
            if int(match[2]) < int(match[1]):
                yield Relation(
                    "range", _claims_at(paragraph, match, claims), False, f"“{match.group()}”:结束早于开始。", "span"
                )
        yield from _structures(paragraph, claims)


def _date_fault(match: re.Match[str]) -> str:
    month = int(match["m"])
    if not 1 <= month <= 12:
        return f"没有{month}月。" if match["d"] or match["y"] else ""
    if match["d"]:
        year = int(match["y"]) if match["y"] else 2020
        day = int(match["d"])
        last = monthrange(year, month)[1]
        if not 1 <= day <= last:
            return f"{month}月只有{last}天。" if day else "没有0日。"
    return ""


def _backwards(match: re.Match[str]) -> bool:
    if match["y2"] and not match["y1"]:
        return False
    year = int(match["y1"] or 2020)
    try:
        begin = date(year, int(match["m1"]), int(match["d1"]))
        end = date(int(match["y2"] or year), int(match["m2"] or match["m1"]), int(match["d2"]))
    except ValueError:
        return False
    turns_year = not match["y2"] and begin.month - end.month >= 6
    return end < begin and not turns_year


def _structures(paragraph: Paragraph, claims: tuple[Claim, ...]) -> Iterator[Relation]:
    """三次产业结构为7.1:39.5:53.4: three shares that make 100."""
    for match in _STRUCTURE.finditer(paragraph.text):
        parts = [Decimal(p) for p in re.split("[:：∶]", match[1])]
        total = sum(parts, Decimal(0))
        if not 80 <= total <= 120 or len(parts) < 3:
            continue
        places = max(-int(p.as_tuple().exponent) for p in parts)
        room = Decimal(len(parts)) / 2 * Decimal(1).scaleb(-places)
        holds = abs(total - 100) <= room
        told = f"{'+'.join(map(str, parts))}={total}," + ("合100%。" if holds else "不合100%。")
        yield Relation("sum", _claims_at(paragraph, match, claims), holds, told, "structure")


def _claims_at(paragraph: Paragraph, match: re.Match[str], claims: tuple[Claim, ...]) -> tuple[int, ...]:
    start, end = paragraph.span(match.start(), match.end())
    return tuple(c.index for c in claims if start <= c.start and c.end <= end)
