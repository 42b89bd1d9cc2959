"""Rating by a link that came with a message or stands on the receipt: no account is needed, the link dies by itself."""

from __future__ import annotations

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from yizhantong.kernel.cases import actions, rating_links
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, CaseRating
from yizhantong.web.casework import refusals
from yizhantong.web.casework.ratings import ASPECTS, RATINGS, rating_of
from yizhantong.web.casework.refusals import REFUSALS

GONE = 410
DEAD = "cases.rating_link"


@never_cache
@require_http_methods(["GET", "POST"])
def rate(request: HttpRequest, token: str) -> HttpResponse:
    """Show the case's title and office, and take one rating; a dead link says what else can be done."""
    try:
        case, _channel = rating_links.opened(token)
        if request.method == "POST":
            comment, aspects = request.POST.get("comment", "").strip(), request.POST.getlist("aspects")
            actions.rate_by_link(token, rating_of(request), comment=comment, aspects=aspects)
            return HttpResponseRedirect(reverse("web:rated"))
    except REFUSALS as error:
        return _refused(request, token, error)
    return render(request, "web/hall/rate.html", _asked(case))


@require_GET
def thanks(request: HttpRequest) -> HttpResponse:
    """Thank for a rating."""
    return render(request, "web/hall/rate.html", {"thanks": True})


def code_of(case: Case) -> str:
    """Return the QR code of a closed case's rating page as an SVG data address; "" when it is not to be rated."""
    if not rating_links.may_be_rated(case):
        return ""
    address = str(settings.YZT_ADDRESS).rstrip("/") + rating_links.path_of(case, CaseRating.Channel.WEB)
    return str(segno.make(address, error="m", micro=False).svg_data_uri(scale=3))


def _refused(request: HttpRequest, token: str, error: Exception) -> HttpResponse:
    """Answer with the form again where something is wrong in it, else with the end of the link."""
    refusal = refusals.of(error)
    if refusal.code == DEAD:
        return render(request, "web/hall/rate.html", {"refusal": refusal}, status=GONE)
    try:
        case, _channel = rating_links.opened(token)
    except CaseError as dead:
        return render(request, "web/hall/rate.html", {"refusal": refusals.of(dead)}, status=GONE)
    return render(request, "web/hall/rate.html", {**_asked(case), "refusal": refusal}, status=422)


def _asked(case: Case) -> dict[str, object]:
    return {"case": case, "ratings": RATINGS, "aspects": ASPECTS}
