"""The time a number belongs to: 今年以来, 上半年, 截至目前, 2020年, 近3年, 前三季度, 1至7月 …

With the article's day given, a period has dates (both ends included); without, only its words and kind. Two periods are the same when their dates
agree, or, without dates, when their words do.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from .numerals import parse_chinese

_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_YEAR = r"(?:(?:19|20)\d{2})"


@dataclass(frozen=True, slots=True)
class Period:
    """`kind`: year, half, quarter, months, month, day, to_date (今年以来), as_of (截至…), rolling (近3年), plan (十四五), base (同比的基期), recent."""

    text: str
    kind: str
    start: date | None = None
    end: date | None = None

    def same_as(self, other: "Period") -> bool:
        """Whether both name the same stretch of time."""
        if self.start and other.start and self.end and other.end:
            return (self.start, self.end) == (other.start, other.end)
        return self.text == other.text


@dataclass(frozen=True, slots=True)
class FoundPeriod:
    """A period at `[start, end)` of a sentence."""

    start: int
    end: int
    period: Period


_PATTERN = re.compile(
    rf"(?P<base>(?:去年|上年|上一年)?同期|同比|环比|较?上年(?!度)(?!末)|去年(?!以来|末|底))"
    rf"|(?P<rolling>(?:近|过去|最近|连续){_N}(?:年|个月)(?:来|以来|间)?|{_N}年(?:来|以来|间))"
    r"|(?P<plan>“?十[一二三四五]五”?(?:规划|时期|期间|末|以来)?)"
    rf"|(?P<asof>截[至止](?:到)?(?:(?:{_YEAR}年|今年|去年|本)?{_N}月(?:份)?(?:{_N}日|底|末|初|[上中下]旬)?|目前|今日|现在|昨日|当前|发稿时?|年底|{_YEAR}年(?:年?[底末])?|上半年末?|[一二三四]季度末|本月底?|日前|昨天)(?:{_N}[时点])?)"
    rf"|(?P<todate>(?:今年|年初|入[春夏秋冬汛]|开年|去年|{_YEAR}年|{_N}月份?|[\u4e00-\u9fff]{{2,14}}?(?:开展|启动|实施|召开|运行|成立|开工|开通|上线))以来|年内)"
    rf"|(?P<months>(?:{_YEAR}年|今年|去年)?(?:1|一|元){{1}}(?:至|到|-|—|~|–){_N}月(?:份)?)"
    rf"|(?P<range>{_YEAR}(?:年)?(?:至|到|-|—|~|–){_YEAR}年?)"
    rf"|(?P<half>(?:{_YEAR}年|今年|去年)?[上下]半年)"
    rf"|(?P<quarters>(?:{_YEAR}年|今年|去年)?前[一二三]个?季度)"
    rf"|(?P<quarter>(?:{_YEAR}年|今年|去年)?(?:第)?[一二三四]季度)"
    rf"|(?P<day>(?:{_YEAR}年|今年|去年)?{_N}月{_N}日)"
    rf"|(?P<month>(?:{_YEAR}年|今年|去年)?{_N}月份?(?![\u4e00-\u9fff]?日)|{_YEAR}年{_N}月)"
    rf"|(?P<year>{_YEAR}年(?!版)|今年|全年|本年度|前年)"
    r"|(?P<recent>近日|日前|近年来|目前|连日来|近期|当日|昨日|今日|本月|当前)"
)


def find_periods(sentence: str, day: date | None) -> Iterator[FoundPeriod]:
    """The periods of a sentence in order; `day` is the article's day, that 今年 and the like are measured from."""
    for match in _PATTERN.finditer(sentence):
        kind = match.lastgroup or "recent"
        start, end = _DATES.get(kind, _no_dates)(match.group(), day)
        yield FoundPeriod(match.start(), match.end(), Period(match.group(), _KINDS.get(kind, kind), start, end))


_KINDS = {"asof": "as_of", "todate": "to_date", "quarters": "months", "range": "range"}
Dates = tuple[date | None, date | None]


def _no_dates(text: str, day: date | None) -> Dates:
    return None, None


def _number(text: str) -> int:
    found = re.search(_N, text)
    if found is None:
        return 0
    return int(found[0]) if found[0].isdigit() else int(parse_chinese(found[0]) or 0)


def _year_of(text: str, day: date | None) -> int | None:
    printed = re.search(_YEAR, text)
    if printed:
        return int(printed[0])
    if day is None:
        return None
    return day.year - (1 if "去年" in text or "上年" in text else 2 if "前年" in text else 0)


def _month_span(year: int, first: int, last: int) -> Dates:
    if not (1 <= first <= last <= 12 and 1 <= year <= 9998):
        return None, None
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def _year(text: str, day: date | None) -> Dates:
    year = _year_of(text, day)
    return _month_span(year, 1, 12) if year else (None, None)


def _half(text: str, day: date | None) -> Dates:
    year = _year_of(text, day)
    if not year:
        return None, None
    return _month_span(year, 1, 6) if "上半年" in text else _month_span(year, 7, 12)


def _quarter(text: str, day: date | None) -> Dates:
    year = _year_of(text, day)
    which = next((i for i, c in enumerate("一二三四", 1) if c + "季度" in text or c + "个季度" in text), 0)
    if not year or not which:
        return None, None
    return _month_span(year, 1 if "前" in text else which * 3 - 2, which * 3)


def _months(text: str, day: date | None) -> Dates:
    year = _year_of(text, day)
    last = _number(re.split(r"[至到\-—~–]", text)[-1])
    return _month_span(year, 1, last) if year else (None, None)


def _month(text: str, day: date | None) -> Dates:
    year = _year_of(text, day)
    month = _number(re.sub(r"^.*?年", "", text))
    return _month_span(year, month, month) if year else (None, None)


def _day(text: str, day: date | None) -> Dates:
    year = _year_of(text, day)
    parts = re.findall(_N, re.sub(r"^.*?年", "", text))
    if not year or len(parts) < 2:
        return None, None
    month, number = _number(parts[0]), _number(parts[1])
    try:
        found = date(year, month, number)
    except ValueError:
        return None, None
    return found, found


def _to_date(text: str, day: date | None) -> Dates:
    if day is None:
        return None, None
    if re.search(r"今年|年初|开年|年内", text):
        return date(day.year, 1, 1), day
    printed = re.search(_YEAR, text)
    if printed or "去年" in text:
        return date(int(printed[0]) if printed else day.year - 1, 1, 1), day
    return None, None


def _as_of(text: str, day: date | None) -> Dates:
    inner = re.sub(r"^截[至止](?:到)?", "", text)
    if day is not None and inner in ("目前", "今日", "现在", "当前", "发稿", "发稿时", "日前"):
        return None, day
    if re.search(_N + "月.*日", inner):
        return None, _day(inner, day)[1]
    return (None, _month(inner, day)[1]) if "月" in inner and "本月" not in inner else (None, None)


def _rolling(text: str, day: date | None) -> Dates:
    count = _number(text)
    if day is None or not count:
        return None, None
    if "月" in text:
        return day - timedelta(days=30 * count), day
    return (date(day.year - count, day.month, min(day.day, 28)), day) if day.year > count else (None, None)


_DATES: dict[str, Callable[[str, date | None], Dates]] = {
    "year": _year,
    "half": _half,
    "quarter": _quarter,
    "quarters": _quarter,
    "months": _months,
    "month": _month,
    "day": _day,
    "todate": _to_date,
    "asof": _as_of,
    "rolling": _rolling,
}
