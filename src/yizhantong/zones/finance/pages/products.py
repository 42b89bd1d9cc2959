"""Products for everybody: filters, one product with its conditions, up to four side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from yizhantong.kernel.divisions import clock
from yizhantong.kernel.parties.models import Organisation
from yizhantong.web.paging import page_of
from yizhantong.zones.finance import costs
from yizhantong.zones.finance.forms.hall import ProductFilter
from yizhantong.zones.finance.matching.fitting import rates_of
from yizhantong.zones.finance.models import Product
from yizhantong.zones.finance.pages.common import show
from yizhantong.zones.finance.queries import visible

WAN_FEN = 1_000_000
MOST_COMPARED = 4
USUAL = (100 * WAN_FEN, 12)
"""Amount and months for which products are compared when nobody says others."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A product with its rates today, and what a loan costs under it at its lowest rate."""

    product: Product
    low: int
    high: int
    cost_fen: int = 0
    monthly_fen: int = 0
    fits: bool = True


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """List the products on offer, filtered; tick some to compare them."""
    offered = on_offer()
    banks = Organisation.objects.filter(pk__in=offered.values("bank")).order_by("name").values_list("uscc", "name")
    form = ProductFilter(list(banks), request.GET or None)
    found = filtered(offered, form.cleaned_data) if form.is_valid() else offered
    page = page_of(request, found.select_related("bank"), ("lpr", "low_bp", "pk"), 24)
    page.object_list[:] = [_offer(product) for product in page.object_list]
    context = {"page": page, "form": form, "filtered": any(request.GET.get(name) for name in form.fields)}
    return show(request, "hall/products.html", context)


def on_offer() -> QuerySet[Product]:
    """Return the products that everybody may see today."""
    today = clock.today()
    rows = Product.objects.filter(state=Product.State.PUBLISHED)
    return rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=today))


def filtered(rows: QuerySet[Product], asked: dict[str, Any]) -> QuerySet[Product]:
    """Return the products within which amount and term lie, with guarantee and purpose, of a bank."""
    if asked["amount"]:
        fen = int(asked["amount"] * WAN_FEN)
        rows = rows.filter(min_fen__lte=fen, max_fen__gte=fen)
    if asked["months"]:
        rows = rows.filter(min_months__lte=asked["months"], max_months__gte=asked["months"])
    if asked["bank"]:
        rows = rows.filter(bank=asked["bank"])
    for name, column in (("guarantee", "guarantees"), ("purpose", "purposes")):
        if asked[name]:
            chosen = [pk for pk, codes in rows.values_list("pk", column) if asked[name] in codes]
            rows = rows.filter(pk__in=chosen)
    return rows


def _offer(product: Product, fen: int = 0, months: int = 0) -> Offer:
    low, high = rates_of(product, clock.today())
    fits = product.min_fen <= fen <= product.max_fen and product.min_months <= months <= product.max_months
    return Offer(
        product, low, high, costs.interest_fen(fen, low, months), costs.monthly_fen(fen, low), fits or not fen
    )  # fmt: skip


@require_GET
def product(request: HttpRequest, code: str) -> HttpResponse:
    """Show one product, as far as the account may see it."""
    one = get_object_or_404(visible.products(request.user).select_related("bank"), code=code)
    fen, months = max(one.min_fen, min(USUAL[0], one.max_fen)), max(one.min_months, min(USUAL[1], one.max_months))
    context = {"product": one, "offer": _offer(one, fen, months), "fen": fen, "months": months}
    return show(request, "hall/product.html", context)


@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """Show up to four products side by side, for one amount and term."""
    codes = request.GET.getlist("code")[:MOST_COMPARED]
    form = ProductFilter([], {name: request.GET.get(name, "") for name in ("amount", "months")})
    asked = form.cleaned_data if form.is_valid() else {}
    fen = int(asked["amount"] * WAN_FEN) if asked.get("amount") else USUAL[0]
    months = asked.get("months") or USUAL[1]
    found = on_offer().filter(code__in=codes).select_related("bank")
    offers = sorted((_offer(one, fen, months) for one in found), key=lambda offer: codes.index(offer.product.code))
    best = min((offer.cost_fen for offer in offers if offer.fits), default=None)
    context = {"offers": offers, "fen": fen, "months": months, "wan": fen / WAN_FEN, "best": best, "codes": codes}
    return show(request, "hall/compare.html", context)
