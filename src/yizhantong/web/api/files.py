"""Files in and out of a ledger: the form to fill in, imports with their preview, exports."""

from __future__ import annotations

from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Query, Router, Schema, Status
from ninja.files import UploadedFile

from yizhantong.kernel.access import policy
from yizhantong.kernel.ledger import exports, imports, queries
from yizhantong.kernel.ledger.imports import Preview
from yizhantong.web.api import lookups
from yizhantong.web.api.auth import SIGNED_IN, account_of, costly, signed_in
from yizhantong.web.api.facts import FILTERS, Filter, filters_of
from yizhantong.web.api.problems import Fault, Problem
from yizhantong.web.api.schemas import Code, Day, Division, Flag, Words

router = Router(tags=["files"])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
FILE: Any = File(...)  # type: ignore[type-arg]
FORM: Any = Query("csv", alias="format")  # type: ignore[type-arg]
BINARY = {"schema": {"type": "string", "format": "binary"}}


class CellErrorOut(Schema):
    """One thing that is wrong in a file; ``row`` counts from 1 as spreadsheets do, ``column`` is a letter."""

    sheet: str
    row: int | None
    column: str
    heading: str
    code: str
    sentence: str
    text: str


class PreviewOut(Schema):
    """What a file would do: ``new`` rows would be recorded, ``unchanged`` stand already; nothing was written."""

    ledger: str
    file: str
    sha256: str
    already: bool
    ok: bool
    new: int
    unchanged: int
    more_errors: int
    errors: list[CellErrorOut]


class ImportedOut(Schema):
    """What an import did; ``already``: the same file was imported before, and nothing was left to do."""

    ledger: str
    file: str
    sha256: str
    recorded: int
    unchanged: int
    already: bool
    batch: int | None


def _file(*types: str) -> dict[str, Any]:
    return {"responses": {200: {"description": "OK", "content": {kind: BINARY for kind in types}}}}


@router.get("/ledgers/{code}/template", summary="台账的导入模板", openapi_extra=_file(XLSX), throttle=costly())
def get_template(request: HttpRequest, code: Code) -> HttpResponse:
    """Return the XLSX form of a ledger: headings with units, explanations, lists to choose from."""
    declared = lookups.seen_ledger(account_of(request), code)
    return _attached(imports.template(declared), XLSX, f"{code}-template.xlsx")


@router.post(
    "/ledgers/{code}/imports",
    response={200: PreviewOut | ImportedOut, 201: ImportedOut},
    auth=signed_in,
    openapi_extra={"security": SIGNED_IN},
    summary="导入一个文件",
)
def import_file(
    request: HttpRequest, code: Code, file: UploadedFile = FILE, dry_run: Flag = False
) -> Status[dict[str, Any]]:
    """Record the rows of an XLSX or CSV file, all or none (permission ``ledger.import``).

    ``dry_run=true`` only looks and lists what is wrong. Errors of cells come as ``errors`` with sheet, row and column.
    The same file again changes nothing and answers 200.
    """
    account = account_of(request)
    declared = lookups.declared_ledger(code)
    policy.check(account, "ledger.import", zone=declared.zone)
    name = file.name or "file"
    if (file.size or 0) > settings.YZT_IMPORT_MAX_BYTES:
        raise Problem(413, "imports.too_large", _("文件过大,请分成几个文件导入"))
    found = imports.preview(declared, file.read(), name, account)
    if dry_run:
        return Status(200, found.as_json())
    if not found.ok:
        raise _problem(found)
    done = imports.commit(found, account)
    answer: dict[str, Any] = {"ledger": code, "file": found.file_name, "sha256": found.sha256}
    answer |= {"recorded": done.recorded, "unchanged": done.unchanged, "already": done.already, "batch": done.batch}
    return Status(200 if done.already else 201, answer)


@router.get("/ledgers/{code}/export", summary="导出台账", openapi_extra=_file(CSV, XLSX), throttle=costly())
def export(
    request: HttpRequest,
    code: Code,
    form: Literal["csv", "xlsx"] = FORM,
    since: Day | None = None,
    until: Day | None = None,
    division: Division | None = None,
    q: Words = "",
    in_force: Flag = False,
    filters: list[Filter] = FILTERS,
) -> HttpResponse:
    """Return the facts that the account sees, narrowed as in lists, as CSV or XLSX; every export is logged."""
    account = account_of(request)
    declared = lookups.seen_ledger(account, code)
    asked = queries.Filters(
        since=since, until=until, division=division or "", text=q, in_force=in_force,
        values=filters_of(account, declared, filters),
    )  # fmt: skip
    content = exports.export(declared, account, form, asked)
    return _attached(content, XLSX if form == "xlsx" else f"{CSV}; charset=utf-8", f"{code}.{form}")


def _problem(found: Preview) -> Problem:
    faults = [
        Fault(error.sentence, error.code, error.heading, error.sheet, error.row, error.column) for error in found.errors
    ]
    total = len(found.errors) + found.more_errors
    status = 413 if found.errors[0].code == "imports.too_large" else 422
    code = found.errors[0].code if total == 1 else "imports.has_errors"
    return Problem(status, code, _("文件有 %(total)s 处错误,一行也没有导入") % {"total": total}, faults)


def _attached(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
