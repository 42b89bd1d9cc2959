"""A ledger, or what was chosen of it, as a file: CSV or XLSX, as the viewer sees it.

Cells that a spreadsheet would take for a formula are kept from it, rows are capped (``settings.YZT_EXPORT_MAX_ROWS``), the
last line says who exported what and when, and every export is an audit fact.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Literal

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger.audit import audit
from yizhantong.kernel.ledger.declare import Ledger
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import AuditEvent, Fact
from yizhantong.kernel.ledger.queries import Filters, columns_for, filtered, visible_to
from yizhantong.kernel.ledger.showing import Column
from yizhantong.kernel.ledger.template import sheet_title

Format = Literal["csv", "xlsx"]
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_EXACT_IN_A_SPREADSHEET = 15


def export(
    ledger: Ledger,
    account: policy.Account,
    format_: Format = "csv",
    filters: Filters | None = None,
    *,
    chosen: QuerySet[Fact] | None = None,
) -> bytes:
    """Return the file. ``chosen`` narrows down further (the records behind a figure); it never widens what is visible.

    Raises :class:`LedgerError` ``exports.nothing_visible`` or ``exports.too_many``; nobody gets a file cut short.
    Accounts with the ledger's view need ``ledger.export``; the public may export what is public.
    """
    columns = columns_for(account, ledger)
    if not columns:
        raise LedgerError("exports.nothing_visible", f"当前账号看不到台账“{ledger.label}”")
    if any(not column.field.public for column in columns):
        policy.check(account, "ledger.export", zone=ledger.zone)
    facts = filtered(visible_to(account, ledger), columns, filters or Filters())
    if chosen is not None:
        facts = facts.filter(pk__in=chosen.values("pk"))
    most = settings.YZT_EXPORT_MAX_ROWS
    count = facts.order_by()[: most + 1].count()
    if count > most:
        raise LedgerError("exports.too_many", f"超过 {most} 条,请缩小日期或区划的范围后分次导出")
    rows = facts.order_by("occurred_on", "id").iterator(chunk_size=2000)
    mark = watermark(ledger, account, count)
    content = _csv(columns, rows, mark) if format_ == "csv" else _xlsx(ledger, columns, rows, mark)
    audit(account, AuditEvent.Event.EXPORT, ledger.code, format=format_, rows=count, filters=repr(filters or ""))
    return content


def watermark(ledger: Ledger, account: policy.Account, count: int) -> str:
    """Return the line that says who exported what and when."""
    return mark_of(str(ledger.label), account, count)


def mark_of(label: str, account: policy.Account, count: int) -> str:
    """Return the line that says who exported so many rows of what, and when."""
    name = account.username if isinstance(account, User) else "公众"
    at = timezone.localtime(clock.now()).strftime("%Y-%m-%d %H:%M")
    return f"# {name} 于 {at} 自一站通导出“{label}”{count} 条"


def safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: an apostrophe before ``= + - @`` and control characters."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def written(title: str, headings: Iterable[str], rows: Iterable[Iterable[Any]], mark: str, format_: Format) -> bytes:
    """Return any table of plain values as a file, ``mark`` in its last line; what a spreadsheet would run stays text.

    ``rows`` hold texts, numbers, days and moments (None: an empty cell). For lists that are no ledger's.
    """
    if format_ == "xlsx":
        return _book(title, headings, itertools.chain(rows, [[mark]]))
    buffer = io.StringIO(newline="")
    buffer.write("\ufeff")
    writer = csv.writer(buffer)
    writer.writerow([safe(heading) for heading in headings])
    for row in rows:
        writer.writerow([safe(value) if isinstance(value, str) else value for value in row])
    writer.writerow([mark])
    return buffer.getvalue().encode()


def _csv(columns: list[Column], facts: Iterator[Fact], mark: str) -> bytes:
    buffer = io.StringIO(newline="")
    buffer.write("\ufeff")
    writer = csv.writer(buffer)
    writer.writerow([safe(column.heading) for column in columns])
    for fact in facts:
        writer.writerow([_text(column, fact) for column in columns])
    writer.writerow([mark])
    return buffer.getvalue().encode()


def _text(column: Column, fact: Fact) -> str:
    text = column.text(fact)
    return text if isinstance(column.value(fact), (int, Decimal, dt.date)) else safe(text)


def _xlsx(ledger: Ledger, columns: list[Column], facts: Iterator[Fact], mark: str) -> bytes:
    rows = ([column.value(fact) for column in columns] for fact in facts)
    return _book(str(ledger.label), (column.heading for column in columns), itertools.chain(rows, [[mark]]))


def _book(title: str, headings: Iterable[str], rows: Iterable[Iterable[Any]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(sheet_title(title))
    for row in itertools.chain([headings], rows):
        sheet.append([_cell(sheet, value) for value in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _cell(sheet: Any, value: Any) -> Any:
    """Return a cell whose text stays text; numbers of more than 15 digits are texts, for a spreadsheet would round them."""
    if isinstance(value, dt.datetime):
        value = value.replace(tzinfo=None)
    if isinstance(value, (int, Decimal)) and len(str(value).strip("-").replace(".", "")) > _EXACT_IN_A_SPREADSHEET:
        value = format(value, "f") if isinstance(value, Decimal) else str(value)
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value=_printable(value))
    cell.data_type = "s"
    return cell


def _printable(text: str) -> str:
    return "".join(char for char in text if char >= " " or char in "\t\n\r")
