"""Money asked back 追回: decided with reason and law, and when it has come back, taken back in red letters."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.cases.people import askers
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.notices.actions import send
from yizhantong.zones.policies import settings
from yizhantong.zones.policies.actions import budgets
from yizhantong.zones.policies.actions.recording import user
from yizhantong.zones.policies.actions.register import take_back_payment
from yizhantong.zones.policies.actions.reminding import reached
from yizhantong.zones.policies.errors import PolicyError
from yizhantong.zones.policies.models import Application, BudgetEntry, Recovery

State = Recovery.State
Money = Application.Money


@transaction.atomic
def decide_recovery(application: Application, fen: int, *, reason: str, law: str, account: Account | None) -> Recovery:
    """Ask money back from an enterprise: at most what it still has."""
    locked = _locked(application)
    _allowed(account, locked)
    if locked.money != Money.PAID:
        raise PolicyError("policies.not_paid", "只有已拨付的资金可以追回")
    if not reason.strip() or not law.strip():
        raise PolicyError("policies.reason", "请写明追回的理由和依据", field="reason")
    if locked.recoveries.filter(state=State.DECIDED).exists():
        raise PolicyError("policies.recovery_open", "已有一笔追回待缴,请先办结")
    if not 0 < fen <= left_of(locked):
        raise PolicyError(
            "policies.amount", f"追回金额须大于 0 且不超过 {left_of(locked) / 100:,.2f} 元", field="amount"
        )
    made = Recovery.objects.create(
        application=locked, amount_fen=fen, reason=reason.strip()[:300], law=law.strip()[:200], decided_at=clock.now(),
        decided_by=user(account), due_on=clock.today() + dt.timedelta(days=int(settings.of("recovery").get("days", 30))),
    )  # fmt: skip
    body = (
        f"“{locked.card.title}”资金 {fen / 100:,.2f} 元须于 {made.due_on} 前缴回。理由:{made.reason}(依据:{made.law})。"
    )
    send(
        "policies.recovery",
        askers(locked.case),
        title="资金追回通知",
        body=body,
        link=f"/policies/payments/{locked.case.number}/",
    )
    return made


@transaction.atomic
def receive_recovery(
    recovery: Recovery, *, on: dt.date, reference: str, account: Account | None, source: str = ""
) -> Recovery:
    """Enter that the money has come back: red letters in the ledger, the budget's recovered sum grows."""
    held = Recovery.objects.select_for_update().get(pk=recovery.pk)
    application = _locked(held.application)
    _allowed(account, application)
    _open(held)
    if on > clock.today() or (application.paid_on is not None and on < application.paid_on):
        raise PolicyError("policies.day", "缴回日期应在拨付之后、今天或以前", field="on")
    if not reference.strip():
        raise PolicyError("policies.reason", "请填写缴款凭证号", field="reference")
    where = source or f"recovery:{held.pk}"
    keep = left_of(application) - held.amount_fen
    take_back_payment(
        application.card.number, application.organisation, year=application.year, keep_fen=keep, on=on,
        reason=f"追回:{held.reason}"[:200], account=None, source=where,
    )  # fmt: skip
    assert application.budget is not None
    budgets.move(
        application.budget, BudgetEntry.Kind.RECOVER, held.amount_fen, account=account, source=where,
        about=budgets.about_of(application), on=on,
    )  # fmt: skip
    held.state, held.received_on, held.reference = State.RECEIVED, on, reference.strip()[:64]
    held.save(update_fields=["state", "received_on", "reference"])
    if keep == 0:
        application.money = Money.RECOVERED
        application.save(update_fields=["money"])
    return held


@transaction.atomic
def lift_recovery(recovery: Recovery, *, reason: str, account: Account | None) -> Recovery:
    """Take the demand back, with the reason added to it."""
    held = Recovery.objects.select_for_update().get(pk=recovery.pk)
    _allowed(account, _locked(held.application))
    _open(held)
    if not reason.strip():
        raise PolicyError("policies.reason", "请写明撤销追回的理由", field="reason")
    held.state, held.reason = State.LIFTED, f"{held.reason};撤销:{reason.strip()}"[:300]
    held.save(update_fields=["state", "reason"])
    return held


def remind() -> int:
    """Remind of money that is to be paid back soon or is overdue; then who decided it is told as well. Return how many were."""
    days = settings.of("reminders").get("recovery_days", [7, 1])
    today, sent = clock.today(), 0
    soon = today + dt.timedelta(days=max(days))
    rows = Recovery.objects.filter(state=State.DECIDED, due_on__lte=soon)
    for one in rows.select_related("application__case", "application__card", "decided_by"):
        times = reached(one.due_on, today, days)
        if one.reminded >= times:
            continue
        with transaction.atomic():
            Recovery.objects.filter(pk=one.pk).update(reminded=times)
            _remind(one, overdue=one.due_on < today)
        sent += 1
    return sent


def _remind(one: Recovery, *, overdue: bool) -> None:
    case, card = one.application.case, one.application.card
    about = f"“{card.title}”(编号 {case.number})应缴回 {one.amount_fen / 100:,.2f} 元"
    title = "资金追回已逾期" if overdue else "请按期缴回资金"
    body = f"{about},期限为 {one.due_on}{',已逾期,请立即缴回' if overdue else ''}。"
    send("policies.recovery", askers(case), title=title, body=body, link=f"/policies/payments/{case.number}/")
    if overdue and one.decided_by is not None:
        told = f"{about},已于 {one.due_on} 到期未缴,请依法处理。"
        send("policies.overdue", [one.decided_by], title=title, body=told, link="/policies/desk/recoveries/")


def left_of(application: Application) -> int:
    """Return what the enterprise still has of the payment, in 分."""
    back = sum(application.recoveries.filter(state=State.RECEIVED).values_list("amount_fen", flat=True))
    return (application.approved_fen or 0) - back


def _open(recovery: Recovery) -> None:
    if recovery.state != State.DECIDED:
        raise PolicyError("policies.recovery_state", f"该笔追回现为“{State(recovery.state).label}”,请刷新后查看")


def _locked(application: Application) -> Application:
    rows = Application.objects.select_for_update(of=("self",)).select_related("case", "card", "organisation", "budget")
    return rows.get(pk=application.pk)


def _allowed(account: Account | None, application: Application) -> None:
    office = application.budget.office_id if application.budget is not None else None
    budgets.check_manages(account, office, application.case.division_id)
