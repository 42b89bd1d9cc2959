"""The counter: whoever comes is found or registered, the same form is filled in with what is known, papers are seen or scanned."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yizhantong.foundation.codes.errors import CodeError
from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import lookup, queries
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import tree
from yizhantong.kernel.items import catalogue
from yizhantong.kernel.items import queries as items
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.parties import register
from yizhantong.kernel.parties.models import Organisation, Person
from yizhantong.web import staging
from yizhantong.web.casework import refusals, sheets
from yizhantong.web.casework.people import party_label
from yizhantong.web.casework.refusals import REFUSALS
from yizhantong.web.views.desk.todo import worker
from yizhantong.web.views.hall.apply import begin, remember_password
from yizhantong.web.views.hall.services import found_item

INTAKE = "cases.intake"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_BYTES = 5 * 1024 * 1024
STAGE = "intake"
RECENT = 10


class ComerForm(forms.Form):
    """Who comes, and what for. A person who is not registered yet is, by name and number."""

    item = forms.ChoiceField(label=gettext_lazy("事项"))
    code = forms.CharField(
        label=gettext_lazy("统一社会信用代码或身份证号"), max_length=24, widget=forms.TextInput({"autocomplete": "off"})
    )
    name = forms.CharField(
        label=gettext_lazy("姓名"),
        max_length=64,
        required=False,
        help_text=gettext_lazy("只在没有登记过的个人第一次来时填写"),
    )
    phone = forms.CharField(label=gettext_lazy("手机号"), max_length=20, required=False)
    agent = forms.CharField(label=gettext_lazy("代办人(本人来办留空)"), max_length=64, required=False)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        rows = items.published().order_by("name").values_list("code", "name")
        self.fields["item"].choices = [("", "—"), *rows]  # type: ignore[attr-defined]

    def applicant(self) -> Organisation | Person | None:
        """Return who comes, registered now if need be; what is wrong stands at its field."""
        data = self.cleaned_data
        try:
            found = register.find(data["code"])
            if found is None and len("".join(data["code"].split())) == 18 and data["name"].strip():
                return register.register_person(
                    name=data["name"], number=data["code"], phone=data["phone"], division=tree.root()
                )
        except CodeError as error:
            self.add_error("phone" if "phone" in error.code else "code", str(error))
            return None
        if found is None:
            self.add_error("name", _("没有登记过这个代码。个人请填写姓名,企业请先核对代码"))
        return found


@login_required
@require_http_methods(["GET", "POST"])
def counter(request: HttpRequest) -> HttpResponse:
    """Begin an application at the counter; the draft goes on as any other, with originals seen instead of scans."""
    account = clerk(request)
    form = ComerForm(request.POST or None)
    form.fields["item"].initial = request.GET.get("item", "")[:48]
    refusal = None
    if request.method == "POST" and form.is_valid():
        comer = form.applicant()
        if comer is not None:
            try:
                case = _begin(form.cleaned_data, comer, account)
            except REFUSALS as error:
                refusal = refusals.of(error)
            else:
                return HttpResponseRedirect(reverse("web:draft", args=[case.number]))
    drafts = queries.mine(account).filter(state=Case.State.DRAFT, filed_by=account).select_related("item")
    context = {
        "form": form,
        "refusal": refusal,
        "drafts": [(case, _comer(case)) for case in drafts[:RECENT]],
    }
    return render(request, "web/desk/intake.html", context, status=422 if form.errors or refusal else 200)


def _comer(case: Case) -> str:
    comer = case.organisation or case.person
    return party_label(comer) if comer is not None else ""


def clerk(request: HttpRequest) -> User:
    """Return an account that takes in at a counter; others are refused."""
    account = worker(request)
    policy.check(account, INTAKE)
    return account


def _begin(data: dict[str, Any], comer: Organisation | Person, account: User) -> Case:
    channel = Case.Channel.BEHALF if data["agent"] else Case.Channel.COUNTER
    item = found_item(data["item"])
    return begin(item, comer, account, channel, data["agent"])


@login_required
@require_POST
def password(request: HttpRequest) -> HttpResponse:
    """Give a case that was taken in here a new query password, printed with its receipt; the old one holds no more."""
    account = clerk(request)
    number = "".join(request.POST.get("number", "").split())[:32]
    case = queries.mine(account).filter(number=number).exclude(state=Case.State.DRAFT).first()
    if case is None:
        messages.error(request, _("没有这个办件,或它不是由您收的;请由收件人换,或请申请人登录后自己换"))
        return HttpResponseRedirect(reverse("web:intake"))
    try:
        case.query_password = lookup.new_password(case, account)
    except REFUSALS as error:
        messages.error(request, refusals.of(error).sentence)
        return HttpResponseRedirect(reverse("web:intake"))
    remember_password(request, case)
    return HttpResponseRedirect(reverse("web:receipt", args=[case.number]))


@login_required
@require_http_methods(["GET", "POST"])
def batch(request: HttpRequest) -> HttpResponse:
    """Take in a sheet of applications for one item: checked as a whole, then filed, with a report of every row."""
    account = clerk(request)
    context: dict[str, Any] = {"items": items.published().order_by("name").values_list("code", "name"), "problem": ""}
    if request.method == "POST":
        try:
            context |= _sheet(request, account)
        except sheets.SheetError as error:
            context["problem"] = error.sentence
    return render(request, "web/desk/intake_batch.html", context, status=422 if context["problem"] else 200)


def _sheet(request: HttpRequest, account: User) -> dict[str, Any]:
    """Check a sheet that was brought, or file the one that was checked before."""
    item: Item = found_item(request.POST.get("item", ""))
    ready = catalogue.content_of(item.current_id or 0)
    token = request.POST.get("token", "")
    if token:
        kept = staging.find(token, ledger=f"{STAGE}:{item.code}", user=account.pk)
        if kept is None:
            raise sheets.SheetError("expired", _("这个文件已过期,请重新选择文件"))
        lines = sheets.read(kept.content, ready)
        if not any(line.errors for line in lines):
            sheets.file(item, lines, kept.content, account)
        return {"item": item, "lines": lines, "filed": sum(line.case is not None for line in lines)}
    upload = request.FILES.get("file")
    if upload is None:
        raise sheets.SheetError("no_file", _("请选择一个文件"))
    if (upload.size or 0) > MOST_BYTES:
        raise sheets.SheetError("too_large", _("文件超过 5 MB,请分成几个文件"))
    content = upload.read()
    lines = sheets.read(content, ready)
    wrong = sum(bool(line.errors) for line in lines)
    kept = staging.keep(content, ledger=f"{STAGE}:{item.code}", name=upload.name or "sheet.xlsx", user=account.pk)
    return {"item": item, "lines": lines, "wrong": wrong, "token": "" if wrong else kept.token}


@login_required
@require_GET
def template(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out the sheet to be filled in."""
    clerk(request)
    item = found_item(code)
    response = HttpResponse(sheets.template(catalogue.content_of(item.current_id or 0)), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, f"{item.name}.xlsx") or ""
    return response
