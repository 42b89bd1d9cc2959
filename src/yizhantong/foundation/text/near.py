"""Sentences printed again with something changed: other words around the same numbers (a near repeat), or the same words around another number.

A sentence's words without its numbers are its skeleton, its numbers in order its signature. Both are looked up, so the work is linear. Dates belong to
the words: what was counted in May and in June is not the same thing.
"""

import re
from collections import defaultdict
from dataclasses import dataclass

from .layout import Paragraph, Sentence
from .repeats import Repeat

_NUMBER = re.compile(r"\d+(?:\.\d+)?(?![\d.]*[年月日时届])")
_INNER = re.compile(r"[^\u4e00-\u9fff0-9A-Za-z.%]")
MIN_WORDS = 18
"""Fewer characters without numbers are a phrase that anyone may use twice."""
MIN_NUMBERS = 3
ALIKE = 0.8
"""The share of character pairs that two sentences with equal numbers must have in common to be one sentence."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Two printings of one sentence that differ in a number: `[start, end)` of the differing numbers in the original."""

    first: tuple[int, int]
    second: tuple[int, int]
    words: str


@dataclass(frozen=True, slots=True)
class _Seen:
    paragraph: Paragraph
    sentence: Sentence
    text: str
    skeleton: str
    numbers: tuple[str, ...]
    places: tuple[tuple[int, int], ...]


def find_near(paragraphs: list[Paragraph], repeated: frozenset[int]) -> tuple[list[Repeat], list[Changed]]:
    """Near repeats, and numbers changed between two printings; sentences already known as `repeated` are left out."""
    by_tail: dict[str, list[_Seen]] = defaultdict(list)
    by_numbers: dict[tuple[str, ...], list[_Seen]] = defaultdict(list)
    repeats: list[Repeat] = []
    changed: list[Changed] = []
    for paragraph in paragraphs:
        if paragraph.kind not in ("body", "item"):
            continue
        for sentence in paragraph.sentences:
            if sentence.index in repeated:
                continue
            seen = _read(paragraph, sentence)
            if len(seen.skeleton) < MIN_WORDS or not seen.numbers:
                continue
            found = [c for e in by_tail[seen.skeleton[-10:]][:20] for c in _changes(e, seen)]
            changed.extend(found)
            twin = next((e for e in by_numbers[seen.numbers][:20] if _alike(e, seen)), None)
            if twin is not None and not found:
                repeats.append(_told(twin, seen))
            by_tail[seen.skeleton[-10:]].append(seen)
            by_numbers[seen.numbers].append(seen)
    return repeats, changed


def _read(paragraph: Paragraph, sentence: Sentence) -> _Seen:
    text = sentence.text
    found = list(_NUMBER.finditer(text))
    skeleton = _INNER.sub("", _NUMBER.sub("", text)).replace(".", "")
    return _Seen(
        paragraph, sentence, text, skeleton, tuple(m.group() for m in found), tuple((m.start(), m.end()) for m in found)
    )


def _changes(first: _Seen, second: _Seen) -> list[Changed]:
    """The numbers that differ between two sentences of the same words, the beginning of one perhaps missing: no more than half of them."""
    shorter, longer = sorted((first.skeleton, second.skeleton), key=len)
    if not longer.endswith(shorter):
        return []
    size = min(len(first.numbers), len(second.numbers))
    pairs = list(zip(range(-size, 0), first.numbers[-size:], second.numbers[-size:], strict=True))
    differ = [at for at, a, b in pairs if a != b]
    if not differ or len(differ) > max(1, size // 3) or (size == 1 and len(shorter) < 2 * MIN_WORDS):
        return []
    return [_change(first, second, at) for at in differ]


def _change(first: _Seen, second: _Seen, at: int) -> Changed:
    spans = []
    for seen in (first, second):
        start, end = seen.places[at]
        spans.append(seen.paragraph.span(seen.sentence.start + start, seen.sentence.start + end))
    start = second.places[at][0]
    return Changed(spans[0], spans[1], second.text[max(0, start - 12) : start])


def _alike(first: _Seen, second: _Seen) -> bool:
    enough = len(first.numbers) >= MIN_NUMBERS or sum(map(len, first.numbers)) >= 8
    if not enough or min(len(first.skeleton), len(second.skeleton)) < 0.6 * max(
        len(first.skeleton), len(second.skeleton)
    ):
        return False
    pairs = [{s[i : i + 2] for i in range(len(s) - 1)} for s in (first.skeleton, second.skeleton)]
    return len(pairs[0] & pairs[1]) >= ALIKE * min(map(len, pairs))


def _told(first: _Seen, second: _Seen) -> Repeat:
    spans = [s.paragraph.span(s.sentence.start, s.sentence.end) for s in (first, second)]
    told = f"这句话前面已经印过,只改了几个字,数字全同(“{second.text[:14]}…”)。"
    return Repeat("near", *spans[0], *spans[1], False, told)
