"""The catalogue of figures, the page of one, and its records beside a text."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, get_args

from django.apps import apps
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yizhantong.kernel import figures
from yizhantong.kernel import ledger as kernel_ledger
from yizhantong.kernel.access import policy
from yizhantong.kernel.divisions import city, tree
from yizhantong.kernel.divisions.tree import RollupLevel
from yizhantong.kernel.figures import periods, queries
from yizhantong.kernel.figures.declare import Figure
from yizhantong.kernel.figures.models import Snapshot
from yizhantong.kernel.figures.records import records
from yizhantong.web import cells
from yizhantong.web.dates import day_asked_for
from yizhantong.web.units import Scale, scale_of_value
from yizhantong.web.zones import ROOMS, zone

DRAWER_ROWS = 12
PAGE_ROWS = 50
PUBLISHED_ROWS = 20
UNSHOWN = ("sign", "reverses_id", "recorded_at", "recorded_by_id", "source")


@require_GET
def catalogue(request: HttpRequest) -> HttpResponse:
    """Show all figures by zone, with their values; searched by words, narrowed to a zone or a division."""
    day, division = day_asked_for(request), division_asked_for(request)
    wanted = request.GET.get("q", "").strip()
    chosen = request.GET.get("zone", "")
    values = queries.values("all", day, division)
    groups = []
    for room in ROOMS:
        if chosen and room.code != chosen:
            continue
        own = [item for item in figures.figures() if item.zone == room.code and _matches(item, wanted)]
        if own:
            groups.append({"zone": room, "rows": [(item, values[item.code]) for item in own]})
    context = {
        "groups": groups,
        "zones": ROOMS,
        "chosen": chosen,
        "q": wanted,
        "as_of": day,
        "division": division,
        "units": tree.units(),
        "total": sum(len(group["rows"]) for group in groups),
    }
    return render(request, "web/figures/catalogue.html", context)


@require_GET
def figure(request: HttpRequest, code: str) -> HttpResponse:
    """Show one figure: value, definition, trend, parts, proof and records."""
    declared = declared_figure(code)
    day, division = day_asked_for(request), division_asked_for(request)
    level = _level(request)
    dimension = request.GET.get("by", "")
    dimensions = queries.dimensions_of(declared)
    value = queries.value(code, day, division)
    parts = queries.by_division(code, level, day, division)
    chosen = dimension if dimension in dimensions else (dimensions[0] if dimensions else "")
    context = _common(declared, value) | {
        "as_of": day,
        "division": division,
        "units": tree.units(),
        "level": level,
        "parts": parts,
        "dimensions": dimensions,
        "dimension": chosen,
        "dimension_parts": queries.by_dimension(code, chosen, day, division) if chosen else [],
        "series": queries.series(code, "month", day, division),
        "chart_url": _chart_url(code, day, division, level),
        "children": [item for item in figures.figures() if item.parent == code],
        "parent": figures.figure(declared.parent) if declared.parent else None,
        "versions": queries.definition_version(declared),
        "zone": zone(declared.zone),
        "ledger": kernel_ledger.ledger(declared.ledger) if declared.ledger else None,
    }
    context |= _records(request, declared, day, division, PAGE_ROWS) | _published(request, declared, division)
    return render(request, "web/figures/figure.html", context)


@require_GET
def drawer(request: HttpRequest, code: str) -> HttpResponse:
    """Show a figure's records beside the text; without scripts, the figure's own page serves."""
    declared = declared_figure(code)
    day, division = day_asked_for(request), division_asked_for(request)
    context = _common(declared, queries.value(code, day, division)) | {
        "as_of": day,
        "division": division,
    }
    context |= _records(request, declared, day, division, DRAWER_ROWS)
    return render(request, "web/figures/drawer.html", context)


@require_GET
def chart(request: HttpRequest, code: str) -> JsonResponse:
    """Return what the charts of a figure draw: the trend by month and the parts by division."""
    declared = declared_figure(code)
    day, division = day_asked_for(request), division_asked_for(request)
    return JsonResponse(_charts(declared, day, division, _level(request)))


@require_GET
def boundaries(request: HttpRequest) -> HttpResponse:
    """Return the schematic boundaries of the city's counties."""
    path = city.folder().joinpath("counties.geojson")
    if not path.is_file():
        raise Http404
    response = HttpResponse(path.read_bytes(), content_type="application/geo+json")
    response["Cache-Control"] = "public, max-age=86400"
    return response


def division_asked_for(request: HttpRequest) -> str | None:
    """Return the division of ``?division=``; None for the whole city or when it is absent."""
    asked = request.GET.get("division", "").strip()
    return asked if asked and asked != tree.root() else None


def declared_figure(code: str) -> Figure:
    """Return the figure; 404 when there is none."""
    try:
        return figures.figure(code)
    except KeyError:
        raise Http404(_("没有代码为“%(code)s”的数据") % {"code": code}) from None


def _level(request: HttpRequest) -> RollupLevel:
    asked = request.GET.get("level", "unit")
    return asked if asked in get_args(RollupLevel) else "unit"  # type: ignore[return-value]


def _matches(item: Figure, wanted: str) -> bool:
    if not wanted:
        return True
    text = " ".join([item.code, str(item.label), *item.phrases, str(item.definition)]).lower()
    return all(word in text for word in wanted.lower().split())


def _common(declared: Figure, value: Any) -> dict[str, Any]:
    return {
        "figure": declared,
        "value": value,
        "period": periods.text(value.period),
        "zone_label": apps.get_app_config(declared.zone).verbose_name,
    }


def _records(request: HttpRequest, declared: Figure, day: dt.date, division: str | None, size: int) -> dict[str, Any]:
    after = request.GET.get("after")
    found = records(declared.code, request.user, as_of=day, division=division, after=after, size=size)
    columns = [column for column in found.columns if column.field.column not in UNSHOWN]
    table = [
        {
            "record": row,
            "counts": cells.contribution_of(row, found),
            "cells": [(column, cells.text_of(column, row.fact)) for column in columns],
        }
        for row in found.rows
    ]
    return {"records": found, "columns": columns, "table": table}


def _published(request: HttpRequest, declared: Figure, division: str | None) -> dict[str, Any]:
    """Return the figure's publications, the newest first, and whether the account may add one."""
    newest = Snapshot.objects.filter(figure=declared.code).select_related("division").order_by("-id")[:PUBLISHED_ROWS]
    reach = policy.reach(request.user, "figures.publish", declared.zone)
    return {"snapshots": newest, "may_publish": reach.covers(division)}


def _chart_url(code: str, day: dt.date, division: str | None, level: RollupLevel) -> str:
    pairs = {"as_of": day.isoformat(), "level": level} | ({"division": division} if division else {})
    return reverse("web:figure-chart", args=[code]) + "?" + urlencode(pairs)


def _charts(declared: Figure, day: dt.date, division: str | None, level: RollupLevel) -> dict[str, Any]:
    points = queries.series(declared.code, "month", day, division)
    parts = queries.by_division(declared.code, level, day, division)
    scale = scale_of_value(queries.value(declared.code, day, division))
    additive = not isinstance(declared.measure, figures.Ratio)
    return {
        "unit": f" {scale.name}" if scale.spaced else scale.name,
        "axis": scale.name,
        "label": str(declared.label),
        "additive": additive,
        "trend": {
            "months": [point.start.isoformat()[:7] for point in points],
            "within": [_plain(point.shown, scale) for point in points],
            "total": [_plain(point.total_shown, scale) for point in points],
        },
        "parts": [{"code": part.key, "name": part.label, "value": _plain(part.shown, scale)} for part in parts],
        "map": reverse("web:boundaries") if level in ("county",) and division is None else "",
    }


def _plain(value: Decimal | None, scale: Scale) -> float | None:
    return None if value is None else float(value.scaleb(scale.power))
