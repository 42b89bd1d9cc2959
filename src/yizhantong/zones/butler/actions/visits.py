"""Planning visits and writing them down; a visit may have been written offline, and may be sent twice."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from yizhantong.kernel.access.policy import Account, Refused
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.files.actions import Upload, store
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.butler.access import check_manages, management, source_of, the_butler
from yizhantong.zones.butler.actions import facts
from yizhantong.zones.butler.config import settings
from yizhantong.zones.butler.models import Butler, PlanMember, Visit, VisitLog, VisitPhoto, VisitPlan, VisitProblem
from yizhantong.zones.butler.queries.butlers import serves
from yizhantong.zones.butler.queries.visits import visible_visits
from yizhantong.zones.butler.rhythm import next_due

MOST_PROBLEMS = 10
MOST_PHOTOS = 9
OLDEST = dt.timedelta(days=60)
"""How far back a visit may be written down; older ones are entered by whoever keeps the ledger."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What the enterprise raised: its kind and words, and whether it asks that the city deals with it (an appeal)."""

    kind: str
    text: str
    appeal: bool = False


@dataclass(frozen=True, slots=True)
class VisitGiven:
    """A visit as its butler wrote it; ``uuid`` was made where he wrote it, ``written_at`` is that device's clock."""

    uuid: uuid.UUID
    enterprise: str
    day: dt.date
    mode: str
    summary: str
    problems: tuple[Problem, ...] = ()
    written_at: dt.datetime | None = None

    @property
    def digest(self) -> str:
        """Return the SHA-256 of what was written; the device's clock is no part of it."""
        problems = [[item.kind, item.text, item.appeal] for item in self.problems]
        content = [self.enterprise, self.day.isoformat(), self.mode, self.summary, problems]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Logged:
    """The visit that stands under the uuid; ``fresh`` is False when it stood there already; ``notes`` what could not follow."""

    visit: VisitLog
    fresh: bool
    notes: tuple[str, ...] = ()


def log_visit(given: VisitGiven, *, account: Account) -> Logged:
    """Record a visit with its fact, its problems, and the appeals that they become; the same uuid is recorded once.

    Sent again with the same content it gives the visit that stands; with another content (or by another butler) it is
    ``butler.visit_changed``. An appeal that cannot be filed leaves the problem noted, and says so in ``notes``.
    Raises :class:`LedgerError` with the field, or ``Refused``.
    """
    butler = the_butler(account)
    standing = VisitLog.objects.filter(pk=given.uuid).first()
    if standing is not None:
        return _again(standing, given, butler)
    _check(given, butler)
    try:
        with transaction.atomic():
            return _write(given, butler, account)
    except IntegrityError:
        standing = VisitLog.objects.filter(pk=given.uuid).first()
        if standing is None:
            raise
        return _again(standing, given, butler)


def _again(standing: VisitLog, given: VisitGiven, butler: Butler) -> Logged:
    if standing.butler_id != butler.pk or standing.digest != given.digest:
        raise LedgerError("butler.visit_changed", "这条走访已经以另外的内容上传过;请核对后作为新的走访填写", "走访编号")
    return Logged(standing, fresh=False)


def _check(given: VisitGiven, butler: Butler) -> None:
    today = clock.today()
    if not serves(butler, given.enterprise):
        raise LedgerError("butler.not_yours", "这户企业目前不由您服务,请与管家主管核对后再填", "企业")
    if given.day > today:
        raise LedgerError("butler.visit_future", f"走访日期 {given.day} 晚于今天({today})", "走访日期")
    if given.day < today - OLDEST:
        raise LedgerError("butler.visit_old", f"只能补填 {OLDEST.days} 天以内的走访,更早的请联系台账员", "走访日期")
    if not given.summary.strip() or len(given.summary) > 2000:
        raise LedgerError("butler.visit_summary", "请写明走访情况,最多 2000 字", "走访情况")
    if given.mode not in Visit.Mode.values:
        raise LedgerError("butler.visit_mode", "请选择走访方式", "走访方式")
    if len(given.problems) > MOST_PROBLEMS:
        raise LedgerError("butler.visit_problems", f"一次走访最多记 {MOST_PROBLEMS} 个问题", "问题")
    for problem in given.problems:
        _check_problem(problem)


def _check_problem(problem: Problem) -> None:
    if problem.kind not in settings().kinds:
        raise LedgerError("butler.unknown_kind", "请选择问题的种类", "问题种类")
    if len(problem.text.strip()) < 4 or len(problem.text) > 1000:
        raise LedgerError("butler.problem_text", "请写明问题,4 至 1000 字", "问题")


def _write(given: VisitGiven, butler: Butler, account: Account) -> Logged:
    enterprise = Organisation.objects.get(pk=given.enterprise)
    fact = facts.record_visit(
        enterprise, butler.code, given.mode, len(given.problems), on=given.day, account=None, source=source_of(account)
    )
    visit = VisitLog.objects.create(
        uuid=given.uuid, digest=given.digest, butler=butler, enterprise=enterprise, day=given.day, mode=given.mode,
        summary=given.summary.strip(), written_at=given.written_at, received_at=clock.now(), fact=fact,
    )  # fmt: skip
    notes = []
    for ordinal, problem in enumerate(given.problems, start=1):
        row = VisitProblem.objects.create(visit=visit, ordinal=ordinal, kind=problem.kind, text=problem.text.strip())
        if problem.appeal and (note := _try_appeal(row, account)):
            notes.append(note)
    _advance(enterprise.pk, given.day)
    return Logged(visit, fresh=True, notes=tuple(notes))


def _try_appeal(problem: VisitProblem, account: Account) -> str:
    """Make a problem an appeal in its own savepoint; return what to tell the butler when that is refused."""
    from yizhantong.kernel.cases.errors import CaseError
    from yizhantong.zones.butler.actions.appeals import raise_problem

    try:
        with transaction.atomic():
            raise_problem(problem, account=account)
    except (CaseError, LedgerError, Refused) as error:
        return f"问题 {problem.ordinal} 已记录,但未能转为诉求:{error}"
    return ""


def _advance(enterprise: str, day: dt.date) -> None:
    """Put the next visit of every running plan after this one."""
    members = PlanMember.objects.select_for_update(of=("self",)).select_related("plan")
    for member in members.filter(enterprise_id=enterprise, due_on__isnull=False, plan__stopped_on=None):
        if (member.visited_on is not None and member.visited_on >= day) or day < member.plan.starts_on:
            continue
        following = next_due(day, member.plan.every, member.plan.unit)
        over = member.plan.ends_on is not None and following > member.plan.ends_on
        member.visited_on, member.due_on = day, None if over else following
        member.save(update_fields=["visited_on", "due_on"])


def add_photo(
    visit: VisitLog, photo: uuid.UUID, upload: Upload | bytes, *, account: Account, name: str = ""
) -> VisitPhoto:
    """Add a photo to one's own visit under the uuid that the phone gave it; the same uuid is stored once.

    Raises ``butler.photos`` (too many), ``butler.visit_changed``, ``FileError`` or ``Refused``.
    """
    butler = the_butler(account)
    with transaction.atomic():
        locked = VisitLog.objects.select_for_update().get(pk=visit.pk)
        if locked.butler_id != butler.pk:
            raise LedgerError("butler.visit_changed", "只能给自己的走访添加照片", "走访编号")
        known = VisitPhoto.objects.filter(pk=photo).first()
        if known is not None:
            if known.visit_id != locked.pk:
                raise LedgerError("butler.visit_changed", "这张照片已属于另一次走访", "照片编号")
            return known
        if VisitPhoto.objects.filter(visit=locked).count() >= MOST_PHOTOS:
            raise LedgerError("butler.photos", f"一次走访最多 {MOST_PHOTOS} 张照片", "照片")
        stored = store(upload, account=account, name=name, purpose="走访照片")
        return VisitPhoto.objects.create(uuid=photo, visit=locked, file=stored)


@transaction.atomic
def make_plan(plan: VisitPlan, enterprises: Iterable[str], *, account: Account) -> VisitPlan:
    """Make a plan over enterprises of the manager's divisions, each first due on ``starts_on``; ``plan`` is not saved yet."""
    check_manages(account, plan.agency_id, plan.division_id)
    chosen = list(Organisation.objects.filter(pk__in=set(enterprises), kind=Organisation.Kind.ENTERPRISE))
    if not chosen:
        raise LedgerError("butler.plan_empty", "请至少选择一户企业", "企业")
    reach = management(account)
    strangers = [item.name for item in chosen if not reach.includes(plan.agency_id, item.division_id)]
    if strangers:
        raise LedgerError("butler.plan_elsewhere", f"不在您的管理范围:{'、'.join(strangers[:3])}", "企业")
    if plan.ends_on is not None and plan.ends_on < plan.starts_on:
        raise LedgerError("butler.plan_dates", "计划结束日早于首次走访日", "计划结束日")
    plan.made_by_id, plan.made_at = account.pk, clock.now()
    plan.save(force_insert=True)
    PlanMember.objects.bulk_create(PlanMember(plan=plan, enterprise=item, due_on=plan.starts_on) for item in chosen)
    return plan


@transaction.atomic
def stop_plan(plan: VisitPlan, *, account: Account) -> VisitPlan:
    """Stop a plan today; what was visited stays."""
    locked = VisitPlan.objects.select_for_update().get(pk=plan.pk)
    check_manages(account, locked.agency_id, locked.division_id)
    if locked.stopped_on is None:
        locked.stopped_on = clock.today()
        locked.save(update_fields=["stopped_on"])
    return locked


@transaction.atomic
def raise_noted(problem: VisitProblem, *, account: Account) -> VisitProblem:
    """Make a problem that was only noted an appeal, in one step, by the butler who may read the visit."""
    from yizhantong.zones.butler.actions.appeals import raise_problem

    the_butler(account)
    if not visible_visits(account).filter(pk=problem.visit_id).exists():
        raise Refused("butler.serve")
    raise_problem(VisitProblem.objects.select_for_update(of=("self",)).get(pk=problem.pk), account=account)
    return problem
