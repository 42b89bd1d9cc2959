"""The hall's door and the guides: what can be asked of the city, found by words, zone, agency or for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from yizhantong.kernel.items import catalogue, queries
from yizhantong.kernel.items.errors import ItemError
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.parties.models import Organisation
from yizhantong.web.builder.parts import THEMES
from yizhantong.web.casework import flows, ratings
from yizhantong.web.zones import ZONES

SIZE = 40
HALL_ZONES = 6
"""The zones of the one-stop service for enterprises stand first in the settings' list."""
TASK_TYPES = {
    "01": _("行政许可"), "03": _("行政处罚"), "04": _("行政强制"), "05": _("行政征收"), "06": _("行政给付"), "07": _("行政裁决"),
    "08": _("行政确认"), "09": _("行政奖励"), "10": _("其他行政权力"), "20": _("公共服务"),
}  # fmt: skip
LEVELS = {"1": _("国家级"), "2": _("省级"), "3": _("市级"), "4": _("县级"), "5": _("乡级"), "6": _("村级")}
DEPARTMENTS = {"legal": _("法定机关"), "authorised": _("授权组织"), "entrusted": _("受委托组织")}
CHANNELS = {"window": _("窗口办理"), "online": _("网上办理"), "express": _("快递申请")}
DEPTHS = {1: _("信息发布"), 2: _("网上预审"), 3: _("网上受理"), 4: _("全程网办")}
AREAS = {
    "nation": _("全国通办"), "provinces": _("跨省通办"), "province": _("全省通办"), "city": _("全市通办"), "counties": _("跨县通办"),
}  # fmt: skip
RESULTS = {"certificate": _("证照"), "approval": _("批文"), "other": _("其他")}
NEEDS = {"required": _("必要"), "optional": _("非必要"), "deferrable": _("可容缺后补")}
ORIGINALS = {"original": _("原件"), "copy": _("复印件"), "electronic": _("电子件")}
SOURCES = {"applicant": _("申请人自备"), "government": _("政府部门核发"), "other": _("其他来源")}
AUDIENCES = {"organisation": _("企业和单位"), "person": _("个人")}


@dataclass(frozen=True, slots=True)
class Service:
    """One item as the hall lists it."""

    item: Item
    ready: catalogue.Ready

    @property
    def kind(self) -> Any:
        """Return the name of its kind of task."""
        return TASK_TYPES[self.ready.content.guide.task_type]


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show the hall: search, zones, what can be asked."""
    asked = {name: request.GET.get(name, "").strip() for name in ("zone", "agency", "for", "theme")}
    zone, agency, audience, theme = asked.values()
    found, after = _page(request, asked)
    agencies = Organisation.objects.filter(pk__in=queries.published().values("agency")).order_by("name")
    context = {
        "hall_zones": ZONES[:HALL_ZONES],
        "counts": dict(queries.published().order_by().values_list("zone").annotate(n=Count("pk"))),
        "services": found,
        "after": after,
        "agencies": agencies,
        "audiences": AUDIENCES.items(),
        "zone": zone,
        "agency": agency,
        "audience": audience,
        "themes": THEMES,
        "theme": theme,
        "query": urlencode({name: value for name, value in asked.items() if value}),
        "narrowed": bool(any(asked.values()) or request.GET.get("after")),
    }
    return render(request, "web/hall/services.html", context)


@require_GET
def guide(request: HttpRequest, code: str) -> HttpResponse:
    """Show the guide of one item: everything that the exchange tables tell of it."""
    item = found_item(code)
    ready = catalogue.content_of(item.current_id or 0)
    content = ready.content
    context = {
        "item": item,
        "ready": ready,
        "content": content,
        "guide": content.guide,
        "task_type": TASK_TYPES[content.guide.task_type],
        "use_level": LEVELS[content.guide.use_level],
        "department": DEPARTMENTS[content.guide.department_kind],
        "channels": [CHANNELS[channel] for channel in content.guide.channels],
        "depth": DEPTHS[content.guide.online_depth],
        "area": AREAS.get(content.guide.area, ""),
        "result_kind": RESULTS[content.guide.result_kind],
        "audience": [AUDIENCES[audience] for audience in content.guide.audience],
        "materials": [
            (material, NEEDS[material.need], ORIGINALS[material.original], SOURCES[material.source])
            for material in sorted(content.materials, key=lambda one: one.order)
        ],
        "flow_url": flows.address(ready),
        "flow_steps": flows.stops(ready),
        "rated": ratings.of_item(item.code),
    }
    return render(request, "web/hall/guide.html", context)


def found_item(code: str) -> Item:
    """Return an item that has a version in force; 404 otherwise."""
    try:
        item = queries.item(code)
    except ItemError as error:
        raise Http404(str(error)) from error
    if item.current_id is None:
        raise Http404(_("这个事项还没有发布"))
    return item


def _page(request: HttpRequest, asked: dict[str, str]) -> tuple[list[Service], str]:
    """Return the services of one page by code, and the code after which the next one goes on."""
    zone, agency, audience, theme = asked.values()
    rows: QuerySet[Item] = queries.published().select_related("agency").order_by("code")
    if zone:
        rows = rows.filter(zone=zone[:32])
    if agency:
        rows = rows.filter(agency=agency[:18])
    rows = rows.filter(code__gt=request.GET.get("after", "")[:48].replace("\x00", ""))
    found: list[Service] = []
    for item in rows.iterator(chunk_size=100):
        ready = catalogue.content_of(item.current_id or 0)
        guide = ready.content.guide
        if (audience and audience not in guide.audience) or (theme and theme not in guide.themes):
            continue
        if len(found) == SIZE:
            return found, found[-1].item.code
        found.append(Service(item, ready))
    return found, ""
