"""The finance office: review of needs, pushing and assigning, products to be approved, the market in numbers, what is overdue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yizhantong.kernel.divisions import clock
from yizhantong.web.paging import page_of
from yizhantong.zones.finance import access
from yizhantong.zones.finance.actions import needs, offering
from yizhantong.zones.finance.actions import products as product_actions
from yizhantong.zones.finance.config import settings
from yizhantong.zones.finance.forms.office import Doing
from yizhantong.zones.finance.matching.fitting import rates_of
from yizhantong.zones.finance.matching.suits import suits
from yizhantong.zones.finance.models import Engagement, Listing, Product
from yizhantong.zones.finance.pages.common import (
    BANK,
    OFFICE,
    doing,
    done,
    me,
    refusing,
    show,
    shown_figures,
    sides,
    taken,
)
from yizhantong.zones.finance.pages.needs import stations
from yizhantong.zones.finance.queries import office as office_lists
from yizhantong.zones.finance.queries import statistics as market

SHOWN_SUITS = 20
SHOWN_LATE = 50
FIGURES = (
    "finance.needs", "finance.need_amount", "finance.credit_amount", "finance.drawn", "finance.loans",
    "finance.funded_enterprises", "finance.average_rate", "finance.success_rate",
)  # fmt: skip


@refusing
@require_GET
def listings(request: HttpRequest) -> HttpResponse:
    """List the needs by state, those to be reviewed first."""
    access.check_manages(me(request))
    counts = Listing.objects.aggregate(**{state: Count("pk", Q(state=state)) for state in Listing.State.values})
    late = Engagement.objects.filter(due_at__lt=clock.now(), state__in=["pushed", "taken"]).count()
    overdue = Engagement.objects.filter(state=Engagement.State.OVERDUE).count()
    state, words = office_lists.asked(request.GET, "review" if counts["review"] else "pool")
    found = office_lists.listings(state, words)
    page = page_of(request, found, ("-case_id",))
    tiles = [(code, label, counts[code]) for code, label in Listing.State.choices]
    context = {"page": page, "tiles": tiles, "state": state, "words": words, "late": late, "overdue": overdue}
    return show(request, "office/listings.html", context)


@refusing
@require_GET
def listing(request: HttpRequest, number: str) -> HttpResponse:
    """Show one need with its dealings, what suits it, and what the office can do."""
    access.check_manages(me(request))
    return _shown(request, _listing(number))


def _listing(number: str) -> Listing:
    return get_object_or_404(Listing.objects.select_related("case", "enterprise"), case__number=number)


def _shown(request: HttpRequest, found: Listing, tried: Doing | None = None) -> HttpResponse:
    rows = list(found.engagements.select_related("bank", "product", "handler").order_by("id"))
    open_now = found.state in offering.OPEN
    suited = [suit for suit in suits(found) if suit.state != "no"][:SHOWN_SUITS] if open_now else []
    codes = ["refuse"] if found.state == Listing.State.REVIEW else ["open", "assign", "close"] if open_now else []
    forms = {code: tried if tried and tried.code == code else Doing(code, found) for code in codes}
    context = {
        "listing": found, "deals": rows, "suits": suited, "forms": forms, "tried": tried.code if tried else "",
        "stations": stations(found, rows), "reasons": {one.pk: settings().refusals.get(one.refusal) for one in rows},
        "unsolved": settings().unsolved.get(found.ending_code),
    }  # fmt: skip
    return show(request, "office/listing.html", context, status=422 if tried else 200)


@refusing
@require_POST
def act(request: HttpRequest, number: str, what: str) -> HttpResponse:
    """Do one thing with a need: publish, refuse, push, open to grab, assign, close."""
    account = me(request)
    access.check_manages(account)
    found = _listing(number)
    back = reverse("finance:listing", args=[number])
    if what == "publish":
        return doing(request, lambda: needs.publish(found, account=account), _("已发布,银行可以对接"), back)
    if what == "push":
        chosen = list(Product.objects.filter(code__in=request.POST.getlist("product")[:50]).select_related("bank"))
        return doing(request, lambda: offering.push(found, chosen, account=account), _("已推送"), back)
    ways: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
        "refuse": (lambda data: needs.refuse(found, data["code"], data["remark"], account=account), _("已退回企业,并说明理由")),
        "open": (lambda data: offering.open_to_grab(found, data["places"], account=account), _("已开放抢单")),
        "assign": (lambda data: offering.assign(found, data["bank"], account=account), _("已指派")),
        "close": (lambda data: needs.close(found, code=data.get("code", ""), remark=data["remark"], account=account), _("需求已结束")),
    }  # fmt: skip
    if what not in ways:
        raise Http404
    change, said = ways[what]
    form = Doing(what, found, request.POST)
    if taken(form, change) is not None:
        return done(request, said, back)
    return _shown(request, _listing(number), form)


@refusing
@require_GET
def approvals(request: HttpRequest) -> HttpResponse:
    """List products that wait for approval, or those in another state."""
    access.check_manages(me(request))
    state = request.GET.get("state", Product.State.SUBMITTED)
    rows = Product.objects.exclude(state=Product.State.DRAFT).select_related("bank", "written_by")
    page = page_of(request, rows.filter(state=state) if state in Product.State.values else rows)
    states = [(code, label) for code, label in Product.State.choices if code != Product.State.DRAFT]
    return show(request, "office/approvals.html", {"page": page, "states": states, "state": state})


@refusing
@require_http_methods(["GET", "POST"])
def approval(request: HttpRequest, code: str) -> HttpResponse:
    """Show a product as it would be published; publish it, send it back, or take it offline."""
    account = me(request)
    access.check_manages(account)
    rows = Product.objects.exclude(state=Product.State.DRAFT).select_related("bank", "written_by", "replaces")
    found = get_object_or_404(rows, code=code)
    if request.method == "POST":
        back, remark = reverse("finance:approvals"), request.POST.get("remark", "")
        ways = {
            "publish": (lambda: product_actions.publish(found, account=account), _("已发布")),
            "send-back": (lambda: product_actions.send_back(found, remark, account=account), _("已退回银行")),
            "withdraw": (lambda: product_actions.withdraw(found, remark, account=account), _("已下线")),
        }
        change, said = ways.get(request.POST.get("do", ""), (None, ""))
        if change is None:
            raise Http404
        return doing(request, change, said, back)
    low, high = rates_of(found, clock.today())
    return show(request, "office/approval.html", {"product": found, "low": low, "high": high})


@refusing
@require_GET
def statistics(request: HttpRequest) -> HttpResponse:
    """Show the market in numbers: published figures with their records, the state of today, bank by bank; a bank sees itself."""
    who = sides(request)
    if not who & {OFFICE, BANK}:
        access.check_manages(me(request))
    banks = market.by_bank()
    own = access.bank_of(me(request))
    if OFFICE not in who and own is not None:
        banks = [one for one in banks if one.bank == own.pk]
    late = Engagement.objects.filter(state=Engagement.State.OVERDUE).select_related("listing__case", "bank")
    late = late if OFFICE in who else late.filter(bank=own)
    context = {
        "values": shown_figures(FIGURES), "board": market.board(clock.now()), "banks": banks,
        "late": late.order_by("matures_on")[:SHOWN_LATE], "office": OFFICE in who, "most": max((one.drawn_fen for one in banks), default=0),
    }  # fmt: skip
    return show(request, "office/statistics.html", context)
