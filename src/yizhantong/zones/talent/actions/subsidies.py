"""Subsidies: asked for, granted with their whole schedule, held instalment by instalment once the year's check passed, stopped.

Money of a year is held from that year's fund under its lock; the fund's constraint and the ledger's key refuse the rest.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.talent.actions.common import check_manages, data_of, digits_of, needs
from yizhantong.zones.talent.config import settings
from yizhantong.zones.talent.errors import TalentError
from yizhantong.zones.talent.models import Award, Fund, Instalment, PayLine, Recheck, Talent
from yizhantong.zones.talent.schedule import schedule

State = Instalment.State
BUDGET_LAW = "《预算法》第十三条:经批准的预算,未经法定程序不得调整"


def holding(person: int | None) -> Talent:
    """Return the talent of a person whose class holds today; ``talent.not_recognised`` otherwise."""
    found = Talent.objects.filter(
        person_id=person or 0, state=Talent.State.HOLDS, valid_until__gte=clock.today()
    ).first()
    if found is None:
        raise TalentError("talent.not_recognised", "您目前没有有效的人才认定,请先办理人才分类认定")
    return found


def check(case: Case, data: Mapping[str, Any]) -> None:
    """Refuse who is not recognised, a kind that pays nothing to the class, a second one of the kind, a strange account."""
    talent = holding(case.person_id)
    kind = str(data.get("talent_subsidy") or "")
    if settings().plan(kind, talent.category) is None:
        raise TalentError("talent.nothing_to_pay", f"该种补贴不发给 {talent.category} 类人才", field="talent_subsidy")
    if Award.objects.filter(talent=talent, kind=kind).exclude(state__in=["refused", "stopped"]).exists():
        raise TalentError("talent.awarded_already", "同一种补贴只能申领一次,您已申领或正在申领", field="talent_subsidy")
    holder = "".join(str(data.get("account_holder_person") or "").split())
    if case.person is not None and holder != "".join(case.person.name.split()):
        raise TalentError(
            "talent.account_name", "收款户名须为本人姓名,补贴只发到本人账户", field="account_holder_person"
        )
    digits_of(str(data.get("account_number") or ""))


def begin(case: Case) -> Award:
    """Enter the money side of a case that was just submitted."""
    data, talent = data_of(case), holding(case.person_id)
    number = digits_of(data["account_number"])
    try:
        with transaction.atomic():
            return Award.objects.create(
                case=case, talent=talent, kind=data["talent_subsidy"], category=talent.category, division_id=talent.employer.division_id,
                holder=data["account_holder_person"], bank=data["bank_name"], account_number=number, tail=number[-4:],
            )  # fmt: skip
    except IntegrityError:
        raise TalentError("talent.awarded_already", "同一种补贴只能申领一次,您已申领或正在申领") from None


def grant(award: Award) -> list[Instalment]:
    """Grant a subsidy: the class of today, the whole schedule. What is due in the year of recognition needs no check of an earlier year."""
    talent = holding(award.case.person_id)
    plan = settings().plan(award.kind, talent.category)
    if plan is None:
        raise TalentError("talent.nothing_to_pay", f"该种补贴不发给 {talent.category} 类人才")
    award.category, award.state, award.granted_on = talent.category, Award.State.RUNNING, clock.today()
    # what an earlier award of the kind paid before it was stopped is not paid again
    paid = Instalment.objects.filter(award__talent=talent, award__kind=award.kind, state=State.PAID).count()
    due = schedule(plan, clock.today())[: max(0, plan.instalments - paid)]
    if not due:
        raise TalentError("talent.awarded_already", "该种补贴各期均已发放,不能再次申领")
    award.total_fen = sum(one.amount_fen for one in due)
    award.save()
    made = [
        Instalment(award=award, ordinal=paid + one.ordinal, due_on=one.due_on, amount_fen=one.amount_fen) for one in due
    ]
    Instalment.objects.bulk_create(made)
    hold_of_year(talent, clock.today().year)
    return made


def refuse(award: Award) -> None:
    """Let the person ask again: his case ended without a grant."""
    award.state = Award.State.REFUSED
    award.save(update_fields=["state"])


def checked(talent: Talent, year: int) -> bool:
    """Tell whether a talent may be paid in a year: recognised in it, or its check passed."""
    return talent.since.year >= year or Recheck.objects.filter(talent=talent, year=year, state="passed").exists()


def hold_of_year(talent: Talent, year: int) -> int:
    """Hold the instalments that are due up to the year's end, as far as its fund goes; return how many. The rest waits for more money."""
    if not checked(talent, year) or talent.state != Talent.State.HOLDS:
        return 0
    fund = Fund.objects.select_for_update().filter(year=year).first()
    rows = Instalment.objects.select_for_update(of=("self",)).filter(
        award__talent=talent, award__state=Award.State.RUNNING, state=State.PLANNED, due_on__lte=dt.date(year, 12, 31)
    )
    count = 0
    for one in rows.order_by("due_on", "pk"):
        if fund is None or fund.free_fen < one.amount_fen:
            one.note = f"{year} 年资金不足,待追加" if fund is not None else f"{year} 年资金尚未下达"
            one.save(update_fields=["note"])
            continue
        fund.held_fen += one.amount_fen
        one.state, one.fund, one.note = State.READY, fund, ""
        one.save(update_fields=["state", "fund", "note"])
        count += 1
    if fund is not None and count:
        fund.save(update_fields=["held_fen"])
    return count


@transaction.atomic
def stop_all(talent: Talent, reason: str) -> int:
    """Stop everything that is still to be paid to a talent; return how many instalments. What is on its way to the bank stays there."""
    return sum(_stop(award, reason) for award in Award.objects.filter(talent=talent, state=Award.State.RUNNING))


@transaction.atomic
def stop(award: Award, reason: str, *, account: Account | None) -> int:
    """Stop one subsidy, with the reason."""
    check_manages(account)
    reason = needs(reason, "reason", "请写明停发原因")
    if award.state != Award.State.RUNNING:
        raise TalentError("talent.award_state", f"该补贴现为“{award.get_state_display()}”,不能停发")
    return _stop(award, reason)


def _stop(award: Award, reason: str) -> int:
    rows = list(
        Instalment.objects.select_for_update(of=("self",))
        .filter(award=award, state__in=[State.PLANNED, State.READY])
        .order_by("pk")
    )
    away = set(PayLine.objects.filter(instalment__in=rows, state="waiting").values_list("instalment", flat=True))
    stopped = [one for one in rows if one.pk not in away]
    for one in stopped:
        if one.fund_id is not None:
            release(one)
        one.state, one.note = State.CANCELLED, reason[:200]
        one.save(update_fields=["state", "note", "fund"])
    award.state, award.stopped_on, award.stopped_for = Award.State.STOPPED, clock.today(), reason[:200]
    award.save(update_fields=["state", "stopped_on", "stopped_for"])
    return len(stopped)


def release(one: Instalment) -> None:
    """Give back what an instalment holds."""
    fund = Fund.objects.select_for_update().get(pk=one.fund_id or 0)
    fund.held_fen -= one.amount_fen
    fund.save(update_fields=["held_fen"])
    one.fund = None


@transaction.atomic
def grant_fund(year: int, fen: int, *, account: Account | None) -> Fund:
    """Open a year's fund, or grant more to it; what waited for money is held, first come first served."""
    check_manages(account)
    if fen <= 0:
        raise TalentError("talent.amount", "额度须大于 0", field="amount")
    Fund.objects.get_or_create(year=year, defaults={"office": Organisation.objects.get(pk=settings().office)})
    fund = Fund.objects.select_for_update().get(year=year)
    fund.total_fen += fen
    fund.save(update_fields=["total_fen"])
    waiting = Instalment.objects.filter(
        state=State.PLANNED, due_on__lte=dt.date(year, 12, 31), award__state=Award.State.RUNNING
    )
    for pk in dict.fromkeys(waiting.order_by("due_on", "pk").values_list("award__talent", flat=True)):
        hold_of_year(Talent.objects.get(pk=pk), year)
    fund.refresh_from_db()
    return fund
