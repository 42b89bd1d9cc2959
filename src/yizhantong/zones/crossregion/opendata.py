"""What this zone publishes for anybody to use: the items that this city has opened to other cities (通办清单). Never a request."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from yizhantong.web.opendata import Column, Dataset, Value, register
from yizhantong.zones.crossregion.config import ZONE
from yizhantong.zones.crossregion.models import Mode, Opening
from yizhantong.zones.crossregion.queries import hello


def _rows() -> Iterator[tuple[Value, ...]]:
    for row in hello.openings():
        told = hello.item_of(row)
        yield (
            row.item_id, row.item.name, told["version"], row.item.agency_id, row.item.agency.name, *(mode in row.modes for mode in Mode.values),
            ";".join(told["audience"]), told["limit"], row.partner.code if row.partner else None, row.opened_at,
        )  # fmt: skip


def _updated() -> dt.datetime | None:
    found: dict[str, dt.datetime | None] = Opening.objects.aggregate(opened=Max("opened_at"), closed=Max("closed_at"))
    return max((moment for moment in found.values() if moment is not None), default=None)


register(
    Dataset(
        code="crossregion-items", title=_("跨区通办事项清单"), zone=ZONE, rows=_rows, updated=_updated, keywords=("跨区通办", "跨省通办", "异地代收代办"),
        description=_("本市向其他城市开放的通办事项:可以哪些方式在其他城市提出,由谁办理,承诺几日,每项一行。"),
        columns=(
            Column("code", _("事项代码")), Column("name", _("事项名称")), Column("version", _("版本")), Column("agency_code", _("办理单位代码")),
            Column("agency", _("办理单位")), *(Column(mode, label, "boolean") for mode, label in Mode.choices),
            Column("audience", _("办理对象"), description=_("person 个人,organisation 单位,多个以分号隔开")), Column("limit", _("承诺时限")),
            Column("city", _("只向此城市开放"), description=_("区划代码;空为全部已启用城市")), Column("opened_at", _("开放时间"), "moment"),
        ),
    )
)  # fmt: skip
