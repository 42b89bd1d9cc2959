"""What the zone publishes as open data: what packages save, and places, applications and placements by school (small numbers unsaid)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from yizhantong.web.opendata import Column, Dataset, Value, register
from yizhantong.zones.onething.enrolment.queries import seasons
from yizhantong.zones.onething.queries import packages, shown


def _rows() -> Iterator[tuple[Value, ...]]:
    for season in seasons.public():
        for row in seasons.statistics(season):
            yield (
                season.code, season.name, season.year, season.division_id, season.stage, row["code"], row["name"], row["places"],
                row["asked"], row["placed"],
            )  # fmt: skip


register(
    Dataset(
        code="schools", title=_("入学学位与录取"), zone="onething", rows=_rows, keywords=("入学", "学位", "招生"),
        description=_("已发布的招生批次里各学校的学位、报名和录取人数;少于 5 人的不公布。"),
        columns=(
            Column("season", _("批次代码")), Column("season_name", _("招生批次")), Column("year", _("年份"), "integer"),
            Column("division", _("区划代码")), Column("stage", _("学段")), Column("school", _("学校代码")), Column("school_name", _("学校")),
            Column("places", _("学位数"), "integer"), Column("asked", _("报名人数"), "integer", _("少于 5 人不公布")),
            Column("placed", _("录取人数"), "integer", _("少于 5 人不公布")),
        ),
    )
)  # fmt: skip


def _gains() -> Iterator[tuple[Value, ...]]:
    for item in packages.offered():
        if item.current_id is None:
            continue
        made = shown.saved(item.current_id)
        for row in made.rows:
            yield (
                item.pk,
                item.name,
                row.code,
                row.label,
                row.unit,
                row.before,
                row.after,
                row.rate,
                made.definition,
                made.situation,
                row.note,
            )


register(
    Dataset(
        code="onething-gains", title=_("一件事减负成效"), zone="onething", rows=_gains, keywords=("一件事", "减时限", "减材料", "减跑动"),
        description=_("各一件事套餐的时限、材料、环节、跑动、字段,改革前与现在;改革前的定义随行给出。"),
        columns=(
            Column("package", _("套餐代码")), Column("name", _("套餐")), Column("measure", _("指标代码")), Column("label", _("指标")),
            Column("unit", _("单位")), Column("before", _("改革前"), "integer"), Column("after", _("现在"), "integer"),
            Column("rate", _("压减率"), "decimal", _("(改革前 − 现在) ÷ 改革前;改革前为零时为空")),
            Column("definition", _("改革前的定义")), Column("situation", _("典型情形")), Column("note", _("口径说明")),
        ),
    )
)  # fmt: skip
