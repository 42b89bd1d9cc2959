"""Tables printed in an article: the row of totals (合计, 总计) against the column above it.

A table is a run of rows, their cells parted by |, tabs or blanks. A column is judged only when every cell between heading and total is a plain
number; 其中 and indented sub-rows make a table that is not judged, because its rows are no partition.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ..claims import Claim
from ..layout import Paragraph
from ..numerals import plain
from .base import Relation

MAX_ROWS = 400
_TOTAL = re.compile(r"^\s*(?:合\s*计|总\s*计|共\s*计|全市(?:合计)?|全县(?:合计)?|全省(?:合计)?|小\s*计)\s*$")
_NUMBER = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?")
_SUB = re.compile(r"其中|#|^\s*(?:小\s*计|[（(]?[一二三四五]\s*[、)）])")
_NO_SUM = re.compile(r"率|比|增速|增长|增幅|%|％|均|单价|单产|亩产|排名|位次|序号|编号|年份|日期")
_RULE = re.compile(r"^[\s|:：—-]+$")


@dataclass(frozen=True, slots=True)
class _Row:
    paragraph: Paragraph
    cells: tuple[str, ...]


def tables(paragraphs: list[Paragraph], claims: tuple[Claim, ...]) -> Iterator[Relation]:
    """Relations of kind sum, detail "column"."""
    run: list[_Row] = []
    for paragraph in [*paragraphs, None]:
        cells = _cells(paragraph.text) if paragraph is not None else ()
        if paragraph is not None and _RULE.match(paragraph.text):
            continue
        if (
            paragraph is not None
            and len(cells) >= 2
            and len(run) < MAX_ROWS
            and (not run or len(cells) == len(run[-1].cells))
        ):
            run.append(_Row(paragraph, cells))
            continue
        yield from _table(run, claims)
        run = [_Row(paragraph, cells)] if paragraph is not None and len(cells) >= 2 else []


def _cells(text: str) -> tuple[str, ...]:
    """The cells of a row; empty when the text is none: by |, by wide gaps, or by single blanks when all but the first are numbers."""
    text = text.strip()
    if re.search(r"[。；，]", text):
        return ()
    if text.count("|") >= 2:
        return tuple(c.strip() for c in text.strip("|").split("|"))
    cells = tuple(c for c in re.split(r"\s+", text) if c)
    return cells if 2 <= len(cells) <= 20 and len(text) <= 200 else ()


def _table(rows: list[_Row], claims: tuple[Claim, ...]) -> Iterator[Relation]:
    at = next((i for i, row in enumerate(rows) if _TOTAL.match(row.cells[0])), -1)
    if at < 0 or any(_SUB.search(row.cells[0]) for row in rows if not _TOTAL.match(row.cells[0])):
        return
    head = rows[0].cells if not _NUMBER.fullmatch(rows[0].cells[1]) else None
    body = [row for i, row in enumerate(rows) if i != at and not (head is not None and i == 0)]
    if at not in (1, len(rows) - 1) or len(body) < 2 or sum(bool(_TOTAL.match(r.cells[0])) for r in rows) > 1:
        return
    for column in range(1, len(rows[at].cells)):
        if head is None or not _NO_SUM.search(head[column]):
            yield from _column(rows[at], body, column, head[column] if head else "", claims)


def _column(total: _Row, body: list[_Row], column: int, name: str, claims: tuple[Claim, ...]) -> Iterator[Relation]:
    texts = [row.cells[column] for row in (*body, total)]
    if not all(_NUMBER.fullmatch(t) for t in texts):
        return
    numbers = [Decimal(t.replace(",", "")) for t in texts]
    places = max(-int(n.as_tuple().exponent) for n in numbers)
    room = Decimal(len(body)) / 2 * Decimal(1).scaleb(-places) if places else Decimal(0)
    value = sum(numbers[:-1], Decimal(0))
    holds = abs(value - numbers[-1]) <= room
    told = f"表中“{name or f'第{column + 1}列'}”各行之和为{plain(value)},{total.cells[0]}写{texts[-1]},{'相符' if holds else '不符'}。"
    yield Relation("sum", _claims_in(total, claims), holds, told, f"column{column}")


def _claims_in(row: _Row, claims: tuple[Claim, ...]) -> tuple[int, ...]:
    return tuple(c.index for c in claims if c.paragraph == row.paragraph.index)
