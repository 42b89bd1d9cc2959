"""Guarantors: an enterprise names who stands surety; he himself decides which bank may see him, and for how long."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yizhantong.foundation.codes.errors import CodeError
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.parties import register
from yizhantong.kernel.parties.models import Organisation, Person
from yizhantong.web.paging import page_of
from yizhantong.zones.finance.actions import authorising, needs
from yizhantong.zones.finance.config import GUARANTOR
from yizhantong.zones.finance.errors import FinanceError
from yizhantong.zones.finance.forms.hall import EVERY_BANK, GuaranteeForm, GuarantorForm
from yizhantong.zones.finance.models import Guarantor
from yizhantong.zones.finance.pages.common import done, form_page, me, refusing, show, taken
from yizhantong.zones.finance.pages.needs import own
from yizhantong.zones.finance.queries import guarantees as queries


@refusing
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, number: str) -> HttpResponse:
    """Name a guarantor of one's own need."""
    listing, back = own(request, number), reverse("finance:need", args=[number])
    form = GuarantorForm(request.POST or None)

    def keep(data: dict[str, Any]) -> Guarantor:
        return needs.add_guarantor(
            listing, _person(data["name"], data["identity"]), data["relation"], account=me(request)
        )

    if taken(form, keep) is not None:
        return done(request, _("已登记保证人,请他本人登录后授权银行查看"), back)
    lead = _("保证人的信息由他本人授权,银行才能看到。")
    return form_page(request, form, _("添加保证人"), back, button=_("添加"), lead=lead)


def _person(name: str, identity: str) -> Person:
    """Return the registered person of that name and number; the refusal does not tell which of the two is wrong."""
    try:
        found = register.find(identity)
    except CodeError:
        found = None
    if not isinstance(found, Person) or found.name != name.strip():
        text = "姓名与身份证号没有核对上。请检查;保证人没有用过本平台的,请他先登录一次"
        raise FinanceError("finance.guarantor_unknown", text, field="identity")
    return found


@refusing
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """List what one stands surety for, and whether banks may look now."""
    page = page_of(request, queries.mine(me(request)))
    return show(request, "hall/guarantees.html", {"page": page, "rows": queries.guarantees(list(page))})


@refusing
@require_http_methods(["GET", "POST"])
def authorise(request: HttpRequest, number: int) -> HttpResponse:
    """Let banks see oneself as the guarantor of one need: first the words are shown, then it is given."""
    row = get_object_or_404(queries.mine(me(request)), pk=number)
    form = GuaranteeForm(request.POST or None)
    words = _words(row, form.cleaned_data) if form.is_valid() else ""
    if words and "agree" in request.POST and taken(form, lambda data: _given(request, row, data)) is not None:
        return done(request, _("已授权;可随时撤回"), reverse("finance:guarantees"))
    context = {"form": form, "row": row, "words": words}
    return show(request, "hall/guarantee.html", context, status=422 if form.errors else 200)


def _banks(data: dict[str, Any]) -> list[Organisation]:
    return [] if EVERY_BANK in data["banks"] else list(Organisation.objects.filter(pk__in=data["banks"], kind="bank"))


def _words(row: Guarantor, data: dict[str, Any]) -> str:
    until = clock.today() + dt.timedelta(days=data["days"])
    return authorising.statement(row.person.name, data["purpose"], [GUARANTOR], _banks(data), until, row.listing)


def _given(request: HttpRequest, row: Guarantor, data: dict[str, Any]) -> Any:
    banks = _banks(data)
    return authorising.authorise_as_guarantor(
        row, purpose=data["purpose"], banks=banks, every_bank=not banks, days=data["days"], account=me(request)
    )
