"""The zone's lists as tables, for files: of officers all rows of a list, of an employer its own applicants."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yizhantong.zones.talent.actions.posts import shown_to
from yizhantong.zones.talent.models import (
    Flat,
    Instalment,
    PayBatch,
    Recheck,
    Sitting,
    Station,
    Talent,
    Vacancy,
    Waiting,
)

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One list: its title, its headings, its rows (texts, numbers, days, moments)."""

    title: Promise
    headings: tuple[Promise, ...]
    rows: Callable[[], Iterable[Row]]


def yuan(fen: int | None) -> float | None:
    """Return an amount in 分 as 元."""
    return None if fen is None else fen / 100


def moment(at: dt.datetime | None) -> str:
    """Return a moment in the city's time."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


def _talents() -> Iterator[Row]:
    for one in Talent.objects.select_related("person", "employer").order_by("code").iterator(2000):
        yield (
            one.code,
            one.person.name,
            one.get_category_display(),
            one.employer.name,
            one.since,
            one.valid_until,
            one.get_state_display(),
        )


def _instalments() -> Iterator[Row]:
    rows = Instalment.objects.select_related("award__talent__person").order_by("due_on", "pk")
    for one in rows.iterator(2000):
        award = one.award
        yield (
            award.talent.code, award.talent.person.name, award.get_kind_display(), one.ordinal, one.due_on, yuan(one.amount_fen),
            one.get_state_display(), one.paid_on, one.note,
        )  # fmt: skip


def _checks() -> Iterator[Row]:
    rows = Recheck.objects.select_related("talent__person", "talent__employer").order_by("-year", "pk")
    for one in rows.iterator(2000):
        held = one.talent
        yield (
            one.year,
            held.code,
            held.person.name,
            held.employer.name,
            one.get_state_display(),
            one.evidence,
            moment(one.done_at),
        )


def _queue() -> Iterator[Row]:
    rows = Waiting.objects.filter(state="waiting").select_related("talent__person")
    place = {1: 0, 2: 0, 3: 0}
    for one in rows.order_by("rooms", "-points", "since", "pk").iterator(2000):
        place[one.rooms] = place.get(one.rooms, 0) + 1
        yield (
            one.rooms,
            place[one.rooms],
            one.points,
            one.talent.code,
            one.talent.person.name,
            moment(one.since),
            one.declined,
        )


def _flats() -> Iterator[Row]:
    for one in Flat.objects.select_related("estate").order_by("estate", "number").iterator(2000):
        yield one.estate.name, one.number, one.rooms, one.area, yuan(one.rent_fen), one.get_state_display()


def _batches() -> Iterator[Row]:
    for one in PayBatch.objects.select_related("fund", "made_by", "approved_by").order_by("-pk").iterator(2000):
        yield (
            one.number, one.fund.year, one.get_state_display(), one.count, yuan(one.total_fen), str(one.made_by or ""), moment(one.made_at),
            str(one.approved_by or ""), moment(one.approved_at), moment(one.sent_at), one.sha256,
        )  # fmt: skip


def _posts() -> Iterator[Row]:
    rows = Vacancy.objects.select_related("employer").annotate(applied=Count("candidacies")).order_by("-pk")
    for one in rows.iterator(2000):
        yield (
            one.number, one.title, one.employer.name, one.get_education_display(), one.openings, one.hired, one.applied, yuan(one.pay_fen),
            yuan(one.pay_to_fen), one.published_on, one.closes_on, one.get_state_display(),
        )  # fmt: skip


def _stations() -> Iterator[Row]:
    for one in Station.objects.select_related("organisation").order_by("-pk").iterator(2000):
        yield (
            one.plaque, one.name, one.organisation.name, one.master, one.field, one.score, one.get_state_display(), one.first_day, one.last_day,
        )  # fmt: skip


def _results() -> Iterator[Row]:
    rows = Sitting.objects.select_related("person", "exam").order_by("-exam__held_on", "exam", "seat", "pk")
    for one in rows.iterator(2000):
        yield (
            one.exam.code if one.exam else "", one.seat, one.person.name, one.occupation, one.get_level_display(), one.theory, one.practice,
            one.get_state_display(),
        )  # fmt: skip


TABLES: dict[str, Table] = {
    "talents": Table(
        _("人才名册"), (_("人才代码"), _("姓名"), _("类别"), _("用人单位"), _("认定日期"), _("有效期至"), _("状态")), _talents
    ),
    "instalments": Table(
        _("补贴期次"),
        (_("人才代码"), _("姓名"), _("补贴"), _("期次"), _("应发日期"), _("金额(元)"), _("状态"), _("发放日期"), _("说明")),
        _instalments,
    ),
    "checks": Table(
        _("年度核查"), (_("年度"), _("人才代码"), _("姓名"), _("用人单位"), _("状态"), _("核查依据"), _("办结时间")), _checks
    ),
    "queue": Table(
        _("公寓轮候"), (_("居室"), _("名次"), _("积分"), _("人才代码"), _("姓名"), _("申请时间"), _("放弃次数")), _queue
    ),
    "flats": Table(_("房源"), (_("项目"), _("房号"), _("居室"), _("面积"), _("月租金(元)"), _("状态")), _flats),
    "batches": Table(
        _("补贴批次"),
        (
            _("批次号"), _("预算年度"), _("状态"), _("笔数"), _("金额(元)"), _("制单人"), _("制单时间"), _("复核人"), _("复核时间"),
            _("送银行时间"), _("文件摘要"),
        ),
        _batches,
    ),
    "posts": Table(
        _("招聘岗位"),
        (
            _("岗位编号"), _("岗位名称"), _("用人单位"), _("学历要求"), _("招聘人数"), _("已录用"), _("应聘人数"), _("月薪下限"), _("月薪上限"),
            _("发布日期"), _("截止日期"), _("状态"),
        ),
        _posts,
    ),
    "stations": Table(
        _("技能大师工作站"),
        (_("牌匾编号"), _("工作站名称"), _("依托单位"), _("领办技能大师"), _("领域"), _("评审得分"), _("状态"), _("起"), _("止")),
        _stations,
    ),
    "results": Table(
        _("考试成绩"), (_("场次"), _("座位号"), _("考生"), _("职业"), _("等级"), _("理论"), _("技能"), _("状态")), _results
    ),
}  # fmt: skip


def applicants(vacancy: Vacancy) -> Table:
    """Return who applied for a post; a name only where a consent is in force."""

    def rows() -> Iterator[Row]:
        seen = shown_to(vacancy.employer_id)
        for one in vacancy.candidacies.select_related("resume__person").order_by("-id"):
            name = one.resume.person.name if one.resume_id in seen else ""
            yield (
                one.resume.code, name, one.score, one.get_state_display(), moment(one.interview_at), yuan(one.pay_fen), moment(one.changed_at),
            )  # fmt: skip

    headings = (_("求职者代码"), _("姓名"), _("匹配度"), _("状态"), _("面试时间"), _("录用月薪(元)"), _("更新时间"))
    return Table(_("应聘者"), headings, rows)
