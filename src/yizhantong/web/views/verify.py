"""Verification of documents by anyone: by number and code, by the address in the QR code, or by the PDF itself.

Nothing is told to who has neither code nor document: numbers run on, so a number alone finds nothing. An upload is only
hashed, and is not kept.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from yizhantong.kernel.files import codes, public, queries
from yizhantong.kernel.files.errors import FileError
from yizhantong.kernel.files.models import Issued

A_MINUTE = 60
TRIES_A_MINUTE = 60


class CodeForm(forms.Form):
    """Number and code as they stand on the paper."""

    number = forms.CharField(label=gettext_lazy("文号"), max_length=100)
    code = forms.CharField(label=gettext_lazy("验证码"), max_length=60)

    found: Issued | None = None

    def clean(self) -> dict[str, Any]:
        """Look the document up: number and code must be those of the same document."""
        given = super().clean() or {}
        if self.errors:
            return given
        issued = queries.verified(given["code"])
        if issued is None or _plain(issued.number) != _plain(given["number"]):
            raise forms.ValidationError(
                _("没有文号与验证码都相符的文书,请对照原件逐字核对;仍不相符的,请向签发机关核实")
            )
        self.found = issued
        return given


class FileForm(forms.Form):
    """A PDF to be compared."""

    file = forms.FileField(label=gettext_lazy("文书 PDF"), allow_empty_file=False)

    found: Issued | None = None

    def clean_file(self) -> Any:
        """Compare the digest of the upload with those of all documents."""
        upload = self.cleaned_data["file"]
        if upload.size > settings.YZT_FILE_MAX_BYTES:
            raise forms.ValidationError(_("文件过大,不是本平台签发的文书"))
        self.found = queries.verified_by_content(upload.read())
        if self.found is None:
            raise forms.ValidationError(
                _(
                    "没有与这个文件完全一致的文书:它不是本平台签发的,或者内容被改动过。请使用签发时的原始 PDF,不要用打印后的扫描件"
                )
            )
        return upload


@never_cache
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Ask for number and code, or for the PDF; lead to the document that they prove to be known."""
    by_file = request.method == "POST" and "by_file" in request.POST
    code_form = CodeForm(request.POST if request.method == "POST" and not by_file else None)
    file_form = FileForm(request.POST, request.FILES) if by_file else FileForm()
    status = 200
    if request.method == "POST":
        if _too_many(request):
            return _slow_down(request)
        form = file_form if by_file else code_form
        if form.is_valid() and form.found is not None:
            if by_file:
                return _answer(request, form.found, compared=True)
            return redirect("web:verify-document", code=form.found.verify_code)
        status = 422
    context = {"code_form": code_form, "file_form": file_form, "form": file_form if by_file else code_form}
    return render(request, "web/verify/index.html", context, status=status)


@never_cache
@require_GET
def document(request: HttpRequest, code: str) -> HttpResponse:
    """Tell whether the document of a code is genuine, revoked or replaced; 404 for a code that is nobody's."""
    if _too_many(request):
        return _slow_down(request)
    issued = queries.verified(code)
    if issued is None:
        return render(request, "web/verify/document.html", {"shown": None}, status=404)
    return _answer(request, issued, compared=False)


def _answer(request: HttpRequest, issued: Issued, compared: bool) -> HttpResponse:
    context = {"shown": public.shown(issued), "code": codes.grouped(issued.verify_code), "compared": compared}
    response = render(request, "web/verify/document.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def _too_many(request: HttpRequest) -> bool:
    """Count the tries of an address in the current minute; headers that anyone can invent are not believed."""
    key = f"verify:{request.META.get('REMOTE_ADDR', '')}"
    if cache.add(key, 1, A_MINUTE):
        return False
    try:
        return int(cache.incr(key)) > TRIES_A_MINUTE
    except ValueError:  # the minute ended between the two lines
        return False


def _slow_down(request: HttpRequest) -> HttpResponse:
    problem = FileError("too_many_tries", _("验证过于频繁,请一分钟后再试"))
    response = render(request, "web/errors/problem.html", {"problem": problem}, status=429)
    response["Retry-After"] = str(A_MINUTE)
    return response


def _plain(number: str) -> str:
    """Return a number as people type it: brackets of any kind, no blanks."""
    text = "".join(unicodedata.normalize("NFKC", number).split())
    return text.translate(str.maketrans("〔【[(", "((((")).translate(str.maketrans("〕】])", "))))"))
