"""What is printed twice: paragraphs, sentences, words.

Sentences of a dozen characters or more that occur again, whole or with their beginning cut off, are gathered into runs; a run that covers a
whole paragraph is a repeated paragraph. Headings, by-lines and table rows repeat by nature and are left out.
"""

import re
from collections import defaultdict
from dataclasses import dataclass

import rjieba

from .layout import Paragraph, Sentence
from .vocabulary import words

MIN_SENTENCE = 12
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_WORD = re.compile(r"([\u4e00-\u9fff]{2,6})\1")
_INNER = re.compile(r"[^\u4e00-\u9fff0-9A-Za-z]")
_DOUBLE_FUNCTION = frozenset("的了和与将把在是为对被从及")


@dataclass(frozen=True, slots=True)
class Repeat:
    """Text printed twice. `kind`: paragraph, sentence, near, word. `[start, end)` is the second printing, `[first_start, first_end)` the first;
    `cut` says that the beginning of the second is missing. A repeated word has both printings side by side."""

    kind: str
    first_start: int
    first_end: int
    start: int
    end: int
    cut: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class _Twin:
    first: Sentence
    second: Sentence
    cut: bool


def find_repeats(paragraphs: list[Paragraph]) -> tuple[list[Repeat], frozenset[int]]:
    """The repeats, and the indices of the sentences that are only second printings."""
    twins = _twins(paragraphs)
    found = _runs(paragraphs, twins)
    for paragraph in paragraphs:
        found.extend(_repeated_words(paragraph))
    return sorted(found, key=lambda r: r.start), frozenset(t.second.index for t in twins)


def _twins(paragraphs: list[Paragraph]) -> list[_Twin]:
    """Sentences that occur before, exactly or as the tail of an earlier one. Linear: tails are looked up by their last 12 characters."""
    seen: dict[str, Sentence] = {}
    by_tail: dict[str, list[tuple[str, Sentence]]] = defaultdict(list)
    twins: list[_Twin] = []
    for paragraph in paragraphs:
        if paragraph.kind not in ("body", "item", "caption"):
            continue
        for sentence in paragraph.sentences:
            key = _INNER.sub("", sentence.text)
            if len(key) < MIN_SENTENCE:
                continue
            first = seen.get(key)
            earlier = None if first else _tail_of(key, by_tail[key[-12:]], sentence is paragraph.sentences[0])
            if first or earlier:
                twins.append(_Twin(first or earlier, sentence, first is None))  # type: ignore[arg-type]
            else:
                seen[key] = sentence
                by_tail[key[-12:]].append((key, sentence))
    return twins


def _tail_of(key: str, candidates: list[tuple[str, Sentence]], begins: bool) -> Sentence | None:
    if len(key) < 15 or not begins:
        return None
    return next((s for k, s in candidates[:20] if k.endswith(key)), None)


def _runs(paragraphs: list[Paragraph], twins: list[_Twin]) -> list[Repeat]:
    """Neighbouring twins become one repeat."""
    runs: list[list[_Twin]] = []
    for twin in twins:
        last = runs[-1][-1] if runs else None
        follows = last and twin.second.index == last.second.index + 1 and twin.first.index == last.first.index + 1
        if follows and last and twin.second.paragraph == last.second.paragraph:
            runs[-1].append(twin)
        else:
            runs.append([twin])
    return [_told(paragraphs, run) for run in runs]


def _told(paragraphs: list[Paragraph], run: list[_Twin]) -> Repeat:
    first, last = run[0], run[-1]
    source, copy = paragraphs[first.first.paragraph], paragraphs[first.second.paragraph]
    cut = first.cut
    shift = len(first.first.text) - len(first.second.text) if cut else 0
    f_start = source.origin(first.first.start + max(shift, 0))
    f_end = paragraphs[last.first.paragraph].span(last.first.start, last.first.end)[1]
    start, end = copy.span(first.second.start, last.second.end)
    long = [s for s in copy.sentences if len(_INNER.sub("", s.text)) >= MIN_SENTENCE]
    whole = len(run) == len(long)
    kind = "paragraph" if whole and (len(run) > 1 or len(source.sentences) == 1) else "sentence"
    name = "这一段" if kind == "paragraph" else "这句话" if len(run) == 1 else f"这{len(run)}句话"
    told = f"{name}前面已经印过(“{first.second.text[:14]}…”)" + (",而且开头被截去。" if cut else "。")
    return Repeat(kind, f_start, f_end, start, end, cut, told)


def _repeated_words(paragraph: Paragraph) -> list[Repeat]:
    if paragraph.kind not in ("body", "item", "heading"):
        return []
    starts = _token_starts(paragraph.text)
    found: list[Repeat] = []
    for match in _WORD.finditer(paragraph.text):
        word, at = match[1], match.start()
        if {at + len(word), match.end()} <= starts and not _natural(word):
            found.append(_word(paragraph, at, len(word)))
    for at in range(len(paragraph.text) - 1):
        if (
            paragraph.text[at] in _DOUBLE_FUNCTION
            and paragraph.text[at + 1] == paragraph.text[at]
            and _split_alone(starts, at)
        ):
            found.append(_word(paragraph, at, 1))
    return found


def _split_alone(starts: set[int], at: int) -> bool:
    return {at, at + 1, at + 2} <= starts


def _natural(word: str) -> bool:
    return word in words("reduplications") or len(set(word)) == 1 or word[0] in "一两几多很非最好越"


def _token_starts(text: str) -> set[int]:
    starts, at = {0, len(text)}, 0
    for token in rjieba.cut(text):
        starts.add(at)
        at += len(token)
    return starts


def _word(paragraph: Paragraph, at: int, size: int) -> Repeat:
    first = paragraph.span(at, at + size)
    second = paragraph.span(at + size, at + 2 * size)
    word = paragraph.text[at : at + size]
    return Repeat("word", *first, *second, False, f"“{word}{word}”:“{word}”重复。")
