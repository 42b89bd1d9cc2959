"""Pages of zones, help, and errors."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yizhantong.kernel import figures, ledger
from yizhantong.kernel.articles import briefs
from yizhantong.kernel.articles.models import Brief
from yizhantong.kernel.figures import queries
from yizhantong.web.dates import day_asked_for
from yizhantong.web.zones import ZONES
from yizhantong.web.zones import zone as find_zone


@require_GET
def zones(request: HttpRequest) -> HttpResponse:
    """Show all zones."""
    return render(request, "web/zones/index.html", {"zones": ZONES})


@require_GET
def zone(request: HttpRequest, code: str) -> HttpResponse:
    """Show one zone: what it is for, its briefs, figures and ledgers."""
    room = find_zone(code)
    day = day_asked_for(request)
    own = [item for item in figures.figures() if item.zone == code]
    values = queries.values([item.code for item in own], day) if own else {}
    context = {
        "zone": room,
        "as_of": day,
        "stories": briefs.stories(list(Brief.objects.filter(section=code)), day),
        "rows": [(item, values[item.code]) for item in own],
        "ledgers": [item for item in ledger.ledgers() if item.zone == code],
    }
    return render(request, "web/zones/zone.html", context)


@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    """Show the help."""
    return render(request, "web/help.html")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that cannot be understood."""
    return render(request, "web/errors/400.html", status=400)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request for what is not there."""
    return render(request, "web/errors/404.html", {"reason": str(exception or "")}, status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    """Answer a request that is not allowed, such as a form without its token."""
    return render(request, "web/errors/403.html", status=403)


def failed(request: HttpRequest) -> HttpResponse:
    """Answer when the platform itself failed, or (503) its database was busy or away for too long; needs no database."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        answer = render(request, "web/errors/503.html", status=503)
        answer["Retry-After"] = "5"
        return answer
    return render(request, "web/errors/500.html", status=500, using=None)
