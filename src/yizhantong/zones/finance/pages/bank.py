"""A bank's desk: what waits for the bank, the pool, one need as a bank may see it, one dealing from contact to repayment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import Count, Q, Value
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger.standing import in_force
from yizhantong.web.paging import page_of
from yizhantong.zones.finance import access, machine
from yizhantong.zones.finance.actions import dealing, lending, looking, offering
from yizhantong.zones.finance.config import settings
from yizhantong.zones.finance.forms.bank import Doing
from yizhantong.zones.finance.models import Drawdown, Engagement, Listing, Product
from yizhantong.zones.finance.pages.common import doing, done, me, refusing, show, taken
from yizhantong.zones.finance.queries import bank_views, visible

State = Engagement.State
FAR = dt.datetime(9000, 1, 1, tzinfo=dt.UTC)
GROUPS = {
    "waiting": (State.PUSHED,), "contact": (State.TAKEN,), "working": (State.CONTACTED, State.DILIGENCE),
    "granted": (State.GRANTED, State.SIGNED), "running": (State.DRAWN, State.OVERDUE), "ended": Engagement.ENDED,
}  # fmt: skip


def group_labels() -> dict[str, str]:
    """Return the groups of dealings with their names."""
    return {
        "waiting": _("待响应"), "contact": _("待首次联系"), "working": _("联系与尽调"), "granted": _("待签约放款"),
        "running": _("在贷"), "ended": _("已结束"),
    }  # fmt: skip


@refusing
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """List the bank's dealings by due light: the most urgent first."""
    bank = access.the_bank(me(request))
    rows = Engagement.objects.filter(bank=bank).select_related(
        "listing__case", "listing__enterprise__industry", "handler"
    )
    counts = rows.aggregate(**{name: Count("pk", Q(state__in=states)) for name, states in GROUPS.items()})
    group = request.GET.get("group", "")
    found = rows.filter(state__in=GROUPS[group]) if group in GROUPS else rows.exclude(state__in=Engagement.ENDED)
    if request.GET.get("mine"):
        found = found.filter(handler=me(request))
    found = found.annotate(due=Coalesce("due_at", Value(FAR)))
    page = page_of(request, found, ("due", "pk"))
    views = bank_views.seen([one.listing for one in page], me(request))
    for one in page:
        one.view = views[one.listing_id]
    tiles = [(name, label, counts[name]) for name, label in group_labels().items()]
    pool = visible.grabbable(me(request)).count()
    context = {"page": page, "tiles": tiles, "group": group, "pool": pool, "mine": bool(request.GET.get("mine"))}
    return show(request, "bank/desk.html", context)


@refusing
@require_GET
def pool(request: HttpRequest) -> HttpResponse:
    """List the needs that the bank may grab, or that name it in an authorisation."""
    bank = access.the_bank(me(request))
    busy = Engagement.objects.filter(bank=bank).exclude(state__in=Engagement.ENDED).values("listing")
    found = visible.listings(me(request)).filter(state__in=offering.OPEN).exclude(pk__in=busy)
    found = found.select_related("enterprise__industry").annotate(
        taken=Count("engagements", Q(engagements__way="grab") & ~Q(engagements__state__in=Engagement.ENDED))
    )
    page = page_of(request, found, ("-case_id",))
    views = bank_views.seen(list(page), me(request))
    for one in page:
        one.view = views[one.pk]
        one.places = max(0, one.grab_places - one.taken)
    return show(request, "bank/pool.html", {"page": page, "now": clock.now()})


@refusing
@require_http_methods(["GET", "POST"])
def need(request: HttpRequest, number: str) -> HttpResponse:
    """Show a need of the pool as the bank may see it; grab it, or look at authorised data."""
    access.the_bank(me(request))
    listing = get_object_or_404(visible.listings(me(request)), case__number=number)
    own = listing.engagements.filter(bank=me(request).agency).exclude(state__in=Engagement.ENDED).first()
    if request.method == "POST" and "grab" in request.POST:
        chosen = Product.objects.filter(code=request.POST.get("product", ""), state=Product.State.PUBLISHED).first()
        made = None

        def grab() -> None:
            nonlocal made
            made = offering.grab(listing, product=chosen, account=me(request))

        back = reverse("finance:pool-need", args=[number])
        answer = doing(request, grab, _("已接单,请在时限内首次联系企业"), back)
        if made is not None:
            answer["Location"] = reverse("finance:deal", args=[made.pk])
        return answer
    context = _seen(request, listing) | {
        "listing": listing, "own": own, "products": Product.objects.filter(bank=me(request).agency, state="published"),
        "may_grab": own is None and visible.grabbable(me(request)).filter(pk=listing.pk).exists(),
    }  # fmt: skip
    return show(request, "bank/need.html", context)


def _seen(request: HttpRequest, listing: Listing) -> dict[str, Any]:
    """Return what the bank sees of a need; authorised data only after it pressed the button that records the look."""
    groups = settings().groups
    may = looking.lookable(listing, me(request))
    sight = None
    if request.method == "POST" and "look" in request.POST:
        sight = looking.look(listing, account=me(request))
    return {
        "view": visible.as_bank(listing, me(request)), "sight": sight,
        "lookable": [(groups[code].label, until) for code, until in may.items()],
    }  # fmt: skip


@refusing
@require_http_methods(["GET", "POST"])
def deal(request: HttpRequest, number: int) -> HttpResponse:
    """Show one dealing with its log and what may be done now."""
    one = _deal(request, number)
    return _shown(request, one)


def _deal(request: HttpRequest, number: int) -> Engagement:
    account = me(request)
    if not access.manages(account):
        access.the_bank(account)
    rows = Engagement.objects.select_related(
        "listing__case", "listing__enterprise__industry", "bank", "product", "handler"
    )
    if not access.manages(account):
        rows = rows.filter(bank=account.agency)
    return get_object_or_404(rows, pk=number)


def _shown(request: HttpRequest, one: Engagement, tried: Doing | None = None) -> HttpResponse:
    account = me(request)
    offered = machine.offered(account, one)
    forms = [(row, tried if tried and tried.code == row.code else Doing(row.code, one)) for row in offered]
    seen = _seen(request, one.listing) if access.bank_of(account) else {"view": visible.as_bank(one.listing, account)}
    context = {
        "one": one, "forms": forms, "tried": tried.code if tried else "", "events": one.events.select_related("by"),
        "repayments": one.repayments.all(), "reason": settings().refusals.get(one.refusal), "first": offered[0].code if offered else "",
        "draws": visible_draws(one), "named": access.manages(account),
    }  # fmt: skip
    return show(request, "bank/deal.html", context | seen, status=422 if tried else 200)


def visible_draws(one: Engagement) -> list[Any]:
    """Return the drawdowns of a dealing that stand, from the ledger."""
    if one.credit_number is None:
        return []
    return list(in_force(Drawdown.objects.filter(credit_number=one.credit_number)).order_by("occurred_on", "id"))


def _ways(account: Any) -> dict[str, Callable[[Engagement, dict[str, Any]], Any]]:
    return {
        "take": lambda one, _data: offering.take(one, account=account),
        "decline": lambda one, data: offering.decline(one, data["reason"], data["text"], account=account),
        "contact": lambda one, data: dealing.contact(one, data["note"], account=account),
        "investigate": lambda one, data: dealing.investigate(one, data["note"], account=account),
        "grant": lambda one, data: dealing.grant(
            one, data["amount"], rate_bp=data["rate"], term_months=data["months"], account=account
        ),
        "refuse": lambda one, data: dealing.refuse(one, data["reason"], data["text"], account=account),
        "sign": lambda one, data: dealing.sign(one, data["number"], data["amount"], on=data["on"], account=account),
        "draw": lambda one, data: lending.draw(one, data["reference"], data["amount"], on=data["on"], account=account),
        "take_back": lambda one, data: lending.take_back(one.bank_id, data["reference"], data["reason"], account=account),
        "repay": lambda one, data: lending.repay(one, data["reference"], data["amount"], on=data["on"], account=account),
        "renew": lambda one, data: lending.renew(one, data["until"], data["reason"], account=account),
        "call_off": lambda one, data: dealing.call_off(one, data["reason"], account=account),
    }  # fmt: skip


@refusing
@require_POST
def act(request: HttpRequest, number: int, what: str) -> HttpResponse:
    """Do one thing with a dealing; what is wrong is shown at its field, nothing that was typed is lost."""
    one = _deal(request, number)
    way = _ways(me(request)).get(what)
    if way is None:
        raise Http404
    form = Doing(what, one, request.POST)
    if taken(form, lambda data: way(one, data) or True) is not None:
        return done(request, _("已登记:%(what)s") % {"what": machine.TRANSITIONS[what].label}, reverse("finance:deal", args=[number]))  # fmt: skip
    return _shown(request, _deal(request, number), form)
