"""For experts (on a phone, in the workshop): one's reviews, and the score sheet."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yizhantong.kernel.access import policy
from yizhantong.zones.talent.actions import stations
from yizhantong.zones.talent.actions.common import SCORE
from yizhantong.zones.talent.config import settings
from yizhantong.zones.talent.errors import TalentError
from yizhantong.zones.talent.models import StationReview
from yizhantong.zones.talent.pages.common import doing, me, show


@login_required
@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    """Show the expert's own reviews, open ones first."""
    policy.check(request.user, SCORE, zone="talent")
    rows = StationReview.objects.filter(expert__account=me(request)).select_related("station__organisation")
    return show(request, "scoring.html", {"rows": rows.order_by("state", "-id")[:100]})


@login_required
@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest, number: int) -> HttpResponse:
    """Show what is to be judged, and take the marks or a declaration of conflict; what was typed is not lost."""
    policy.check(request.user, SCORE, zone="talent")
    rows = StationReview.objects.select_related("station__organisation", "expert")
    review = get_object_or_404(rows, pk=number, expert__account=me(request))
    rules, said = settings().stations, request.POST
    error = ""
    if request.method == "POST":
        try:
            if "conflict" in said:
                stations.step_back(review, said.get("conflict_reason", ""), account=me(request))
            else:
                marks = {line.code: said.get(f"mark.{line.code}", "") for line in rules.sheet.criteria}
                independent = said.get("independent") == "on"
                stations.score(
                    review, marks, opinion=said.get("opinion", ""), independent=independent, account=me(request)
                )
        except TalentError as refusal:
            error = refusal.sentence
        else:
            return doing(request, lambda: None, _("已提交"), reverse("talent:scoring"))
    lines = [(line, said.get(f"mark.{line.code}", review.scores.get(line.code, ""))) for line in rules.sheet.criteria]
    rooms = [(label, review.station.rooms.get(code, "0")) for code, label in rules.rooms.items()]
    context = {"review": review, "lines": lines, "rooms": rooms, "said": said, "error": error}
    return show(request, "sheet.html", context, status=422 if error else 200)
