"""What the city knows of an enterprise, whence and how far it is trusted: seen and completed by itself, verified by officers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import TextField
from django.db.models.functions import Cast
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.items import profiles
from yizhantong.kernel.parties.models import EnterpriseProfile, Organisation
from yizhantong.kernel.parties.profile import ProfileError, load, refresh
from yizhantong.web.casework.profileforms import ProfileForm, initial_of, open_to, rows_of
from yizhantong.web.views.hall.apply import me

SIZE = 50


@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest, uscc: str) -> HttpResponse:
    """Show a profile to whoever acts for the enterprise, or maintains profiles there; take what is declared or verified."""
    account = me(request)
    firm, officer = _asked(account, uscc)
    held = load(firm) or refresh(firm)
    rows = rows_of(held)
    terms = open_to(rows, officer=officer)
    form = ProfileForm(
        request.POST if request.method == "POST" else None, terms, officer=officer, initial=initial_of(held, terms)
    )
    if request.method == "POST" and form.is_valid():
        declared = {row.term.column for row in rows if officer and row.confidence == "declared"}
        changed = {
            name: value for name, value in form.values.items() if name in declared or value != getattr(held, name)
        }
        try:
            written = profiles.update(firm, changed, account=account, source=form.cleaned_data.get("source", ""))
        except ProfileError as error:
            form.add_error(error.field if error.field in form.fields else None, error.sentence)
        else:
            messages.success(request, _said(len(written), officer))
            return HttpResponseRedirect(reverse("web:profile", args=[uscc]))
    context = {
        "firm": firm, "rows": rows, "form": form, "officer": officer,
        "known": sum(bool(row.text) for row in rows), "declared": sum(row.confidence == "declared" for row in rows),
    }  # fmt: skip
    return render(request, "web/hall/profile.html", context, status=422 if form.errors else 200)


def _said(count: int, officer: bool) -> str:
    text = _("已核实 %(n)s 项") if officer else _("已登记 %(n)s 项,标为企业自报;核实后更可信")
    return text % {"n": count}


def _asked(account: User, uscc: str) -> tuple[Organisation, bool]:
    """Return the enterprise, and whether the account comes as an officer; 404 for anybody else."""
    firm = Organisation.objects.filter(pk=uscc[:18], kind=Organisation.Kind.ENTERPRISE).first()
    if firm is not None and profiles.may_verify(account, firm):
        return firm, True
    if firm is None or not profiles.acts_for(account, firm):
        raise Http404(_("没有这家企业,或您不代表它"))
    return firm, False


@login_required
@require_GET
def profiles_to_verify(request: HttpRequest) -> HttpResponse:
    """Show the enterprises that declared something which nobody verified yet, or those that a name or code finds."""
    account = me(request)
    policy.check(account, profiles.EDIT)
    text, after = (request.GET.get(name, "").strip().replace("\x00", "")[:60] for name in ("q", "after"))
    rows: Any = EnterpriseProfile.objects.select_related("organisation").order_by("organisation_id")
    if text:
        by_code = rows.filter(organisation__uscc__startswith=text.upper())
        rows = by_code if text.isascii() and text.isalnum() else rows.filter(organisation__name__contains=text)
    else:
        rows = rows.annotate(said=Cast("sources", TextField())).filter(said__contains='"declared"')
    found = list(rows.filter(organisation_id__gt=after[:18])[: SIZE + 1])
    shown = [row for row in found[:SIZE] if profiles.may_verify(account, row.organisation)]
    context = {
        "rows": [(row, sum(said.get("confidence") == "declared" for said in row.sources.values())) for row in shown],
        "asked": text, "after": found[SIZE - 1].pk if len(found) > SIZE else "",
    }  # fmt: skip
    return render(request, "web/desk/profiles.html", context)
