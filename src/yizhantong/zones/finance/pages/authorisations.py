"""Authorisations: give, see who looked at what, withdraw with immediate effect."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yizhantong.kernel.divisions import clock
from yizhantong.kernel.parties.models import Organisation
from yizhantong.web.paging import page_of
from yizhantong.zones.finance import access
from yizhantong.zones.finance.actions import authorising
from yizhantong.zones.finance.config import settings
from yizhantong.zones.finance.errors import FinanceError
from yizhantong.zones.finance.forms.hall import EVERY_BANK, AuthorisationForm
from yizhantong.zones.finance.models import Authorisation, Listing
from yizhantong.zones.finance.pages.common import doing, done, me, refusing, show, taken
from yizhantong.zones.finance.queries import visible


def labels(codes: list[str]) -> list[str]:
    """Return the names of groups of data."""
    known = settings().groups
    return [known[code].label if code in known else code for code in codes]


@refusing
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """List what one has authorised, and who looked last."""
    rows = visible.authorisations(me(request)).select_related("organisation", "person", "listing__case")
    page = page_of(request, rows.prefetch_related("banks"))
    now = clock.now()
    for one in page:
        one.labels, one.holds = labels(one.fields), one.in_force(now)
    looks: list[Any] = list(
        visible.looks(me(request)).select_related("bank", "account", "listing__case").order_by("-id")[:20]
    )
    for look in looks:
        look.labels = labels(look.fields)
    gives = access.enterprises_of(me(request)).exists()
    return show(request, "hall/authorisations.html", {"page": page, "looks": looks, "gives": gives})


@refusing
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Give an authorisation: first its words are shown, then it is given."""
    firms = list(access.enterprises_of(me(request)))
    if not firms:
        raise FinanceError("finance.not_your_enterprise", "当前账号没有代表企业,不能授权企业数据")
    listings = list(
        Listing.objects.filter(enterprise__in=firms).exclude(state=Listing.State.CLOSED).select_related("case")
    )
    wanted = next((one.pk for one in listings if one.case.number == request.GET.get("need")), None)
    initial = {
        "listing": wanted,
        "purpose": "matching",
        "days": settings().authorisation_days[0],
        "banks": [EVERY_BANK],
    }
    form = AuthorisationForm(firms, listings, request.POST or None, initial=initial)
    words = ""
    if form.is_valid():
        words = _words(form.cleaned_data, firms, listings)
        if "agree" in request.POST:
            made = taken(form, lambda data: _given(request, data, firms, listings))
            if made is not None:
                return done(request, _("已授权;可随时撤回"), reverse("finance:authorisations"))
    status = 422 if form.errors else 200
    return show(request, "hall/authorise.html", {"form": form, "words": words}, status=status)


def _parts(data: dict[str, Any], firms: list[Organisation], listings: list[Listing]) -> tuple[Organisation, list[Organisation], Listing | None]:  # fmt: skip
    listing = next((one for one in listings if one.pk == data["listing"]), None)
    firm = next((one for one in firms if one.pk == data.get("firm")), firms[0])
    if listing is not None and "firm" not in data:
        firm = next((one for one in firms if one.pk == listing.enterprise_id), firm)
    banks = [] if EVERY_BANK in data["banks"] else list(Organisation.objects.filter(pk__in=data["banks"], kind="bank"))
    return firm, banks, listing


def _words(data: dict[str, Any], firms: list[Organisation], listings: list[Listing]) -> str:
    firm, banks, listing = _parts(data, firms, listings)
    until = clock.today() + dt.timedelta(days=data["days"])
    return authorising.statement(firm.name, data["purpose"], data["groups"], banks, until, listing)


def _given(
    request: HttpRequest, data: dict[str, Any], firms: list[Organisation], listings: list[Listing]
) -> Authorisation:  # fmt: skip
    firm, banks, listing = _parts(data, firms, listings)
    return authorising.authorise(
        firm, purpose=data["purpose"], groups=data["groups"], banks=banks, every_bank=not banks, listing=listing,
        days=data["days"], account=me(request),
    )  # fmt: skip


@refusing
@require_GET
def one(request: HttpRequest, number: int) -> HttpResponse:
    """Show one authorisation and every look under it."""
    rows = visible.authorisations(me(request)).select_related("organisation", "person", "listing__case")
    found = get_object_or_404(rows.prefetch_related("banks"), pk=number)
    page = page_of(request, found.looks.select_related("bank", "account", "listing__case"))
    for look in page:
        look.labels = labels(look.fields)
    context = {"one": found, "labels": labels(found.fields), "holds": found.in_force(clock.now()), "page": page}
    return show(request, "hall/authorisation.html", context)


@refusing
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Withdraw an authorisation."""
    found = get_object_or_404(visible.authorisations(me(request)), pk=number)
    said = _("已撤回,银行不能再查看")
    return doing(request, lambda: authorising.withdraw(found, account=me(request)), said, reverse("finance:authorisations"))  # fmt: skip
