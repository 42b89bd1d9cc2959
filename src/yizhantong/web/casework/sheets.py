"""A sheet of applications for one item: its template, its check as a whole, and its filing row by row.

Columns: ``申请人代码`` (GB 32100 code or identity number), the form's elements by their Chinese names, and for each material
that no register has ``材料:<name>`` (``原件`` where the original was seen at the counter). Nothing is filed unless every row can be.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from python_calamine import CalamineError, CalamineWorkbook

from yizhantong.foundation.codes.errors import CodeError
from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import actions
from yizhantong.kernel.cases.models import Case, CaseMaterial
from yizhantong.kernel.items.catalogue import Ready
from yizhantong.kernel.items.errors import ItemError
from yizhantong.kernel.items.forms import DataError, clean_data, prefill
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.parties import register
from yizhantong.kernel.parties.models import Organisation, Person
from yizhantong.web.casework.people import party_label
from yizhantong.web.casework.refusals import REFUSALS

APPLICANT = "申请人代码"
MATERIAL = "材料:"
SEEN = ("原件", "有", "是", "Y", "y")
MOST_ROWS = 500


@dataclass
class Line:
    """One row: its number in the sheet, who asks, what is filled in, what is wrong, and the case that came of it."""

    number: int
    applicant: Organisation | Person | None = None
    data: dict[str, Any] = field(default_factory=dict)
    materials: list[dict[str, Any]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    case: Case | None = None

    @property
    def name(self) -> str:
        """Return who asks, as the report names it."""
        return party_label(self.applicant) if self.applicant is not None else ""


class SheetError(Exception):
    """The file is no sheet of this item; ``code`` is stable."""

    def __init__(self, code: str, sentence: str) -> None:
        self.code = f"intake.{code}"
        self.sentence = sentence
        super().__init__(sentence)


def template(ready: Ready) -> bytes:
    """Return the sheet to be filled in for an item, as XLSX."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "申请"
    sheet.append(headings(ready))
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def headings(ready: Ready) -> list[str]:
    """Return the columns of the sheet."""
    names = [element.name for _spec, element in ready.fields.values()]
    return [APPLICANT, *names, *(MATERIAL + spec.name for spec in ready.content.materials if not spec.register)]


def read(content: bytes, ready: Ready) -> list[Line]:
    """Return the rows, each checked by the item's own form; raises :class:`SheetError` for a file that is none."""
    try:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    except (CalamineError, OSError, ValueError) as error:
        raise SheetError("not_a_sheet", _("这个文件不是 XLSX 表格,请用模板填写")) from error
    if not rows or APPLICANT not in (titles := [str(cell).strip() for cell in rows[0]]):
        raise SheetError("no_applicant", _("表格第一行缺少“%(name)s”列,请用模板填写") % {"name": APPLICANT})
    strange = [title for title in titles if title and title not in headings(ready)]
    if strange:
        raise SheetError("unknown_column", _("表格有不认识的列:%(names)s") % {"names": "、".join(strange[:5])})
    filled = [(number, row) for number, row in enumerate(rows[1:], 2) if any(_text(cell) for cell in row)]
    if len(filled) > MOST_ROWS:
        raise SheetError("too_many", _("一次最多 %(most)s 行,请分成几个文件") % {"most": MOST_ROWS})
    if not filled:
        raise SheetError("empty", _("表格没有一行申请"))
    return [_line(number, dict(zip(titles, map(_text, row), strict=False)), ready) for number, row in filled]


def _line(number: int, cells: dict[str, str], ready: Ready) -> Line:
    line = Line(number)
    try:
        line.applicant = register.find(cells.get(APPLICANT, ""))
        if line.applicant is None:
            line.errors.append(_("没有登记过这个申请人,请先在窗口收件登记"))
    except CodeError as error:
        line.errors.append(str(error))
    given = {code: cells[element.name] for code, (_spec, element) in ready.fields.items() if cells.get(element.name)}
    given = {code: _typed(ready, code, value) for code, value in given.items()}
    if line.applicant is not None:
        known = {code: found.value for code, found in prefill(ready, line.applicant).items()}
        given = known | given
    try:
        line.data = clean_data(ready, given)
    except DataError as error:
        names = {code: element.name for code, (_spec, element) in ready.fields.items()}
        line.errors += [f"{names.get(code, code)}:{''.join(said)}" for code, said in error.errors.items()]
    except ItemError as error:
        line.errors.append(error.sentence)
    for spec in ready.content.materials:
        if cells.get(MATERIAL + spec.name) in SEEN:
            line.materials.append({"code": spec.code, "mode": CaseMaterial.Mode.PAPER})
    there = {given["code"] for given in line.materials}
    for spec, needed in ready.asked(line.data):
        if needed and not spec.register and spec.code not in there:
            line.errors.append(_("缺材料:%(name)s") % {"name": spec.name})
    return line


def _typed(ready: Ready, code: str, value: str) -> Any:
    """Return a cell as the form takes it: labels of choices become their codes, yes and no what a form sends."""
    element = ready.fields[code][1]
    codes = {name: choice for choice, name in element.choices}
    if element.kind == "choices":
        return [codes.get(part.strip(), part.strip()) for part in value.replace("、", ",").split(",") if part.strip()]
    if element.kind == "boolean":
        return {"是": "true", "否": "false"}.get(value, value)
    return codes.get(value, value)


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if hasattr(cell, "isoformat"):
        return str(cell.isoformat())[:10]
    return str(cell).strip()


def file(item: Item, lines: list[Line], content: bytes, account: User) -> None:
    """File every row; sending the same sheet again finds the cases that it made. A refusal stands at its row."""
    mark = hashlib.sha256(content).hexdigest()[:40]
    for line in lines:
        assert line.applicant is not None
        try:
            line.case = actions.file(
                item, applicant=line.applicant, data=line.data, materials=line.materials, account=account,
                channel=Case.Channel.BATCH, idempotency_key=f"{mark}:{line.number}",
            )  # fmt: skip
        except REFUSALS as error:
            line.errors.append(str(error))
