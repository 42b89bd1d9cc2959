"""Which figure does a stated number speak of? By its words, unit, period and place; never by its value.

Each figure is called by phrases. A phrase speaks for its figure by the words of it that stand with the number (in its own
noun phrase, its clause, the set that it sums, the clauses before it), and against it by those that are missing; words that
stand with the number and do not belong to the figure (外资, 建筑, 离退休) speak against it too. The best figure is *certain*
when nearly all of its phrase is there, hardly a word is left unexplained, no other figure comes near, and place and period
are those of the figure or can be asked for; otherwise the candidates are named and nobody decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from yizhantong.foundation.text import Article, Claim
from yizhantong.foundation.text.units import kindred, same_measure
from yizhantong.kernel.articles.catalogue import Catalogue, Entry
from yizhantong.kernel.articles.context import COUNTED, HARMLESS, Context, contexts
from yizhantong.kernel.articles.places import Reach, Where
from yizhantong.kernel.articles.times import Days, Fit, fit, fit_of_family

MISSING = 1.4
OWN_CLAUSE = 0.9
FAR = 0.6
ABOUT_AS_LOUD = 1.0
MISTAKEN_MEAN = 4.0
SORTS = frozenset("种 类 项 级".split())
FOREIGN = 0.7
STRANGE = 1.5
ENOUGH = 0.72
MARGIN = 0.55
UNEXPLAINED = 0.4
WORTH_NAMING = 0.5

CHANGE = re.compile(
    r"(?:同比|环比|较|比)[^，。；]{0,14}(?:增|减|多|少|升|降|提高|下滑|上涨)[^，。；至到]{0,4}$|"
    r"(?:增长|增加|增幅|涨幅|下降|减少|降幅|提高|提升|压缩|净增|上升|上涨|多|少)了?(?:约|近|超过?|逾)?$"
)
AHEAD = re.compile(r"力争|计划|目标|拟|争取|确保|将|预计|有望|任务|明年|下半年|下一步")
EACH = re.compile(r"每|均|平均")
ONE_THING = re.compile(r"(?:元|吨|亩|平方米|公里)的[^，。；、]{2,40}?(?:项目|工程|基地|公司|集团|园区?)(?!\d)")


@dataclass(frozen=True, slots=True)
class Link:
    """The figure that a claim speaks of, ``certain`` or as the first of several ``candidates``; ``division`` when below the city.

    ``days`` are those to ask for when they are not the figure's own. ``loose``: the article's days may be others than the
    figure's, so that only agreement can be told.
    """

    code: str
    certain: bool
    candidates: tuple[str, ...]
    division: str | None
    coverage: float
    days: Days | None = None
    loose: bool = False


@dataclass(frozen=True, slots=True)
class _Ranked:
    rank: float
    code: str
    coverage: float
    explained: bool
    fit: Fit


def link_claims(article: Article, known: Catalogue) -> dict[int, Link]:
    """Return the link of each claim that speaks of a figure, by the claim's index."""
    around = contexts(article, known.locator)
    found: dict[int, Link] = {}
    first: dict[tuple[str, tuple[int, int]], int] = {}
    for claim in article.claims:
        if claim.kind not in COUNTED or _is_change(article, claim):
            continue
        printed = first.setdefault((article.sentences[claim.sentence].text, claim.at), claim.index)
        if claim.repeated and printed in found:
            found[claim.index] = found[printed]
            continue
        ranked = _ranked(article, claim, around[claim.index], known)
        if not ranked:
            continue
        place = known.locator.where(article, claim)
        if place.reach is not Reach.ELSEWHERE:
            found[claim.index] = _link(ranked, place, doubtful=_is_doubtful(article, claim, known, ranked[0]))
    return found


def _ranked(article: Article, claim: Claim, context: Context, known: Catalogue) -> list[_Ranked]:
    """Return the figures that the claim may speak of, the best first; of a family only the one of the claim's period."""
    means = EACH.search(_clause_before(article, claim)) is not None
    ranked: list[_Ranked] = []
    for entry in known.entries:
        if context.own & entry.vocabulary and _comparable(claim, entry):
            found = _rank(claim, context, entry, known, fit(article, claim, entry), means=means)
            if found.coverage >= WORTH_NAMING and found.rank > 0:
                ranked.append(found)
    ranked.sort(key=lambda item: (-item.rank, item.code))
    return _one_of_each_family(ranked, article, claim, known)


def _one_of_each_family(ranked: list[_Ranked], article: Article, claim: Claim, known: Catalogue) -> list[_Ranked]:
    """Figures that differ in their days alone are told apart by the period alone."""
    chosen: list[_Ranked] = []
    seen: set[str] = set()
    for item in ranked:
        family = known.by_code[item.code].family
        if family and family in seen:
            continue
        seen.add(family)
        members = [entry for entry in known.entries if family and entry.family == family]
        if len(members) > 1:
            fits = {entry.code: fit_of_family(article, claim, entry) for entry in members}
            code = max(fits, key=lambda code: (fits[code].rank, not fits[code].loose, code == item.code))
            item = replace(item, code=code, fit=fits[code])
        chosen.append(item)
    return chosen


def _link(ranked: list[_Ranked], place: Where, *, doubtful: bool) -> Link:
    best = ranked[0]
    runner_up = ranked[1].rank if len(ranked) > 1 else 0.0
    clear = best.coverage >= ENOUGH and best.explained and best.rank - runner_up >= MARGIN
    certain = clear and best.fit.certain and place.reach is Reach.KNOWN and not doubtful
    candidates = tuple(item.code for item in ranked[:3] if item.rank >= best.rank - 3 * MARGIN)
    return Link(best.code, certain, candidates, place.division, best.coverage, best.fit.days, best.fit.loose)


def _comparable(claim: Claim, entry: Entry) -> bool:
    """Tell whether the unit allows the claim to speak of the figure at all."""
    if claim.kind == "list":
        return entry.unit.is_count and entry.form == "total" and ("在内" in claim.phrase or entry.unit.base in SORTS)
    if not (same_measure(claim.measure, entry.unit) or kindred(claim.measure, entry.unit)):
        return False
    return claim.kind != "estimate" or entry.estimate


def _rank(claim: Claim, context: Context, entry: Entry, known: Catalogue, fit: Fit, *, means: bool) -> _Ranked:
    """Rank a figure by the phrase of it that speaks loudest; coverage is the share of that phrase that is there.

    Words in the number's own clause speak in full, those further off only a little, and absent ones against it.
    """
    heard = [_hear(phrase, context, known) for phrase in entry.phrases if any(word in context.own for word in phrase)]
    loudest = max(loud for loud, _ in heard)
    coverage = max(share for loud, share in heard if loud >= loudest - ABOUT_AS_LOUD)
    foreign = sum(known.weight(word) for word in context.own if word not in entry.vocabulary)
    rank = loudest - FOREIGN * foreign + fit.rank
    rank += 0.3 if same_measure(claim.measure, entry.unit) else 0.0
    rank -= 1.0 if entry.estimate and claim.kind != "estimate" else 0.0
    if claim.kind != "ratio" and (entry.form == "average") != means:
        rank -= MISTAKEN_MEAN if claim.kind != "rule" or means else 0.0 if entry.form == "average" else 1.0
    explained = _explains(context, entry, known, strict=claim.kind != "list")
    return _Ranked(rank, entry.code, coverage, explained, fit)


def _hear(phrase: tuple[str, ...], context: Context, known: Catalogue) -> tuple[float, float]:
    """Return how loud a phrase speaks and what share of it is there; a phrase that is the whole noun phrase is louder."""
    weighed = [(known.weight(word), context.near.get(word, 0.0)) for word in phrase]
    loud = sum(weight * _loudness(near) for weight, near in weighed)
    whole = sum(weight for weight, _ in weighed) or 1.0
    exact = 1.0 if context.own == frozenset(phrase) else 0.0
    return loud + exact, sum(weight * near for weight, near in weighed) / whole


def _loudness(near: float) -> float:
    if near >= OWN_CLAUSE:
        return near
    return near - FAR if near else -MISSING


def _explains(context: Context, entry: Entry, known: Catalogue, *, strict: bool) -> bool:
    """Tell whether the figure accounts for the words that stand with the number.

    A word that no figure is called by (外资, 建筑) or that tells a part or sibling from it narrows what is counted, and nobody
    knows how; words of other figures may be said in passing, as long as they are few.
    """
    rivals = known.rivals[entry.code]
    neighbours = known.zone_words[entry.zone]
    told, strange = 0.0, 0.0
    if context.among - entry.vocabulary or context.behind & rivals:
        return False
    for word in context.own | context.bound:
        if word in entry.vocabulary:
            told += known.weight(word)
        elif word in HARMLESS or word in known.places:
            continue
        elif word in rivals or (strict and word not in known.weights and word in context.narrowing):
            return False
        elif word not in neighbours or word not in context.passing:
            strange += max(known.weight(word), STRANGE) * (1.0 if word in context.own else 0.5)
    return strange <= UNEXPLAINED * told


def _is_change(article: Article, claim: Claim) -> bool:
    """Tell whether the number says by how much something changed, not how much it is (增加20个, 同比增长12%)."""
    return CHANGE.search(_clause_before(article, claim)) is not None


def _is_doubtful(article: Article, claim: Claim, known: Catalogue, best: _Ranked) -> bool:
    """Tell whether the number may be a plan or of one thing only."""
    before, entry = _clause_before(article, claim), known.by_code[best.code]
    plan = AHEAD.search(before)
    if plan and not entry.estimate and not any(plan[0] in word for word in entry.vocabulary):
        return True
    sentence = article.sentences[claim.sentence].text
    return claim.kind == "amount" and ONE_THING.match(sentence, max(0, claim.at[1] - 1)) is not None


def _clause_before(article: Article, claim: Claim) -> str:
    text = article.sentences[claim.sentence].text[: claim.at[0]]
    return re.split("[，。；：！？]", text)[-1]
