"""A checked article as a workbook for editors."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from yizhantong.kernel.articles.reports import HOLDS, VERDICTS

LONGEST_CELL = 32_000


def write(data: Mapping[str, Any]) -> bytes:
    """Return an XLSX of what :func:`~yizhantong.kernel.articles.reports.as_json` gave: numbers, relations, contradictions, repeats and breaks."""
    book = Workbook()
    book.remove(book.active)
    place = {claim["index"]: claim["phrase"] for claim in data["claims"]}
    _sheet(
        book,
        "数字",
        ("原文", "数值", "单位", "限定", "类别", "统计对象", "时间", "数据代码", "台账数值", "结论", "说明"),
        [
            (
                c["phrase"], c["number"], c["unit"], c["qualifier"], c["kind"], c["what"],
                c["period"]["text"] if c["period"] else "", c["figure"] or "", c["ledger_value"],
                VERDICTS[c["verdict"]], c["reason"],
            )
            for c in data["claims"]
        ],
    )  # fmt: skip
    _sheet(
        book,
        "关系",
        ("类别", "是否成立", "说明"),
        [(r["kind"], HOLDS[r["holds"]], r["sentence"]) for r in data["relations"]],
    )
    conflicts = [("、".join(place[i] for i in c["claims"]), c["sentence"]) for c in data["conflicts"]]
    _sheet(book, "矛盾", ("涉及数字", "说明"), conflicts)
    _sheet(book, "重复", ("位置", "说明"), [(f"第{r['start'] + 1}字", r["sentence"]) for r in data["repeats"]])
    _sheet(book, "断行", ("位置", "说明"), [(f"第{b['start'] + 1}字", b["sentence"]) for b in data["breaks"]])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(book: Workbook, title: str, heads: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    sheet = book.create_sheet(title)
    sheet.append(heads)
    for row in rows:
        sheet.append([_safe(value) for value in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for index, head in enumerate(heads, 1):
        wide = head in ("说明", "统计对象", "原文", "涉及数字")
        sheet.column_dimensions[get_column_letter(index)].width = 42 if wide else 14
    for line in sheet.iter_rows(min_row=2):
        for cell in line:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"


def _safe(value: Any) -> Any:
    """Keep spreadsheets from reading a text as a formula, and from refusing control characters and endless texts."""
    if not isinstance(value, str):
        return value
    value = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_CELL]
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t") else value
