"""A candidate and a post: invited or applied, interview, offer, hired. Every change is kept with its moment and who made it.

Applying means consenting: the employer of the post sees who applies, for that purpose and a time. Inviting shows nothing.
"""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import F

from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.notices.actions import send
from yizhantong.kernel.parties.models import Mandate
from yizhantong.zones.talent.actions import posts
from yizhantong.zones.talent.actions.common import check_acts, needs
from yizhantong.zones.talent.actions.recognition import tell
from yizhantong.zones.talent.config import settings
from yizhantong.zones.talent.errors import TalentError
from yizhantong.zones.talent.likeness import Fit, Given, Wanted, fit
from yizhantong.zones.talent.models import Candidacy, Consent, Resume, Vacancy

State = Candidacy.State
NEXT: dict[str, tuple[str, ...]] = {
    State.INVITED: (State.APPLIED, State.WITHDRAWN, State.REJECTED),
    State.APPLIED: (State.INTERVIEW, State.OFFERED, State.REJECTED, State.WITHDRAWN),
    State.INTERVIEW: (State.INTERVIEW, State.OFFERED, State.REJECTED, State.WITHDRAWN),
    State.OFFERED: (State.HIRED, State.REJECTED, State.WITHDRAWN, State.LAPSED),
    State.HIRED: (),
    State.REJECTED: (),
    State.WITHDRAWN: (State.APPLIED,),
    State.LAPSED: (State.OFFERED, State.REJECTED, State.WITHDRAWN),
}  # fmt: skip
"""Which state may follow which: a candidate who withdrew may apply again, an offer that lapsed may be made once more."""


def wanted_of(vacancy: Vacancy) -> Wanted:
    """Return what a post asks, for matching."""
    return Wanted(
        vacancy.occupation, vacancy.education, tuple(vacancy.skills), vacancy.pay_fen, vacancy.pay_to_fen, vacancy.division_id
    )  # fmt: skip


def given_of(resume: Resume) -> Given:
    """Return what a candidate brings, for matching."""
    return Given(
        resume.occupation, resume.education, tuple(resume.skills), resume.pay_fen, tuple(resume.divisions), resume.years
    )  # fmt: skip


def fit_of(vacancy: Vacancy, resume: Resume) -> Fit:
    """Return how well a post and a candidate fit."""
    return fit(wanted_of(vacancy), given_of(resume))


@transaction.atomic
def apply(vacancy: Vacancy, resume: Resume, *, account: Account | None) -> Candidacy:
    """Apply for a post; the employer may see who it is for as long as consents last."""
    check_acts(account, None, resume.person_id)
    _open(vacancy)
    held = Candidacy.objects.select_for_update().filter(vacancy=vacancy, resume=resume).first()
    posts.consent(resume, vacancy.employer, Consent.Purpose.RECRUIT, days=settings().consent_days, account=account)
    made = _go(held, State.APPLIED, account) if held is not None else _make(vacancy, resume, State.APPLIED, account)
    _tell_employer(made, "收到应聘", f"“{vacancy.title}”收到一份应聘({resume.code})。")
    return made


@transaction.atomic
def invite(vacancy: Vacancy, resume: Resume, *, account: Account | None) -> Candidacy:
    """Ask a blind candidate whether he would apply; he decides whether to be seen."""
    check_acts(account, vacancy.employer_id)
    _open(vacancy)
    if not resume.open:
        raise TalentError("talent.not_shown", "该求职者没有允许匿名匹配")
    made = _make(vacancy, resume, State.INVITED, account)
    tell(
        resume.person,
        "收到岗位邀请",
        f"{vacancy.employer.name}邀请您应聘“{vacancy.title}”;您同意前,对方看不到您的姓名和电话。",
    )
    return made


@transaction.atomic
def interview(candidacy: Candidacy, at: dt.datetime, place: str, *, account: Account | None) -> Candidacy:
    """Arrange an interview, or another time for it."""
    locked = _employers(candidacy, account)
    if at <= clock.now():
        raise TalentError("talent.interview_past", "面试时间应晚于现在", field="interview_at")
    locked.interview_at, locked.interview_place = at, needs(place, "interview_place", "请填写面试地点")[:120]
    made = _go(locked, State.INTERVIEW, account)
    tell(
        locked.resume.person, "面试通知", f"“{locked.vacancy.title}”面试:{at:%Y-%m-%d %H:%M},{locked.interview_place}。"
    )
    return made


@transaction.atomic
def offer(candidacy: Candidacy, pay_fen: int, *, account: Account | None) -> Candidacy:
    """Offer the post at a pay; the candidate has the city's days to answer."""
    locked = _employers(candidacy, account)
    if pay_fen < locked.vacancy.pay_fen:
        raise TalentError("talent.pay_below", "录用月薪不能低于岗位公布的下限", field="pay")
    if locked.vacancy.hired >= locked.vacancy.openings:
        raise TalentError("talent.openings_full", "该岗位招聘人数已满,不能再发录用通知")
    locked.pay_fen, locked.answer_by = pay_fen, clock.today() + dt.timedelta(days=settings().post_answer_days)
    made = _go(locked, State.OFFERED, account)
    tell(locked.resume.person, "录用通知", f"“{locked.vacancy.title}”向您发出录用通知,请在 {locked.answer_by} 前答复。")
    return made


@transaction.atomic
def accept(candidacy: Candidacy, *, account: Account | None) -> Candidacy:
    """Accept an offer: one opening is filled; the post is full with the last one (``talent.openings_full`` for one too late)."""
    vacancy = Vacancy.objects.select_for_update().get(pk=candidacy.vacancy_id)
    locked = _locked(candidacy)
    check_acts(account, None, locked.resume.person_id)
    if locked.state == State.OFFERED and locked.answer_by is not None and locked.answer_by < clock.today():
        raise TalentError("talent.offer_settled", f"录用通知的答复期限 {locked.answer_by} 已过,请与用人单位联系")
    if locked.state == State.OFFERED and vacancy.hired >= vacancy.openings:
        raise TalentError("talent.openings_full", "该岗位招聘人数已满,不能再录用")
    made = _go(locked, State.HIRED, account)
    vacancy.hired = F("hired") + 1
    vacancy.save(update_fields=["hired"])
    vacancy.refresh_from_db()
    if vacancy.hired >= vacancy.openings and vacancy.state == Vacancy.State.OPEN:
        vacancy.state = Vacancy.State.FILLED
        vacancy.save(update_fields=["state"])
    _tell_employer(made, "录用已接受", f"{locked.resume.code} 接受了“{vacancy.title}”的录用。")
    return made


@transaction.atomic
def reject(candidacy: Candidacy, reason: str, *, account: Account | None) -> Candidacy:
    """Say no to a candidate, with the reason."""
    locked = _employers(candidacy, account)
    locked.reason = needs(reason, "reason", "请写明未录用的原因")[:200]
    made = _go(locked, State.REJECTED, account)
    tell(locked.resume.person, "应聘结果", f"“{locked.vacancy.title}”未录用:{locked.reason}")
    return made


@transaction.atomic
def withdraw(candidacy: Candidacy, *, account: Account | None) -> Candidacy:
    """Withdraw from a post, or decline an invitation or an offer; the consent that applying gave ends with it."""
    locked = _locked(candidacy)
    check_acts(account, None, locked.resume.person_id)
    made = _go(locked, State.WITHDRAWN, account)
    others = locked.resume.candidacies.filter(vacancy__employer_id=locked.vacancy.employer_id).exclude(pk=locked.pk)
    if not others.filter(state__in=[State.APPLIED, State.INTERVIEW, State.OFFERED, State.HIRED]).exists():
        given = locked.resume.consents.filter(
            employer_id=locked.vacancy.employer_id, purpose=Consent.Purpose.RECRUIT, withdrawn_at=None
        )
        given.update(withdrawn_at=clock.now())
    return made


@transaction.atomic
def lapse() -> int:
    """Let offers lapse whose day of answer is over; return how many. Both sides are told; the employer may offer once more."""
    keys = Candidacy.objects.filter(state=State.OFFERED, answer_by__lt=clock.today()).order_by("pk")
    count = 0
    for pk in list(keys.values_list("pk", flat=True)):
        locked = _locked(Candidacy(pk=pk))
        if locked.state != State.OFFERED:
            continue  # answered meanwhile
        _go(locked, State.LAPSED, None)
        tell(locked.resume.person, "录用通知已过期", f"“{locked.vacancy.title}”的录用通知逾期未答复,已失效。")
        _tell_employer(locked, "录用通知逾期未答复", f"{locked.resume.code} 没有在期限内答复“{locked.vacancy.title}”。")
        count += 1
    return count


def _open(vacancy: Vacancy) -> None:
    vacancy.refresh_from_db(fields=["state", "closes_on"])
    if vacancy.state != Vacancy.State.OPEN or vacancy.closes_on < clock.today():
        raise TalentError("talent.post_state", f"“{vacancy.title}”已不在招聘中")


def _make(vacancy: Vacancy, resume: Resume, state: str, account: Account | None) -> Candidacy:
    found = fit_of(vacancy, resume)
    try:
        with transaction.atomic():
            return Candidacy.objects.create(
                vacancy=vacancy, resume=resume, state=state, score=found.score, reasons=list(found.reasons), changed_at=clock.now(),
                steps=[_step(state, account)],
            )  # fmt: skip
    except IntegrityError:
        raise TalentError("talent.candidate_already", "该求职者已在这个岗位的应聘名单中") from None


def _go(candidacy: Candidacy, state: str, account: Account | None) -> Candidacy:
    if state not in NEXT[candidacy.state]:
        label = State(candidacy.state).label
        raise TalentError("talent.candidacy_state", f"应聘现为“{label}”,不能改为“{State(state).label}”;请刷新后查看")
    candidacy.state, candidacy.changed_at = state, clock.now()
    candidacy.steps = [*candidacy.steps, _step(state, account)]
    candidacy.save()
    return candidacy


def _step(state: str, account: Account | None) -> dict[str, object]:
    return {"state": state, "at": clock.now().isoformat(), "by": account.pk if isinstance(account, User) else None}


def _locked(candidacy: Candidacy) -> Candidacy:
    rows = Candidacy.objects.select_for_update(of=("self",)).select_related("vacancy__employer", "resume__person")
    return rows.get(pk=candidacy.pk)


def _employers(candidacy: Candidacy, account: Account | None) -> Candidacy:
    locked = _locked(candidacy)
    check_acts(account, locked.vacancy.employer_id)
    return locked


def _tell_employer(candidacy: Candidacy, title: str, body: str) -> None:
    today = clock.today()
    holders = Mandate.objects.filter(organisation_id=candidacy.vacancy.employer_id, valid_from__lte=today)
    holders = holders.filter(valid_to__isnull=True) | holders.filter(valid_to__gte=today)
    people = User.objects.filter(is_active=True, person__in=holders.values("person"))
    link = f"/talent/posts/{candidacy.vacancy.number}/candidates/"
    send("talent.hiring", list(people.values_list("pk", flat=True)), title=title, body=body, link=link)
