"""Who acts for an organisation: seen, given and taken back by those who may; a holder lays his own down."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import mandates, people
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items import profiles
from yizhantong.kernel.parties.models import Mandate, Organisation
from yizhantong.web.casework import refusals
from yizhantong.web.forms import day_input
from yizhantong.web.views.hall.apply import me
from yizhantong.web.zones import Zone

USUAL = dt.timedelta(days=90)


class MandateForm(forms.Form):
    """Whom to let act for the organisation, where, and until when."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=64)
    identity = forms.CharField(
        label=gettext_lazy("身份证号"), max_length=24, help_text=gettext_lazy("只用于核对身份,加密保存"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
    )  # fmt: skip
    zone = forms.ChoiceField(label=gettext_lazy("范围"), required=False)
    until = forms.DateField(label=gettext_lazy("有效期至"), widget=day_input())
    may_delegate = forms.BooleanField(
        label=gettext_lazy("可以再授权给别人"),
        required=False,
        help_text=gettext_lazy("一般只给法定代表人和办公室负责人"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].choices = [("", _("所有专区")), *((code, Zone(code).name) for code in settings.ZONES)]  # type: ignore[attr-defined]
        self.fields["until"].initial = clock.today() + USUAL


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show the mandates that I hold, and the organisations for which I may give some."""
    return render(request, "web/hall/mandates.html", {"held": mandates.held(me(request))})


@login_required
@require_http_methods(["GET", "POST"])
def organisation(request: HttpRequest, uscc: str) -> HttpResponse:
    """Show who acts for an organisation; let somebody new."""
    account = me(request)
    firm, gives = _asked(account, uscc)
    form = MandateForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = mandates.give(firm, account=account, **form.cleaned_data)
        except CaseError as error:
            refusals.put(form, error)
        else:
            text = _("已授权%(name)s代表“%(firm)s”,到 %(day)s 自动失效")
            messages.success(request, text % {"name": made.person.name, "firm": firm.name, "day": made.valid_to})
            return HttpResponseRedirect(reverse("web:mandates-of", args=[firm.pk]))
    rows = [(row, _state(row)) for row in mandates.given(firm)[:200]]
    context = {"firm": firm, "gives": gives, "form": form, "rows": rows}
    return render(request, "web/hall/mandates_of.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def withdraw(request: HttpRequest, uscc: str, number: int) -> HttpResponse:
    """End a mandate now."""
    account = me(request)
    row = get_object_or_404(Mandate, pk=number, organisation=uscc)
    mine = row.person_id == account.person_id
    if not mine:
        _asked(account, uscc)
    try:
        mandates.withdraw(row, account)
    except CaseError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("已撤销,立即失效"))
    still = people.acts_for(account, uscc, None) or profiles.may_verify(account, row.organisation)
    return HttpResponseRedirect(reverse("web:mandates-of", args=[uscc]) if still else reverse("web:mandates"))


def _asked(account: User, uscc: str) -> tuple[Organisation, bool]:
    """Return the organisation, and whether the account may give mandates of it; 404 for who has nothing to do with it."""
    firm = Organisation.objects.filter(pk=uscc[:18]).first()
    officer = firm is not None and profiles.may_verify(account, firm)
    if firm is None or not (officer or people.acts_for(account, firm.pk, None)):
        raise Http404(_("没有这个单位,或您不代表它"))
    return firm, officer or mandates.delegates(account, firm) is not None


def _state(row: Mandate) -> tuple[str, str]:
    """Return how a mandate stands, as code and word."""
    if row.withdrawn_at is not None:
        return "withdrawn", _("已撤销")
    if row.valid_to is not None and row.valid_to < clock.today():
        return "over", _("已到期")
    return "in_force", _("有效")
