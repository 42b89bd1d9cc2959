"""How Chinese sounds when typed: syllables without tones, with the sounds that many people do not tell apart made one.

zh/z, ch/c, sh/s and -ng/-n are one sound here (as in much of the country's north-east), ü is u.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any

MOST_LETTERS = 40
MOST_READINGS = 3
_JUNK = 3


def blurred(syllable: str) -> str:
    """Return a syllable with the sounds made one that people mix up: zhang → zan."""
    found = syllable.replace("v", "u")
    if found[:2] in ("zh", "ch", "sh"):
        found = found[0] + found[2:]
    return found[:-1] if found.endswith("ng") else found


@lru_cache(maxsize=32768)
def syllables_of(text: str) -> tuple[str, ...]:
    """Return one syllable for each character: Chinese as it sounds in its word, all others as they are."""
    from pypinyin import lazy_pinyin

    each: Any = list  # characters without a sound stand for themselves
    return tuple(lazy_pinyin(text, errors=each))


@lru_cache(maxsize=32768)
def pairs_of(text: str) -> tuple[str, ...]:
    """Return the tokens of neighbouring sounds of a text, ``~guohu`` for 过户, in order."""
    return pairs(syllables_of(text))


def pairs(syllables: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """Return the tokens of neighbouring syllables; of a single syllable its own."""
    soft = [blurred(item) for item in syllables]
    if len(soft) == 1:
        return (f"~{soft[0]}",)
    return tuple(f"~{one}{other}" for one, other in pairwise(soft))


def initials_of(text: str) -> str:
    """Return the first letters of a text's syllables: bdcgh for 不动产过户."""
    return "".join(item[0] for item in syllables_of(text) if item)


@lru_cache(maxsize=1)
def known_syllables() -> frozenset[str]:
    """Return all syllables of the standard language, without tones, ü as v and as u."""
    from pypinyin import lazy_pinyin

    common = "".join(map(chr, range(0x4E00, 0x9FA6)))
    found = {item for item in lazy_pinyin(list(common)) if item.isascii() and item.isalpha()}
    found -= {"m", "n", "ng", "hm", "hng"}
    return frozenset(found | {item.replace("v", "u") for item in found})


@lru_cache(maxsize=1)
def _beginnings() -> frozenset[str]:
    return frozenset(item[:size] for item in known_syllables() for size in range(1, len(item)))


@lru_cache(maxsize=4096)
def read(letters: str) -> tuple[tuple[str, ...], ...]:
    """Return the ways to read letters as syllables, best first, at most three; empty when it is no pinyin.

    Letters that fit nowhere (a slip of the finger) are left out when they are few; a beginning of a syllable may end it.
    """
    letters = letters[:MOST_LETTERS]
    exact = sorted(_exactly(letters), key=len)[:MOST_READINGS]
    if exact:
        return tuple(exact)
    found = _roughly(letters)
    junk = len(letters) - sum(map(len, found))
    hasty = any(len(piece) == 1 for piece in found[:-1])  # nearly any word can be read as a row of vowels
    return (found,) if found and junk * 4 <= len(letters) and not hasty else ()


def _exactly(letters: str) -> Iterator[tuple[str, ...]]:
    """Yield readings without a letter left over, at most sixteen."""
    known = known_syllables()
    stack: list[tuple[int, tuple[str, ...]]] = [(0, ())]
    yielded = 0
    steps = 0
    while stack and yielded < 16 and steps < 2000:
        steps += 1
        at, found = stack.pop()
        if at == len(letters):
            yielded += 1
            yield found
            continue
        for size in range(1, 7):
            piece = letters[at : at + size]
            if len(piece) == size and piece in known:
                stack.append((at + size, (*found, piece)))


def _roughly(letters: str) -> tuple[str, ...]:
    """Return the reading with the fewest letters left out, then the fewest syllables."""
    known, beginnings = known_syllables(), _beginnings()
    best: list[tuple[int, tuple[str, ...]]] = [(0, ())]
    for end in range(1, len(letters) + 1):
        options = [(best[end - 1][0] + _JUNK, best[end - 1][1])]
        for size in range(1, min(6, end) + 1):
            piece = letters[end - size : end]
            whole = piece in known or (end == len(letters) and piece in beginnings)
            if whole:
                cost, before = best[end - size]
                options.append((cost + 1, (*before, piece)))
        best.append(min(options, key=lambda option: option[0]))
    return best[-1][1]
