"""Posts of employers and resumes of candidates: published, filled, closed; written, opened for blind matching, consented to, looked at."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction

from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.parties.models import Organisation, Person
from yizhantong.zones.talent.actions import facts
from yizhantong.zones.talent.actions.common import check_acts, check_manages, data_of, needs
from yizhantong.zones.talent.config import settings
from yizhantong.zones.talent.errors import TalentError
from yizhantong.zones.talent.models import Consent, Look, Post, Resume, Vacancy

State = Vacancy.State
MOST_SKILLS = 12


def fen(value: object, field: str = "") -> int:
    """Return an amount in 元 as 分; ``talent.amount`` for what is none."""
    try:
        found = Decimal(str(value).strip()) * 100
    except InvalidOperation:
        raise TalentError("talent.amount", f"“{value}”不是金额", field=field) from None
    if not found.is_finite() or found < 0 or found != found.to_integral_value() or found > 10**13:
        raise TalentError("talent.amount", f"“{value}”应是不小于 0、最多两位小数的金额", field=field)
    return int(found)


def words(text: str) -> list[str]:
    """Return the skills of a text: divided by 、 , ; or line ends, each once."""
    found = dict.fromkeys(part.strip()[:20] for part in re.split(r"[、,,;;\n]", text) if part.strip())
    return list(found)[:MOST_SKILLS]


# --- posts -------------------------------------------------------------------------------------------------------------


def check(case: Case, data: Mapping[str, Any]) -> None:
    """Refuse a post that pays less at most than at least, or that is closed already."""
    if case.organisation_id is None:
        raise TalentError("talent.employers_only", "岗位由用人单位发布,请以单位身份办理")
    if fen(data.get("post_pay_to"), "post_pay_to") < fen(data.get("post_pay"), "post_pay"):
        raise TalentError("talent.pay_range", "月薪上限不能低于下限", field="post_pay_to")
    if dt.date.fromisoformat(str(data.get("post_closes_on"))) <= clock.today():
        raise TalentError("talent.closes_on", "招聘截止日期应晚于今天", field="post_closes_on")


def begin(case: Case) -> Vacancy:
    """Enter the post of a case that was just submitted; nobody sees it yet."""
    data = data_of(case)
    assert case.organisation is not None, "only employers publish: checked at submission"
    return Vacancy.objects.create(
        case=case, number=case.number, employer=case.organisation, division_id=case.organisation.division_id, title=data["post_title"],
        occupation=data["post_occupation"], education=data["post_education"], skills=words(str(data.get("post_skills") or "")),
        duties=data["post_duties"], openings=int(data["post_openings"]), pay_fen=fen(data["post_pay"]), pay_to_fen=fen(data["post_pay_to"]),
        closes_on=dt.date.fromisoformat(str(data["post_closes_on"])),
    )  # fmt: skip


def publish(vacancy: Vacancy) -> Vacancy:
    """Publish a post whose case was granted, and enter it into the ledger."""
    vacancy.state, vacancy.published_on = State.OPEN, clock.today()
    vacancy.save(update_fields=["state", "published_on"])
    facts.publish_post(
        vacancy.number, vacancy.employer, vacancy.title, education=vacancy.education, openings=vacancy.openings,
        pay_fen=vacancy.pay_fen, on=clock.today(), account=None, source=f"case:{vacancy.number}",
    )  # fmt: skip
    return vacancy


@transaction.atomic
def close(vacancy: Vacancy, *, account: Account | None) -> Vacancy:
    """End a post before its day: its employer or the talent office."""
    locked = Vacancy.objects.select_for_update().get(pk=vacancy.pk)
    try:
        check_acts(account, locked.employer_id)
    except TalentError:
        check_manages(account)
    if locked.state not in (State.OPEN, State.FILLED):
        raise TalentError("talent.post_state", f"该岗位现为“{locked.get_state_display()}”,不能结束")
    locked.state = State.CLOSED
    locked.save(update_fields=["state"])
    return locked


def close_due() -> int:
    """End posts whose day is over; return how many."""
    return Vacancy.objects.filter(state__in=[State.OPEN, State.FILLED], closes_on__lt=clock.today()).update(
        state=State.CLOSED
    )


# --- resumes -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ResumeGiven:
    """What a candidate writes; ``pay_fen`` a month, ``divisions`` where he would work (codes, none: anywhere)."""

    wanted: str
    occupation: str
    education: str
    skills: tuple[str, ...] = ()
    years: int = 0
    pay_fen: int = 0
    divisions: tuple[str, ...] = ()
    experience: str = ""
    open: bool = False


@transaction.atomic
def write_resume(person: Person, given: ResumeGiven, *, account: Account | None) -> Resume:
    """Write or change one's resume. What must not be read by anybody without consent is refused in the blind part."""
    check_acts(account, None, person.pk)
    wanted = needs(given.wanted, "wanted", "请填写求职意向")
    if given.education not in Post.Education.values:
        raise TalentError("talent.education", "请选择学历", field="education")
    for field in ("wanted", "occupation", "experience"):
        _refuse_traces(person, getattr(given, field), field)
    for skill in given.skills:
        _refuse_traces(person, skill, "skills")
    values = {
        "wanted": wanted[:60], "occupation": given.occupation.strip()[:40], "education": given.education,
        "skills": list(given.skills)[:MOST_SKILLS], "years": min(given.years, 60), "pay_fen": given.pay_fen, "divisions": list(given.divisions),
        "experience": given.experience.strip()[:2000], "open": given.open, "updated_at": clock.now(),
    }  # fmt: skip
    held = Resume.objects.select_for_update().filter(person=person).first()
    if held is None:
        return Resume.objects.create(person=person, code=f"Q-{secrets.randbelow(10**8):08d}", **values)
    for name, value in values.items():
        setattr(held, name, value)
    held.save()
    return held


def _refuse_traces(person: Person, text: str, field: str) -> None:
    """Refuse a name, telephone number, identity number or address of mail in what is shown blind."""
    if person.name and person.name in text:
        raise TalentError("talent.not_blind", "此处不要写姓名:匿名匹配时用人单位会看到这段文字", field=field)
    if re.search(r"1[3-9]\d{9}|\d{17}[\dXx]|[\w.+-]+@[\w-]+\.\w+", re.sub(r"(?<=\d)[\s-](?=\d)", "", text)):
        text_ = "此处不要写电话、证件号或邮箱:匿名匹配时用人单位会看到这段文字"
        raise TalentError("talent.not_blind", text_, "《个人信息保护法》第六条", field)


@transaction.atomic
def consent(resume: Resume, employer: Organisation, purpose: str, *, days: int, account: Account | None) -> Consent:
    """Let an employer see who one is, for a purpose, some days long; one that runs already is replaced."""
    check_acts(account, None, resume.person_id)
    most = settings().consent_days
    if purpose not in Consent.Purpose.values:
        raise TalentError("talent.purpose", "请选择授权用途", field="purpose")
    if not 1 <= days <= most:
        raise TalentError("talent.consent_days", f"授权期限为 1 至 {most} 天", field="days")
    Resume.objects.select_for_update().get(pk=resume.pk)
    resume.consents.filter(employer=employer, purpose=purpose, withdrawn_at=None).update(withdrawn_at=clock.now())
    return Consent.objects.create(
        resume=resume, employer=employer, purpose=purpose, given_at=clock.now(), expires_on=clock.today() + dt.timedelta(days=days)
    )  # fmt: skip


@transaction.atomic
def withdraw_consent(given: Consent, *, account: Account | None) -> Consent:
    """Take a consent back, from now on; twice is the same as once."""
    check_acts(account, None, Resume.objects.values_list("person_id", flat=True).get(pk=given.resume_id))
    locked = Consent.objects.select_for_update().get(pk=given.pk)
    if locked.withdrawn_at is None:
        locked.withdrawn_at = clock.now()
        locked.save(update_fields=["withdrawn_at"])
    return locked


def in_force(resume: int, employer: str) -> Consent | None:
    """Return the consent by which an employer may see who a candidate is today."""
    rows = Consent.objects.filter(
        resume_id=resume, employer_id=employer, withdrawn_at=None, expires_on__gte=clock.today()
    )
    return rows.order_by("-expires_on", "-pk").first()


def shown_to(employer: str) -> set[int]:
    """Return the keys of the resumes whose owners an employer may see by name today."""
    rows = Consent.objects.filter(employer_id=employer, withdrawn_at=None, expires_on__gte=clock.today())
    return set(rows.values_list("resume_id", flat=True))


@dataclass(frozen=True, slots=True)
class Seen:
    """A resume as an employer sees it: name and phone only with a consent in force ("" otherwise)."""

    resume: Resume
    name: str
    phone: str
    consent: Consent | None


@transaction.atomic
def look(resume: Resume, employer: Organisation, *, account: User) -> Seen:
    """Look at a resume for an employer: kept for the candidate to see, with whether the name was shown.

    A resume that is neither open for matching, nor consented to, nor a candidate of the employer is ``talent.not_shown``.
    """
    check_acts(account, employer.pk)
    given = in_force(resume.pk, employer.pk)
    applied = resume.candidacies.filter(vacancy__employer=employer).exclude(state="withdrawn").exists()
    if given is None and not applied and not resume.open:
        raise TalentError("talent.not_shown", "该求职者没有公开简历,也没有授权贵单位查看")
    Look.objects.create(resume=resume, employer=employer, account=account, consent=given, at=clock.now())
    if given is None:
        return Seen(resume, "", "", None)
    return Seen(resume, resume.person.name, resume.person.phone, given)
