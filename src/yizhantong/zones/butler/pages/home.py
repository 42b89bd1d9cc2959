"""The first page of the service for each who comes: an enterprise, a butler, a manager, the public."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.butler.access import butler_of, enterprises_acted_for, management
from yizhantong.zones.butler.models import VisitLog
from yizhantong.zones.butler.pages.common import audience, refusing, show, the_butler_asking
from yizhantong.zones.butler.queries import appeals as appeal_queries
from yizhantong.zones.butler.queries import butlers as queries
from yizhantong.zones.butler.queries import visits as visit_queries
from yizhantong.zones.butler.queries.knowledge import readable

LATEST = 6


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show what concerns the account now, and one next thing to do."""
    who = audience(request)
    context: dict[str, Any] = {"answers": readable(request.user)[:LATEST]}
    if "enterprise" in who:
        context |= _for_enterprises(request)
    butler = butler_of(request.user)
    if butler is not None:
        context |= {"butler": butler, "due": list(visit_queries.due_for(butler)[:LATEST])}
    if who - {"all"}:
        context |= {"counts": appeal_queries.counts(request.user)}
    if "manager" in who:
        context |= {"overdue": visit_queries.overdue(request.user).count()}
    return show(request, "home.html", context)


def _for_enterprises(request: HttpRequest) -> dict[str, object]:
    firms = list(enterprises_acted_for(request.user)[:20])
    butlers = queries.butlers_for([firm.pk for firm in firms])
    appeals = appeal_queries.with_progress(appeal_queries.visible_appeals(request.user))[:LATEST]
    return {"firms": [{"firm": firm, "butler": butlers.get(firm.pk)} for firm in firms], "appeals": appeals}


@refusing
@require_GET
def enterprises(request: HttpRequest) -> HttpResponse:
    """Show a butler the enterprises that he serves."""
    butler = the_butler_asking(request)
    firms = list(queries.enterprises_of(butler))
    open_ones = appeal_queries.visible_appeals(request.user).filter(state__in=appeal_queries.OPEN).order_by()
    waiting: dict[str, int] = {}
    for code in open_ones.filter(organisation__in=firms).values_list("organisation_id", flat=True):
        waiting[code] = waiting.get(code, 0) + 1
    seen: dict[str, object] = {}
    for code, day in VisitLog.objects.filter(enterprise__in=firms).order_by("day").values_list("enterprise_id", "day"):
        seen[code] = day
    rows = [{"firm": firm, "open": waiting.get(firm.pk, 0), "visited": seen.get(firm.pk)} for firm in firms]
    return show(request, "enterprises.html", {"butler": butler, "rows": rows})


@refusing
@require_GET
def enterprise(request: HttpRequest, code: str) -> HttpResponse:
    """Show one enterprise to its butler or a manager: butler, visits, appeals."""
    firm = get_object_or_404(Organisation.objects.select_related("division", "industry"), pk=code, kind="enterprise")
    own = butler_of(request.user)
    serving = own is not None and queries.serves(own, firm.pk)
    if not serving and not management(request.user).includes(None, firm.division_id):
        raise Http404
    context = {
        "firm": firm,
        "serving": serving,
        "butler": queries.butler_for(firm.pk),
        "visits": visit_queries.visible_visits(request.user).filter(enterprise=firm)[:20],
        "appeals": appeal_queries.visible_appeals(request.user).filter(organisation=firm)[:20],
        "due": visit_queries.running().filter(enterprise=firm)[:5],
    }
    return show(request, "enterprise.html", context)
