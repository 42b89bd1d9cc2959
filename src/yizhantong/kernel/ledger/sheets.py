"""Tables as people hand them in: XLSX and CSV files, read as plain rows after everything harmful was refused.

XLSX is looked through before it is opened: the archive's sizes (a zip bomb), the far corner of each sheet (one stray cell at
XFD1048576 would ask for 17 thousand million cells), merged cells, formulas without a value. CSV is UTF-8 (with or without
byte order mark) or GB18030 (GB 18030-2022).
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

from yizhantong.kernel.ledger.errors import LedgerError

MOST_BYTES_UNPACKED = 400 * 1024 * 1024
MOST_RATIO = 200
MOST_ENTRIES = 2_000
MOST_COLUMNS = 256
MOST_ROWS = 500_000
MOST_CELLS = 40_000_000
_BROKEN = (
    zipfile.BadZipFile, zlib.error, KeyError, ValueError, ElementTree.ParseError, expat.ExpatError, CalamineError, EOFError,
    OSError, NotImplementedError, RuntimeError, UnicodeError,
)  # fmt: skip
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass
class Sheet:
    """One sheet: ``rows`` yields row number (from 1) and cells of rows that are not empty.

    ``merged`` are ranges such as ``A1:B2``; ``unvalued`` are (row, column) of formulas that nobody has computed.
    """

    name: str
    rows: Iterator[tuple[int, list[Any]]]
    merged: list[str] = field(default_factory=list)
    unvalued: set[tuple[int, int]] = field(default_factory=set)


def read(content: bytes, file_name: str) -> list[Sheet]:
    """Return the sheets of a file; :class:`LedgerError` (``imports.…``) says why it cannot be read."""
    if not content.strip():
        raise LedgerError("imports.empty_file", f"文件 {file_name} 是空的")
    if content.startswith(b"PK\x03\x04"):
        return _xlsx(content, file_name)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise LedgerError("imports.old_format", f"文件 {file_name} 是旧版 Excel 或已加密,请另存为 .xlsx 后再导入")
    return [_csv(content, file_name)]


def column_letter(position: int) -> str:
    """Return the letter of a column, counted from 0: 0 is A, 26 is AA."""
    text = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        text = chr(65 + rest) + text
    return text


# --- CSV --------------------------------------------------------------------------------------------------------------


def _csv(content: bytes, file_name: str) -> Sheet:
    text = _decoded(content, file_name)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",\t;,", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return Sheet(file_name.rsplit(".", 1)[0][-60:], _csv_rows(reader))


def _decoded(content: bytes, file_name: str) -> str:
    if b"\x00" in content:
        raise LedgerError("imports.not_a_table", f"文件 {file_name} 不是表格(二进制内容),请用 XLSX 或 CSV")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise LedgerError("imports.encoding", f"文件 {file_name} 的编码既不是 UTF-8 也不是 GB18030")


def _csv_rows(reader: Any) -> Iterator[tuple[int, list[Any]]]:
    found = 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found += 1
                _bounded(found, len(cells))
                yield reader.line_num, cells
    except csv.Error as error:
        raise LedgerError("imports.not_a_table", f"第{reader.line_num}行不是完整的 CSV:{error}") from error


def _bounded(rows: int, columns: int) -> None:
    if rows > MOST_ROWS:
        raise LedgerError("imports.too_many_rows", f"超过 {MOST_ROWS} 行,请分成几个文件导入")
    if columns > MOST_COLUMNS:
        raise LedgerError("imports.too_wide", f"超过 {MOST_COLUMNS} 列,请删除多余的列")


# --- XLSX -------------------------------------------------------------------------------------------------------------


def _xlsx(content: bytes, file_name: str) -> list[Sheet]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_bomb(archive, file_name)
            looked = {name: _look(archive, path, name) for name, path in _parts(archive)}
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [
            Sheet(name, _sheet_rows(workbook, name), about.merged, about.unvalued) for name, about in looked.items()
        ]
    except _BROKEN as error:
        text = f"文件 {file_name} 不是完整的 XLSX 表格,请用 Excel 或 WPS 打开后另存为 .xlsx"
        raise LedgerError("imports.not_a_table", text) from error


def _refuse_bomb(archive: zipfile.ZipFile, file_name: str) -> None:
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    heavy = unpacked > 20 * 1024 * 1024 and unpacked / packed > MOST_RATIO
    if len(entries) > MOST_ENTRIES or unpacked > MOST_BYTES_UNPACKED or heavy:
        text = f"文件 {file_name} 解压后有 {unpacked // 1024 // 1024} MB,超出限度,已拒绝打开"
        raise LedgerError("imports.zip_bomb", text)


def _parts(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Return name and path of each visible worksheet."""
    relations = {
        item.get("Id"): item.get("Target", "")
        for item in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    found = []
    for item in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        if item.tag.endswith("}sheet") and item.get("state", "visible") == "visible":
            target = relations.get(item.get(_RELATION), "").lstrip("/")
            path = target if target.startswith("xl/") else f"xl/{target}"
            if "worksheets/" in path:
                found.append((item.get("name", ""), path))
    return found


class _Look:
    """What a sheet's XML says before any row is read."""

    def __init__(self) -> None:
        self.merged: list[str] = []
        self.unvalued: set[tuple[int, int]] = set()
        self.right = self.bottom = 0
        self._row = self._column = 0
        self._formula = self._valued = self._within = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take one opening tag."""
        if tag == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
        elif tag == "c":
            self._column = _column_of(attributes["r"]) if "r" in attributes else self._column + 1
            self._formula = self._valued = False
        elif tag == "f":
            self._formula = True
        elif tag in ("v", "is"):
            self._within = True
            self.right, self.bottom = max(self.right, self._column), max(self.bottom, self._row)
        elif tag == "mergeCell":
            self.merged.append(attributes.get("ref", ""))

    def text(self, _said: str) -> None:
        """Take text: a value that is not empty."""
        self._valued = self._valued or self._within

    def end(self, tag: str) -> None:
        """Take one closing tag."""
        if tag in ("v", "is"):
            self._within = False
        if tag == "c" and self._formula and not self._valued:
            self.unvalued.add((self._row, self._column - 1))


def _column_of(reference: str) -> int:
    number = 0
    for letter in reference:
        if not letter.isalpha():
            break
        number = number * 26 + ord(letter.upper()) - 64
    return number


def _look(archive: zipfile.ZipFile, path: str, name: str) -> _Look:
    look, parser = _Look(), expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda tag, attributes: look.start(tag.rsplit(" ", 1)[-1], attributes)
    parser.EndElementHandler = lambda tag: look.end(tag.rsplit(" ", 1)[-1])
    parser.CharacterDataHandler = look.text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    read_so_far = 0
    with archive.open(path) as part:
        while chunk := part.read(1 << 20):
            read_so_far += len(chunk)
            if read_so_far > MOST_BYTES_UNPACKED:
                raise LedgerError("imports.zip_bomb", f"工作表“{name}”解压后超出限度,已拒绝打开")
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    if look.right > MOST_COLUMNS:
        text = f"工作表“{name}”在第 {column_letter(look.right - 1)} 列还有内容,请删除多余的列"
        raise LedgerError("imports.too_wide", text)
    if look.right * look.bottom > MOST_CELLS:
        raise LedgerError("imports.too_many_rows", f"工作表“{name}”直到第 {look.bottom} 行还有内容,请分成几个文件导入")
    return look


def _refuse_doctype(*_given: Any) -> None:
    raise LedgerError("imports.not_a_table", "表格中含有 DOCTYPE 声明,已拒绝打开")


def _sheet_rows(workbook: Any, name: str) -> Iterator[tuple[int, list[Any]]]:
    try:
        sheet = workbook.get_sheet_by_name(name)
        start, table = sheet.start, sheet.to_python(skip_empty_area=True)
    except _BROKEN as error:
        raise LedgerError(
            "imports.not_a_table", f"工作表“{name}”已损坏,请用 Excel 或 WPS 打开后另存为 .xlsx"
        ) from error
    if start is None:
        return
    left = [""] * start[1]
    found = 0
    for number, cells in enumerate(table, start[0] + 1):
        if any(cell not in ("", None) for cell in cells):
            found += 1
            _bounded(found, len(cells))
            yield number, left + cells
