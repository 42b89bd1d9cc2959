"""May a number with its period speak of a figure, and for which days is the figure then to be asked?"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace

from yizhantong.foundation.text import Article, Claim, Period
from yizhantong.kernel.articles.catalogue import Entry

Days = tuple[dt.date | None, dt.date]

SPANS = ("half", "quarter", "months", "month")
UNTOLD = re.compile(
    r"前[\d一二三四五六七八九十两]+个月|[本当上]月(?!\d)|[本上]周|当天|当日|昨日|今日|昨天|今天|假期|期间|黄金周|[春夏秋冬]季|汛期"
)
HEARD = re.compile(r"获悉|了解|介绍|表示|报道|消息|透露|通报|发布|说")
AS_ADVERB = re.compile(
    r"[，：]|全|我市|我县|我区|各|共|累计|已|开展|组织|完成|实现|签约|新|在|[\u4e00-\u9fff]{2,4}[市县区]"
)


@dataclass(frozen=True, slots=True)
class Fit:
    """How the period of a claim suits a figure.

    ``rank`` joins the ranking of figures; ``certain`` is False when nobody can say which days are meant; ``days`` are those
    to ask for when they are not the figure's own; ``loose`` means that the figure's days may differ from the article's,
    so that a difference proves nothing.
    """

    rank: float = 0.0
    certain: bool = True
    days: Days | None = None
    loose: bool = False


EXCLUDED = Fit(rank=-9.0, certain=False)
UNSURE = Fit(rank=-0.4, certain=False)


def fit(article: Article, claim: Claim, entry: Entry) -> Fit:
    """Return how the claim's period suits the figure."""
    period = claim.period
    sentence = article.sentences[claim.sentence].text
    if UNTOLD.search(sentence, 0, claim.at[0]):
        return UNSURE
    if period is None:
        return Fit(loose=not entry.to_date)
    if period.text not in sentence and _untold_before(article, claim, period):
        return UNSURE
    place = sentence.rfind(period.text, 0, claim.at[0] + 1)
    if _means_last_year(sentence, place, period):
        year = entry.period[1].year if entry.to_date else entry.period[1].year + 1
        period = Period("去年", "year", dt.date(year - 1, 1, 1), dt.date(year - 1, 12, 31))
    return Fit(rank=0.6) if _same(period, entry) else _by_kind(sentence, place, period, claim, entry)


def _by_kind(sentence: str, place: int, period: Period, claim: Claim, entry: Entry) -> Fit:
    """Return the fit of a period that is not the figure's own."""
    if period.kind in ("base", "plan", "range"):
        return UNSURE
    if period.kind == "day":
        return _of_a_day(sentence, place, period, claim)
    if period.kind == "as_of":
        return _up_to(period, entry)
    if period.kind in ("to_date", "year", "rolling"):
        return _long(period, entry, said=place >= 0)
    if period.kind in SPANS:
        return _within(sentence, place, period, entry)
    return Fit(loose=not entry.to_date)


def _untold_before(article: Article, claim: Claim, period: Period) -> bool:
    """Tell whether the period was taken from an earlier sentence whose time is not understood (今年前七个月)."""
    earlier = [s for s in article.paragraphs[claim.paragraph].sentences if s.index < claim.sentence]
    source = next((s.text for s in reversed(earlier) if period.text in s.text), "")
    return UNTOLD.search(source) is not None


def fit_of_family(article: Article, claim: Claim, entry: Entry) -> Fit:
    """Return the fit where figures differ in their days alone: a period of an earlier sentence says less than 累计 here."""
    found, period = fit(article, claim, entry), claim.period
    if period is None or period.text in article.sentences[claim.sentence].text:
        return found
    from_the_start = entry.period[0] is None and ("累计" in claim.marks or "累计" in claim.clause)
    return replace(found, rank=1.0 if from_the_start else found.rank, loose=True)


def _means_last_year(sentence: str, place: int, period: Period) -> bool:
    """Tell whether 去年 (or 去年全年) is the time of the number, not what it is compared with."""
    if place < 0 or period.kind not in ("base", "year"):
        return False
    if period.text == "全年":
        return sentence[:place].endswith(("去年", "上年"))
    before, after = sentence[:place], sentence[place + len(period.text) :]
    leads = not before or before[-1] in "，。；“"
    return period.text in ("去年", "上年") and leads and re.match(r"，|全市|我市|全", after) is not None


def _same(period: Period, entry: Entry) -> bool:
    start, end = entry.period
    if period.start is None or period.end is None or start is None:
        return False
    slack = 3 if period.kind == "rolling" else 0
    return abs((period.start - start).days) <= slack and period.end == end


def _of_a_day(sentence: str, place: int, period: Period, claim: Claim) -> Fit:
    """A day binds the number that it stands with (8月10日,出动人员…), unless it is the day on which someone told it."""
    between = sentence[place + len(period.text) : claim.at[0]]
    return Fit() if place < 0 or HEARD.search(between) else UNSURE


def _up_to(period: Period, entry: Entry) -> Fit:
    start, end = entry.period
    if period.end is None or period.end == end:
        return Fit(loose=not entry.to_date)
    if entry.to_date and (start is None or start <= period.end) and period.end < end:
        return Fit(days=(start, period.end))
    return UNSURE


def _long(period: Period, entry: Entry, *, said: bool) -> Fit:
    """今年以来, 2021年, 开展以来, 近3年: the figure's own beginning, or another one."""
    start, end = entry.period
    if period.start is None:
        return Fit(rank=0.2 if entry.campaign else 0.0, loose=said and not entry.campaign)
    if start == period.start and period.end is not None and period.end >= end:
        return Fit(rank=0.3)
    if start is not None and period.end is not None and (period.end < start or period.start > end):
        return EXCLUDED
    if start is not None and not entry.to_date:
        return EXCLUDED if said else UNSURE
    if period.kind == "to_date" or (period.end is not None and period.end >= end):
        return Fit(rank=-0.1, loose=said)
    return UNSURE


def _within(sentence: str, place: int, period: Period, entry: Entry) -> Fit:
    """A month, quarter or half: asked for when it lies in the figure's days, stands in the sentence and bounds its verb."""
    start, end = entry.period
    if start is None or period.start is None or period.end is None:
        return UNSURE
    if period.end < start or period.start > end or not entry.to_date:
        return EXCLUDED
    after = sentence[place + len(period.text) :]
    if place < 0 or AS_ADVERB.match(after) is None or period.start < start or period.end > end:
        return UNSURE
    return Fit(rank=-0.1, days=(period.start, period.end))
