"""One batch on the desk: the trial with its counts, proposing, publishing by another."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yizhantong.web.casework import refusals
from yizhantong.zones.onething.enrolment import terms
from yizhantong.zones.onething.enrolment.actions import placing
from yizhantong.zones.onething.enrolment.models import Batch
from yizhantong.zones.onething.enrolment.pages.common import REFUSALS, managed, me, refusing, show

CHANGES = {
    "propose": (placing.propose, "已提交,请另一位审定人公布"),
    "publish": (placing.publish, "已公布;正在逐件办结并通知家长"),
}


@refusing
@require_http_methods(["GET", "POST"])
def batch(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Show what the batch would give (or gave), and take its next step."""
    season = managed(request, code)
    found = (
        Batch.objects.select_related("season", "proposed_by", "published_by")
        .filter(season=season, number=number)
        .first()
    )
    if found is None:
        raise Http404
    refusal = None
    if request.method == "POST":
        change = CHANGES.get(request.POST.get("what", ""))
        if change is None:
            raise Http404
        try:
            change[0](found, me(request))
        except REFUSALS as error:
            refusal = refusals.of(error)
        else:
            messages.success(request, _(change[1]))
            return HttpResponseRedirect(request.path)
    published = found.state == Batch.State.PUBLISHED
    run = None if published else placing.compute(found)
    counts: dict[str, Any] = dict(found.counts if run is None else run.counts)
    schools = {row.code: row.name for row in season.schools.all()}
    context = {
        "season": season, "batch": found, "trial": run is not None and run.trial, "counts": counts, "refusal": refusal, "own": found.proposed_by_id == me(request).pk,
        "rows": [(schools.get(name, name), row) for name, row in counts.get("schools", {}).items()],
        "categories": [(each.name, counts.get("categories", {}).get(each.code, 0)) for each in terms.read(season.rules).categories if each.code in found.categories],
    }  # fmt: skip
    return show(request, "batch.html", context, status=409 if refusal else 200)
