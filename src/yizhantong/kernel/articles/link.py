"""Which figure does a stated number speak of? By its words, unit, period and place; never by its value.

Each figure is called by phrases. A phrase speaks for its figure by the words of it that stand with the number (in its own
noun phrase, its clause, the set that it sums, the clauses before it), and against it by those that are missing; words that
stand with the number and belong to other figures only speak against it too. The best figure is *certain* when nearly all
of its phrase is there and no other figure comes near; otherwise the candidates are named and nobody decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from yizhantong.foundation.text import Article, Claim
from yizhantong.foundation.text.units import kindred, same_measure
from yizhantong.kernel.articles.catalogue import Catalogue, Entry, tokens

COUNTED = ("count", "amount", "ratio", "estimate", "list")
MISSING = 1.4
FOREIGN = 0.7
ENOUGH = 0.72
MARGIN = 0.55


@dataclass(frozen=True, slots=True)
class Link:
    """The figure that a claim speaks of, ``certain`` or as the first of several ``candidates``; ``division`` when below the city."""

    code: str
    certain: bool
    candidates: tuple[str, ...]
    division: str | None
    coverage: float


@dataclass(frozen=True, slots=True)
class Context:
    """The words around a claim by their nearness: 1 in its own noun phrase, less the farther away."""

    near: dict[str, float]
    own: frozenset[str]


def link_claims(article: Article, known: Catalogue) -> dict[int, Link]:
    """Return the link of each claim that speaks of a figure, by the claim's index."""
    contexts = _contexts(article)
    found: dict[int, Link] = {}
    for claim in article.claims:
        if claim.kind not in COUNTED:
            continue
        division = _division(claim, known)
        if division == "elsewhere":
            continue
        link = _best(claim, contexts[claim.index], known, division)
        if link is not None:
            found[claim.index] = link
    return found


def _best(claim: Claim, context: Context, known: Catalogue, division: str | None) -> Link | None:
    ranked = sorted(
        ((*_rank(claim, context, entry, known), entry.code) for entry in known.entries if _comparable(claim, entry)),
        reverse=True,
    )
    ranked = [item for item in ranked if item[1] >= 0.5 and item[0] > 0]
    if not ranked:
        return None
    rank, coverage, code = ranked[0]
    runner_up = ranked[1][0] if len(ranked) > 1 else 0.0
    entry = next(item for item in known.entries if item.code == code)
    certain = coverage >= ENOUGH and rank - runner_up >= MARGIN and _period_fit(claim, entry) > -0.4
    candidates = tuple(item[2] for item in ranked[:3] if item[0] >= rank - 3 * MARGIN)
    return Link(code, certain, candidates, division, coverage)


def _comparable(claim: Claim, entry: Entry) -> bool:
    """Tell whether unit and period allow the claim to speak of the figure at all."""
    if not (same_measure(claim.measure, entry.unit) or kindred(claim.measure, entry.unit)):
        return False
    if claim.kind == "estimate" and not entry.estimate:
        return False
    return _period_fit(claim, entry) > -2


def _rank(claim: Claim, context: Context, entry: Entry, known: Catalogue) -> tuple[float, float]:
    """Return (rank, coverage) of the phrase of the figure that speaks loudest; coverage is the share of it that is there."""
    best = (float("-inf"), 0.0)
    for phrase in entry.phrases:
        there = sum(known.weight(word) * context.near.get(word, 0.0) for word in phrase)
        absent = sum(known.weight(word) for word in phrase if word not in context.near)
        whole = sum(known.weight(word) for word in phrase) or 1.0
        touched = any(word in context.own for word in phrase)
        if touched:
            best = max(best, (there - MISSING * absent, there / whole))
    foreign = sum(known.weight(word) for word in context.own if word not in entry.vocabulary)
    rank = best[0] - FOREIGN * foreign + _period_fit(claim, entry)
    rank += 0.3 if same_measure(claim.measure, entry.unit) else 0.0
    rank -= 1.0 if entry.estimate and claim.kind != "estimate" else 0.0
    return rank, best[1]


def _period_fit(claim: Claim, entry: Entry) -> float:
    """Return +0.6 for the same days, a little less than nothing for others that may be meant, -2 for what excludes it."""
    period = claim.period
    if period is None or period.end is None or period.kind in ("recent", "as_of", "day", "base", "plan"):
        return 0.0
    start, end = entry.period
    if (period.start, period.end) == (start, end):
        return 0.6
    if start is not None and (period.end < start or (period.start or period.end) > end):
        return -2.0
    whole_year = period.kind == "year" and period.start is not None and start is not None
    if whole_year and period.start == start:
        return 0.3
    if period.kind in ("half", "quarter", "months", "month", "year", "rolling"):
        return -0.8 if start is not None else -0.4
    return 0.0


def _division(claim: Claim, known: Catalogue) -> str | None:
    """Return the division's code, None for the city, or ``elsewhere`` for a place that the city does not manage."""
    scope = claim.scope
    if not scope or scope in known.places:
        return known.places.get(scope)
    for name, code in known.places.items():
        if scope.endswith(name) or (code is None and scope.startswith(name)):
            return code
    if re.fullmatch(r"(?:全|本|我)?[省国市县区]|.{2,}[省市县区]", scope) and scope not in ("全市", "本市", "我市"):
        return "elsewhere"
    return None


def _contexts(article: Article) -> dict[int, Context]:
    heads = _heads(article)
    sums = _counts_of_sums(article)
    by_sentence: dict[int, list[Claim]] = {}
    for claim in article.claims:
        by_sentence.setdefault(claim.sentence, []).append(claim)
    made: dict[int, Context] = {}
    for claim in article.claims:
        own = frozenset(tokens(claim.what))
        near = dict.fromkeys(own, 1.0)
        _add(near, claim.subject, 0.95)
        _add(near, claim.clause, 0.9)
        counted = sums.get(claim.index)
        if counted is not None:
            _add(near, article.claims[counted].what, 0.95)
        else:
            for earlier in _earlier(claim, by_sentence[claim.sentence]):
                _add(near, f"{earlier.subject} {earlier.what} {earlier.clause}", 0.7)
        _add(near, _before(article, claim), 0.6 if counted is None else 0.2)
        _add(near, heads[claim.paragraph], 0.4)
        if claim.period is not None:
            _add(near, claim.period.text, 0.9)
        made[claim.index] = Context(near, own or frozenset(tokens(claim.clause)))
    return made


def _add(near: dict[str, float], text: str, weight: float) -> None:
    for word in tokens(text):
        near[word] = max(near.get(word, 0.0), weight)


def _earlier(claim: Claim, sentence: Sequence[Claim]) -> list[Claim]:
    return [other for other in sentence if other.start < claim.start and other.kind in COUNTED][-1:]


def _before(article: Article, claim: Claim) -> str:
    """Return the words of the sentence before a claim, and those behind it up to the next sign."""
    text = article.sentences[claim.sentence].text
    behind = re.match(r"[^\W\d]{0,12}", text[claim.at[1] :])
    return text[max(0, claim.at[0] - 80) : claim.at[1]] + (behind[0] if behind else "")


def _counts_of_sums(article: Article) -> dict[int, int]:
    """Return, for each summed amount, the count of the set that it sums."""
    return {
        amount: group.count_claim
        for group in article.groups
        if group.count_claim is not None
        for _, amount in group.sum_claims
    }


def _heads(article: Article) -> dict[int, str]:
    """Return the headline above each paragraph."""
    heads: dict[int, str] = {}
    current = ""
    for paragraph in article.paragraphs:
        if paragraph.kind in ("title", "heading"):
            current = paragraph.text
        heads[paragraph.index] = current
    return heads
