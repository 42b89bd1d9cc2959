"""The one door to the index: hits, what was probably meant, suggestions as one types."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from yizhantong.kernel.access import policy
from yizhantong.kernel.search import judging, ranking, spoken, words
from yizhantong.kernel.search.asking import Question, Why, understood, widened
from yizhantong.kernel.search.models import Entry

GOOD = 0.5
"""A best answer below this is a reason to ask again more tolerantly."""
LEAST_WHEN_WIDE = 0.3
"""An answer to the more tolerant question must make at least so much sense: slips can be read into anything."""
LEAST_OF_BEST = 0.3
"""What is judged below this part of the best is not shown."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer. ``marked``: the title in pieces, each with whether it matches; ``said``: the spoken phrase it answers."""

    entry: Entry
    score: float
    marked: tuple[tuple[str, bool], ...]
    why: Why
    said: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """All of an answer: hits, and (empty if none) how the question was probably meant to be written."""

    asked: str
    hits: list[Hit]
    meant: str

    def by_kind(self) -> list[tuple[str, list[Hit]]]:
        """Return the hits by kind, kinds in the order of their best hit."""
        groups: dict[str, list[Hit]] = {}
        for hit in self.hits:
            groups.setdefault(hit.entry.kind, []).append(hit)
        return list(groups.items())


def search(
    text: str, *, account: policy.Account | None = None, kinds: Iterable[str] | None = None, limit: int = 20
) -> list[Hit]:
    """Return what was asked for, best first: what is public, and what ``account`` may see besides."""
    return look(text, account=account, kinds=kinds, limit=limit).hits


def look(
    text: str, *, account: policy.Account | None = None, kinds: Iterable[str] | None = None, limit: int = 20
) -> Found:
    """Return hits with what was probably meant; nothing for a question without words. Never an error."""
    kept = list(kinds or ())
    question = understood(text)
    if not question.text:
        return Found(text, [], "")
    judged = _answers(question, account, kept)
    if not judged or judged[0].sense < GOOD:
        wide = _answers(widened(question), account, kept)
        judged = [item for item in wide if item.sense >= LEAST_WHEN_WIDE] or judged
    hits = _hits(judged[:limit])
    return Found(text, hits, judging.meant(question, judged[0]) if judged else "")


def suggest(text: str, *, account: policy.Account | None = None, limit: int = 8) -> list[Hit]:
    """Return what an unfinished question may be about, best first."""
    question = understood(text, unfinished=True)
    if not question.text:
        return []
    for phrase in begun(question.text, 3):
        question.wordings += understood(phrase).wordings[1:]
        question.want((token for token in understood(phrase).tokens if not token.startswith("~")), 0.6)
    return _hits(_answers(question, account, [])[:limit])


def begun(text: str, most: int) -> list[str]:
    """Return spoken phrases that begin with a text of at least one Chinese character, the shortest first."""
    if not words.is_han(text[:1]):
        return []
    found = [phrase for phrase in spoken.spoken().meanings if phrase.startswith(text) and phrase != text]
    return sorted(found, key=lambda phrase: (len(phrase), phrase))[:most]


def _answers(question: Question, account: policy.Account | None, kinds: list[str]) -> list[judging.Judged]:
    scores = ranking.candidates(question.tokens, account, kinds)
    if not scores:
        return []
    most = max(scores.values())
    entries = Entry.objects.in_bulk(list(scores))
    judged = [judging.judge(question, entries[pk], score / most) for pk, score in scores.items() if pk in entries]
    judged.sort(key=lambda item: (-item.score, len(item.entry.title), item.entry.kind, item.entry.key))
    return [item for item in judged if item.score >= LEAST_OF_BEST * judged[0].score]


def _hits(judged: list[judging.Judged]) -> list[Hit]:
    return [
        Hit(item.entry, round(item.score, 4), judging.marked(item), item.wording.why, item.wording.said)
        for item in judged
    ]
