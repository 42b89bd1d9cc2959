"""Money and places: granted, reserved, committed, paid, given back. Each locks the row that decides; the database refuses the rest.

Everything here joins the caller's transaction, or is one by itself. Whoever locks cases locks them before budgets, and budgets in the order
of their ids, so that no two wait for each other.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.text import capfirst

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger import actions as ledger
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.policies import settings
from yizhantong.zones.policies.actions.recording import source_of, user
from yizhantong.zones.policies.errors import PolicyError
from yizhantong.zones.policies.figures.ledgers import BUDGETS
from yizhantong.zones.policies.models import Application, Budget, BudgetEntry, PolicyCard, Quota


@dataclass(frozen=True, slots=True)
class About:
    """What a movement is about, for its fact: the card, and where there are any the case and the enterprise."""

    policy_number: str = ""
    case_number: str = ""
    enterprise: str | None = None


NOTHING = About()
Kind = BudgetEntry.Kind
Money = Application.Money
LAW = "《预算法》第十三条:经批准的预算,未经法定程序不得调整"
# what a movement of each kind adds to total, reserved, committed, paid and recovered
EFFECTS: dict[str, dict[str, int]] = {
    Kind.GRANT: {"total_fen": 1},
    Kind.RESERVE: {"reserved_fen": 1},
    Kind.RELEASE: {"reserved_fen": -1},
    Kind.COMMIT: {"reserved_fen": -1, "committed_fen": 1},
    Kind.CANCEL: {"committed_fen": -1},
    Kind.PAY: {"committed_fen": -1, "paid_fen": 1},
    Kind.RECOVER: {"recovered_fen": 1},
}


@transaction.atomic
def open_budget(
    code: str, name: str, *, year: int, office: Organisation, total_fen: int, account: Account | None, source: str = ""
) -> Budget:
    """Open a year's budget and grant its first amount."""
    check_manages(account, office.pk, office.division_id)
    if Budget.objects.filter(code=code).exists():
        raise PolicyError("policies.budget_taken", f"资金代码 {code} 已存在,请另选代码", field="code")
    if total_fen <= 0:
        raise PolicyError("policies.amount", "下达额度须大于 0", field="total")
    budget = Budget.objects.create(code=code, name=name, year=year, office=office, division_id=office.division_id)
    return move(budget, Kind.GRANT, total_fen, account=account, source=source_of(account, source))


@transaction.atomic
def grant_more(budget: Budget, fen: int, *, reason: str, account: Account | None, source: str = "") -> Budget:
    """Grant more money to a budget of this year."""
    check_manages(account, budget.office_id, budget.division_id)
    if fen <= 0:
        raise PolicyError("policies.amount", "追加额度须大于 0", field="amount")
    if not reason.strip():
        raise PolicyError("policies.reason", "请写明追加依据(批准文号)", law=LAW, field="reason")
    return move(budget, Kind.GRANT, fen, account=account, source=source_of(account, source), note=reason.strip()[:200])


@transaction.atomic
def set_quota(card: PolicyCard, year: int, total: int, *, account: Account | None) -> Quota:
    """Set how many may have the card in a year; never below what is taken."""
    if account is not None:
        policy.check(account, "policies.budget", zone="policies")
    quota, _made = Quota.objects.get_or_create(card=card, year=year, defaults={"total": total})
    quota = Quota.objects.select_for_update().get(pk=quota.pk)
    if total < quota.taken:
        raise PolicyError("policies.quota_below_taken", f"名额不能少于已使用的 {quota.taken} 个", field="total")
    quota.total = total
    quota.save(update_fields=["total"])
    return quota


@transaction.atomic
def move(
    budget: Budget, kind: str, fen: int, *,
    account: Account | None, source: str, about: About = NOTHING, on: dt.date | None = None, note: str = "",
) -> Budget:  # fmt: skip
    """Lock the budget, check, write its totals and the fact of the movement; return the budget as it is now.

    ``policies.budget_short`` when there is not enough, with the free amount in ``details``.
    """
    locked = Budget.objects.select_for_update().get(pk=budget.pk)
    if kind == Kind.RESERVE and locked.free_fen < fen:
        free = f"{locked.free_fen / 1_000_000:,.2f}"
        text = f"“{locked.name}”余额 {free} 万元,不足以预留 {fen / 1_000_000:,.2f} 万元;请追加额度,或按规则压缩、择优后再核定"
        raise PolicyError("policies.budget_short", text, law=LAW, free_fen=locked.free_fen, wanted_fen=fen)
    for column, sign in EFFECTS[kind].items():
        setattr(locked, column, getattr(locked, column) + sign * fen)
    if min(locked.reserved_fen, locked.committed_fen, locked.paid_fen - locked.recovered_fen) < 0:
        raise PolicyError(
            "policies.budget_order", f"“{capfirst(locked.name)}”没有可供“{Kind(kind).label}”的金额,请核对资金状态"
        )
    locked.save(update_fields=list(EFFECTS[kind]))
    by = user(account)
    entry = _entry(locked, kind, fen, about, on, note)
    ledger.append(BUDGETS, [entry], recorded_by=by.pk if by is not None else None, source=source_of(account, source))
    return locked


def about_of(application: Application) -> About:
    """Return what a movement for an application is about."""
    return About(application.card.number, application.case.number, application.organisation_id)


def reserve(application: Application, *, account: Account | None, source: str) -> None:
    """Reserve the approved amount and a place of the quota: at approval."""
    _expect(application, Money.NONE)
    card, budget = application.card, application.card.budget
    if budget is None:
        raise PolicyError("policies.no_budget", f"“{card.title}”没有关联资金,请先由财政部门下达额度")
    if budget.year != application.year:
        text = f"申报年度 {application.year} 与资金年度 {budget.year} 不一致;额度不得跨年结转使用"
        raise PolicyError("policies.budget_year", text, law="《预算法》第四十二条")
    if not application.approved_fen:
        raise PolicyError("policies.amount", "核定金额须大于 0;不予补助的请作出不予决定", field="approved")
    if not application.quota_taken:
        take_places(card, application.year, 1)
        application.quota_taken = Quota.objects.filter(card=card, year=application.year).exists()
        application.save(update_fields=["quota_taken"])
    move(budget, Kind.RESERVE, application.approved_fen, account=account, source=source, about=about_of(application))
    _set(application, Money.RESERVED, budget=budget)


def commit(application: Application, *, account: Account | None, source: str) -> None:
    """Turn the reservation into a commitment: after the public notice."""
    _expect(application, Money.RESERVED)
    _move(application, Kind.COMMIT, account, source)
    _set(application, Money.COMMITTED)


def settle_paid(application: Application, *, on: dt.date, account: Account | None, source: str) -> None:
    """Turn the commitment into money paid: when the bank has said so."""
    _expect(application, Money.COMMITTED)
    _move(application, Kind.PAY, account, source, on=on)
    _set(application, Money.PAID, paid_on=on)


def release(application: Application, *, account: Account | None, source: str) -> None:
    """Give back what an application holds, whatever that is: on refusal, withdrawal or ending; money paid stays paid."""
    if application.money in (Money.RESERVED, Money.COMMITTED):
        kind = Kind.RELEASE if application.money == Money.RESERVED else Kind.CANCEL
        _move(application, kind, account, source)
        _set(application, Money.RELEASED)
    if application.money not in (Money.PAID, Money.RECOVERED):
        if application.quota_taken:
            take_places(application.card, application.year, -1)
        application.quota_taken = application.live = False
        application.save(update_fields=["quota_taken", "live"])


@transaction.atomic
def take_places(card: PolicyCard, year: int, count: int) -> None:
    """Take (or, with a negative count, give back) places of the card's quota of that year, where it has one."""
    quota = Quota.objects.select_for_update().filter(card=card, year=year).first()
    if quota is None:
        return
    if quota.taken + count > quota.total:
        text = f"“{card.title}”{year} 年名额 {quota.total} 个,已用 {quota.taken} 个,不足 {count} 个"
        raise PolicyError("policies.quota_used_up", text)
    quota.taken += count
    quota.save(update_fields=["taken"])


def _move(application: Application, kind: str, account: Account | None, source: str, on: dt.date | None = None) -> None:
    assert application.budget is not None
    assert application.approved_fen is not None
    move(
        application.budget, kind, application.approved_fen, account=account, source=source, about=about_of(application), on=on
    )  # fmt: skip


def _entry(budget: Budget, kind: str, fen: int, about: About, on: dt.date | None, note: str) -> dict[str, object]:
    return {
        "division_id": budget.division_id,
        "occurred_on": on or clock.today(),
        "budget_code": budget.code,
        "year": budget.year,
        "kind": kind,
        "amount_fen": fen,
        "policy_number": about.policy_number,
        "case_number": about.case_number,
        "enterprise_id": about.enterprise,
        "note": note,
    }


def _expect(application: Application, money: str) -> None:
    if application.money != money:
        label = Money(application.money).label
        raise PolicyError(
            "policies.money_state", f"该申报资金状态为“{label}”,不能进行这一步;请刷新后查看", state=application.money
        )


def _set(application: Application, money: str, **more: object) -> None:
    application.money = money
    for name, value in more.items():
        setattr(application, name, value)
    application.save(update_fields=["money", *more])


def check_manages(account: Account | None, office: str | None, division: str | None) -> None:
    """Raise ``Refused`` unless the account manages the money of that office: its own, or as the finance office everyone's."""
    if account is None:
        return
    reach = policy.reach(account, "policies.budget", "policies")
    if not (reach.includes(office, division) or reach.includes(settings.offices()["finance"])):
        raise policy.Refused("policies.budget", division)
