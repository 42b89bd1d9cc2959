"""Files into a ledger: look at everything first, then record all of it or nothing.

``preview`` reads the file, finds the headings, turns every cell into a value, checks every row as ``actions`` would, and
compares with what is recorded: rows whose key is in force with the same content are ``unchanged``, with other content an
error. ``commit`` does the comparison once more under the ledger's lock and records what is new, with the source
``import:<batch>#<row>``. The same file (by SHA-256) is recorded once; of two who import it at the same time one wins, and the
other is told that nothing was left to do. A kill leaves either all or nothing: it is one transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger import actions, cells, headings, references, sheets, writing
from yizhantong.kernel.ledger.audit import audit
from yizhantong.kernel.ledger.checks import checker
from yizhantong.kernel.ledger.declare import Ledger
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.headings import Heading
from yizhantong.kernel.ledger.models import AuditEvent, ImportBatch
from yizhantong.kernel.ledger.template import CODES_SHEET, template

__all__ = ["CellError", "Imported", "Line", "Preview", "commit", "preview", "template"]

MOST_ERRORS = 200
_STEP = 1_000
Progress = Callable[[int], object]


@dataclass(frozen=True)
class CellError:
    """One thing that is wrong: where it stands and what to do. ``row`` counts from 1 as the spreadsheet does."""

    sheet: str
    row: int | None
    column: str
    heading: str
    code: str
    sentence: str

    def __str__(self) -> str:
        place = f"{self.sheet} 第{self.row}行" if self.row else self.sheet
        cell = (
            f" {self.column}列“{self.heading}”"
            if self.column and self.heading
            else f" {self.column}列"
            if self.column
            else ""
        )
        return f"{place}{cell}:{self.sentence}"


@dataclass(frozen=True, slots=True)
class Line:
    """One row that can be recorded: where it stood, and its values by column."""

    sheet: str
    row: int
    values: dict[str, Any]


@dataclass
class Preview:
    """What a file would do. It can be committed when there is no error; ``more_errors`` were found but not kept."""

    ledger: Ledger
    file_name: str
    sha256: str
    already: bool = False
    columns: list[str] = field(default_factory=list)
    new: list[Line] = field(default_factory=list)
    unchanged: int = 0
    errors: list[CellError] = field(default_factory=list)
    more_errors: int = 0

    @property
    def ok(self) -> bool:
        """Tell whether the file can be recorded."""
        return not self.errors

    def add(self, error: CellError) -> None:
        """Keep an error, or count it when there are too many."""
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(error)
        else:
            self.more_errors += 1

    def as_json(self) -> dict[str, Any]:
        """Return plain data for programs."""
        return {
            "ledger": self.ledger.code, "file": self.file_name, "sha256": self.sha256, "already": self.already, "ok": self.ok,
            "new": len(self.new), "unchanged": self.unchanged, "more_errors": self.more_errors,
            "errors": [vars(error) | {"text": str(error)} for error in self.errors],
        }  # fmt: skip


@dataclass(frozen=True)
class Imported:
    """What was done: facts recorded, rows that were there already; ``already`` when the whole file was imported before."""

    recorded: int
    unchanged: int
    already: bool = False
    batch: int | None = None


def preview(
    ledger: Ledger, content: bytes, file_name: str, account: policy.Account | None, progress: Progress | None = None
) -> Preview:
    """Look through a file and write nothing. ``progress`` gets the number of rows looked at since its last call.

    Problems of the file as a whole are errors of the preview too. Raises ``Refused`` without permission ``ledger.import``, and
    :class:`LedgerError` ``ledger.through_its_zone`` for a guarded ledger.
    """
    if account is not None:
        policy.check(account, "ledger.import", zone=ledger.zone)
    actions.refuse_guarded(ledger)
    found = Preview(ledger, file_name[-200:], hashlib.sha256(content).hexdigest())
    found.already = ImportBatch.objects.filter(ledger=ledger.code, sha256=found.sha256).exists()
    try:
        if len(content) > settings.YZT_IMPORT_MAX_BYTES:
            most = settings.YZT_IMPORT_MAX_BYTES // 1024 // 1024
            raise LedgerError("imports.too_large", f"文件超过 {most} MB,请分成几个文件导入")
        lines = _Reader(found, progress).lines(sheets.read(content, file_name))
        _check(found, lines, account)
    except LedgerError as error:
        found.add(CellError(file_name, error.row, "", "", error.code, error.sentence))
    if found.errors:
        found.new = []
    return found


class _Reader:
    """Turns the sheets of a file into lines; what is wrong goes into the preview."""

    def __init__(self, found: Preview, progress: Progress | None) -> None:
        self.found = found
        self.ledger = found.ledger
        self.progress = progress
        self.divisions = cells.Divisions()

    def lines(self, read: Iterable[sheets.Sheet]) -> list[Line]:
        """Return the lines of all sheets; raise ``imports.no_rows`` when there is none at all."""
        made: list[Line] = []
        seen = False
        for sheet in read:
            rows = list(sheet.rows)
            if not rows or sheet.name == CODES_SHEET:
                continue
            seen = True
            try:
                made += self._sheet(sheet, rows)
            except LedgerError as error:
                self.found.add(CellError(sheet.name, error.row, error.field, "", error.code, error.sentence))
        if not made and not self.found.errors:
            text = "表头下面没有数据行" if seen else "文件里没有数据"
            raise LedgerError("imports.no_rows", text)
        return made

    def _sheet(self, sheet: sheets.Sheet, rows: list[tuple[int, list[Any]]]) -> list[Line]:
        top, found = headings.find(self.ledger, rows)
        below = [item for item in rows if item[0] > top]
        _refuse_merged(sheet, top, found)
        self.found.columns = [item.field.column for item in found]
        readers = [(item, self._reader(item, below)) for item in found]
        made = []
        for done, (number, row) in enumerate(below, 1):
            if headings.again(found, row):
                sentence = "这里又是一行表头,请删除后再导入"
                self.found.add(CellError(sheet.name, number, "", "", "imports.heading_again", sentence))
                continue
            line = self._line(sheet, number, row, readers)
            if line is not None:
                made.append(line)
            if self.progress is not None and done % _STEP == 0:
                self.progress(_STEP)
        return made

    def _reader(self, heading: Heading, rows: Sequence[tuple[int, list[Any]]]) -> cells.Read:
        column = heading.field.column
        if column == "division_id":
            return self.divisions
        choices = self.ledger.choices_of(column)
        if choices:
            return cells.choice_of(choices)
        for name, _label, model in checker(self.ledger).references:
            if name == column:
                at = heading.position
                return cells.References(
                    model, (row[at] for _n, row in rows if at < len(row) and row[at] not in ("", None))
                )
        kinds: dict[str, cells.Read] = {
            "integer": cells.integer_of(heading.factor),
            "decimal": cells.decimal_of(heading.factor),
            "boolean": cells.yes_or_no,
            "date": cells.day,
            "datetime": cells.moment,
            "string": cells.text,
        }
        return kinds[self.ledger.type_of(column)]

    def _line(
        self, sheet: sheets.Sheet, number: int, row: list[Any], readers: Sequence[tuple[Heading, cells.Read]]
    ) -> Line | None:
        values: dict[str, Any] = {}
        good = True
        for heading, read in readers:
            cell = row[heading.position] if heading.position < len(row) else None
            try:
                if (number, heading.position) in sheet.unvalued:
                    raise LedgerError("imports.formula", "公式没有计算结果,请在 Excel 或 WPS 中打开、保存后再导入")
                if cell is not None and cells.clean(cell):
                    values[heading.field.column] = read(cell)
            except LedgerError as error:
                good = False
                letter = sheets.column_letter(heading.position)
                self.found.add(CellError(sheet.name, number, letter, heading.written, error.code, error.sentence))
        return Line(sheet.name, number, values) if good else None


def _refuse_merged(sheet: sheets.Sheet, top: int, found: Sequence[Heading]) -> None:
    for area in sheet.merged:
        last = "".join(char for char in area.rpartition(":")[2] if char.isdigit())
        if last and int(last) > top:
            raise LedgerError("imports.merged", f"单元格 {area} 是合并的,请取消合并并逐行填写")
    del found


# --- rows against the ledger ------------------------------------------------------------------------------------------


def _check(found: Preview, lines: list[Line], account: policy.Account | None) -> None:
    """Check lines as ``actions`` would, then sort them into new, unchanged and wrong."""
    checks, today = checker(found.ledger), clock.today()
    reach = policy.EVERYWHERE if account is None else policy.reach(account, "ledger.import", found.ledger.zone)
    closed = references.closing_days()
    valid: list[Line] = []
    for line in lines:
        try:
            values = checks.row(line.values, today)
            problem = references.division_problem(values["division_id"], values["occurred_on"], closed)
            if problem is not None:
                raise problem
            if not reach.covers(values["division_id"]):
                raise LedgerError("imports.refused", "当前账号不能为这个区划导入,请向安全管理员申请", "区划")
            valid.append(Line(line.sheet, line.row, values))
        except LedgerError as error:
            found.add(_at(found.ledger, line, error))
    new, unchanged, wrong = _sorted(found.ledger, valid, found.columns)
    for problem_of_line in wrong:
        found.add(problem_of_line)
    found.new, found.unchanged = new, unchanged


def _at(ledger: Ledger, line: Line, error: LedgerError) -> CellError:
    return CellError(line.sheet, line.row, "", "", error.code, f"{error.field} {error.sentence}".strip())


def _sorted(ledger: Ledger, lines: Sequence[Line], given: Sequence[str]) -> tuple[list[Line], int, list[CellError]]:
    """Return new lines, the number of unchanged ones, and errors of lines whose key is in force with other content."""
    standing = in_force(ledger, [line.values for line in lines])
    new: list[Line] = []
    unchanged, wrong, seen = 0, [], dict[tuple[Any, ...], Line]()
    for line in lines:
        key = writing.key_of(ledger, line.values)
        if key is None:
            new.append(line)
            continue
        if key in seen:
            sentence = f"与第{seen[key].row}行({seen[key].sheet})重复:{writing.key_taken(ledger, key).sentence}"
            wrong.append(CellError(line.sheet, line.row, "", "", "imports.key_twice", sentence))
            continue
        seen[key] = line
        if key not in standing:
            new.append(line)
            continue
        differs = [c for c in given if line.values[c] != standing[key][c] and c != "note"]
        if differs:
            names = "、".join(ledger.by_column[c].name for c in differs)
            sentence = f"{writing.key_taken(ledger, key).sentence};与已登记的不同之处:{names}"
            wrong.append(CellError(line.sheet, line.row, "", "", "imports.differs", sentence))
        else:
            unchanged += 1
    return new, unchanged, wrong


def in_force(ledger: Ledger, rows: Sequence[Mapping[str, Any]]) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Return, by key, the values of the facts in force that have one of the rows' keys."""
    keys = {key for values in rows if (key := writing.key_of(ledger, values)) is not None}
    if not keys:
        return {}
    names = writing.key_names(ledger)
    columns: list[str] = list(dict.fromkeys([*checker(ledger).names, "id", "sign", "reverses_id"]))
    firsts = sorted({key[0] for key in keys}, key=str)
    facts: list[dict[str, Any]] = []
    for start in range(0, len(firsts), 500):
        part = firsts[start : start + 500]
        facts += ledger.model._default_manager.filter(**{f"{names[0]}__in": part}).values(*columns)
    gone = {fact["reverses_id"] for fact in facts if fact["sign"] < 0}
    standing = (fact for fact in facts if fact["sign"] > 0 and fact["id"] not in gone)
    return {key: fact for fact in standing if (key := tuple(fact[name] for name in names)) in keys}


def commit(found: Preview, account: policy.Account | None, progress: Progress | None = None) -> Imported:
    """Record what a preview found to be new: all of it or nothing. The same file again records nothing.

    Raises :class:`LedgerError` ``imports.has_errors``, ``imports.changed_meanwhile``, or what recording raises; ``Refused``.
    """
    ledger = found.ledger
    if not found.ok:
        raise LedgerError("imports.has_errors", f"文件有 {len(found.errors) + found.more_errors} 处错误,一行也没有导入")
    total = len(found.new) + found.unchanged
    try:
        with transaction.atomic():
            writing.lock_ledger(ledger)
            if ImportBatch.objects.filter(ledger=ledger.code, sha256=found.sha256).exists():
                return Imported(0, total, already=True)
            batch = _batch(found, account)
            new, unchanged, wrong = _sorted(ledger, found.new, found.columns)
            if wrong or unchanged:
                raise LedgerError("imports.changed_meanwhile", "预览之后台账有了变化,请重新预览这个文件")
            actions.record_many(
                ledger, (line.values for line in new), source=f"import:{batch.pk}", account=account, progress=progress,
                permission="ledger.import", sources=lambda position: f"import:{batch.pk}#{new[position].row}",
            )  # fmt: skip
            audit(account, AuditEvent.Event.IMPORT, ledger.code, batch=batch.pk, file=found.file_name, facts=len(new))
            return Imported(len(new), found.unchanged, batch=batch.pk)
    except IntegrityError:
        if ImportBatch.objects.filter(ledger=ledger.code, sha256=found.sha256).exists():
            return Imported(0, total, already=True)
        raise


def _batch(found: Preview, account: policy.Account | None) -> ImportBatch:
    return ImportBatch.objects.create(
        ledger=found.ledger.code, file_name=found.file_name, sha256=found.sha256, recorded=len(found.new),
        unchanged=found.unchanged, imported_at=clock.now(), imported_by=account if isinstance(account, User) else None,
    )  # fmt: skip
