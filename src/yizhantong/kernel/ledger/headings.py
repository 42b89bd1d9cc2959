"""Which column of a sheet is which column of a ledger, and in which unit its numbers are written."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from yizhantong.kernel.ledger.cells import clean
from yizhantong.kernel.ledger.checks import checker
from yizhantong.kernel.ledger.declare import UNITS, Field, Ledger
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.sheets import column_letter

KINDS_OF_UNIT = (
    ("元", "万元", "亿元"), ("千克", "吨", "万吨"), ("米", "公里"), ("平方米",), ("秒", "分钟", "小时"),
    ("个", "万个"), ("件", "万件"), ("人次", "万人次"),
)  # fmt: skip
LOOK_AT = 10
"""Rows at the top of a sheet among which the headings are looked for; titles may stand above them."""

_UNIT = re.compile(r"(.+?)(?:[(\[【]([^()\[\]【】]+)[)\]】]|/(\S+))")


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading as matched: its position (from 0), its text, the field, and stored units per written unit."""

    position: int
    written: str
    field: Field
    factor: Decimal


def importable(ledger: Ledger) -> list[Field]:
    """Return the fields that a file may give: division, day, the ledger's own, note."""
    columns = {item.column for item in checker(ledger).columns}
    ordered = [item for item in ledger.all_fields if item.column in columns and item.column != "note"]
    return [*ordered, *(item for item in ledger.all_fields if item.column == "note")]


def required(ledger: Ledger) -> set[str]:
    """Return the columns without which no fact can be made."""
    return {item.column for item in checker(ledger).columns if item.required}


def names_of(ledger: Ledger) -> dict[str, Field]:
    """Return the fields by every name that a heading may have."""
    found = {clean(item.name): item for item in importable(ledger)}
    if ledger.date_label:
        found.setdefault(clean(str(ledger.date_label)), ledger.by_column["occurred_on"])
    return found


def find(ledger: Ledger, rows: Sequence[tuple[int, list[Any]]]) -> tuple[int, list[Heading]]:
    """Return the number of the row of headings among ``rows``, and the headings.

    Raises :class:`LedgerError` ``imports.no_heading``, ``imports.heading_…`` or ``imports.unit_…``; ``field`` is then the
    letter of the column and ``row`` the number of the row.
    """
    names = names_of(ledger)
    scored = [(sum(split(cell)[0] in names for cell in cells), -number) for number, cells in rows[:LOOK_AT]]
    best, negative = max(scored, default=(0, 0))
    if best == 0:
        listed = "、".join(item.name for item in importable(ledger)[:8])
        raise LedgerError("imports.no_heading", f"前 {LOOK_AT} 行里没有找到表头(如 {listed}),请使用本台账的模板")
    number = -negative
    cells = next(cells for at, cells in rows if at == number)
    headings: list[Heading] = []
    for position, cell in enumerate(cells):
        if not clean(cell or ""):
            continue
        try:
            headings.append(_heading(position, cell, names, headings))
        except LedgerError as error:
            raise LedgerError(error.code, error.sentence, column_letter(position), number) from error
    missing = required(ledger) - {item.field.column for item in headings}
    if missing:
        listed = "、".join(item.name for item in importable(ledger) if item.column in missing)
        raise LedgerError("imports.heading_missing", f"缺少必填的列:{listed}", "", number)
    return number, headings


def split(cell: Any) -> tuple[str, str]:
    """Return name and unit of a heading: ``合同额(万元)`` and ``合同额/万元`` are 合同额 in 万元."""
    written = clean(cell if cell is not None else "").replace(" ", "").rstrip("*")
    found = _UNIT.fullmatch(written)
    return (found[1].rstrip("*"), found[2] or found[3]) if found else (written, "")


def _heading(position: int, cell: Any, names: dict[str, Field], before: list[Heading]) -> Heading:
    whole = clean(cell).replace(" ", "")
    name, unit = (whole, "") if whole in names else split(cell)
    field = names.get(name)
    if field is None:
        near = difflib.get_close_matches(name, names, 1)
        hint = f",是不是“{near[0]}”?" if near else ",请删除这一列或改用模板的表头"
        raise LedgerError("imports.heading_unknown", f"台账没有“{name[:40]}”这一列{hint}")
    if any(item.field.column == field.column for item in before):
        raise LedgerError("imports.heading_twice", f"“{name}”这一列出现了两次")
    return Heading(position, clean(cell), field, _factor(field, unit))


def _factor(field: Field, unit: str) -> Decimal:
    if not field.unit:
        if unit in UNITS:
            raise LedgerError("imports.unit_wrong", f"“{field.name}”没有单位,表头却写着“{unit}”")
        return Decimal(1)
    allowed = next(kind for kind in KINDS_OF_UNIT if field.unit in kind)
    if not unit:
        raise LedgerError("imports.unit_missing", f"表头没有写单位,请写成“{field.name}({field.unit})”")
    if unit not in allowed:
        listed = "、".join(allowed)
        raise LedgerError("imports.unit_wrong", f"单位“{unit[:20]}”不能用于“{field.name}”,可用:{listed}")
    return UNITS[unit]


def again(headings: Sequence[Heading], cells: Sequence[Any]) -> bool:
    """Tell whether a row is the headings over again, as at the top of each printed page."""
    said = [clean(cells[item.position] or "") for item in headings if item.position < len(cells)]
    same = sum(text == item.written for text, item in zip(said, headings, strict=False))
    return same >= max(2, (len(headings) + 1) // 2)
