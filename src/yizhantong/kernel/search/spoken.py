"""Spoken words: ``spoken.toml`` of this room, and ``search.toml`` of the city's folder."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from yizhantong.kernel.divisions import city
from yizhantong.kernel.search import sounds, words


@dataclass(frozen=True, slots=True)
class Spoken:
    """What people say and what is meant: by the words themselves, and by how they sound."""

    meanings: dict[str, tuple[str, ...]]
    by_sound: dict[tuple[str, ...], tuple[str, ...]]
    fillers: tuple[str, ...]


@lru_cache(maxsize=1)
def spoken() -> Spoken:
    """Return all spoken words, those of the city added; read once."""
    own: dict[str, Any] = tomllib.loads(Path(__file__).with_name("spoken.toml").read_text(encoding="utf-8"))
    added = city.settings_of("search.toml") if city.folder().joinpath("search.toml").is_file() else {}
    meanings: dict[str, dict[str, None]] = {}
    for source in (added, own):
        for meant, said in source.get("terms", {}).items():
            for phrase in said:
                meanings.setdefault(words.normal(phrase), {})[meant] = None
    by_sound: dict[tuple[str, ...], dict[str, None]] = {}
    for phrase in meanings:
        if len(phrase) > 1 and words.is_han(phrase):
            key = tuple(sounds.blurred(item) for item in sounds.syllables_of(phrase))
            by_sound.setdefault(key, {})[phrase] = None
    fillers = sorted({*own["fillers"], *added.get("fillers", ())}, key=len, reverse=True)
    return Spoken(
        {phrase: tuple(found) for phrase, found in meanings.items()},
        {key: tuple(found) for key, found in by_sound.items()},
        tuple(fillers),
    )


def said_in(text: str) -> list[str]:
    """Return the spoken phrases that stand in a normal text, the longest first; what lies within a longer one is left out."""
    found: list[tuple[int, int]] = []
    for size in range(min(len(text), 12), 0, -1):
        for start in range(len(text) - size + 1):
            inside = any(begin <= start and start + size <= end for begin, end in found)
            if not inside and text[start : start + size] in spoken().meanings:
                found.append((start, start + size))
    return list(dict.fromkeys(text[begin:end] for begin, end in found))


def heard_in(syllables: tuple[str, ...]) -> list[str]:
    """Return the spoken phrases that sound in a row of syllables, the longest first; single sounds say too little."""
    soft = tuple(sounds.blurred(item) for item in syllables)
    found: list[str] = []
    taken: list[tuple[int, int]] = []
    for size in range(min(len(soft), 12), 1, -1):
        for start in range(len(soft) - size + 1):
            inside = any(begin <= start and start + size <= end for begin, end in taken)
            if not inside and (phrases := spoken().by_sound.get(soft[start : start + size])):
                found += phrases
                taken.append((start, start + size))
    return list(dict.fromkeys(found))


def without_fillers(text: str) -> str:
    """Return a normal text without the words that only ask; all of it when nothing would remain.

    Words of ``spoken.toml`` are kept whole: 要地 is land for a factory, though 要 alone only asks.
    """
    kept = text
    masks: dict[str, str] = {}
    for position, phrase in enumerate(said_in(text)):
        mask = chr(0xE000 + position)
        masks[mask] = phrase
        kept = kept.replace(phrase, mask)
    for filler in spoken().fillers:
        kept = kept.replace(filler, " ")
    for mask, phrase in masks.items():
        kept = kept.replace(mask, phrase)
    kept = " ".join(kept.split())
    return kept or text
