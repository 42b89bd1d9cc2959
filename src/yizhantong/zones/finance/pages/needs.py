"""An enterprise's own needs: where each stands, what suits it, offers side by side, whom it sends the need to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yizhantong.web.casework.stations import Station
from yizhantong.web.paging import page_of
from yizhantong.zones.finance import access, costs
from yizhantong.zones.finance.actions import dealing, offering
from yizhantong.zones.finance.config import settings
from yizhantong.zones.finance.load import NEED
from yizhantong.zones.finance.matching.suits import suits
from yizhantong.zones.finance.models import Engagement, Listing, Product
from yizhantong.zones.finance.pages.common import doing, me, refusing, show
from yizhantong.zones.finance.queries import visible
from yizhantong.zones.finance.queries.guarantees import guarantees

SHOWN_SUITS = 6
State = Engagement.State


@dataclass(frozen=True, slots=True)
class Deal:
    """One bank's dealing as the enterprise sees it: what it costs over the term, and in words how it stands."""

    engagement: Engagement
    cost_fen: int | None
    monthly_fen: int | None
    refusal: str = ""


@refusing
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """List the needs of one's enterprises."""
    firms = access.enterprises_of(me(request))
    rows = Listing.objects.filter(enterprise__in=firms).select_related("case", "enterprise")
    page = page_of(request, rows, ("-case_id",))
    return show(request, "hall/needs.html", {"page": page, "apply": reverse("web:apply", args=[NEED])})


@refusing
@require_GET
def need(request: HttpRequest, number: str) -> HttpResponse:
    """Show one need: its line of stations, amounts that stay apart, dealings, offers side by side, what suits it."""
    listing = own(request, number)
    rows = listing.engagements.select_related("bank", "product").order_by("id")
    deals = [_deal(one) for one in rows]
    offers = [deal for deal in deals if deal.engagement.granted_fen and is_open(deal.engagement)]
    suited = []
    if listing.state in offering.OPEN:
        busy = {deal.engagement.bank_id for deal in deals if is_open(deal.engagement)}
        best = [suit for suit in suits(listing) if suit.state != "no" and suit.product.bank_id not in busy]
        suited = best[:SHOWN_SUITS]
    context = {
        "listing": listing, "deals": deals, "offers": offers, "suits": suited, "stations": stations(listing, [deal.engagement for deal in deals]),
        "looks": visible.looks(me(request)).filter(listing=listing).select_related("bank", "account")[:10],
        "cheapest": min((deal.cost_fen for deal in offers if deal.cost_fen is not None), default=None),
        "guarantors": guarantees(listing.guarantors.select_related("person").order_by("id")),
        "unsolved": settings().unsolved.get(listing.ending_code),
    }  # fmt: skip
    return show(request, "hall/need.html", context)


def is_open(engagement: Engagement) -> bool:
    """Tell whether a dealing goes on."""
    return engagement.state not in Engagement.ENDED


def _deal(one: Engagement) -> Deal:
    reason = settings().refusals.get(one.refusal)
    refusal = f"{reason.text}{';' if one.refusal_text else ''}{one.refusal_text}" if reason else one.refusal_text
    if not one.granted_fen or one.granted_bp is None or one.granted_months is None:
        return Deal(one, None, None, refusal)
    fen, bp = one.contract_fen or one.granted_fen, one.granted_bp
    return Deal(one, costs.interest_fen(fen, bp, one.granted_months), costs.monthly_fen(fen, bp), refusal)


def stations(listing: Listing, deals: list[Engagement]) -> list[Station]:
    """Return a need's way to the money: published, a bank in touch, credit, contract, drawdown, ending."""
    case = listing.case
    line = [Station(_("提出需求"), "done", case.submitted_at)]
    if listing.published_at is None:
        stopped = listing.state == Listing.State.CLOSED
        name = str(listing.get_ending_display()) if stopped else _("审核发布")
        return [*line, Station(name, "stopped" if stopped else "now", case.closed_at if stopped else None)]
    line.append(Station(_("审核发布"), "done", listing.published_at))
    marks = (
        (_("银行对接"), [one.contacted_at for one in deals]),
        (_("批准授信"), [one.granted_at for one in deals]),
        (_("签约"), [one.signed_on for one in deals]),
        (_("放款"), [one.drawn_on for one in deals]),
    )
    ended = listing.state == Listing.State.CLOSED
    open_yet = not ended
    for name, moments in marks:
        known = [moment for moment in moments if moment is not None]
        if known:
            line.append(Station(name, "done", min(known)))  # type: ignore[arg-type]
        elif not ended:
            line.append(Station(name, "now" if open_yet else "next"))
            open_yet = False
    if ended:
        good = listing.ending == Listing.Ending.SOLVED
        return [*line, Station(str(listing.get_ending_display()), "done" if good else "stopped", case.closed_at)]
    return [*line, Station(_("办结"), "now" if open_yet else "next")]


@refusing
@require_POST
def act(request: HttpRequest, number: str, what: str) -> HttpResponse:
    """Send the need to the bank of a product, or end a bank's dealing before its contract."""
    listing, account = own(request, number), me(request)
    back = reverse("finance:need", args=[number])
    if what == "push":
        chosen = list(Product.objects.filter(code__in=request.POST.getlist("product")[:20]).select_related("bank"))
        return doing(
            request, lambda: offering.push(listing, chosen, account=account), _("已送达银行,等待银行响应"), back
        )
    if what == "call-off":
        one = get_object_or_404(listing.engagements, pk=_number(request.POST.get("deal", "")))
        reason = request.POST.get("reason", "")
        return doing(request, lambda: dealing.call_off(one, reason, account=account), _("已中止与该银行的对接"), back)
    raise Http404


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def own(request: HttpRequest, number: str) -> Listing:
    """Return a need of an enterprise for which the account acts; 404 otherwise."""
    firms: Any = access.enterprises_of(me(request))
    rows = Listing.objects.filter(enterprise__in=firms).select_related("case", "enterprise")
    return get_object_or_404(rows, case__number=number)
