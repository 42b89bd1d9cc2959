"""The open data catalogue, its datasets with a look into them, and their downloads; for everybody, with tags for caches."""

from __future__ import annotations

import json
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import http_date, parse_http_date_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yizhantong.web import opendata
from yizhantong.web.opendata import Dataset, Table
from yizhantong.web.zones import ROOMS

LOOK = 20
KEPT_SECONDS = 300
FORMS: dict[str, tuple[str, Callable[[Table], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", opendata.as_csv),
    "json": ("application/json", opendata.as_json),
}
CLOSED = (
    "/my/",
    "/desk/",
    "/accounts/",
    "/administration/",
    "/tickets/",
    "/calendar/feed/",
    "/rate/",
    "/search/",
    "/api/",
)
"""What robots should leave alone: nothing there is for search engines."""


@require_http_methods(["GET", "HEAD"])
def index(request: HttpRequest) -> HttpResponse:
    """Show the catalogue."""
    names = {room.code: room.name for room in ROOMS} | {"items": _("事项"), "": _("平台")}
    found = [
        {"dataset": each, "updated": each.updated(), "room": names.get(each.zone, each.zone)}
        for each in opendata.datasets()
    ]
    return render(request, "web/opendata/index.html", {"datasets": found, "licence": opendata.city_licence()})


@require_http_methods(["GET", "HEAD"])
def dataset(request: HttpRequest, code: str) -> HttpResponse:
    """Show one dataset: what its columns mean, its first rows, its downloads."""
    table = opendata.table(_found(code))
    context = {"dataset": table.dataset, "table": table, "rows": table.rows[:LOOK], "look": LOOK}
    return render(request, "web/opendata/dataset.html", context)


@require_http_methods(["GET", "HEAD"])
def download(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """Hand out a dataset as CSV or JSON; what a cache holds already is answered with 304 (RFC 9110, 13)."""
    if form not in FORMS:
        raise Http404
    table = opendata.table(_found(code))
    kind, written = FORMS[form]
    tag = f'{table.tag[:-1]}-{form}"'
    if _unchanged(request, tag, table):
        return HttpResponseNotModified(headers={"ETag": tag})
    response = HttpResponse(written(table), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{code}.{form}"'
    response["ETag"] = tag
    if table.updated is not None:
        response["Last-Modified"] = http_date(table.updated.timestamp())
    return _public(response)


@require_http_methods(["GET", "HEAD"])
def schema(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out the JSON Schema of a dataset."""
    found = _found(code)
    address = request.build_absolute_uri(reverse("web:open-schema", args=[code]))
    return _public(_json(opendata.schema(found, address), "application/schema+json"))


@require_http_methods(["GET", "HEAD"])
def catalogue(request: HttpRequest) -> HttpResponse:
    """Hand out the catalogue as JSON-LD of DCAT 3."""
    return _public(
        _json(opendata.catalogue(request.build_absolute_uri(reverse("web:open-data"))), "application/ld+json")
    )


@require_http_methods(["GET", "HEAD"])
def robots(request: HttpRequest) -> HttpResponse:
    """Tell robots what is not for them (RFC 9309)."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), "Allow: /api/v1/open-data", "Allow: /"]
    return _public(HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8"))


def _found(code: str) -> Dataset:
    found = opendata.dataset(code)
    if found is None:
        raise Http404(_("没有这个数据集"))
    return found


def _unchanged(request: HttpRequest, tag: str, table: Table) -> bool:
    """Tell whether the cache's copy is good: by tag where one is named, else by the moment of change."""
    if named := request.headers.get("If-None-Match", ""):
        return tag in (part.strip().removeprefix("W/") for part in named.split(",")) or named.strip() == "*"
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    return since is not None and table.updated is not None and int(table.updated.timestamp()) <= since


def _json(document: object, kind: str) -> HttpResponse:
    return HttpResponse(json.dumps(document, ensure_ascii=False, indent=1), content_type=kind)


def _public(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    response["Access-Control-Allow-Origin"] = "*"
    return response
