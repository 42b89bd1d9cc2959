"""What this zone publishes for anybody to use: the open posts. Never a person."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.divisions import clock
from yizhantong.web.opendata import Column, Dataset, Value, register
from yizhantong.zones.talent.models import Vacancy


def _rows() -> Iterator[tuple[Value, ...]]:
    rows = (
        Vacancy.objects.filter(state="open", closes_on__gte=clock.today()).select_related("employer").order_by("number")
    )
    for one in rows.iterator(2000):
        yield (
            one.number, one.title, one.employer.name, one.employer_id, one.division_id, one.education, one.openings, one.pay_fen // 100,
            one.pay_to_fen // 100, one.published_on, one.closes_on, one.employer.demonstration,
        )  # fmt: skip


register(
    Dataset(
        code="posts", title=_("招聘岗位"), zone="talent", rows=_rows, keywords=("招聘", "岗位", "就业"),
        description=_("用人单位在平台公开招聘的岗位,每个岗位一行。"),
        columns=(
            Column("number", _("岗位编号")), Column("title", _("岗位名称")), Column("employer", _("用人单位")), Column("employer_code", _("统一社会信用代码")),
            Column("division", _("区划")), Column("education", _("学历要求")), Column("openings", _("招聘人数"), "integer"),
            Column("pay_from", _("月薪下限(元)"), "integer"), Column("pay_to", _("月薪上限(元)"), "integer"),
            Column("published_on", _("发布日期"), "date"), Column("closes_on", _("截止日期"), "date"), Column("demonstration", _("演示数据"), "boolean"),
        ),
    )
)  # fmt: skip
