"""What enrolment publishes as open data: places, applications and placements by school; small numbers stay unsaid."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from yizhantong.web.opendata import Column, Dataset, Value, register
from yizhantong.zones.onething.enrolment.queries import seasons


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
