"""The kernel's own open data: items with their materials, packages, halls, figures' definitions, divisions, the working calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel import figures
from yizhantong.kernel.appointments.models import Hours, Service
from yizhantong.kernel.divisions.models import CalendarDay, Division
from yizhantong.kernel.items.models import Item
from yizhantong.web.opendata import Column, Dataset, Value, register


def in_force(**narrowed: Any) -> QuerySet[Item]:
    """Return the items in force with what is told of them, in the order of their codes."""
    rows = Item.objects.filter(current__isnull=False, suspended="", **narrowed)
    return rows.select_related("current", "agency", "division").order_by("code")


def items_changed() -> dt.datetime | None:
    """Return when an item was last published."""
    last: dt.datetime | None = in_force().aggregate(last=Max("current__published_at"))["last"]
    return last


def _limit(content: dict[str, Any], which: str) -> str:
    given = (content.get("limits") or {}).get(which)
    units = {"workday": "个工作日", "day": "个自然日", "hour": "个小时"}
    return f"{given['amount']}{units[given.get('unit', 'workday')]}" if given else ""


def _items() -> Iterator[tuple[Value, ...]]:
    for item in in_force():
        assert item.current is not None
        content = item.current.content
        guide = content.get("guide", {})
        yield (
            item.code, item.name, item.zone, item.kind, item.agency.name, item.agency_id, item.division_id, item.task_code or None,
            guide.get("summary") or None, guide.get("by_law") or None, _limit(content, "statutory") or None,
            _limit(content, "promised") or None, guide.get("visits", 1), bool(guide.get("charges", False)), bool(guide.get("online", True)),
            item.current.number, item.current.valid_from, item.current.published_at, item.demonstration,
        )  # fmt: skip


def _materials() -> Iterator[tuple[Value, ...]]:
    for item in in_force():
        assert item.current is not None
        for each in item.current.content.get("materials", []):
            yield (
                item.code, item.name, each["code"], each["name"], each.get("need", "required"), each.get("original", "electronic"),
                each.get("source", "applicant"), bool(each.get("register")), bool(each.get("commitment", False)), each.get("by_law") or None,
            )  # fmt: skip


def _packages() -> Iterator[tuple[Value, ...]]:
    for item in in_force(kind=Item.Kind.PACKAGE):
        assert item.current is not None
        content = item.current.content
        parts = (content.get("benefit", {}).get("package") or {}).get("parts", [])
        fields = sum(len(section.get("fields", [])) for section in content.get("form", []))
        yield (
            item.code, item.name, item.agency.name, len(parts), " ".join(part.get("item", "") for part in parts) or None, fields,
            len(content.get("materials", [])), _limit(content, "promised") or None, item.current.published_at,
        )  # fmt: skip


def _halls() -> Iterator[tuple[Value, ...]]:
    hours: dict[str, list[str]] = {}
    for row in Hours.objects.order_by("hall_id", "weekday", "start"):
        hours.setdefault(row.hall_id, []).append(f"{row.weekday} {row.start:%H:%M}-{row.end:%H:%M}")
    rows = Service.objects.filter(active=True, hall__active=True).select_related("hall").prefetch_related("items")
    for service in rows.order_by("hall_id", "letter"):
        hall = service.hall
        yield (
            hall.code, hall.name, hall.address, hall.phone or None, hall.division_id, ";".join(hours.get(hall.code, [])) or None,
            service.code, service.name, service.minutes, service.bookable, " ".join(item.pk for item in service.items.all()) or None,
            hall.demonstration,
        )  # fmt: skip


def _figures() -> Iterator[tuple[Value, ...]]:
    for figure in figures.figures():
        yield (
            figure.code, str(figure.label), figure.unit or None, str(figure.definition), figure.ledger or None, figure.where or None,
            str(figure.norm) or None, figure.decimals,
        )  # fmt: skip


def _divisions() -> Iterator[tuple[Value, ...]]:
    for row in Division.objects.order_by("code"):
        yield (row.code, row.name, row.level, row.parent_id, row.unit_id, row.valid_from, row.valid_to, row.source)


def _calendar() -> Iterator[tuple[Value, ...]]:
    for row in CalendarDay.objects.order_by("day"):
        yield (row.day, row.kind, row.source)


register(
    Dataset(
        code="items", title=_("事项实施清单"), zone="items", updated=items_changed, rows=_items, keywords=("事项", "办事指南", "GB/T 39046"),
        description=_("现行的全部事项:实施主体、依据、时限、到现场次数、是否收费,每个事项一行。"),
        columns=(
            Column("code", _("事项代码")), Column("name", _("名称")), Column("zone", _("专区")), Column("kind", _("种类")),
            Column("agency", _("实施主体")), Column("agency_code", _("实施主体代码"), description=_("统一社会信用代码(GB 32100)")),
            Column("division", _("区划代码")), Column("task_code", _("实施编码")), Column("summary", _("简介")), Column("by_law", _("设定依据")),
            Column("statutory_limit", _("法定时限"), description=_("空表示无法定时限")), Column("promised_limit", _("承诺时限")),
            Column("visits", _("到现场次数"), "integer"), Column("charges", _("是否收费"), "boolean"), Column("online", _("可网上办理"), "boolean"),
            Column("version", _("版本"), "integer"), Column("valid_from", _("启用日"), "date"), Column("published_at", _("发布时间"), "moment"),
            Column("demonstration", _("演示数据"), "boolean"),
        ),
    )
)  # fmt: skip
register(
    Dataset(
        code="materials", title=_("事项材料清单"), zone="items", updated=items_changed, rows=_materials, keywords=("材料", "免交", "告知承诺"),
        description=_("现行事项要的每一份材料:是否必要、从哪里来、哪些由数据共享免交、哪些可以承诺。"),
        columns=(
            Column("item", _("事项代码")), Column("item_name", _("事项名称")), Column("code", _("材料代码")), Column("name", _("材料名称")),
            Column("need", _("必要性")), Column("original", _("形式")), Column("source", _("来源")), Column("shared", _("数据共享免交"), "boolean"),
            Column("commitment", _("可告知承诺"), "boolean"), Column("by_law", _("依据")),
        ),
    )
)  # fmt: skip
register(
    Dataset(
        code="packages", title=_("一件事套餐"), zone="onething", updated=items_changed, rows=_packages, keywords=("一件事",),
        description=_("现行的一件事套餐:牵头单位、包含的事项、合并后的字段和材料数、联合承诺时限。"),
        columns=(
            Column("code", _("套餐代码")), Column("name", _("名称")), Column("lead", _("牵头单位")), Column("parts", _("事项数"), "integer"),
            Column("items", _("包含事项"), description=_("事项代码,用空格隔开")), Column("fields", _("字段数"), "integer"),
            Column("materials", _("材料数"), "integer"), Column("promised_limit", _("联合承诺时限")), Column("published_at", _("发布时间"), "moment"),
        ),
    )
)  # fmt: skip
register(
    Dataset(
        code="halls", title=_("大厅与窗口业务"), zone="appointments", rows=_halls, keywords=("大厅", "预约"),
        description=_("各大厅的地址、开放时间和窗口业务,每项业务一行。"),
        columns=(
            Column("hall", _("大厅代码")), Column("hall_name", _("大厅")), Column("address", _("地址")), Column("phone", _("电话")),
            Column("division", _("区划代码")), Column("hours", _("开放时间"), description=_("星期(1 至 7)和起止时间,用分号隔开")),
            Column("service", _("业务代码")), Column("service_name", _("业务")), Column("minutes", _("每人用时(分钟)"), "integer"),
            Column("bookable", _("可预约"), "boolean"), Column("items", _("办理事项")), Column("demonstration", _("演示数据"), "boolean"),
        ),
    )
)  # fmt: skip
register(
    Dataset(
        code="figures", title=_("数据口径"), rows=_figures, keywords=("指标", "口径"),
        description=_("平台发布的每个数据怎样算:名称、单位、口径、取自哪本台账、条件。数值见“数据”页和开放接口。"),
        columns=(
            Column("code", _("代码")), Column("label", _("名称")), Column("unit", _("单位")), Column("definition", _("口径")),
            Column("ledger", _("台账")), Column("where", _("条件"), description=_("FEEL 表达式(DMN 1.5)")), Column("norm", _("依据")),
            Column("decimals", _("小数位"), "integer"),
        ),
    )
)  # fmt: skip
register(
    Dataset(
        code="divisions", title=_("行政区划"), rows=_divisions, keywords=("GB/T 2260",),
        description=_("市、县、乡、村各级区划和管理单位,带启用停用日和来源。"),
        columns=(
            Column("code", _("代码")), Column("name", _("名称")), Column("level", _("层级")), Column("parent", _("上级")),
            Column("unit", _("管理单位")), Column("valid_from", _("启用日"), "date"), Column("valid_to", _("停用日"), "date"),
            Column("source", _("来源")),
        ),
    )
)  # fmt: skip
register(
    Dataset(
        code="calendar", title=_("工作日历"), rows=_calendar, keywords=("放假", "调休"),
        description=_("与平常周次不同的日子:放假和调休上班,带来源文件;时限按它计算。"),
        columns=(Column("day", _("日期"), "date"), Column("kind", _("类别")), Column("source", _("来源"))),
    )
)  # fmt: skip
