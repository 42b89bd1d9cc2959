"""A checked article as plain data: for programs (JSON), and for every page and file that shows it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from yizhantong.foundation.text import Claim
from yizhantong.kernel.articles.check import Checked
from yizhantong.kernel.articles.verdicts import Finding

VERDICTS = {"agrees": "相符", "differs": "不符", "no figure": "没有对应数据", "cannot be decided": "无法断定"}
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
    """Return an XLSX of what :func:`as_json` gave; what writes workbooks is only loaded for it."""
    from yizhantong.kernel.articles import workbook

    return workbook.write(data)
