"""Numerals with a unit: qualifier, unit, kind, interval, and what they count."""

import re
from bisect import bisect_right
from dataclasses import replace
from decimal import Decimal

from .numerals import EXACT, SCALES, Numeral, scan
from .shape import Draft, bounds
from .special import Taken
from .tokens import noun_after, split_phrase, tokens_of
from .units import NO_UNIT, Unit, match_unit, units
from .vocabulary import any_of, words

_LOOK_BEHIND = 12
_CLAUSE = re.compile(r"[，。；：！？]")
_BEFORE = [
    ("at_most", re.compile(rf"{any_of('before_at_most')}(?:了|到|在)?$")),
    ("near", re.compile(r"(?:近|接近|将近)$")),
    ("below", re.compile(rf"{any_of('before_below')}(?:了)?$")),
    ("at_least", re.compile(rf"{any_of('before_at_least')}(?:了|到)?$")),
    ("about", re.compile(rf"{any_of('before_about')}$")),
]
_MORE = re.compile(r"[余多来几]")
_SCALE_AFTER = re.compile(r"(?:万亿|百亿|千亿|亿|百万|千万|万|千(?![米克瓦])|百)")
_BEHIND = re.compile(
    r"(?P<about>左右|上下)|(?P<more>余(?!额|热|杭|姚|量|个)|多(?=[，。、；）]|$))|(?P<at_least>以上|及以上|有余|开外|之上)|(?P<below>以下|以内|之内|及以下)|(?P<level>级)"
)
_MARK = re.compile(
    r"(累计|合计|共计|总计|其中|预计|计划|同比|环比|人均|户均|亩均|平均|每|各|分别|共|仅|另有|其余|余下)"
)
_ESTIMATE = re.compile(rf"{any_of('estimate')}")
_TARGET = re.compile(rf"{any_of('target')}|争取(?![^，。]{{0,10}}(?:资金|项目|债券|支持|指标|补助))")
_TARGET_SENTENCE = re.compile(r"力争|确保|到20\d\d年(?!底?[，、]?(?:已|全市已))")
_OF_TARGET = re.compile(r"(?:完成|占|超|为|达到?)[^，]{0,12}(?:计划|任务|目标|规划)|(?:计划|目标|任务|规划)的|超额")
_DONE = re.compile(r"截至|截止|目前|已|今年以来")
_QUOTED = re.compile(r"《[^》]*》|“[^”]*”")
_RULE = re.compile(
    r"每[\u4e00-\u9fff]{1,2}[^，]{0,8}$|(?:保额|保费|单价|票价|最高可?[^，]{0,3})[^，]{0,4}$|标准(?:为|是|至|到|提高到)?$"
)
_BASE_KINDS = {
    "ratio": "ratio",
    "points": "ratio",
    "times": "ratio",
    "doublings": "ratio",
    "none": "index",
    "count": "count",
}
_ITEM = re.compile(r"的?(?:企业|项目|工程|产业|园区|集群|乡镇|镇|村|县|大户|合作社|单品|品牌)")
_RANGE = re.compile(r"^(?:[-—~–至到]|—{2})$")
_LEVELS = re.compile(r"(?:[省市县乡镇村区街州]、?){2,}$|形成$|构建$|建立$")


def measured_claims(sentence: str, taken: Taken) -> list[Draft]:
    """The drafts of all numerals with units that no special shape has taken."""
    starts = sorted(taken)
    free = [n for n in scan(sentence) if not _overlaps(n.start, n.end, starts)]
    found: list[Draft] = []
    pending: Numeral | None = None
    floor = 0
    for numeral in free:
        if _is_thousand_list(sentence, numeral):
            continue
        joined = pending is not None and _RANGE.match(sentence[pending.end : numeral.start]) is not None
        draft = _measure(sentence, numeral, pending if joined else None, floor)
        if draft is not None:
            found.append(draft)
            floor = floor if draft.kind == "condition" else draft.end
            pending = None
        else:
            pending = numeral
    return found


def _overlaps(start: int, end: int, taken: Taken) -> bool:
    at = bisect_right(taken, (start, 1 << 60)) - 1
    return any(a < end and start < b for a, b in taken[max(0, at) : at + 2])


def _is_thousand_list(sentence: str, numeral: Numeral) -> bool:
    return numeral.text.count(",") > 0 and numeral.start > 0 and sentence[numeral.start - 1] == "."


def _measure(sentence: str, numeral: Numeral, low: Numeral | None, floor: int) -> Draft | None:
    at, more, scaled = _behind_numeral(sentence, numeral)
    unit, end = _unit_at(sentence, at, scaled)
    if unit is NO_UNIT and not _bare_allowed(sentence, scaled, at):
        return None
    if scaled.form == "chinese" and not _han_allowed(sentence, scaled, unit, more):
        return None
    start = low.start if low is not None else numeral.start
    qualifier, end, condition = _qualifier(sentence, start, end, unit, more, scaled, low)
    draft = _draft(sentence, scaled, low, unit, qualifier, start, end, at)
    _describe(sentence, draft, floor, condition)
    return draft


def _behind_numeral(sentence: str, numeral: Numeral) -> tuple[int, bool, Numeral]:
    """Step over 余/多 and a scale behind it (10余万元): where the unit begins, whether 余 stood there, the numeral with that scale."""
    at = numeral.end
    match = _MORE.match(sentence, at)
    if (
        match is None
        or (numeral.form == "chinese" and match[0] in "来几")
        or (sentence[at : at + 2] in ("多个", "余个") and numeral.value < 10)
    ):
        return at, False, numeral
    scale = _SCALE_AFTER.match(sentence, match.end())
    if scale is None or match_unit(sentence, scale.end()) is None:
        return match.end(), True, numeral
    lifted = replace(numeral, scale=EXACT.multiply(numeral.scale, SCALES[scale[0]]), end=scale.end())
    return scale.end(), True, lifted


def _unit_at(sentence: str, at: int, numeral: Numeral) -> tuple[Unit, int]:
    if numeral.unit:
        return units()[numeral.unit], at
    if sentence[at : at + 1] == "级" and numeral.value >= 10**8:
        return units()["元"], at
    found = match_unit(sentence, at)
    if found is not None:
        return found
    if numeral.form == "ratio":
        return Unit("", "ratio", units()["倍"].factor, "1"), at
    return NO_UNIT, at


def _bare_allowed(sentence: str, numeral: Numeral, at: int) -> bool:
    """Numbers without a unit that are still figures: decimals of an index, 88乡镇 and the like are not."""
    if numeral.form != "arabic" or not numeral.decimals:
        return numeral.form == "arabic" and numeral.scale > 1 and sentence[at : at + 1] not in ("", "里")
    return at >= len(sentence) or sentence[at] in "，。；、）% "


def _han_allowed(sentence: str, numeral: Numeral, unit: Unit, more: bool) -> bool:
    text = numeral.text
    before = sentence[max(0, numeral.start - 2) : numeral.start]
    if (
        unit is NO_UNIT
        or unit.symbol.split("/")[0] not in words("han_units")
        or before.endswith(("第", "周", "星期"))
        or text[0] in "零〇"
    ):
        return False
    if text in ("百", "千", "万", "亿", "百亿", "千亿", "千万", "百万", "十亿", "万亿", "十万"):
        return _bare_scale_allowed(sentence, numeral, unit, more)
    if text == "一" and unit.symbol == "番":
        return True
    if text == "一":
        behind = sentence[numeral.end + len(unit.symbol) : numeral.end + len(unit.symbol) + 1]
        return (
            behind in ("，", "。", "；", "、", "）")
            and unit.is_count
            and before[-1:] not in ("", "，", "这", "那", "同", "每", "唯", "独", "的", "之")
        )
    if unit.symbol == "级":
        return numeral.value >= 2 and bool(_LEVELS.search(sentence[: numeral.start]))
    return _word_begins(sentence, numeral.start)


def _bare_scale_allowed(sentence: str, numeral: Numeral, unit: Unit, more: bool) -> bool:
    """百余家, 近万名, 亿元以上, 百亿级: a scale alone is a number only beside such words."""
    behind = sentence[numeral.end :][:6]
    near = sentence[max(0, numeral.start - 2) : numeral.start]
    if unit.dimension == "money":
        return bool(
            re.match(
                r"(?:元)?(?:级|以上|及以上|以下|左右|大关|的)|元[\u4e00-\u9fff]{0,2}(?:企业|项目|产业|工程)", behind
            )
        ) or near[-1:] in ("近", "超", "过", "破", "逾", "上", "约")
    return more or near[-1:] in ("近", "超", "过", "逾", "上", "约") or near == "突破"


def _word_begins(sentence: str, at: int) -> bool:
    return any(t.start == at for t in tokens_of(sentence))


def _qualifier(
    sentence: str, start: int, end: int, unit: Unit, more: bool, numeral: Numeral, low: Numeral | None
) -> tuple[str, int, bool]:
    """(qualifier, end with the words behind, whether the number is a condition of what follows: 亿元以上项目)."""
    behind = _BEHIND.match(sentence, end)
    condition = False
    qualifier = "more" if more else ""
    if behind is not None and (behind.lastgroup != "more" or not more):
        kind = behind.lastgroup or ""
        after = sentence[behind.end() : behind.end() + 1]
        condition = kind in ("at_least", "below", "level") and _modifies(sentence, behind.end(), after, unit)
        end = behind.end() if kind != "level" else end
        qualifier = qualifier if kind == "level" else kind
    if qualifier:
        return qualifier, end, condition
    before = sentence[max(0, start - _LOOK_BEHIND) : start]
    for kind, shape in _BEFORE:
        if shape.search(before):
            return kind, end, unit.dimension == "money" and _ITEM.match(sentence, end) is not None
    return ("range" if low is not None else "vague" if numeral.low is not None else ""), end, False


def _modifies(sentence: str, at: int, after: str, unit: Unit) -> bool:
    if not after or after in "，。；、）：！？”“":
        return False
    if unit.dimension in ("age", "money", "area", "power", "volume", "mass"):
        return True
    return after == "的" or not any(t.start == at and t.tag in ("v", "p", "c", "d") for t in tokens_of(sentence))


def _draft(
    sentence: str, numeral: Numeral, low: Numeral | None, unit: Unit, qualifier: str, start: int, end: int, unit_at: int
) -> Draft:
    lower, upper = bounds(numeral, unit, qualifier)
    value, number = numeral.value, numeral.number
    if low is not None:
        scale = numeral.scale if low.scale == 1 else low.scale
        value = EXACT.multiply(low.number, scale)
        lower, upper, number, qualifier = value, numeral.value, low.number, "range"
    scale_text = _scale_text(numeral)
    printed_after_more = qualifier == "more" or (numeral.form == "chinese" and numeral.scale > 1)
    if printed_after_more or (numeral.form == "arabic" and numeral.scale > 1 and not scale_text):
        number, scale_text = value, ""
    unit_text = scale_text + unit.symbol
    return Draft(
        start, end, number, unit_text, unit, unit.to_base(value), _to_base(unit, lower), _to_base(unit, upper),
        {"more": "at_least", "near": "below"}.get(qualifier, qualifier), exact=lower == upper,
    )  # fmt: skip


def _scale_text(numeral: Numeral) -> str:
    return next((name for name, scale in SCALES.items() if scale == numeral.scale and numeral.text.endswith(name)), "")


def _to_base(unit: Unit, value: Decimal | None) -> Decimal | None:
    return None if value is None else unit.to_base(value)


def _describe(sentence: str, draft: Draft, floor: int, condition: bool) -> None:
    """Fill in clause, marks, kind, what and subject."""
    cut = [m.end() for m in _CLAUSE.finditer(sentence, 0, draft.start)]
    clause_start = cut[-1] if cut else 0
    stop = _CLAUSE.search(sentence, draft.end)
    clause_end = stop.start() if stop else len(sentence)
    draft.clause = sentence[clause_start:clause_end]
    draft.before = sentence[clause_start : draft.start]
    near = sentence[max(clause_start, floor) : draft.start] if floor > clause_start else draft.before
    draft.marks = tuple(dict.fromkeys(_MARK.findall(near)))
    draft.subject, draft.what = split_phrase(near)
    noun = _noun_behind(sentence, draft)
    if noun and not (draft.what and draft.unit.dimension in ("money", "ratio", "points")):
        draft.subject, draft.what = (draft.subject or draft.what), noun
    draft.kind = "condition" if condition else _kind(sentence, draft, clause_start)
    if draft.kind == "rule" and draft.unit.dimension == "money" and "/" not in draft.unit_text:
        draft.unit_text += _per_piece(sentence, draft)


_DONE_TO = re.compile(r"(签约|落地|开工|竣工|投产|入选|获批|立项|入库)(?=[，。；、）]|$)")
"""What happened to all that is counted, behind its noun: 90个项目签约 counts 签约项目."""
_PRICE = re.compile(r"(?:保费|补贴|补助|补偿|缴费|租金)(?:为|是|各)?$")
_PER = re.compile(r"每一?([户人亩家名村头株吨])")


def _per_piece(sentence: str, draft: Draft) -> str:
    """ "/户" when the sentence sets a price per household (每户农房…保费20元) some words before the number."""
    per = list(_PER.finditer(sentence, 0, draft.start))
    if not per or not _PRICE.search(draft.before) or per[-1].end() > draft.start - len(draft.before):
        return ""
    return "/" + per[-1][1]


def _noun_behind(sentence: str, draft: Draft) -> str:
    if draft.unit.is_count:
        noun = noun_after(sentence, draft.end, draft.unit.base in ("人", "人次", "户次", "家次", "次"))
        done = _DONE_TO.match(sentence, sentence.find(noun, draft.end) + len(noun)) if noun else None
        return f"{done[1]}{noun}" if done else noun
    if sentence[draft.end : draft.end + 1] == "的":
        return noun_after(sentence, draft.end, True)
    return ""


def _kind(sentence: str, draft: Draft, clause_start: int) -> str:
    dimension = draft.unit.dimension
    if dimension in ("day", "month", "year", "time", "workday"):
        return _kind_of_time(draft)
    if dimension == "age":
        return "condition"
    if sentence[draft.end : draft.end + 1] == "级" and dimension == "money":
        return "target"
    foreseen = _foreseen(sentence, draft, clause_start)
    if foreseen:
        return foreseen
    base = _BASE_KINDS.get(dimension, "amount")
    if "/" in draft.unit.symbol or (base == "amount" and _RULE.search(draft.before)):
        return "rule"
    return base


def _kind_of_time(draft: Draft) -> str:
    if re.search(r"(?:近|过去|最近|连续)$", draft.before) or draft.unit.dimension == "year":
        draft.qualifier = draft.qualifier if draft.qualifier in ("range", "vague") else ""
        return "period"
    return "duration"


def _foreseen(sentence: str, draft: Draft, clause_start: int) -> str:
    """estimate or target when a word of expectation governs the number; names in 《》 or “” and words of completion do not count."""
    before = _QUOTED.sub("", sentence[: draft.start])
    since = max((m.end() for m in _DONE.finditer(before)), default=0)
    if _ESTIMATE.search(before[since:]):
        return "estimate"
    clause = _QUOTED.sub("", sentence[clause_start : draft.start])
    if _TARGET_SENTENCE.search(before[since:]) or (_TARGET.search(clause) and not _OF_TARGET.search(clause)):
        return "target"
    return ""
