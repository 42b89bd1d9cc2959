"""The figures as an article may call them: words, units, periods, prepared once for a day.

Nothing here knows a value: linking goes by words, unit, period and place alone.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Literal

import rjieba

from yizhantong.foundation.text.units import Unit, per, units
from yizhantong.kernel.articles.places import Locator

PLAIN = frozenset(
    "到 比 将 把 对 为 被 从 的 了 等 和 与 及 在 是 为 其 中 数 个 项 家 件 各 全 共 已 所 上 下 一 有 人 额 量 率 次".split()
)
SCALES = {"万": 10_000, "亿": 100_000_000}
WORD = re.compile(r"(?![万亿]?[元吨个件人次]+$)[\u4e00-\u9fffA-Za-z]+")
THRESHOLD = re.compile(
    r"(?:[\d.]+|[一二三四五六七八九十百千]+)?[十百千万亿]*(?:元|[副正]?[国省市县]级|规模|人|亩|户|吨)以[上下内]"
)


@lru_cache(maxsize=8192)
def tokens(text: str) -> tuple[str, ...]:
    """Return the words of a text that carry meaning, each once, in their order; a threshold (亿元以上) is one word."""
    thresholds = [found[0].removeprefix("1").removeprefix("一") for found in THRESHOLD.finditer(text)]
    cut = rjieba.cut(THRESHOLD.sub(" ", text))
    words = [word for word in _with_sums(cut) if WORD.fullmatch(word) and word not in PLAIN]
    return tuple(dict.fromkeys([*thresholds, *words]))


def _with_sums(cut: Sequence[str]) -> Iterator[str]:
    """Yield the words with 额 joined to what it is an amount of: 签约额 is no 签约."""
    held = ""
    for word in cut:
        if word == "额" and held:
            held += word
            continue
        if held:
            yield held
        held = word
    if held:
        yield held


Form = Literal["total", "share", "average"]


@dataclass(frozen=True)
class Entry:
    """One figure as articles see it; ``period`` are the closed dates it covers on the day in question, open at the start."""

    code: str
    phrases: tuple[tuple[str, ...], ...]
    unit: Unit
    period: tuple[dt.date | None, dt.date]
    estimate: bool
    parent: str
    scale: Fraction
    """How many of the unit's base one stored unit is: from 分 to 元, from kilograms to tonnes."""
    form: Form = "total"
    to_date: bool = True
    """Whether its days end on the day in question wherever they begin: 累计, 今年以来, 活动开展以来."""
    campaign: bool = False
    family: str = ""
    """What is counted, whatever the period: figures of one family differ in their days alone. Empty for one by itself."""

    @property
    def zone(self) -> str:
        """Return the zone that declared the figure."""
        return self.code.partition(".")[0]

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Return all words by which the figure is called."""
        return frozenset(word for phrase in self.phrases for word in phrase)


@dataclass(frozen=True)
class Catalogue:
    """All figures that an article may speak of, with the weight of each word (rare words tell more), and the places known."""

    entries: tuple[Entry, ...]
    weights: Mapping[str, float]
    places: Mapping[str, str | None]
    """Name of a place to the division's code; None for the city itself."""

    @cached_property
    def by_code(self) -> dict[str, Entry]:
        """Return the figures by code."""
        return {entry.code: entry for entry in self.entries}

    @cached_property
    def locator(self) -> Locator:
        """Return what finds the places known in sentences."""
        return Locator(self.places, frozenset(self.weights))

    @cached_property
    def rivals(self) -> dict[str, frozenset[str]]:
        """Return, for each figure, the words that tell its parts and its siblings from it: 工业, 亿元以上, 国家级."""
        found: dict[str, set[str]] = {entry.code: set() for entry in self.entries}
        for entry in self.entries:
            for other in self.entries:
                if other.code != entry.code and other.parent and other.parent in (entry.code, entry.parent):
                    found[entry.code] |= other.vocabulary
        return {code: frozenset(words - self.by_code[code].vocabulary) for code, words in found.items()}

    @cached_property
    def zone_words(self) -> dict[str, frozenset[str]]:
        """Return all words by which the figures of a zone are called."""
        found: dict[str, set[str]] = {entry.zone: set() for entry in self.entries}
        for entry in self.entries:
            found[entry.zone] |= entry.vocabulary
        return {zone: frozenset(words) for zone, words in found.items()}

    def weight(self, word: str) -> float:
        """Return how much a word tells; a word that no figure is called by tells nothing."""
        return self.weights.get(word, 0.0)


def catalogue(entries: Iterable[Entry], places: Mapping[str, str | None]) -> Catalogue:
    """Return a catalogue; a word weighs by how few figures are called by it."""
    entries = tuple(entries)
    frequency = Counter(word for entry in entries for word in entry.vocabulary)
    total = len(entries) or 1
    weights = {word: 1.0 + math.log(total / count) / 2 for word, count in frequency.items()}
    return Catalogue(entries, weights, places)


def unit_called(symbol: str) -> Unit:
    """Return the unit of a figure as articles know it; an unknown measure word is a count of its own."""
    top, _, bottom = symbol.partition("/")
    return per(_simple(top), _simple(bottom)) if bottom else _simple(top)


def _simple(symbol: str) -> Unit:
    if symbol in units():
        return units()[symbol]
    scale = SCALES.get(symbol[:1])
    if scale and symbol[1:] in units():
        plain = units()[symbol[1:]]
        return Unit(symbol, plain.dimension, plain.factor * scale, plain.base)
    return Unit(symbol, "count", Fraction(1), symbol)
