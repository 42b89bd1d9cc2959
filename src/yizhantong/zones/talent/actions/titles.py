"""Skill levels: sessions opened, seats given when an application passes, results entered, the certificate issued."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import IntegrityError, transaction

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.cases.actions import complete_step
from yizhantong.kernel.cases.models import Case, CaseStep
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.files.issuing import issue
from yizhantong.kernel.files.models import Issued
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.talent.actions.common import check_manages, data_of, needs
from yizhantong.zones.talent.actions.recognition import tell
from yizhantong.zones.talent.config import settings
from yizhantong.zones.talent.errors import TalentError
from yizhantong.zones.talent.models import Exam, Level, Sitting

State = Sitting.State
EXAM = "exam"
SUBJECT = "talent-title"


def check(case: Case, data: Mapping[str, Any]) -> None:
    """Refuse who holds or asks for that level already."""
    if case.person_id is None:
        raise TalentError("talent.persons_only", "职业技能等级由本人申报")
    occupation, level = str(data.get("title_occupation") or "").strip(), str(data.get("title_level") or "")
    held = Sitting.objects.filter(
        person_id=case.person_id,
        occupation=occupation,
        level=level,
        state__in=[State.ASKED, State.SEATED, State.PASSED],
    )
    if held.exists():
        raise TalentError("talent.title_already", f"您已申报或已取得“{occupation}”该等级", field="title_level")


def begin(case: Case) -> Sitting:
    """Enter the application of a case that was just submitted."""
    data = data_of(case)
    assert case.person_id is not None, "only persons apply: checked at submission"
    try:
        with transaction.atomic():
            return Sitting.objects.create(
                case=case,
                person_id=case.person_id,
                occupation=data["title_occupation"].strip(),
                level=data["title_level"],
            )
    except IntegrityError:
        raise TalentError("talent.title_already", "您已申报或已取得该职业的该等级") from None


@transaction.atomic
def open_exam(
    occupation: str, level: str, *, centre: Organisation, place: str, held_on: dt.date, seats: int, account: Account | None
) -> Exam:  # fmt: skip
    """Open a session; those whose applications have passed already get their seats at once."""
    check_manages(account)
    occupation, place = needs(occupation, "occupation", "请填写职业"), needs(place, "place", "请填写考试地点")
    if level not in Level.values:
        raise TalentError("talent.level", "请选择技能等级", field="level")
    if held_on < clock.today() or not 1 <= seats <= 5000:
        raise TalentError("talent.exam_day", "考试日期不能早于今天,考位应在 1 到 5000 之间", field="held_on")
    prefix = f"KS{held_on:%Y%m%d}"
    exam = Exam.objects.create(
        code=f"{prefix}-{Exam.objects.filter(code__startswith=prefix).count() + 1:02d}", occupation=occupation[:40], level=level,
        centre=centre, place=place[:120], held_on=held_on, seats=seats,
    )  # fmt: skip
    waiting = Sitting.objects.filter(occupation=exam.occupation, level=level, exam=None, state=State.ASKED)
    for sitting in waiting.filter(case__steps__code=EXAM, case__steps__done_at=None).order_by("pk")[:seats]:
        seat(sitting)
    exam.refresh_from_db()
    return exam


def seat(sitting: Sitting) -> Sitting:
    """Give a seat in the next session of the occupation and level that has one; without any the person waits for another session."""
    rows = Exam.objects.select_for_update().filter(
        occupation=sitting.occupation, level=sitting.level, state=Exam.State.OPEN, held_on__gte=clock.today()
    )
    exam = next((one for one in rows.order_by("held_on", "pk") if one.taken < one.seats), None)
    if exam is None:
        return sitting
    exam.taken += 1
    exam.save(update_fields=["taken"])
    sitting.exam, sitting.seat, sitting.state = exam, exam.taken, State.SEATED
    sitting.save(update_fields=["exam", "seat", "state"])
    tell(
        sitting.person,
        "考试安排",
        f"{exam.occupation}{exam.get_level_display()}:{exam.held_on},{exam.place},{sitting.seat} 号。",
    )
    return sitting


@transaction.atomic
def drop_exam(exam: Exam, reason: str, *, account: Account | None) -> int:
    """Call a session off before it is held; those who had seats wait for the next one, and are told. Return how many."""
    check_manages(account)
    reason = needs(reason, "reason", "请写明取消的原因")
    locked = Exam.objects.select_for_update().get(pk=exam.pk)
    seated = list(locked.sittings.select_for_update(of=("self",)).select_related("person").order_by("seat"))
    if locked.state != Exam.State.OPEN or any(one.state != State.SEATED for one in seated):
        raise TalentError("talent.exam_state", f"场次 {locked.code} 已开考或已结束,不能取消")
    locked.state, locked.taken = Exam.State.DROPPED, 0
    locked.save(update_fields=["state", "taken"])
    for one in seated:
        one.exam, one.seat, one.state = None, None, State.ASKED
        one.save(update_fields=["exam", "seat", "state"])
        tell(
            one.person, "考试取消", f"{locked.held_on} 的{locked.occupation}考试取消:{reason}。您的报名保留,另行安排。"
        )
    for one in seated:
        seat(one)
    return len(seated)


@transaction.atomic
def enter_result(
    sitting: Sitting, theory: object, practice: object, *, absent: bool = False, account: Account | None
) -> Sitting:
    """Enter what somebody reached, once; the exam step of his case ends with it. Both marks must reach the pass mark."""
    check_manages(account)
    case = Case.objects.select_for_update().get(pk=sitting.case_id)
    locked = Sitting.objects.select_for_update(of=("self",)).select_related("exam", "person").get(pk=sitting.pk)
    if locked.state != State.SEATED or locked.exam is None:
        raise TalentError("talent.sitting_state", f"该考生现为“{locked.get_state_display()}”,不能登记成绩")
    if locked.exam.held_on > clock.today():
        raise TalentError("talent.exam_not_held", f"考试定于 {locked.exam.held_on},尚未举行")
    if absent:
        locked.state = State.ABSENT
    else:
        locked.theory, locked.practice = _mark(theory, "theory"), _mark(practice, "practice")
        passed = min(locked.theory, locked.practice) >= settings().title_mark
        locked.state = State.PASSED if passed else State.FAILED
    locked.save()
    said = "缺考" if absent else f"理论 {locked.theory}、技能 {locked.practice}"
    if CaseStep.objects.filter(case=case, code=EXAM, done_at=None).exists():
        complete_step(case, EXAM, outcome="pass", opinion=said, account=account, details={"result": locked.state})
    if not locked.exam.sittings.filter(state=State.SEATED).exists():
        Exam.objects.filter(pk=locked.exam.pk).update(state=Exam.State.DONE)
    return locked


def check_exam_step(sitting: Sitting) -> None:
    """Refuse to end the exam step by hand: results do."""
    if sitting.state not in (State.PASSED, State.FAILED, State.ABSENT):
        raise TalentError("talent.no_result", "考试环节由登记成绩办结,请在“技能考试”中登记")


def check_decision(sitting: Sitting, outcome: str) -> None:
    """Refuse a decision that the marks do not bear out."""
    if (sitting.state == State.PASSED) != (outcome == "pass"):
        text = f"成绩为“{sitting.get_state_display()}”,发证决定应与成绩一致"
        raise TalentError("talent.marks_say_otherwise", text)


def leave(sitting: Sitting) -> None:
    """Free what an application holds that ended without a result."""
    if sitting.state in (State.ASKED, State.SEATED):
        sitting.state = State.LEFT
        sitting.save(update_fields=["state"])


@transaction.atomic
def certificate(sitting: Sitting, *, account: Account | None) -> Issued:
    """Return the certificate of a level that was passed and granted, issued on the first asking."""
    case = Case.objects.select_for_update().get(pk=sitting.case_id)
    sitting = Sitting.objects.select_related("person", "exam__centre").get(pk=sitting.pk)
    if case.outcome != Case.Outcome.GRANTED or sitting.state != State.PASSED:
        raise TalentError("talent.no_certificate", "尚未准予发证")
    held = Issued.objects.filter(subject_kind=SUBJECT, subject_number=case.number).order_by("-id").first()
    if held is not None:
        return held
    return issue(
        Issued.Kind.CERTIFICATE, title="职业技能等级证书", issuer=Organisation.objects.get(pk=settings().office),
        holder_name=sitting.person.name, subject=(SUBJECT, case.number), account=account,
        fields=[
            ("职业", sitting.occupation), ("等级", str(sitting.get_level_display())), ("理论成绩", f"{sitting.theory}"),
            ("技能成绩", f"{sitting.practice}"), ("评价机构", sitting.exam.centre.name if sitting.exam else ""),
        ],
    )  # fmt: skip


def _mark(given: object, field: str) -> Decimal:
    try:
        mark = Decimal(str(given).strip())
    except InvalidOperation:
        raise TalentError("talent.mark", "成绩应是数字", field=field) from None
    if not mark.is_finite() or not 0 <= mark <= 100 or mark != mark.quantize(Decimal("0.1")):
        raise TalentError("talent.mark", "成绩应在 0 到 100 之间,最多一位小数", field=field)
    return mark
