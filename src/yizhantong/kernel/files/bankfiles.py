"""Files to the bank and back: CSV and XLSX out, the return file read; pure, no database. For every zone that pays in batches.

The file out is the same bytes for the same batch, so that its digest (SHA-256) can be checked on both sides. Cells that a
spreadsheet would take for a formula are refused before they get here: account numbers are digits, names are checked.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

from openpyxl import Workbook

from yizhantong.kernel.files.errors import FileError
from yizhantong.kernel.ledger import sheets
from yizhantong.kernel.ledger.errors import LedgerError

HEADINGS = ("批次号", "序号", "收款户名", "收款账号", "开户银行", "金额(元)", "用途")
RETURN_HEADINGS = ("批次号", "序号", "收款账号", "金额(元)", "结果", "银行流水号", "日期", "失败原因")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "=", "+", "-", "@")
_EPOCH = (2000, 1, 1, 0, 0, 0)
RESULTS = {"成功": "paid", "失败": "failed"}


class BankFileError(FileError):
    """A file to or from the bank is refused; ``line`` is its line (0: the file as a whole)."""

    def __init__(self, code: str, sentence: str, line: int = 0) -> None:
        super().__init__(code, sentence)
        self.line = line


@dataclass(frozen=True, slots=True)
class Out:
    """One payment on its way: amounts in 分."""

    ordinal: int
    holder: str
    number: str
    bank: str
    amount_fen: int
    purpose: str


@dataclass(frozen=True, slots=True)
class Back:
    """What the bank says of one payment."""

    line: int
    ordinal: int
    tail: str
    amount_fen: int
    result: Literal["paid", "failed"]
    reference: str
    day: dt.date
    reason: str


def write_csv(batch: str, payments: Sequence[Out]) -> bytes:
    """Return the file for the bank: UTF-8 with byte order mark, lines ended by CRLF, the last line the sum."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for row in _rows(batch, payments):
        writer.writerow(row)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def write_xlsx(batch: str, payments: Sequence[Out]) -> bytes:
    """Return the same as a workbook, account numbers as text; equal batches give equal bytes."""
    book = Workbook(write_only=True)
    book.properties.creator = "一站通"
    book.properties.created = book.properties.modified = dt.datetime(2000, 1, 1)
    sheet = book.create_sheet(batch)
    sheet.append(HEADINGS)
    for row in _rows(batch, payments):
        sheet.append(row)
    made = io.BytesIO()
    book.save(made)
    return _without_times(made.getvalue())


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def read_return(content: bytes, file_name: str, batch: str) -> list[Back]:
    """Return what a return file (CSV or XLSX) says; :class:`BankFileError` ``files.return_file`` names line and cell."""
    try:
        rows = [(number, [_text(cell) for cell in cells]) for number, cells in sheets.read(content, file_name)[0].rows]
    except LedgerError as error:
        raise BankFileError("return_file", f"回单文件不能读取:{error.sentence}") from error
    if not rows or tuple(rows[0][1][: len(RETURN_HEADINGS)]) != RETURN_HEADINGS:
        raise BankFileError("return_file", f"回单第一行应为:{','.join(RETURN_HEADINGS)}")
    found = [_back(number, cells, batch) for number, cells in rows[1:] if cells and cells[0] != "合计"]
    seen: set[int] = set()
    for one in found:
        if one.ordinal in seen:
            raise _bad(one.line, f"序号 {one.ordinal} 重复")
        seen.add(one.ordinal)
    return found


def plain(text: str) -> str:
    """Return text fit for a bank's file; what a spreadsheet would compute is ``files.formula``."""
    cleaned = " ".join(text.split())
    if cleaned.startswith(_FORMULA):
        raise BankFileError("formula", f"“{cleaned[:20]}”以运算符开头,不能写入银行文件,请更正")
    return cleaned


def _rows(batch: str, payments: Sequence[Out]) -> list[list[str]]:
    rows = [
        [
            batch,
            str(one.ordinal),
            plain(one.holder),
            one.number,
            plain(one.bank),
            _yuan(one.amount_fen),
            plain(one.purpose),
        ]
        for one in payments
    ]
    total = sum(one.amount_fen for one in payments)
    return [*rows, ["合计", str(len(payments)), "", "", "", _yuan(total), ""]]


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def _without_times(content: bytes) -> bytes:
    """Return the archive with every entry dated alike and without the moment of saving."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in sorted(old.namelist()):
            data = old.read(entry)
            if entry == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2000-01-01T00:00:00Z", data)
            new.writestr(zipfile.ZipInfo(entry, _EPOCH), data)
    return made.getvalue()


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    return "" if cell is None else str(cell).strip()


def _back(line: int, cells: list[str], batch: str) -> Back:
    cells = [*cells, *[""] * len(RETURN_HEADINGS)]
    number, ordinal, account, amount, result, reference, day, reason = cells[: len(RETURN_HEADINGS)]
    if number != batch:
        raise _bad(line, f"批次号“{number}”不是本批次 {batch}")
    if not ordinal.isdecimal():
        raise _bad(line, f"序号“{ordinal}”不是数字")
    if result not in RESULTS:
        raise _bad(line, f"结果“{result}”应为成功或失败")
    if result == "失败" and not reason:
        raise _bad(line, "失败的须写明原因")
    return Back(
        line, int(ordinal), account[-4:], _fen(line, amount), RESULTS[result], reference[:64], _day(line, day), reason[:200]  # type: ignore[arg-type]
    )  # fmt: skip


def _fen(line: int, text: str) -> int:
    try:
        fen = Decimal(text.replace(",", "")) * 100
    except InvalidOperation:
        raise _bad(line, f"金额“{text}”不是数字") from None
    if not fen.is_finite() or fen != fen.to_integral_value():
        raise _bad(line, f"金额“{text}”最多两位小数")
    return int(fen)


def _day(line: int, text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        raise _bad(line, f"日期“{text}”应如 2021-08-16") from None


def _bad(line: int, sentence: str) -> BankFileError:
    return BankFileError("return_file", f"回单第 {line} 行:{sentence}", line)
