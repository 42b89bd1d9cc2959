"""For everybody: seasons, the countdown, my school by address, the lottery's proof, statistics."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yizhantong.kernel.divisions import clock
from yizhantong.zones.onething.enrolment import terms
from yizhantong.zones.onething.enrolment.models import Batch
from yizhantong.zones.onething.enrolment.pages.common import PHASES, published, show
from yizhantong.zones.onething.enrolment.queries import seasons as queries


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show the published seasons."""
    now = clock.now()
    rows = [{"season": one, "phase": one.phase(now), "label": PHASES[one.phase(now)]} for one in queries.public()[:50]]
    return show(request, "home.html", {"rows": rows})


@require_GET
def season(request: HttpRequest, code: str) -> HttpResponse:
    """Show a season: when it opens, what the categories are, which school serves an address."""
    found = published(code)
    phase, address = found.phase(clock.now()), request.GET.get("address", "").replace("\x00", "")[:120].strip()
    context = {
        "season": found, "phase": phase, "label": PHASES[phase], "terms": terms.read(found.rules), "address": address,
        "schools": queries.schools_for(found, address) if address else [], "statistics": queries.statistics(found),
        "categories": queries.by_category(found), "batches": Batch.objects.filter(season=found).order_by("number"),
        "left": _left(found.opens_at - clock.now()),
    }  # fmt: skip
    return show(request, "season.html", context)


def _left(time: dt.timedelta) -> dict[str, Any]:
    """Return how long it is until the opening, in the greatest unit of which there is at least one."""
    minutes = max(0, int(time.total_seconds() // 60))
    if minutes >= 24 * 60:
        return {"number": minutes // (24 * 60), "unit": _("天后")}
    return {"number": minutes // 60, "unit": _("小时后")} if minutes >= 60 else {"number": minutes, "unit": _("分钟后")}


@require_GET
def lottery(request: HttpRequest, code: str) -> HttpResponse:
    """Show what anybody needs to compute the lots."""
    found = published(code)
    return show(request, "lottery.html", {"season": found, "proof": queries.lottery_of(found)})
