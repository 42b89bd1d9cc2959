"""Import and export of a ledger: template, preview, all or nothing, and the way out as CSV or XLSX."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.figures import records
from yizhantong.kernel.ledger import exports, imports
from yizhantong.kernel.ledger.declare import Ledger
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import ImportBatch
from yizhantong.web import staging
from yizhantong.web.dates import day_asked_for
from yizhantong.web.staging import Staged
from yizhantong.web.views.figures import division_asked_for
from yizhantong.web.views.ledgers import declared_ledger, filters_asked_for

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX}
SHOWN_ROWS = 20
RECENT = 10


@login_required
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, code: str) -> HttpResponse:
    """Take a file and look through it."""
    declared, account = _allowed(request, code)
    problem = ""
    file = request.FILES.get("file")
    if request.method == "POST":
        if file is None:
            problem = _("请选择一个文件")
        elif (file.size or 0) > settings.YZT_IMPORT_MAX_BYTES:
            problem = _("文件超过 %(most)s MB,请分成几个文件导入") % {
                "most": settings.YZT_IMPORT_MAX_BYTES // 1024 // 1024
            }
        else:
            staged = staging.keep(file.read(), ledger=code, name=file.name or "file", user=account.pk)
            staging.work(staged, "previewing", _previewing(declared, staged, account))
            return HttpResponseRedirect(reverse("web:import-state", args=[code, staged.token]))
    recent = ImportBatch.objects.filter(ledger=code).select_related("imported_by").order_by("-id")[:RECENT]
    context = {"ledger": declared, "problem": problem, "recent": recent}
    return render(request, "web/imports/upload.html", context, status=422 if problem else 200)


@login_required
@require_GET
def state(request: HttpRequest, code: str, token: str) -> HttpResponse:
    """Show how far the work is: looking through, preview, recording, done, or what went wrong."""
    declared, account = _allowed(request, code)
    staged = _staged(code, token, account)
    now = staged.state()
    context = {"ledger": declared, "staged": staged, "state": now, "running": now["stage"].endswith("ing")}
    template = (
        "web/imports/progress.html" if request.headers.get("HX-Target") == "progress" else "web/imports/state.html"
    )
    return render(request, template, context)


@login_required
@require_POST
def commit(request: HttpRequest, code: str, token: str) -> HttpResponse:
    """Record what the preview found: all of it or nothing."""
    declared, account = _allowed(request, code)
    staged = _staged(code, token, account)
    if staged.state()["stage"] == "previewed":
        staging.work(staged, "recording", _recording(declared, staged, account))
    return HttpResponseRedirect(reverse("web:import-state", args=[code, token]))


@login_required
@require_GET
def template(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out the form to fill in."""
    declared, _account = _allowed(request, code)
    return _file(imports.template(declared), "xlsx", f"{declared.label}模板.xlsx")


@require_GET
def export(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out a ledger, as it is narrowed down on its page."""
    declared = declared_ledger(request, code)
    kind = _kind(request)
    filters, problem = filters_asked_for(request, declared)
    try:
        if problem:
            raise problem
        content = exports.export(declared, request.user, kind, filters)
    except LedgerError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("web:ledger", args=[code]))
    return _file(content, kind, f"{declared.label}.{kind}")


@require_GET
def export_records(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out the records behind a figure."""
    day, division = day_asked_for(request), division_asked_for(request)
    kind = _kind(request)
    figure = records.counted(code)
    declared = declared_ledger(request, figure.ledger)
    chosen = records.behind(code, request.user, as_of=day, division=division)
    try:
        content = exports.export(declared, request.user, kind, chosen=chosen)
    except LedgerError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("web:figure", args=[code]))
    return _file(content, kind, f"{figure.label}.{kind}")


def _previewing(declared: Ledger, staged: Staged, account: User) -> Callable[[Callable[[int], None]], dict[str, Any]]:
    def task(progress: Callable[[int], None]) -> dict[str, Any]:
        found = imports.preview(declared, staged.content, staged.name, account, progress)
        names = [declared.by_column[column].name for column in found.columns]
        rows = [[str(line.values.get(c, "")) for c in found.columns] for line in found.new[:SHOWN_ROWS]]
        return found.as_json() | {"stage": "previewed", "done": len(found.new), "headings": names, "rows": rows}

    return task


def _recording(declared: Ledger, staged: Staged, account: User) -> Callable[[Callable[[int], None]], dict[str, Any]]:
    def task(progress: Callable[[int], None]) -> dict[str, Any]:
        found = imports.preview(declared, staged.content, staged.name, account)
        total = len(found.new)
        staged.tell(stage="recording", done=0, total=total)
        made = imports.commit(found, account, progress)
        return {"stage": "done", "done": made.recorded, "unchanged": made.unchanged, "already": made.already}

    return task


def _allowed(request: HttpRequest, code: str) -> tuple[Ledger, User]:
    declared = declared_ledger(request, code)
    policy.check(request.user, "ledger.import", zone=declared.zone)
    assert isinstance(request.user, User)
    return declared, request.user


def _staged(code: str, token: str, account: User) -> Staged:
    found = staging.find(token, ledger=code, user=account.pk)
    if found is None:
        raise Http404(_("这个文件已过期,请重新选择文件"))
    return found


def _kind(request: HttpRequest) -> exports.Format:
    return "xlsx" if request.GET.get("format") == "xlsx" else "csv"


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=KINDS[kind])
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
