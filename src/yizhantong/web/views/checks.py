"""The draft checker: hand in a draft, see it annotated, open the evidence of every mark."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yizhantong.foundation.text import TextTooLong
from yizhantong.kernel import figures
from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.articles import actions, queries
from yizhantong.kernel.articles.documents import MAX_BYTES, MAX_CHARACTERS, Document, DocumentError, read_document
from yizhantong.kernel.articles.marks import paragraphs, tones_of
from yizhantong.kernel.articles.models import Check
from yizhantong.kernel.articles.report_html import as_html
from yizhantong.kernel.articles.reports import as_workbook
from yizhantong.kernel.divisions import clock

RECENT = 20


class DraftForm(forms.Form):
    """A pasted text or a file, and as of which day it is compared."""

    text = forms.CharField(label=_("稿件正文"), required=False, max_length=MAX_CHARACTERS, strip=False)
    file = forms.FileField(label=_("稿件文件"), required=False)
    as_of = forms.DateField(label=_("数据截至"), required=False)
    with_ledger = forms.BooleanField(label=_("对照台账"), required=False, initial=True)

    document: Document

    def clean_as_of(self) -> Any:
        """Refuse a day that has not come."""
        day = self.cleaned_data["as_of"]
        if day and day > clock.today():
            raise ValidationError(_("数据截至日不能晚于今天"))
        return day

    def clean(self) -> dict[str, Any]:
        """Read the draft from wherever it was put."""
        data = super().clean() or {}
        file, text = data.get("file"), data.get("text") or ""
        if file and file.size > MAX_BYTES:
            raise ValidationError(_("文件超过 20 MB 上限,请拆分后再核对"))
        if not file and not text.strip():
            raise ValidationError(_("请粘贴稿件正文,或选择一个文件"))
        try:
            self.document = read_document(file.read()) if file else Document(text.replace("\r\n", "\n"), "txt")
        except DocumentError as error:
            raise ValidationError(str(error)) from error
        return data


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Show the form and recent checks; check a draft that is handed in."""
    allowed = policy.may(request.user, "articles.check")
    if request.method == "POST":
        policy.check(request.user, "articles.check")
    form = DraftForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        assert isinstance(request.user, User)
        try:
            made = actions.check_draft(
                request.user,
                form.document,
                as_of=form.cleaned_data["as_of"],
                with_ledger=form.cleaned_data["with_ledger"],
            )
            return HttpResponseRedirect(reverse("web:checked", args=[made.key]))
        except (DocumentError, TextTooLong) as error:
            form.add_error(None, str(error))
    recent = queries.visible_to(request.user).defer("text")[:RECENT]
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "web/checks/new.html", {"form": form, "recent": recent, "allowed": allowed}, status=status)


@login_required
@require_GET
def checked(request: HttpRequest, key: str) -> HttpResponse:
    """Show a checked draft, annotated."""
    return render(request, "web/checks/checked.html", _context(_found(request, key)))


@login_required
@require_GET
def evidence(request: HttpRequest, key: str, index: int) -> HttpResponse:
    """Show the evidence of one number, beside the text."""
    found = _found(request, key)
    if not 0 <= index < len(found.result["claims"]):
        raise Http404
    data = found.result
    claim = data["claims"][index]
    context = {
        "check": found,
        "claim": claim,
        "relations": [item for item in data["relations"] if index in item["claims"]],
        "conflicts": [item for item in data["conflicts"] if index in item["claims"]],
        "figure": _figure(claim["figure"]),
        "candidates": [_figure(code) for code in claim["candidates"]] if not claim["figure"] else [],
    }
    return render(request, "web/checks/evidence.html", context)


@login_required
@require_GET
def report(request: HttpRequest, key: str, form: str) -> HttpResponse:
    """Export a checked draft as HTML, XLSX or JSON."""
    found = _found(request, key)
    if form not in ("html", "xlsx", "json"):
        raise Http404
    if form == "json":
        return JsonResponse(found.result, json_dumps_params={"ensure_ascii": False})
    if form == "html":
        response = HttpResponse(as_html(found.text, found.result, f"稿件核对:{found.title}"))
        response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    else:
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        response = HttpResponse(as_workbook(found.result), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="check-{found.key}.{form}"'
    return response


@login_required
@require_POST
def discard(request: HttpRequest, key: str) -> HttpResponse:
    """Throw away a check."""
    assert isinstance(request.user, User)
    actions.discard(request.user, _found(request, key))
    messages.success(request, _("已删除这次核对"))
    return HttpResponseRedirect(reverse("web:check"))


def _found(request: HttpRequest, key: str) -> Check:
    return get_object_or_404(queries.visible_to(request.user), key=key)


def _context(found: Check) -> dict[str, Any]:
    data = found.result
    tones = tones_of(data)
    return {
        "check": found,
        "data": data,
        "counts": data["counts"],
        "lines": paragraphs(found.text, data),
        "differing": [claim for claim in data["claims"] if claim["verdict"] == "differs"],
        "conflicts": [(item, [data["claims"][index] for index in item["claims"]]) for item in data["conflicts"]],
        "failing": [relation for relation in data["relations"] if relation["holds"] is False],
        "rows": [(claim, tones[claim["index"]]) for claim in data["claims"]],
    }


def _figure(code: str | None) -> Any:
    if code is None:
        return None
    return next((item for item in figures.figures() if item.code == code), None)
