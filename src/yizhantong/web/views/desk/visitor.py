"""Whoever stands at the counter, on one page: what is on its way for him in any zone, wherever it began, and what comes next.

Online and at the window are the same cases; the clerk sees those that he may see anyway, and is told how many there are besides.
Every look is an audit fact. The identity number is typed once and never stands in an address.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from yizhantong.foundation.codes.errors import CodeError
from yizhantong.kernel.cases import queries
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.items import queries as items
from yizhantong.kernel.ledger.audit import audit
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.kernel.parties import register
from yizhantong.kernel.parties.models import Organisation, Person
from yizhantong.web import home
from yizhantong.web.casework import refusals
from yizhantong.web.casework.parties import Party
from yizhantong.web.casework.people import party_label
from yizhantong.web.casework.refusals import REFUSALS
from yizhantong.web.views.desk.intake import clerk
from yizhantong.web.views.hall.apply import begin
from yizhantong.web.views.hall.mine import thing_of, with_parts
from yizhantong.web.views.hall.services import found_item

KEY = "visitor"
GOING, ENDED = 20, 10


class VisitorForm(forms.Form):
    """Who stands at the counter."""

    code = forms.CharField(
        label=gettext_lazy("统一社会信用代码或身份证号"), max_length=24, widget=forms.TextInput({"autocomplete": "off"})
    )

    def found(self) -> Party | None:
        """Return who it is; what is wrong stands at the field."""
        try:
            comer = register.find(self.cleaned_data["code"])
        except CodeError as error:
            self.add_error("code", str(error))
            return None
        if comer is None:
            self.add_error("code", _("没有登记过这个代码,可以直接收件登记"))
            return None
        return _party(comer)


@login_required
@require_http_methods(["GET", "POST"])
def visitor(request: HttpRequest) -> HttpResponse:
    """Find who stands at the counter, and show what is on its way for him."""
    account = clerk(request)
    form = VisitorForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        found = form.found()
        if found is not None:
            request.session[KEY] = found.key
            audit(account, AuditEvent.Event.REVEAL, f"visitor:{_named(found)}", purpose="counter")
            return HttpResponseRedirect(reverse("web:visitor"))
    party = _standing(request)
    context: dict[str, Any] = {"form": form}
    if party is not None:
        context |= _on_their_way(request, party)
    return render(request, "web/desk/visitor.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """The next one, please."""
    clerk(request)
    request.session.pop(KEY, None)
    return HttpResponseRedirect(reverse("web:visitor"))


@login_required
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Begin an application for who stands at the counter."""
    account, party = clerk(request), _standing(request)
    if party is None:
        return HttpResponseRedirect(reverse("web:visitor"))
    try:
        case = begin(found_item(request.POST.get("item", "")), party.applicant, account, Case.Channel.COUNTER)
    except REFUSALS as error:
        context = {"form": VisitorForm(), "refusal": refusals.of(error), **_on_their_way(request, party)}
        return render(request, "web/desk/visitor.html", context, status=422)
    return HttpResponseRedirect(reverse("web:draft", args=[case.number]))


def _on_their_way(request: HttpRequest, party: Party) -> dict[str, Any]:
    account = clerk(request)
    own = {"organisation" if party.audience == "organisation" else "person": party.applicant}
    everything = Case.objects.filter(**own).exclude(state=Case.State.DRAFT)
    seen = queries.visible_to(account).filter(**own).exclude(state=Case.State.DRAFT)
    going = with_parts(seen.exclude(state=Case.State.CLOSED)).order_by("-id")[:GOING]
    ended = with_parts(seen.filter(state=Case.State.CLOSED)).order_by("-id")[:ENDED]
    shown = {case.number for case in going}
    coming = [one for one in home.on_their_way(account, [party]) if one.action or one.case not in shown]
    return {
        "party": party, "label": party_label(party.applicant), "going": [thing_of(case) for case in going],
        "ended": [thing_of(case) for case in ended], "waiting": [one for one in coming if one.action],
        "others": [one for one in coming if not one.action],
        "hidden": everything.count() - seen.count(), "items": items.published().order_by("name"),
    }  # fmt: skip


def _party(comer: Organisation | Person) -> Party:
    return Party(f"org:{comer.pk}" if isinstance(comer, Organisation) else f"person:{comer.pk}", comer)


def _standing(request: HttpRequest) -> Party | None:
    kind, _colon, key = str(request.session.get(KEY, "")).partition(":")
    found: Organisation | Person | None = None
    if kind == "org":
        found = Organisation.objects.filter(pk=key).first()
    elif kind == "person" and key.isdecimal():
        found = Person.objects.filter(pk=int(key)).first()
    return None if found is None else _party(found)


def _named(party: Party) -> str:
    return str(party.applicant.pk)
