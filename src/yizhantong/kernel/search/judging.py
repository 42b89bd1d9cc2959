"""Judging the candidates: how well does a title say what was asked for, in any of its wordings?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from yizhantong.kernel.search import sounds, words
from yizhantong.kernel.search.asking import Question, Why, Wording
from yizhantong.kernel.search.models import Entry

SOUND = 0.8
"""What a title is worth that only sounds like what was typed."""
ALIAS = 0.92
"""What a match with a further name is worth beside one with the title."""
IN_TEXT = 0.45


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate with its score, how well its names fit (``sense``, 0 to 1), and the wording that fits best."""

    entry: Entry
    score: float
    sense: float
    wording: Wording


@dataclass(frozen=True, slots=True)
class _Name:
    """A title or further name as it is compared."""

    plain: str
    pairs: frozenset[str]
    sounds: tuple[str, ...]
    initials: str


def judge(question: Question, entry: Entry, found: float) -> Judged:
    """Judge one candidate; ``found`` is its sum in the index beside the best one's (0 to 1)."""
    best, sense = question.wordings[0], 0.0
    for wording in question.wordings:
        worth = wording.worth * _fit(wording, entry)
        if worth > sense:
            best, sense = wording, worth
    if best.why is Why.TEXT and best.text and not _shares_text(best.text, entry):
        best = Wording(best.text, best.sounds, best.worth, Why.PINYIN if _is_letters(best.text) else Why.SIMILAR)
    score = (0.4 * found + sense) * (0.75 + 0.25 * min(max(entry.weight, 0.0), 4.0))
    return Judged(entry, score, sense, best)


def _fit(wording: Wording, entry: Entry) -> float:
    title = _name(entry.title)
    fit = _fits(wording, title)
    for alias in entry.words.split():
        fit = max(fit, ALIAS * _fits(wording, _name(alias)))
    if wording.text and fit < IN_TEXT and wording.text in words.normal(entry.summary).replace(" ", ""):
        fit = max(fit, IN_TEXT)
    return fit


def _fits(wording: Wording, name: _Name) -> float:
    """Return how well a name fits a wording: what of the wording it covers, and what of the name that is."""
    if wording.text.startswith("^"):
        return _as_initials(wording.text[1:], name)
    by_text = _by_text(wording.text, name.plain) if wording.text else 0.0
    typed_one = len(wording.text) == 1  # too many characters share one sound
    by_sound = SOUND * _by_sound(wording.sounds, name) if wording.sounds and not typed_one else 0.0
    return max(by_text, by_sound if wording.text else by_sound / SOUND)


def _by_text(text: str, plain: str) -> float:
    if text == plain:
        return 1.0
    pieces = words.bigrams(text) or [text]
    covered = sum(piece in plain for piece in pieces) / len(pieces)
    return _weighed(covered, text in plain, plain.startswith(text), len(text), len(plain))


def _by_sound(row: tuple[str, ...], name: _Name) -> float:
    if len(row) == 1:
        return 0.6 if sounds.blurred(row[0]) in name.sounds else 0.0
    pairs = sounds.pairs(row)
    covered = sum(pair in name.pairs for pair in pairs) / len(pairs)
    soft = tuple(map(sounds.blurred, row))
    if soft == name.sounds:
        return 1.0
    return _weighed(covered, covered == 1.0, soft == name.sounds[: len(soft)], len(row), len(name.sounds))


def _as_initials(letters: str, name: _Name) -> float:
    if len(letters) < 2 or letters not in name.initials:
        return 0.0
    return _weighed(1.0, True, name.initials.startswith(letters), len(letters), len(name.initials))


def _weighed(covered: float, whole: bool, at_start: bool, asked: int, length: int) -> float:
    alike = min(asked, length) / max(asked, length, 1)
    return 0.55 * covered + 0.2 * whole + 0.05 * at_start + 0.15 * covered * alike


@lru_cache(maxsize=32768)
def _name(text: str) -> _Name:
    plain = words.normal(text).replace(" ", "")
    row = sounds.syllables_of(plain)
    soft = tuple(map(sounds.blurred, row))
    return _Name(plain, frozenset(sounds.pairs(row)) if row else frozenset(), soft, sounds.initials_of(plain))


def _shares_text(text: str, entry: Entry) -> bool:
    names = words.normal(f"{entry.title} {entry.words} {entry.summary}")
    return any(piece in names for piece in (words.bigrams(text) or [text]))


def _is_letters(text: str) -> bool:
    return text.isascii()


def marked(judged: Judged) -> tuple[tuple[str, bool], ...]:
    """Return the title in pieces, each with whether it is what was asked for."""
    title, wording = judged.entry.title, judged.wording
    hit = [False] * len(title)
    low = title.casefold()
    if len(low) == len(title):
        for piece in words.bigrams(wording.text) or [wording.text]:
            _mark_all(hit, low, piece)
    whole = bool(wording.text) and wording.text in _name(title).plain
    if not whole and wording.sounds and len(sounds.syllables_of(title)) == len(title):
        wanted = set(sounds.pairs(wording.sounds))
        row = sounds.syllables_of(title)
        for at in range(len(title) - 1):
            if f"~{sounds.blurred(row[at])}{sounds.blurred(row[at + 1])}" in wanted:
                hit[at] = hit[at + 1] = True
    return _pieces(title, hit)


def _mark_all(hit: list[bool], text: str, piece: str) -> None:
    at = text.find(piece) if piece else -1
    while at >= 0:
        hit[at : at + len(piece)] = [True] * len(piece)
        at = text.find(piece, at + 1)


def _pieces(title: str, hit: list[bool]) -> tuple[tuple[str, bool], ...]:
    pieces: list[tuple[str, bool]] = []
    for character, on in zip(title, hit, strict=True):
        if pieces and pieces[-1][1] == on:
            pieces[-1] = (pieces[-1][0] + character, on)
        else:
            pieces.append((character, on))
    return tuple(pieces)


def meant(question: Question, best: Judged) -> str:
    """Return how the question was probably meant to be written: the part of the best title that sounds, or reads, like it.

    Empty when the question was right as it stands, or was understood by a spoken word.
    """
    text = question.text.replace(" ", "")
    if best.wording.why is Why.SPOKEN or text in words.normal(f"{best.entry.title} {best.entry.words}").replace(
        " ", ""
    ):
        return ""
    if not words.is_han(text[:1]):
        return best.entry.title if best.wording.why is Why.SIMILAR else ""
    title = words.normal(best.entry.title).replace(" ", "")
    asked, named = (tuple(map(sounds.blurred, sounds.syllables_of(item))) for item in (text, title))
    start, length = _longest_shared(asked, named)
    if length >= 2 and length * 2 > len(asked) and title[start : start + length] not in text:
        return title[start : start + length]
    return title if sorted(text) == sorted(title) and text != title else _unswapped(text, title)


def _longest_shared(asked: tuple[str, ...], named: tuple[str, ...]) -> tuple[int, int]:
    """Return where in ``named`` the longest run of sounds begins that ``asked`` has too, and how long it is."""
    best = (0, 0)
    for start in range(len(named)):
        for begin in range(len(asked)):
            size = 0
            while (
                start + size < len(named) and begin + size < len(asked) and named[start + size] == asked[begin + size]
            ):
                size += 1
            best = (start, size) if size > best[1] else best
    return best


def _unswapped(text: str, title: str) -> str:
    """Return the part of the title that has the same characters as the question in another order."""
    size = len(text)
    parts = (title[at : at + size] for at in range(len(title) - size + 1))
    return next((part for part in parts if sorted(part) == sorted(text) and part != text), "")
