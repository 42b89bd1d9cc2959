"""What is asked for: a question turned into tokens, and the wordings by which answers are judged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from yizhantong.kernel.search import ranking, sounds, spoken, words

MOST_ASKED = 60
MOST_TOKENS = 120
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
MOST_VARIED = 12


class Why(StrEnum):
    """Why something was found."""

    TEXT = "text"
    SPOKEN = "spoken"
    PINYIN = "pinyin"
    SIMILAR = "similar"


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to say what is wanted: ``text`` in Chinese or letters, or only its ``sounds``; ``worth`` at most 1.

    ``said``: the spoken phrase of which this is the meaning.
    """

    text: str
    sounds: tuple[str, ...]
    worth: float
    why: Why
    said: str = ""


@dataclass(slots=True)
class Question:
    """A question as it is put to the index."""

    text: str
    tokens: dict[str, float] = field(default_factory=dict)
    wordings: list[Wording] = field(default_factory=list)

    def want(self, tokens: Iterable[str], boost: float) -> None:
        """Ask for tokens, each with the highest boost that it was asked for with."""
        for token in tokens:
            if len(self.tokens) < MOST_TOKENS or token in self.tokens:
                self.tokens[token[: words.MOST_TOKEN]] = max(boost, self.tokens.get(token[: words.MOST_TOKEN], 0.0))


def understood(asked: str, *, unfinished: bool = False) -> Question:
    """Return a question for what somebody typed; ``unfinished``: the last word may go on (suggestions)."""
    text = spoken.without_fillers(words.normal(asked[:MOST_ASKED]))
    question = Question(text)
    parts = words.runs(text)
    for run in parts:
        if words.is_han(run):
            _chinese(question, run)
        else:
            _letters(question, run, unfinished)
    joined = "".join(parts)
    if joined:
        question.wordings.append(Wording(joined, _sounds_of(parts), 1.0, Why.TEXT))
    _across(question, parts)
    _meant(question, text, parts)
    return question


def widened(question: Question) -> Question:
    """Return the question asked more tolerantly, for when it found little: slips of the finger, swapped characters."""
    wide = Question(question.text, dict(question.tokens), list(question.wordings))
    for run in words.runs(question.text):
        if words.is_han(run):
            wide.want(run, 0.25)
            for swapped in _swapped(run):
                wide.want(words.bigrams(swapped), 0.35)
                wide.wordings.append(Wording(swapped, (), 0.7, Why.SIMILAR))
        elif len(run) <= MOST_VARIED:
            _slips(wide, run)
    return wide


def _chinese(question: Question, run: str) -> None:
    if len(run) == 1:
        question.want([run], 1.0)
        question.want(sounds.pairs_of(run), 0.1)
        return
    question.want(words.cut(run), 1.0)
    question.want(words.bigrams(run), 0.9)
    question.want(sounds.pairs_of(run), 0.35)


def _letters(question: Question, run: str, unfinished: bool) -> None:
    question.want([run], 1.5)
    if not run.isalpha():
        return
    question.want([f"^{run}"], 1.5)
    for reading in sounds.read(run):
        question.want(sounds.pairs(reading), 0.9)
        question.wordings.append(Wording("", reading, 0.9, Why.PINYIN))
    question.wordings.append(Wording(f"^{run}", (), 0.9, Why.PINYIN))
    if len(run) > 1 or unfinished:
        longer = ranking.beginning_with(f"^{run}") if len(run) > 1 else []
        question.want(longer, 0.8)
        if unfinished:
            question.want(ranking.beginning_with(run), 0.8)
            question.want(_going_on(run), 0.6)


def _going_on(run: str) -> list[str]:
    """Return the tokens of sounds with which letters may go on: ``guoh`` → ``~guohu``."""
    found: list[str] = []
    for reading in sounds.read(run)[:1]:
        last = "".join(map(sounds.blurred, reading[-2:]))
        found += ranking.beginning_with(f"~{last}")
    return found


def _across(question: Question, parts: list[str]) -> None:
    """Ask for sounds across the runs of a question that mixes characters and pinyin: 买fang."""
    row = _sounds_of(parts)
    if len(parts) > 1 and row:
        question.want(sounds.pairs(row), 0.6)
        question.wordings.append(Wording("", row, 0.85, Why.PINYIN))


def _sounds_of(parts: list[str]) -> tuple[str, ...]:
    row: list[str] = []
    for run in parts:
        if words.is_han(run):
            row += sounds.syllables_of(run)
        else:
            readings = sounds.read(run) if run.isalpha() else ()
            if not readings:
                return ()
            row += readings[0]
    return tuple(row)


def _meant(question: Question, text: str, parts: list[str]) -> None:
    """Ask for what spoken words mean: those that were typed, else those that it sounds like."""
    said = spoken.said_in(text)
    known = spoken.spoken().meanings
    for phrase in said:
        whole = len(phrase) / max(len(text), 1)
        for position, meaning in enumerate(known[phrase]):
            _mean(question, meaning, phrase, 0.95 - 0.1 * min(position, 4) - 0.3 * (1 - whole))
    if said:
        return
    readings = sounds.read(parts[0]) if len(parts) == 1 and not words.is_han(parts[0]) else (_sounds_of(parts),)
    typed_letters = any(not words.is_han(run) for run in parts)
    for row in readings:
        for phrase in spoken.heard_in(row):
            for position, meaning in enumerate(known[phrase]):
                _mean(question, meaning, phrase, (0.85 if typed_letters else 0.6) - 0.1 * min(position, 4))


def _mean(question: Question, meaning: str, phrase: str, worth: float) -> None:
    plain = words.normal(meaning)
    for run in words.runs(plain):
        if words.is_han(run):
            question.want(words.cut(run), 0.8 * worth)
            question.want(words.bigrams(run), 0.7 * worth)
        else:
            question.want([run], 0.8 * worth)
    question.wordings.append(Wording(plain.replace(" ", ""), (), worth, Why.SPOKEN, phrase))


def _swapped(run: str) -> list[str]:
    """Return a run with two neighbouring characters changed about, once for each pair."""
    places = range(min(len(run), MOST_VARIED) - 1)
    return [run[:at] + run[at + 1] + run[at] + run[at + 2 :] for at in places if run[at] != run[at + 1]]


def _slips(question: Question, run: str) -> None:
    """Ask for Latin words and pinyin that are one slip away and stand in the index."""
    variants = _variants(run)
    latin = [word for word, count in ranking.frequencies(variants).items() if count]
    question.want(latin[:10], 0.8)
    question.wordings += [Wording(word, (), 0.75, Why.SIMILAR) for word in latin[:10]]
    if not run.isalpha():
        return
    tokens: dict[str, tuple[str, ...]] = {}
    for variant in variants:
        for reading in sounds.read(variant)[:1]:
            if 2 <= len(reading) <= 4 and "".join(reading) == variant:
                for token in sounds.pairs(reading):
                    tokens.setdefault(token, reading)
    there = [token for token, count in ranking.frequencies(list(tokens)[:400]).items() if count]
    for token in there[:40]:
        question.want([token], 0.5)
        question.wordings.append(Wording("", tokens[token], 0.65, Why.SIMILAR))


def _variants(run: str) -> list[str]:
    """Return all that is one slip away: a letter too many, too few, wrong, or two changed about."""
    splits = [(run[:at], run[at:]) for at in range(len(run) + 1)]
    found = [before + after[1:] for before, after in splits if after]
    found += [before + after[1] + after[0] + after[2:] for before, after in splits if len(after) > 1]
    found += [before + letter + after for before, after in splits for letter in _LETTERS]
    found += [before + letter + after[1:] for before, after in splits if after for letter in _LETTERS]
    return [item for item in dict.fromkeys(found) if item != run and len(item) > 1]
