"""Setting a season up: rules, schools, catchments and batches while it is a draft; publishing by a second person; the lottery's list and seed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger.audit import audit
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.zones.onething.enrolment import lottery, terms
from yizhantong.zones.onething.enrolment.access import check_manages
from yizhantong.zones.onething.enrolment.catchments import Catchments
from yizhantong.zones.onething.enrolment.errors import EnrolmentError
from yizhantong.zones.onething.enrolment.models import Batch, Catchment, Child, Intake, School, Season


def prepare(season: Season, account: User | None) -> Season:
    """Write a new season as a draft of ``account``; its rules are checked as a whole.

    Raises :class:`EnrolmentError` (``enrolment.rules``, ``enrolment.unknown_name``, ``enrolment.window``) or ``Refused``.
    """
    check_manages(account, season)
    _refuse_wrong(season)
    season.state, season.written_by = Season.State.DRAFT, account
    with transaction.atomic():
        season.save(force_insert=True)
    return season


def change(season: Season, account: User | None, **fields: Any) -> Season:
    """Change fields of a draft; who changes it last is its author for the four eyes."""
    with transaction.atomic():
        held = _draft(season, account)
        for name, value in fields.items():
            setattr(held, name, value)
        _refuse_wrong(held)
        held.written_by = account
        held.save()
    return held


def set_schools(season: Season, rows: Iterable[Mapping[str, Any]], account: User | None) -> int:
    """Replace the schools of a draft with their catchments; return how many there are.

    ``rows``: ``code``, ``name``, ``places``, ``address``?, ``diverts_to``? (codes), ``catchments``: ``street`` with ``parity``, ``first``,
    ``last``, or ``compound``. Overlaps are written, shown, and refused at publication: an officer mends them one by one.
    """
    listed = list(rows)
    codes = [str(row["code"]) for row in listed]
    unknown = sorted({code for row in listed for code in row.get("diverts_to", ())} - set(codes))
    if unknown or len(set(codes)) != len(codes):
        raise EnrolmentError(
            "enrolment.schools", f"学校代码重复,或调剂顺序里有没有的学校:{'、'.join(unknown)}", field="schools"
        )
    with transaction.atomic():
        held = _draft(season, account)
        School.objects.filter(season=held).delete()
        made = School.objects.bulk_create([
            School(season=held, code=row["code"], name=row["name"], address=row.get("address", ""), places=row["places"], diverts_to=list(row.get("diverts_to", ())))
            for row in listed
        ])  # fmt: skip
        Catchment.objects.bulk_create([
            Catchment(school=school, **line) for school, row in zip(made, listed, strict=True) for line in row.get("catchments", ())
        ])  # fmt: skip
        held.written_by = account
        held.save(update_fields=["written_by"])
    return len(made)


def plan_batch(season: Season, account: User | None, *, name: str, categories: Iterable[str], divert: bool, publishes_on: dt.date,
               number: int | None = None) -> Batch:  # fmt: skip
    """Add a batch; after the season is published too (places that were not confirmed go to the waiting list by a further batch)."""
    check_manages(account, season)
    listed = list(categories)
    known = {each.code for each in terms.read(season.rules).categories}
    if not listed or not set(listed) <= known:
        raise EnrolmentError("enrolment.batch", "请选择本批录取的入学类别", field="categories")
    with transaction.atomic():
        Season.objects.select_for_update().get(pk=season.pk)
        last = Batch.objects.filter(season=season).order_by("-number").values_list("number", flat=True).first() or 0
        return Batch.objects.create(
            season=season,
            number=number or last + 1,
            name=name,
            categories=listed,
            divert=divert,
            publishes_on=publishes_on,
        )


def catchments_of(season: Season) -> Catchments:
    """Return the catchments of a season as they stand."""
    rows = Catchment.objects.filter(school__season=season).select_related("school").order_by("school__code", "id")
    return Catchments(row.line for row in rows)


def publish(season: Season, account: User) -> Season:
    """Publish a season: by somebody else than who wrote it, without overlaps, with batches for every category; the seed is drawn.

    Only the seed's digest becomes public now. Raises ``enrolment.four_eyes``, ``enrolment.catchments``, ``enrolment.incomplete``,
    ``enrolment.late`` (published after its opening).
    """
    with transaction.atomic():
        held = _draft(season, account)
        if held.written_by_id == account.pk:
            raise EnrolmentError("enrolment.four_eyes", "招生批次须由编制人以外的人审定发布")
        _refuse_incomplete(held)
        held.seed = lottery.draw_seed()
        held.commitment = lottery.commitment_of(held.seed)
        held.state, held.published_by, held.published_at = Season.State.PUBLISHED, account, clock.now()
        held.save()
        audit(account, AuditEvent.Event.PUBLISH, f"enrolment:{held.code}", commitment=held.commitment)
    return held


def close_list(season: Season, account: Account | None) -> Season:
    """Fix the list of those who take part in the lottery, once, after the window and after every submission has become a case."""
    with transaction.atomic():
        held = Season.objects.select_for_update().get(pk=season.pk)
        check_manages(account, held)
        if held.phase(clock.now()) != "over":
            raise EnrolmentError("enrolment.window_open", "报名截止以后才能确定摇号名单")
        if held.listed:
            return held
        waiting = Intake.objects.filter(season=held, state=Intake.State.WAITING).count()
        if waiting:
            raise EnrolmentError("enrolment.intake_waiting", f"还有 {waiting} 份报名没有立案,请稍候再确定名单")
        held.listed = lottery.list_digest(participants(held))
        held.listed_at = clock.now()
        held.save(update_fields=["listed", "listed_at"])
        audit(account, AuditEvent.Event.PUBLISH, f"enrolment:{held.code}:list", digest=held.listed)
    return held


def reveal(season: Season, account: Account | None) -> Season:
    """Tell the seed, once, after the list is fixed; every child gets its lot, which anybody can compute."""
    with transaction.atomic():
        held = Season.objects.select_for_update().get(pk=season.pk)
        check_manages(account, held)
        if not held.listed:
            raise EnrolmentError("enrolment.no_list", "请先确定并公布参加摇号的名单,再公开种子")
        if held.revealed_at is not None:
            return held
        if not lottery.fits(held.seed, held.commitment):
            raise EnrolmentError("enrolment.seed", "摇号种子与报名前公布的摘要不符,不能使用,请报告安全管理员")
        rows = list(Child.objects.filter(season=held).exclude(state=Child.State.ENDED))
        give_lots(held, rows)
        Child.objects.bulk_update(rows, ["lot"], batch_size=500)
        held.revealed_at = clock.now()
        held.save(update_fields=["revealed_at"])
        audit(account, AuditEvent.Event.PUBLISH, f"enrolment:{held.code}:seed", children=len(rows))
    return held


def give_lots(season: Season, rows: Iterable[Child]) -> None:
    """Set the lots of children; those who are to stay together share that of the smallest of their codes."""
    listed = list(rows)
    lead: dict[str, str] = {}
    for row in listed:
        if row.together:
            lead[row.together] = min(lead.get(row.together, row.code), row.code)
    for row in listed:
        row.lot = lottery.lot_of(
            season.seed, season.listed, lead.get(row.together, row.code) if row.together else row.code
        )


def participants(season: Season) -> list[str]:
    """Return the public codes of all who take part."""
    return list(Child.objects.filter(season=season).exclude(state=Child.State.ENDED).values_list("code", flat=True))


def _draft(season: Season, account: Account | None) -> Season:
    held = Season.objects.select_for_update().get(pk=season.pk)
    check_manages(account, held)
    if held.state != Season.State.DRAFT:
        raise EnrolmentError("enrolment.published", f"“{held.name}”已经发布,不能再改动")
    return held


def _refuse_wrong(season: Season) -> None:
    terms.read(season.rules)
    if season.closes_at <= season.opens_at:
        raise EnrolmentError("enrolment.window", "报名截止时间应晚于开始时间", field="closes_at")
    if season.born_to < season.born_from:
        raise EnrolmentError("enrolment.birthdays", "出生日期的范围有误", field="born_to")


def _refuse_incomplete(season: Season) -> None:
    if clock.now() >= season.opens_at:
        raise EnrolmentError("enrolment.late", "已过报名开始时间;请先调整报名时间再发布", field="opens_at")
    wrong = [problem for problem in catchments_of(season).problems() if problem.refused]
    if wrong:
        raise EnrolmentError("enrolment.catchments", f"学区有 {len(wrong)} 处重叠:{wrong[0].text}", field="catchments")
    if not School.objects.filter(season=season).exists():
        raise EnrolmentError("enrolment.incomplete", "请先登记招生学校和学位数", field="schools")
    planned = {
        code for listed in Batch.objects.filter(season=season).values_list("categories", flat=True) for code in listed
    }
    left = [each.name for each in terms.read(season.rules).categories if each.code not in planned]
    if left:
        raise EnrolmentError("enrolment.incomplete", f"这些入学类别没有安排录取批次:{'、'.join(left)}", field="batches")
