"""A checked article as JSON for programs, and as a workbook for editors."""

from __future__ import annotations

import io
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from yizhantong.foundation.text import Claim
from yizhantong.kernel.articles.check import Checked
from yizhantong.kernel.articles.verdicts import Finding

VERDICTS = {"agrees": "相符", "differs": "不符", "no figure": "没有对应数据", "cannot be decided": "无法断定"}
LONGEST_CELL = 32_000
HOLDS = {True: "成立", False: "不成立", None: "无法断定"}


def as_json(checked: Checked) -> dict[str, Any]:
    """Return plain data: claims, relations, conflicts, repeats and breaks; offsets are characters of the given text."""
    article = checked.article
    return {
        "as_of": checked.day.isoformat() if checked.day else None,
        "ledger": checked.with_ledger,
        "counts": checked.counts,
        "claims": [_claim(claim, finding) for claim, finding in zip(article.claims, checked.findings, strict=True)],
        "relations": [
            {"kind": r.kind, "claims": list(r.claims), "holds": r.holds, "sentence": r.sentence}
            for r in article.relations
        ],
        "conflicts": [{"claims": list(c.claims), "sentence": c.sentence} for c in checked.conflicts],
        "repeats": [
            {
                "kind": r.kind,
                "start": r.start,
                "end": r.end,
                "first_start": r.first_start,
                "first_end": r.first_end,
                "cut": r.cut,
                "sentence": r.sentence,
            }
            for r in article.repeats
        ],
        "breaks": [
            {"kind": b.kind, "start": b.start, "end": b.end, "doubled": b.doubled, "sentence": b.sentence}
            for b in article.breaks
        ],
    }


def _claim(claim: Claim, finding: Finding) -> dict[str, Any]:
    period = claim.period
    return {
        "index": claim.index,
        "phrase": claim.phrase,
        "start": claim.start,
        "end": claim.end,
        "number": number(claim.number),
        "unit": claim.unit,
        "value": number(claim.value),
        "base_unit": claim.measure.base,
        "lower": number(claim.lower),
        "upper": number(claim.upper),
        "qualifier": claim.qualifier,
        "marks": list(claim.marks),
        "kind": claim.kind,
        "what": claim.what,
        "subject": claim.subject,
        "scope": claim.scope,
        "period": None
        if period is None
        else {
            "text": period.text,
            "kind": period.kind,
            "start": period.start.isoformat() if period.start else None,
            "end": period.end.isoformat() if period.end else None,
        },
        "repeated": claim.repeated,
        "figure": finding.figure,
        "division": finding.division,
        "candidates": list(finding.candidates),
        "ledger_value": number(finding.ledger_value),
        "verdict": finding.verdict.value,
        "reason": finding.reason,
    }


def number(value: Decimal | None) -> int | float | str | None:
    """Return a number as JSON carries it exactly: an integer, a float that reads back the same, else text."""
    if value is None or not value.is_finite():
        return None if value is None else str(value)
    if value == value.to_integral_value() and abs(value) < 2**53:
        return int(value)
    return float(value) if Decimal(repr(float(value))) == value.normalize() else format(value, "f")


def as_workbook(data: Mapping[str, Any]) -> bytes:
    """Return an XLSX of what :func:`as_json` gave: numbers, relations, contradictions, repeats and breaks."""
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
