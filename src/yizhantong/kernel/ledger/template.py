"""The form of a ledger as a spreadsheet: headings with their units, a sheet that explains them, lists to choose from."""

from __future__ import annotations

import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from yizhantong.kernel.ledger.declare import Field, Ledger
from yizhantong.kernel.ledger.headings import importable, required
from yizhantong.kernel.ledger.showing import heading_of

CODES_SHEET = "代码与说明"
_ROWS_WITH_LISTS = 5_000
_TYPES = {
    "integer": "整数", "decimal": "小数", "string": "文字", "boolean": "是或否", "date": "日期,如 2021-08-16",
    "datetime": "时刻,如 2021-08-16 09:30",
}  # fmt: skip
_HEAD = PatternFill("solid", fgColor="F3E9E4")
_MUST = Font(bold=True, color="9E1B1B")
_MAY = Font(bold=True)


def template(ledger: Ledger) -> bytes:
    """Return the XLSX file that people fill in for a ledger; ``imports`` reads it back."""
    book = Workbook()
    sheet, codes = book.active, book.create_sheet(CODES_SHEET)
    sheet.title = sheet_title(str(ledger.label))
    sheet.freeze_panes = "A2"
    codes.append(["列", "必填", "类型", "单位", "可选值(代码 = 名称)", "说明"])
    for position, item in enumerate(importable(ledger), 1):
        _column(ledger, item, sheet, position)
        codes.append(_explained(ledger, item))
    for row in codes.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for letter, width in zip("ABCDEF", (18, 8, 24, 10, 50, 50), strict=True):
        codes.column_dimensions[letter].width = width
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def sheet_title(label: str) -> str:
    """Return a label that a spreadsheet takes as the name of a sheet."""
    return "".join(char for char in label if char not in "[]:*?/\\")[:31] or "台账"


def _column(ledger: Ledger, item: Field, sheet: Worksheet, position: int) -> None:
    cell = sheet.cell(1, position, heading_of(item))
    cell.fill, cell.font = _HEAD, _MUST if item.column in required(ledger) else _MAY
    letter = get_column_letter(position)
    kind = ledger.type_of(item.column)
    sheet.column_dimensions[letter].width = max(12, 2 * len(cell.value) + 2)
    sheet.column_dimensions[letter].number_format = {"date": "yyyy-mm-dd", "string": "@"}.get(kind, "General")
    options = [str(label) for label in ledger.choices_of(item.column).values()]
    if kind == "boolean":
        options = ["是", "否"]
    joined = ",".join(options)
    if options and len(joined) <= 255 and not any("," in option for option in options):
        check = DataValidation(type="list", formula1=f'"{joined}"', allow_blank=item.column not in required(ledger))
        check.error, check.errorTitle = "请从列表中选择", item.name
        sheet.add_data_validation(check)
        check.add(f"{letter}2:{letter}{_ROWS_WITH_LISTS}")


def _explained(ledger: Ledger, item: Field) -> list[str]:
    choices = "\n".join(f"{code} = {label}" for code, label in ledger.choices_of(item.column).items())
    must = "是" if item.column in required(ledger) else ""
    kind = "代码,或“县/乡镇/村”的名称" if item.column == "division_id" else _TYPES[ledger.type_of(item.column)]
    said = str(item.help)
    if item.column == "occurred_on" and ledger.date_label:
        said = said or str(ledger.date_label)
    return [item.name, must, kind, item.unit or "", choices, said]
