"""Job fairs: planned, booths taken, visitors with a ticket, checked in at the door, results told."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import transaction
from django.utils import timezone

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.parties.models import Organisation, Person
from yizhantong.zones.talent.actions.common import check_acts, check_manages, needs
from yizhantong.zones.talent.errors import TalentError
from yizhantong.zones.talent.models import Booth, Fair, Vacancy, Visitor

State = Fair.State


@transaction.atomic
def plan(
    title: str, place: str, *, division: str, starts_at: dt.datetime, ends_at: dt.datetime, booths: int, capacity: int, account: Account | None
) -> Fair:  # fmt: skip
    """Plan a fair and open it for registration."""
    check_manages(account)
    title, place = needs(title, "title", "请填写名称"), needs(place, "place", "请填写地点")
    if ends_at <= starts_at:
        raise TalentError("talent.fair_hours", "结束时间应晚于开始时间", field="ends_at")
    if booths < 1 or capacity < 1:
        raise TalentError("talent.fair_size", "展位数和可容人数至少为 1", field="booths")
    day = timezone.localtime(starts_at).date()
    prefix = f"ZP{day:%Y%m%d}"
    return Fair.objects.create(
        code=f"{prefix}-{Fair.objects.filter(code__startswith=prefix).count() + 1}", title=title[:80], place=place[:120], division_id=division,
        starts_at=starts_at, ends_at=ends_at, booths=booths, capacity=capacity, state=State.OPEN,
    )  # fmt: skip


@transaction.atomic
def take_booth(fair: Fair, employer: Organisation, *, account: Account | None, number: int | None = None) -> Booth:
    """Take a booth: the one asked for, else the first that is free; ``talent.booth_taken``, ``talent.fair_full``."""
    check_acts(account, employer.pk)
    locked = _open(fair)
    taken = set(locked.taken.filter(cancelled=False).values_list("number", flat=True))
    if locked.taken.filter(employer=employer, cancelled=False).exists():
        raise TalentError("talent.booth_already", f"贵单位已报名“{locked.title}”")
    chosen = number or next((place for place in range(1, locked.booths + 1) if place not in taken), None)
    if chosen is None:
        raise TalentError("talent.fair_full", f"“{locked.title}”的 {locked.booths} 个展位已报满")
    if chosen in taken or not 1 <= chosen <= locked.booths:
        raise TalentError("talent.booth_taken", f"{chosen} 号展位已被选或不存在,请另选", field="number")
    live = Vacancy.objects.filter(employer=employer, state=Vacancy.State.OPEN)
    return Booth.objects.create(
        fair=locked, employer=employer, number=chosen, posts=live.count(), openings=sum(live.values_list("openings", flat=True))
    )  # fmt: skip


@transaction.atomic
def leave_booth(booth: Booth, *, account: Account | None) -> Booth:
    """Give a booth back before the fair begins; its number is free again."""
    check_acts(account, booth.employer_id)
    fair = _open(booth.fair)
    locked = Booth.objects.select_for_update().get(pk=booth.pk)
    if locked.cancelled:
        raise TalentError("talent.booth_cancelled", "该展位已取消")
    if fair.starts_at <= clock.now():
        raise TalentError("talent.fair_begun", f"“{fair.title}”已经开始,不能退展位;请与主办方联系")
    locked.cancelled = True
    locked.save(update_fields=["cancelled"])
    return locked


@transaction.atomic
def register(fair: Fair, person: Person, *, account: Account | None) -> Visitor:
    """Register a person who wants to come: a ticket; the same person again gets the same one."""
    check_acts(account, None, person.pk)
    locked = _open(fair)
    held = Visitor.objects.filter(fair=locked, person=person).first()
    if held is not None:
        return held
    if locked.visitors >= locked.capacity:
        raise TalentError("talent.fair_full", f"“{locked.title}”报名人数已满")
    locked.visitors += 1
    locked.save(update_fields=["visitors"])
    return Visitor.objects.create(
        fair=locked, person=person, ticket=secrets.token_urlsafe(12), registered_at=clock.now()
    )


@transaction.atomic
def check_in(fair: Fair, ticket: str, *, account: Account | None) -> Visitor:
    """Check a visitor in by the code of the ticket; the second time tells when it was used."""
    check_manages(account)
    found = Visitor.objects.select_for_update().filter(fair=fair, ticket=ticket.strip()[:32]).first()
    if found is None:
        raise TalentError("talent.ticket_unknown", "入场码无效,或不是本场招聘会的", field="ticket")
    if found.checked_in_at is not None:
        at = timezone.localtime(found.checked_in_at)
        raise TalentError("talent.ticket_used", f"该入场码已于 {at:%H:%M} 使用", field="ticket")
    found.checked_in_at = clock.now()
    found.save(update_fields=["checked_in_at"])
    return found


@transaction.atomic
def check_in_booth(booth: Booth, *, account: Account | None) -> Booth:
    """Check an employer in at its booth."""
    check_manages(account)
    if booth.cancelled:
        raise TalentError("talent.booth_cancelled", "该展位已取消")
    booth.checked_in_at = booth.checked_in_at or clock.now()
    booth.save(update_fields=["checked_in_at"])
    return booth


@transaction.atomic
def report(booth: Booth, *, resumes: int, intentions: int, hired: int, account: Account | None) -> Booth:
    """Tell what came of a booth; each number is at most the one before it."""
    check_acts(account, booth.employer_id)
    if booth.checked_in_at is None:
        raise TalentError("talent.booth_absent", "未签到的展位不能填报成效")
    if not 0 <= hired <= intentions <= resumes <= 10_000:
        raise TalentError("talent.fair_results", "录用人数不超过意向人数,意向人数不超过收到的简历数", field="hired")
    booth.resumes, booth.intentions, booth.hired = resumes, intentions, hired
    booth.save(update_fields=["resumes", "intentions", "hired"])
    return booth


@transaction.atomic
def close(fair: Fair, *, account: Account | None, cancelled: bool = False) -> Fair:
    """End a fair, or cancel it before it begins."""
    check_manages(account)
    locked = _open(fair)
    locked.state = State.CANCELLED if cancelled else State.CLOSED
    locked.save(update_fields=["state"])
    return locked


def _open(fair: Fair) -> Fair:
    locked = Fair.objects.select_for_update().get(pk=fair.pk)
    if locked.state != State.OPEN:
        raise TalentError("talent.fair_state", f"“{locked.title}”现为“{locked.get_state_display()}”")
    return locked
