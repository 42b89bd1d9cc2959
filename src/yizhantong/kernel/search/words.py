"""Texts cut into what is indexed and asked for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

import rjieba

from yizhantong.kernel.search import sounds

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_OUT = re.compile(f"[^{HAN}a-z0-9]+")
_RUNS = re.compile(f"[{HAN}]+|[a-z0-9]+")
_IS_HAN = re.compile(f"[{HAN}]")

TITLE, WORDS, SUMMARY, BODY = 1, 2, 3, 4
BOOSTS = {TITLE: 3.0, WORDS: 2.4, SUMMARY: 1.2, BODY: 1.0}
MOST_BODY, MOST_PAIRED, MOST_TOKEN = 4000, 300, 32
SATURATION = 1.2
"""k of BM25: how soon saying a word again counts no more."""


def normal(text: str) -> str:
    """Return text as it is compared: width and case made one, all but Chinese characters, letters and digits a space."""
    return _OUT.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def runs(text: str) -> list[str]:
    """Return the runs of Chinese characters, and of letters and digits, of a normal text."""
    return _RUNS.findall(text)


def is_han(run: str) -> bool:
    """Tell whether a run is Chinese."""
    return bool(_IS_HAN.match(run))


@lru_cache(maxsize=32768)
def cut(run: str) -> tuple[str, ...]:
    """Return the words of a Chinese run, long ones and the shorter ones in them, of two characters or more."""
    return tuple(dict.fromkeys(word for word in rjieba.cut_for_search(run) if len(word) > 1))


def bigrams(run: str) -> list[str]:
    """Return the neighbouring characters of a run."""
    return [one + other for one, other in pairwise(run)]


def named(text: str) -> Iterator[tuple[str, float]]:
    """Yield the tokens of a title or name with what each is worth: words, characters, sounds, initials."""
    for run in runs(normal(text)):
        if not is_han(run):
            yield run[:MOST_TOKEN], 1.0
            continue
        for word in cut(run):
            yield word[:MOST_TOKEN], 1.0
            yield f"^{sounds.initials_of(word)}"[:MOST_TOKEN], 0.5
        for pair in bigrams(run):
            yield pair, 0.8
        for character in run:
            yield character, 0.3
        for token in sounds.pairs_of(run):
            yield token[:MOST_TOKEN], 0.8
        for syllable in sounds.syllables_of(run):
            yield f"~{sounds.blurred(syllable)}", 0.2
    letters = sounds.initials_of("".join(runs(normal(text))))
    if len(letters) > 1:
        yield f"^{letters}"[:MOST_TOKEN], 1.0


def told(text: str) -> Iterator[tuple[str, float]]:
    """Yield the tokens of a longer text: words, and near its beginning every two characters."""
    plain = normal(text[:MOST_BODY])
    for run in runs(plain):
        yield from ((word[:MOST_TOKEN], 1.0) for word in (cut(run) if is_han(run) else (run,)))
    for run in runs(plain[:MOST_PAIRED]):
        if is_han(run):
            yield from ((pair, 0.5) for pair in bigrams(run))


def tokens(title: str, words: str, summary: str, body: str) -> dict[str, tuple[int, float]]:
    """Return the tokens of an entry with the field that says most and the weight over all fields (below 1 each).

    A token's weight grows with how often and how prominently it stands, ever more slowly (BM25), and shrinks a little
    with the length of its field.
    """
    sums: dict[str, float] = {}
    fields: dict[str, int] = {}
    parts = ((TITLE, title, named), (WORDS, words, named), (SUMMARY, summary, told), (BODY, body, told))
    for field, text, cutting in parts:
        if not text:
            continue
        boost = BOOSTS[field] / (1 + len(text) / (40 if field in (TITLE, WORDS) else 1500))
        for token, worth in cutting(text):
            sums[token] = sums.get(token, 0.0) + boost * worth
            fields.setdefault(token, field)
    return {token: (fields[token], round(value / (value + SATURATION), 4)) for token, value in sums.items()}
