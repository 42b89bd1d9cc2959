"""Files in which banks report drawdowns (CSV, XLSX), read; pure, no database.

A file has one heading line and one line for each drawdown or reversal::

    类型,放款凭证号,授信编号,放款金额(元),放款日期,说明
    放款,HT001-1,SX2021081600012345601,500000.00,2021-08-16,
    冲正,HT001-1,SX2021081600012345601,500000.00,2021-08-16,金额有误
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from yizhantong.kernel.ledger import sheets
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.zones.finance.errors import FinanceError

HEADINGS = ("类型", "放款凭证号", "授信编号", "放款金额(元)", "放款日期", "说明")
DRAW, REVERSE = "放款", "冲正"
MOST_LINES = 20_000


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it says as text, and read: ``problem`` says why it could not be read (empty: it was)."""

    line: int
    kind: str
    reference: str
    credit_number: str
    amount: str
    amount_fen: int
    day: dt.date
    remark: str
    problem: str = ""


def read(content: bytes, name: str) -> list[Line]:
    """Return the lines of a file; :class:`FinanceError` ``finance.bank_file`` when it is no such file at all."""
    try:
        sheet = sheets.read(content, name)[0]
        rows = [(number, [_text(cell) for cell in cells]) for number, cells in sheet.rows]
    except LedgerError as error:
        raise FinanceError("finance.bank_file", f"文件不能读取:{error.sentence}") from error
    if not rows or tuple(rows[0][1][: len(HEADINGS)]) != HEADINGS:
        raise FinanceError("finance.bank_file", f"第一行应为:{','.join(HEADINGS)}")
    lines = [(number, cells) for number, cells in rows[1:] if any(cells)]
    if len(lines) > MOST_LINES:
        raise FinanceError("finance.bank_file", f"一个文件最多 {MOST_LINES} 行,请分开导入")
    return [
        _line(number, dict(zip(HEADINGS, [*cells, *[""] * len(HEADINGS)], strict=False))) for number, cells in lines
    ]


def _line(number: int, said: Mapping[str, str]) -> Line:
    problems: list[str] = []
    amount_fen, day = _amount(said["放款金额(元)"], problems), _day(said["放款日期"], problems)
    if said["类型"] not in (DRAW, REVERSE):
        problems.append(f"类型应为“{DRAW}”或“{REVERSE}”")
    if not said["放款凭证号"] or len(said["放款凭证号"]) > 32:
        problems.append("放款凭证号应为 1 至 32 个字符")
    return Line(
        number, said["类型"], said["放款凭证号"][:64], said["授信编号"][:64], said["放款金额(元)"][:40], amount_fen, day,
        said["说明"][:200], ";".join(problems),
    )  # fmt: skip


def _amount(text: str, problems: list[str]) -> int:
    try:
        fen = Decimal(text.replace(",", "")) * 100
        if fen == fen.to_integral_value() and 0 < fen < 10**15:
            return int(fen)
    except InvalidOperation:
        pass
    problems.append(f"金额“{text[:20]}”应为大于 0 的数,最多两位小数")
    return 0


def _day(text: str, problems: list[str]) -> dt.date:
    try:
        return dt.date.fromisoformat(text[:10].replace("/", "-").replace(".", "-"))
    except ValueError:
        problems.append(f"日期“{text[:20]}”应写成 2021-08-16")
        return dt.date.min


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    return "" if cell is None else str(cell).strip()
