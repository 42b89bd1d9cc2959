"""Recognition: claimed under the rules of the year, judged with reasons, granted as a class; raised, expired, looked at every year, lost."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.cases.people import askers
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.files.issuing import issue, revoke
from yizhantong.kernel.files.models import Issued
from yizhantong.kernel.notices.actions import send
from yizhantong.kernel.parties.models import Organisation, Person
from yizhantong.zones.talent import classes
from yizhantong.zones.talent.actions import facts, subsidies
from yizhantong.zones.talent.actions.common import (
    check_manages,
    data_of,
    facts_of,
    facts_of_employer,
    needs,
    organisation_of,
    user,
)
from yizhantong.zones.talent.classes import ClassRules, Judged
from yizhantong.zones.talent.config import settings
from yizhantong.zones.talent.errors import TalentError
from yizhantong.zones.talent.models import Claim, Recheck, RuleSet, Talent

SUBJECT = "talent"
LINK = "/talent/mine/"


def rules_for(day: dt.date) -> RuleSet:
    """Return the newest version of the rules of the latest year that has begun; ``talent.no_rules`` when there is none."""
    found = RuleSet.objects.filter(year__lte=day.year).order_by("-year", "-version").first()
    if found is None:
        raise TalentError("talent.no_rules", f"{day.year} 年没有人才认定规则,请先由人社部门发布")
    return found


def judged(rules: ClassRules, case: Case, data: Mapping[str, Any]) -> Judged:
    """Return which class a case's form reaches, with its employer's profile and the person's age."""
    known = facts_of_employer(str(data.get("talent_employer") or "").strip().upper())
    known.update(facts_of(case, data))
    born = known.get("人才出生日期")
    age = classes.age_on(born if isinstance(born, dt.date) else None, clock.today())
    return classes.judge(rules, known | ({"年龄": age} if age is not None else {}))


def check(case: Case, data: Mapping[str, Any]) -> None:
    """Refuse a claim of somebody who has one on its way, of an unknown employer, or for a class that is not above his own."""
    if case.person_id is None:
        raise TalentError("talent.persons_only", "人才认定由本人申请,请以个人身份办理")
    organisation_of(str(data.get("talent_employer") or ""), "talent_employer")
    if Claim.objects.filter(person_id=case.person_id, live=True).exists():
        raise TalentError("talent.claimed_already", "您已有一件人才认定在办,请等待办结")
    held = Talent.objects.filter(
        person_id=case.person_id, state=Talent.State.HOLDS, valid_until__gte=clock.today()
    ).first()
    wanted = str(data.get("talent_class") or "")
    soon = clock.today() + dt.timedelta(days=settings().remind_days)
    if held is not None and not classes.higher(wanted, held.category) and held.valid_until > soon:
        text = f"您已认定为 {held.category} 类,有效至 {held.valid_until};只能申报更高类别,或到期前 {settings().remind_days} 日内重新申报"
        raise TalentError("talent.not_higher", text, field="talent_class")


def begin(case: Case) -> Claim:
    """Enter the recognition side of a case that was just submitted, judged by the rules of its day."""
    data = data_of(case)
    rules = rules_for(timezone.localtime(case.submitted_at or clock.now()).date())
    found = judged(classes.read(rules.document), case, data)
    assert case.person_id is not None, "only persons claim: checked at submission"
    talent = Talent.objects.filter(person_id=case.person_id).first()
    try:
        with transaction.atomic():
            return Claim.objects.create(
                case=case, person_id=case.person_id, rules=rules, talent=talent, wanted=data["talent_class"], reached=found.reached,
                reasons=list(found.reasons), employer=organisation_of(data["talent_employer"], "talent_employer"),
                before=talent.category if talent is not None else "",
            )  # fmt: skip
    except IntegrityError:
        raise TalentError("talent.claimed_already", "您已有一件人才认定在办,请等待办结") from None


def judge_again(claim: Claim) -> Claim:
    """Judge a claim again, after the form was mended, by the rules that it pinned."""
    found = judged(classes.read(claim.rules.document), claim.case, data_of(claim.case))
    claim.reached, claim.reasons = found.reached, list(found.reasons)
    claim.save(update_fields=["reached", "reasons"])
    return claim


def check_decision(claim: Claim, outcome: str) -> None:
    """Refuse a decision that the rules do not bear out: where every rule is known they decide, else an official does."""
    enough = bool(claim.reached) and not classes.higher(claim.wanted, claim.reached)
    unknown = Judged(claim.reached, tuple(claim.reasons)).open_above(claim.wanted)
    if outcome == "pass" and not enough and not unknown:
        text = f"按 {claim.rules} 版规则得出“{claim.reached or '不符合任何一类'}”,不能认定为 {claim.wanted} 类"
        raise TalentError("talent.rules_say_no", text, reached=claim.reached)
    if outcome == "fail" and enough:
        text = f"按 {claim.rules} 版规则符合 {claim.reached} 类;不予认定与规则不一致,请先退回补正核实"
        raise TalentError("talent.rules_say_yes", text, reached=claim.reached)


def grant(claim: Claim) -> Talent:
    """Recognise: the class asked for, or the higher one that the rules give; the ledger is told by code, never by name."""
    case, today = claim.case, clock.today()
    category = claim.reached if classes.higher(claim.reached, claim.wanted) else claim.wanted
    until = valid_until(today, classes.read(claim.rules.document).valid_years)
    values = {
        "category": category, "employer_id": claim.employer_id, "number": case.number, "since": today, "valid_until": until,
        "state": Talent.State.HOLDS, "reminded_for": None,
    }  # fmt: skip
    held = Talent.objects.select_for_update().filter(person_id=claim.person_id).first()
    if held is None:
        held = Talent.objects.create(person_id=claim.person_id, code=new_code(), **values)
    else:
        for name, value in values.items():
            setattr(held, name, value)
        held.save()
    claim.granted, claim.talent = category, held
    claim.save(update_fields=["granted", "talent"])
    facts.recognise(
        case.number, held.code, claim.employer, category, valid_until=until, on=today, account=None, source=f"case:{case.number}"
    )  # fmt: skip
    return held


def close(claim: Claim) -> None:
    """Let a claim's person claim again: his case has ended."""
    claim.live = False
    claim.save(update_fields=["live"])


def reopen(claim: Claim) -> None:
    """Let a claim live again after a dispute; who has claimed anew meanwhile is refused."""
    try:
        with transaction.atomic():
            Claim.objects.filter(pk=claim.pk).update(live=True)
    except IntegrityError:
        raise TalentError("talent.claimed_already", "申请人已另有一件人才认定在办") from None


@transaction.atomic
def certificate(talent: Talent, *, account: Account | None) -> Issued:
    """Return the certificate of what a talent holds now, issued on the first asking; one of an earlier class is replaced."""
    locked = Talent.objects.select_for_update().select_related("person", "employer").get(pk=talent.pk)
    if locked.state != Talent.State.HOLDS or locked.valid_until < clock.today():
        raise TalentError("talent.not_in_force", f"{locked.code} 的认定已失效,不能出具证书")
    issued = list(
        Issued.objects.filter(subject_kind=SUBJECT, subject_number__startswith=f"{locked.code}/").order_by("id")
    )
    subject = f"{locked.code}/{locked.number}"[:40]
    if issued and issued[-1].subject_number == subject and issued[-1].revoked_at is None:
        return issued[-1]
    before = issued[-1] if issued and issued[-1].revoked_at is None else None
    return issue(
        Issued.Kind.CERTIFICATE, title="人才认定证书", issuer=Organisation.objects.get(pk=settings().office),
        holder_name=locked.person.name, subject=(SUBJECT, subject), account=account, replaces=before,
        fields=[
            ("人才类别", f"{locked.category} 类"), ("认定编号", locked.number), ("用人单位", locked.employer.name),
            ("认定日期", locked.since.isoformat()), ("有效期至", locked.valid_until.isoformat()),
        ],
    )  # fmt: skip


# --- as time goes by ---------------------------------------------------------------------------------------------------


@transaction.atomic
def expire() -> int:
    """End recognitions that have run out; what was granted on them is not paid any further. Return how many."""
    count = 0
    rows = Talent.objects.select_for_update().filter(state=Talent.State.HOLDS, valid_until__lt=clock.today())
    for talent in rows.order_by("pk"):
        talent.state = Talent.State.EXPIRED
        talent.save(update_fields=["state"])
        subsidies.stop_all(talent, "人才认定到期")
        count += 1
    return count


@transaction.atomic
def remind() -> int:
    """Tell those whose recognition soon runs out, once for each day of expiry; return how many."""
    soon = clock.today() + dt.timedelta(days=settings().remind_days)
    rows = Talent.objects.filter(
        Q(reminded_for__isnull=True) | ~Q(reminded_for=F("valid_until")),
        state=Talent.State.HOLDS, valid_until__range=(clock.today(), soon),
    )  # fmt: skip
    count = 0
    for talent in rows.select_related("person").order_by("pk"):
        tell(
            talent.person,
            "人才认定即将到期",
            f"您的 {talent.category} 类认定有效至 {talent.valid_until},请及时重新申报。",
        )
        talent.reminded_for = talent.valid_until
        talent.save(update_fields=["reminded_for"])
        count += 1
    return count


@transaction.atomic
def open_rechecks(year: int, *, account: Account | None) -> int:
    """Open this year's check of every talent recognised before the year; those that are open already stay. Return how many are new."""
    check_manages(account)
    due = dt.date(year, settings().recheck_month, 30)
    rows = Talent.objects.filter(state=Talent.State.HOLDS, since__lt=dt.date(year, 1, 1)).exclude(rechecks__year=year)
    made = Recheck.objects.bulk_create(
        (Recheck(talent=talent, year=year, due_on=due) for talent in rows), ignore_conflicts=True
    )
    return len(made)


@transaction.atomic
def settle_recheck(
    recheck: Recheck, *, employed: bool, resident: bool, evidence: str, account: Account | None
) -> Recheck:
    """Say of one year whether a talent is still employed there and still here; ``talent.recheck_done`` the second time.

    Who passed gets this year's instalments held for him; who did not loses those to come, and who left the city his class too.
    """
    check_manages(account)
    evidence = needs(evidence, "evidence", "请写明核查依据,如社保缴费记录")
    locked = Recheck.objects.select_for_update(of=("self",)).select_related("talent").get(pk=recheck.pk)
    if locked.state != Recheck.State.OPEN:
        by = f"{locked.done_by} " if locked.done_by else ""
        raise TalentError("talent.recheck_done", f"{locked.year} 年核查已由 {by}办结:{locked.get_state_display()}")
    passed = employed and resident
    locked.state = Recheck.State.PASSED if passed else Recheck.State.FAILED
    locked.employed, locked.resident, locked.evidence = employed, resident, evidence[:200]
    locked.done_at, locked.done_by = clock.now(), user(account)
    locked.save()
    if passed:
        subsidies.hold_of_year(locked.talent, locked.year)
    else:
        subsidies.stop_all(locked.talent, f"{locked.year} 年核查未通过")
    if not resident:
        lose(locked.talent, reason=f"{locked.year} 年核查:已离开本市", account=account)
    return locked


@transaction.atomic
def lose(talent: Talent, *, reason: str, account: Account | None) -> Talent:
    """Take a class away: the certificate is revoked, nothing more is paid; what the ledger says of the past stays."""
    check_manages(account)
    reason = needs(reason, "reason", "请写明取消的理由")
    locked = Talent.objects.select_for_update().select_related("person").get(pk=talent.pk)
    if locked.state == Talent.State.LOST:
        raise TalentError("talent.lost_already", f"{locked.code} 的认定此前已取消")
    locked.state = Talent.State.LOST
    locked.save(update_fields=["state"])
    subsidies.stop_all(locked, reason)
    for issued in Issued.objects.filter(
        subject_kind=SUBJECT, subject_number__startswith=f"{locked.code}/", revoked_at=None
    ):
        revoke(issued, reason=reason, account=None)
    tell(locked.person, "人才认定已取消", f"您的人才认定已取消:{reason}。如有异议,可以提出复核。")
    return locked


def tell(person: Person, title: str, body: str) -> None:
    """Tell a person's accounts."""
    told = User.objects.filter(person=person, is_active=True).values_list("pk", flat=True)
    send("talent.mine", list(told), title=title, body=body, link=LINK)


def tell_asker(case: Case, title: str, body: str) -> None:
    """Tell those who ask in a case."""
    send("talent.mine", askers(case), title=title, body=body, link=LINK)


def new_code() -> str:
    """Return a code that says nothing of the person and that nobody has: eight random digits."""
    while True:
        code = f"T-{secrets.randbelow(10**8):08d}"
        if not Talent.objects.filter(code=code).exists():
            return code


def valid_until(day: dt.date, years: int) -> dt.date:
    """Return the last day of a recognition: the day before that of the year then, 28 February for a leap day."""
    last = dt.date(day.year + years, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)
    return last - dt.timedelta(days=1)
