"""The zone's front: its figures, and the doors of who looks."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from yizhantong.kernel.divisions import clock
from yizhantong.zones.finance import access
from yizhantong.zones.finance.events import queries as events
from yizhantong.zones.finance.load import NEED
from yizhantong.zones.finance.models import Engagement, Listing, MatchEvent, Product
from yizhantong.zones.finance.pages.common import BANK, FIRM, OFFICE, show, shown_figures, sides
from yizhantong.zones.finance.queries import visible

FIGURES = ("finance.drawn", "finance.funded_enterprises", "finance.average_rate", "finance.needs_met")
WAITING = (Engagement.State.PUSHED, Engagement.State.TAKEN)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show the figures of the page, then what is to be done on the side of who looks."""
    who = sides(request)
    context: dict[str, Any] = {"values": shown_figures(FIGURES), "need": NEED}
    if FIRM in who:
        own = access.enterprises_of(request.user)
        needs = Listing.objects.filter(enterprise__in=own).exclude(state=Listing.State.CLOSED)
        context["needs"] = needs.select_related("case", "enterprise").order_by("-case_id")[:5]
    if BANK in who:
        counted = visible.engagements(request.user).aggregate(
            waiting=Count("pk", Q(state__in=WAITING)), late=Count("pk", Q(state__in=WAITING, due_at__lt=clock.now()))
        )
        context |= {"bank": counted, "pool": visible.grabbable(request.user).count()}
    if OFFICE in who:
        context |= {
            "review": Listing.objects.filter(state=Listing.State.REVIEW).count(),
            "submitted": Product.objects.filter(state=Product.State.SUBMITTED).count(),
        }
    if request.user.is_authenticated:
        coming = events.visible(request.user).filter(day__gte=clock.today())
        context["events"] = coming.exclude(state__in=[MatchEvent.State.CALLED_OFF]).order_by("day")[:3]
    return show(request, "home.html", context)
