"""Statistics: the figures of cases, each counted from facts and open to its records; by office and by item."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yizhantong.kernel import figures
from yizhantong.kernel.divisions import tree
from yizhantong.kernel.figures import queries
from yizhantong.kernel.items.models import Item
from yizhantong.web.dates import day_asked_for
from yizhantong.web.views.desk.todo import worker
from yizhantong.web.views.figures import division_asked_for

ROOM = "cases"
TABLES = (
    ("单位", ("cases.filed", "cases.closed", "cases.red_lights", "cases.dissatisfied")),
    ("事项代码", ("cases.filed", "cases.closed")),
)
MOST = 30


@login_required
@require_GET
def statistics(request: HttpRequest) -> HttpResponse:
    """Show the figures of cases as of a day, for the city or a division."""
    worker(request)
    day, division = day_asked_for(request), division_asked_for(request)
    own = [item for item in figures.figures() if item.zone == ROOM]
    values = queries.values([item.code for item in own], day, division)
    context = {
        "rows": [(item, values[item.code]) for item in own], "as_of": day, "division": division, "units": tree.units(),
        "tables": [_table(dimension, codes, day, division) for dimension, codes in TABLES],
    }  # fmt: skip
    return render(request, "web/desk/statistics.html", context)


def _table(dimension: str, codes: tuple[str, ...], day: Any, division: str | None) -> dict[str, Any]:
    """Return one table: a row for each value of the dimension, a column for each figure."""
    asked = [code for code in codes if dimension in queries.dimensions_of(figures.figure(code))]
    parts = {code: {part.key: part for part in queries.by_dimension(code, dimension, day, division)} for code in asked}
    keys = list(dict.fromkeys(key for code in asked for key in parts[code]))[:MOST]
    names = {part.key: part.label for found in parts.values() for part in found.values()}
    if dimension == "事项代码":
        names |= dict(Item.objects.filter(pk__in=[key for key in keys if key]).values_list("code", "name"))
    return {
        "dimension": dimension,
        "figures": [figures.figure(code) for code in asked],
        "rows": [
            (names[key], [parts[code][key].text if key in parts[code] else "—" for code in asked]) for key in keys
        ],
    }
