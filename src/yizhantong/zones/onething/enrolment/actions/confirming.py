"""The parents' word on a place: confirmed, declined, or none in time; and the notice that is printed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases.people import acts_for
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.files import papers
from yizhantong.kernel.files.issuing import issue
from yizhantong.kernel.files.models import Issued
from yizhantong.zones.onething.enrolment import notices as tell
from yizhantong.zones.onething.enrolment.access import manages
from yizhantong.zones.onething.enrolment.errors import EnrolmentError
from yizhantong.zones.onething.enrolment.models import Child, Placement

State = Placement.State


def confirm(placement: Placement, account: User) -> Placement:
    """Confirm a place, until the day that was told; a second time changes nothing. Who was diverted goes on waiting for the own school.

    Raises ``enrolment.not_yours``, ``enrolment.place_gone``, ``enrolment.too_late``.
    """
    with transaction.atomic():
        held = _offered(placement, account)
        if held.state != State.CONFIRMED:
            held.state, held.settled_at = State.CONFIRMED, clock.now()
            held.save(update_fields=["state", "settled_at"])
    return held


def stay(placement: Placement, account: User) -> Placement:
    """Confirm a diverted place for good: the child leaves the waiting list of its own school, and its place is given back no more."""
    with transaction.atomic():
        held = _offered(placement, account)
        if not held.diverted:
            raise EnrolmentError("enrolment.own_school", "已录取到对应学校,没有需要放弃的候补")
        if held.state != State.CONFIRMED:
            held.state, held.settled_at = State.CONFIRMED, clock.now()
        held.keeps_waiting = False
        held.save(update_fields=["state", "settled_at", "keeps_waiting"])
    return held


def decline(placement: Placement, account: User) -> Placement:
    """Give a place up for good: it goes to the waiting list."""
    with transaction.atomic():
        held = _offered(placement, account)
        held.state, held.settled_at = State.DECLINED, clock.now()
        held.save(update_fields=["state", "settled_at"])
        Child.objects.filter(pk=held.child_id).update(state=Child.State.ENDED)
    return held


def lapse(today: dt.date | None = None) -> int:
    """Let places go that nobody confirmed in time; their children wait for the next batch. Return how many."""
    day, done = today or clock.today(), 0
    with transaction.atomic():
        late = Placement.objects.select_for_update(of=("self",)).filter(state=State.OFFERED, confirm_until__lt=day)
        for row in late.select_related("child__case"):
            row.state, row.settled_at = State.LAPSED, clock.now()
            row.save(update_fields=["state", "settled_at"])
            Child.objects.filter(pk=row.child_id).update(state=Child.State.VERIFIED)
            tell.lapsed(row)
            done += 1
    return done


def notice(placement: Placement, account: User) -> Issued:
    """Return the printed notice of a confirmed place (入学通知书), issued the first time it is asked for."""
    with transaction.atomic():
        held = (
            Placement.objects.select_for_update(of=("self",))
            .select_related("child__case__person", "child__season__office", "school", "batch")
            .get(pk=placement.pk)
        )
        _refuse_stranger(held, account)
        if held.state != State.CONFIRMED or held.school is None:
            raise EnrolmentError("enrolment.unconfirmed", "确认学位以后才能打印入学通知书")
        earlier = notices_of(held.child).first()
        if earlier is not None and earlier.revoked_at is None:
            return earlier
        return issue("notice", **_words(held), account=None, replaces=earlier)


def notices_of(child: Child) -> QuerySet[Issued]:
    """Return the printed notices of a child, newest first; those of places given back are revoked."""
    return Issued.objects.filter(subject_kind="enrolment", subject_number=child.case.number).order_by("-id")


def _words(held: Placement) -> dict[str, Any]:
    from yizhantong.kernel.cases.pinned import pinned
    from yizhantong.kernel.items.sealed import open_data

    child, season = held.child, held.child.season
    form = open_data(pinned(child.case.version_id).ready, child.case.data)
    assert held.school is not None
    now = clock.now()
    remedy, footnote = papers.remedy_text(now.date())
    return {
        "title": "入学通知书", "issuer": season.office, "holder_name": str(form["child_name"]), "subject": ("enrolment", child.case.number),
        "fields": (("办件编号", child.case.number), ("招生批次", f"{season.name} {held.batch.name}"), ("录取学校", held.school.name), ("学校地址", held.school.address)),
        "paragraphs": (
            f"经核验,{form['child_name']}符合{season.year}年入学条件,录取到{held.school.name}。",
            f"依据《义务教育法》第十二条,请按学校通知的时间报到。咨询电话:{season.contact or season.office.name}。",
        ),
        "remedy": remedy, "footnote": footnote,
    }  # fmt: skip


def _offered(placement: Placement, account: User) -> Placement:
    held = (
        Placement.objects.select_for_update(of=("self",))
        .select_related("child__case", "child__season")
        .get(pk=placement.pk)
    )
    _refuse_stranger(held, account)
    if held.state not in (State.OFFERED, State.CONFIRMED):
        raise EnrolmentError("enrolment.place_gone", f"这个学位现为“{held.get_state_display()}”,不能再操作")
    if held.state == State.OFFERED and held.confirm_until is not None and clock.today() > held.confirm_until:
        raise EnrolmentError("enrolment.too_late", f"确认学位的期限到 {held.confirm_until} 为止,学位已转给候补学生")
    return held


def _refuse_stranger(held: Placement, account: User) -> None:
    if not acts_for(account, None, held.child.case.person_id) and not manages(account, held.child.season):
        raise EnrolmentError("enrolment.not_yours", "只有提交报名的监护人或招生单位可以办理")
