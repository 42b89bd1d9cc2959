"""Where the layout cut a sentence, and quotes or brackets that never close.

…既提高了相关设备的 ⏎ 利用率,又可以…            a line broken in mid-sentence
…推出“管家服务、 ⏎ (caption) ⏎ 银企撮合”6个专区   a line broken by a caption
…8300余名党员干部 ⏎ 部变“上访”为“下访”…           the cut part printed twice (`doubled`)
"""

import re
from dataclasses import dataclass

from .layout import Line, Paragraph, sentences_of, wrap_width

_PAIRS = {"“": "”", "《": "》", "（": "）", "【": "】"}
_NUMBERING = re.compile(r"^[\s\d一二三四五六七八九十①-⑳a-zA-Z]{1,4}）")
_LOOK_AHEAD = 4
_LOOSE = re.compile(r"(?<=[\d.]) +(?=[\u4e00-\u9fff%℃])|(?<=[\u4e00-\u9fff]) +(?=\d)")


@dataclass(frozen=True, slots=True)
class Break:
    """A fault of layout. `kind`: line, caption, unfinished, quote, bracket. `[start, end)` runs from the cut to where the text goes on
    (or covers the lonely sign); `doubled` is the text printed on both sides of the cut; `sentence` tells it to a person."""

    kind: str
    start: int
    end: int
    doubled: str
    sentence: str


def join_lines(lines: list[Line]) -> tuple[list[Paragraph], list[Break]]:
    """Paragraphs of the lines, with cut sentences joined, and the breaks that were mended."""
    follows, breaks = _find_continuations(lines)
    taken = set(follows.values())
    paragraphs: list[Paragraph] = []
    count = 0
    for index in range(len(lines)):
        if index in taken:
            continue
        paragraph = _assemble(lines, index, follows, len(paragraphs), count)
        count += len(paragraph.sentences)
        paragraphs.append(paragraph)
    paragraphs.sort(key=lambda p: p.start)
    return paragraphs, breaks


def _assemble(lines: list[Line], first: int, follows: dict[int, int], number: int, count: int) -> Paragraph:
    text, index = "", first
    pieces: list[tuple[int, int, int]] = []
    current: int | None = first
    while current is not None:
        line = lines[current]
        at = len(_doubled(text, line.text)) if pieces else 0
        loose = _LOOSE.finditer(line.text, at) if line.kind != "row" else ()
        for space in [*loose, None]:
            stop = space.start() if space else len(line.text)
            pieces.append((len(text), line.start + at, stop - at))
            text += line.text[at:stop]
            at = space.end() if space else stop
        index, current = current, follows.get(current)
    kind = lines[first].kind if lines[first].kind != "heading" or first == index else "body"
    return Paragraph(number, kind, text, tuple(pieces), sentences_of(text, number, count))


def _find_continuations(lines: list[Line]) -> tuple[dict[int, int], list[Break]]:
    width = wrap_width(lines)
    follows: dict[int, int] = {}
    breaks: list[Break] = []
    taken: set[int] = set()
    for index, line in enumerate(lines):
        if width is not None and _wraps(lines, index, width):
            follows[index] = index + 1
            taken.add(index + 1)
        elif line.is_open:
            found = _continuation(lines, index, taken)
            if found is not None:
                follows[index] = found
                taken.add(found)
                breaks.append(_mended(line, lines[found], found - index > 1))
            elif line.text[-1] in "，、":
                breaks.append(
                    Break("unfinished", line.end - 1, line.end, "", f"“{line.text[-12:]}”之后没有下文,句子没有写完。")
                )
    return follows, breaks


def _wraps(lines: list[Line], index: int, width: int) -> bool:
    if index + 1 >= len(lines) or lines[index + 1].gap or lines[index + 1].kind in ("row", "item", "byline"):
        return False
    line = lines[index]
    return line.kind in ("body", "item", "heading") and len(line.text) >= width - 4 and line.text[-1] not in "。！？"


def _continuation(lines: list[Line], index: int, taken: set[int]) -> int | None:
    """The line on which an open line goes on: the next body line that is no caption; a heading ends the search."""
    line = lines[index]
    for at in range(index + 1, min(index + 1 + _LOOK_AHEAD, len(lines))):
        candidate = lines[at]
        if candidate.kind == "heading" and not _short_tail(candidate):
            return None
        if at in taken or candidate.kind in ("byline", "caption", "row"):
            continue
        if candidate.kind == "item":
            return None
        if not (at + 1 < len(lines) and _is_caption(line, candidate, lines[at + 1])):
            return at
    return None


def _short_tail(line: Line) -> bool:
    return not line.text.startswith("#") and line.text[-1] in "。！？"


def _is_caption(line: Line, candidate: Line, after: Line) -> bool:
    text = candidate.text
    single = len(text) <= 45 and text[-1] == "。" and text.count("。") == 1
    if not single or after.kind != "body" or after.gap == 0:
        return False
    closes_later = (
        _unclosed(line.text, "“") and after.text.find("”") >= 0 and not _unclosed(after.text, "“") and "”" not in text
    )
    return candidate.gap >= 2 or closes_later


def _unclosed(text: str, opener: str) -> bool:
    return text.count(opener) > text.count(_PAIRS[opener])


def _doubled(before: str, after: str) -> str:
    """The characters printed at the end of one piece and again at the beginning of the next (党员干部|部变)."""
    for size in range(min(8, len(before), len(after)), 0, -1):
        if before[-size:] == after[:size] and "\u4e00" <= after[0] <= "\u9fff":
            return after[:size]
    return ""


def _mended(line: Line, resumed: Line, across: bool) -> Break:
    doubled = _doubled(line.text, resumed.text)
    told = f"“{line.text[-10:]}”在此断开,下文在“{resumed.text[:10]}”" + ("(中间隔着图片说明)" if across else "")
    told += f",且“{doubled}”重复印了一次。" if doubled else "。"
    return Break("caption" if across else "line", line.end, resumed.start, doubled, told)


def lonely_signs(paragraphs: list[Paragraph]) -> list[Break]:
    """Quotes and brackets that open without closing, or close without opening, within a paragraph. A quotation that runs on over several
    paragraphs, each beginning with the opening sign, is good style and not reported."""
    found: list[Break] = []
    for index, paragraph in enumerate(paragraphs):
        if paragraph.kind not in ("body", "item"):
            continue
        runs_on = index + 1 < len(paragraphs) and paragraphs[index + 1].text.startswith("“")
        for opener, closer in _PAIRS.items():
            place = _lonely(paragraph.text, opener, closer)
            if place is None or (opener == "“" and runs_on):
                continue
            start, end = paragraph.span(place, place + 1)
            sign = paragraph.text[place]
            kind = "quote" if opener in "“《" else "bracket"
            near = paragraph.text[max(0, place - 6) : place + 8]
            found.append(Break(kind, start, end, "", f"“{near}”处的{sign}没有成对。"))
    return found


def _lonely(text: str, opener: str, closer: str) -> int | None:
    open_places: list[int] = []
    begin = _NUMBERING.match(text)
    for place, char in enumerate(text):
        if char == opener:
            open_places.append(place)
        elif char == closer and not (begin and place == begin.end() - 1):
            if not open_places:
                return place if not _NUMBERING.match(text[max(0, place - 2) :]) else None
            open_places.pop()
    return open_places[0] if open_places else None
