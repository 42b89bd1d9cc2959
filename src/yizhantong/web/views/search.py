"""Asking: the page of results, and suggestions as one types."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from yizhantong.kernel.search import queries, sources

MOST = 60
MOST_SUGGESTED = 8
TO_TRY = (_("买房"), _("生孩子"), _("开店"), _("补贴"), _("贷款"), _("退休"), _("路灯不亮"), "bdcgh")
"""What an empty page offers: words as people say them, and initials."""


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Show what was asked for, by kind, best first."""
    asked, kind = request.GET.get("q", "").strip()[:100], request.GET.get("kind", "")[:20]
    found = queries.look(asked, account=request.user, kinds=[kind] if kind else None, limit=MOST)
    context = {
        "asked": asked,
        "kind": kind,
        "kind_label": sources.label_of(kind) if kind else "",
        "found": found,
        "groups": [(code, sources.label_of(code), hits) for code, hits in found.by_kind()],
        "to_try": TO_TRY,
    }
    fragment = request.headers.get("HX-Target") == "results"
    response = render(request, "web/search/results.html" if fragment else "web/search/search.html", context)
    patch_vary_headers(response, ("HX-Target",))
    return response


@require_GET
def suggest(request: HttpRequest) -> HttpResponse:
    """Show what an unfinished question may be about: a list that stands below the box."""
    asked = request.GET.get("q", "").strip()[:60]
    hits = queries.suggest(asked, account=request.user, limit=MOST_SUGGESTED) if asked else []
    rows = [(hit, sources.label_of(hit.entry.kind)) for hit in hits]
    return render(request, "web/search/suggestions.html", {"asked": asked, "rows": rows})
