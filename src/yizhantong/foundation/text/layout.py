"""From lines to paragraphs to sentences, with the offsets of the original kept.

A `Paragraph` may be made of several pieces of the text, because captions and column ends cut paragraphs in two; its `text` is the joined
canonical text, and `origin` gives back the place in the original. Lines of hard-wrapped text (as extracted from a PDF) are joined in silence;
a paragraph cut elsewhere is joined too and reported by `breaks`.
"""

import itertools
import re
from bisect import bisect_right
from dataclasses import dataclass

CLOSERS = "。！？…；：”）》】"
_STOPS = re.compile(r"[。！？!?；][”）】》]*|$")
_BYLINE = re.compile(
    r"本报(?:讯)?记者|^(?:文[/／]|图[/／])|文并摄|通讯员|特约记者|[记作]者.{1,12}$|摄$|摄影|责任?编|来源：|^编辑："
)
_NAMES = re.compile(r"^(?:[\u4e00-\u9fff]\s?[\u4e00-\u9fff]{1,3})(?:\s+[\u4e00-\u9fff]\s?[\u4e00-\u9fff]{1,3})*$")
_OPEN_WORD = re.compile(r"[，、的了和与及在对为将把被从向以是等]$")
_CAPTION_MARK = re.compile(r"^(?:图为|图[①-⑩一二三四五六1-9]|[▲△▼↑↓←→]|[上下左右]图|资料图|\(?图片)")
_ITEM = re.compile(r"^\s*(?:[-*•●◆■·]\s*|\d{1,2}[.、)）]|[（(]?[一二三四五六七八九十]{1,3}[）)、])")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the text without its surrounding blanks; `gap` counts the empty lines before it."""

    start: int
    end: int
    text: str
    gap: int
    kind: str
    """heading, byline, caption, row (of a table), item (of a list), body"""

    @property
    def is_open(self) -> bool:
        """Whether the line stops in the middle of a sentence."""
        if self.kind not in ("body", "caption", "item") or self.text[-1] in CLOSERS:
            return False
        if self.text[-1] in "，、":
            return True
        if len(self.text) >= 10 and _OPEN_WORD.search(self.text):
            return True
        return "。" in self.text or len(self.text) >= 70


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a paragraph: `[start, end)` are offsets in the paragraph's joined text; `index` counts through the article."""

    index: int
    paragraph: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph. `pieces` are (offset in `text`, offset in the original, length), in order; `kind` is that of its first line."""

    index: int
    kind: str
    text: str
    pieces: tuple[tuple[int, int, int], ...]
    sentences: tuple[Sentence, ...]

    @property
    def start(self) -> int:
        """Offset of its first character in the original."""
        return self.pieces[0][1]

    @property
    def end(self) -> int:
        """Offset behind its last character in the original."""
        _, origin, length = self.pieces[-1]
        return origin + length

    def origin(self, offset: int) -> int:
        """The place in the original of a place in `text`."""
        at = bisect_right([p[0] for p in self.pieces], offset) - 1
        joined, original, _ = self.pieces[max(at, 0)]
        return original + offset - joined

    def span(self, start: int, end: int) -> tuple[int, int]:
        """`[start, end)` of `text` as offsets of the original."""
        return self.origin(start), self.origin(end - 1) + 1 if end > start else self.origin(start)


def read_lines(canonical_text: str, original: str) -> list[Line]:
    """All lines that are not blank, classified."""
    lines: list[Line] = []
    gap, position = 0, 0
    for raw in canonical_text.split("\n"):
        text = raw.strip()
        if not text:
            gap += 1
        else:
            start = position + raw.index(text[0])
            lines.append(
                Line(start, start + len(text), text, gap, _classify(text, original[position : position + len(raw)]))
            )
            gap = 0
        position += len(raw) + 1
    return _plain_headings(_table_heads(lines))


def _classify(text: str, original: str) -> str:
    if text.startswith("#"):
        return "heading"
    if text.count("|") >= 2 or original.strip().count("\t") >= 1 or len(re.findall(r"\S {2,}(?=\S)", text)) >= 2:
        return "row"
    if _is_data_row(text):
        return "row"
    short = len(text) <= 40 and not re.search(r"[。！？]", text)
    if short and (_BYLINE.search(text) or (len(text) <= 24 and " " in text and _NAMES.match(text))):
        return "byline"
    if _CAPTION_MARK.match(text):
        return "caption"
    return "item" if _ITEM.match(text) else "body"


_CELL = re.compile(r"-?\d[\d,.]*%?|-|—+")


def _is_data_row(text: str) -> bool:
    """A name and two or more bare numbers parted by blanks; or, under it, a row of one number (合计 148.0)."""
    cells = text.split()
    return (
        len(cells) >= 3
        and len(text) <= 200
        and all(_CELL.fullmatch(c) for c in cells[1:])
        and not _CELL.fullmatch(cells[0])
    )


def _table_heads(lines: list[Line]) -> list[Line]:
    """The line above the first row of a table is its heading row when it has as many cells."""
    out: list[Line] = []
    for line, after in itertools.zip_longest(lines, lines[1:]):
        cells = len(line.text.split())
        head = line.kind != "row" and after is not None and after.kind == "row" and "|" not in after.text
        if head and cells >= 3 and cells == len(after.text.split()) and not re.search(r"[。；，]", line.text):
            line = Line(line.start, line.end, line.text, line.gap, "row")
        out.append(line)
    return out


def _plain_headings(lines: list[Line]) -> list[Line]:
    """In texts without marked headings, a short line without a stop that stands before body text is one."""
    out: list[Line] = []
    for index, line in enumerate(lines):
        plain = line.kind == "body" and not re.search(r"[。；，、的]$|[。！；]", line.text) and len(line.text) <= 45
        continues = index > 0 and lines[index - 1].is_open and line.gap == 0
        last = index == len(lines) - 1
        heading = plain and not continues and not last and not (index and lines[index - 1].is_open)
        out.append(Line(line.start, line.end, line.text, line.gap, "heading") if heading else line)
    return out


def wrap_width(lines: list[Line]) -> int | None:
    """The width at which the text is hard-wrapped, or None: most lines that another follows at once are equally long and open."""
    inner = [a for a, b in itertools.pairwise(lines) if b.gap == 0 and a.kind in ("body", "item", "heading")]
    if len(inner) < 4:
        return None
    widths = sorted(len(line.text) for line in inner)
    width = widths[len(widths) * 9 // 10]
    full = sum(1 for w in widths if width - 4 <= w <= width + 2)
    unfinished = sum(1 for line in inner if line.text[-1] not in CLOSERS)
    return width if width >= 12 and full >= 0.6 * len(widths) and unfinished >= 0.5 * len(widths) else None


MAX_SENTENCE = 1500
"""A longer run without a stop is cut here: it is no sentence, and work per sentence is bounded."""


def sentences_of(text: str, paragraph: int, first_index: int) -> tuple[Sentence, ...]:
    """Cut a paragraph at 。！？； with the closing signs that follow."""
    found: list[Sentence] = []
    start = 0
    for match in _STOPS.finditer(text):
        while match.end() > start:
            end = min(match.end(), start + MAX_SENTENCE)
            if text[start:end].strip():
                found.append(Sentence(first_index + len(found), paragraph, start, end, text[start:end]))
            start = end
    return tuple(found)
