"""The money side of a case: begun at submission, computed, decided, given back; called by the zone's hooks and by officers.

Stacking is decided under a lock on the enterprise, uniqueness by a constraint over card, enterprise and year.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.cases.actions import open_notice
from yizhantong.kernel.cases.models import Case, PublicNotice
from yizhantong.kernel.cases.people import acts_for
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items import catalogue
from yizhantong.kernel.items.sealed import open_data
from yizhantong.kernel.parties import sealing
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.policies.actions import budgets
from yizhantong.zones.policies.actions.recording import user
from yizhantong.zones.policies.allocation import Claim, after_stacking, allocate
from yizhantong.zones.policies.amounts import Computed, compute
from yizhantong.zones.policies.errors import PolicyError
from yizhantong.zones.policies.matters import DECIDE
from yizhantong.zones.policies.models import Application, BankAccount, Budget, PolicyCard
from yizhantong.zones.policies.queries import eligibility
from yizhantong.zones.policies.queries.eligibility import benefit_of

Money = Application.Money
HELD = (Money.RESERVED, Money.COMMITTED, Money.PAID)
PAYEE_LAW = "财政资金直达要求收款户名与企业名称一致(地方做法,待核)"


def year_of(case: Case) -> int:
    """Return the year an application counts for: that of its submission."""
    return timezone.localtime(case.submitted_at or clock.now()).year


def begin(case: Case) -> Application:
    """Enter the money side of a case that was just submitted; a second one of the year is refused."""
    card = PolicyCard.objects.select_related("budget", "stacking").get(item_id=case.item_id)
    year = year_of(case)
    data = data_of(case)
    found = measured(case, data)
    assert case.organisation is not None, "only enterprises apply: checked at submission"
    try:
        with transaction.atomic():
            return Application.objects.create(
                case=case, card=card, organisation=case.organisation, year=year, computed_fen=found.fen,
                basis=found.to_dict(), created_at=clock.now(), account=account_from(case, data),
            )  # fmt: skip
    except IntegrityError:
        raise already_applied(card, year) from None


def already_applied(card: PolicyCard, year: int) -> PolicyError:
    """Return the refusal of a second application."""
    text = f"贵企业 {year} 年度已申报“{card.title}”,同一企业、同一政策、同一年度只能申报一次"
    return PolicyError("policies.applied_already", text)


def data_of(case: Case) -> dict[str, Any]:
    """Return the form's values in clear."""
    return dict(open_data(catalogue.content_of(case.version_id), case.data))


def measured(case: Case, data: Mapping[str, Any]) -> Computed:
    """Return what the pinned standard gives for the form, and for what only registers know the profile."""
    standard = benefit_of(case.version_id).standard
    if standard is None:
        return Computed(None, ("该政策没有可测算的标准",))
    facts = eligibility.facts_of(case.organisation_id) if case.organisation_id else {}
    given = catalogue.content_of(case.version_id).facts(data)
    facts.update({name: value for name, value in given.items() if value is not None})
    return compute(standard, facts)


def measure_again(application: Application) -> Application:
    """Compute again, after the form was mended."""
    found = measured(application.case, data_of(application.case))
    application.computed_fen, application.basis = found.fen, found.to_dict()
    application.account = account_from(application.case, data_of(application.case)) or application.account
    application.save(update_fields=["computed_fen", "basis", "account"])
    return application


# --- the account that receives the money ------------------------------------------------------------------------------


def same_name(one: str, other: str) -> bool:
    """Tell whether two names are the same but for width, brackets and spaces."""
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def check_holder(organisation: Organisation, holder: str) -> None:
    """Refuse an account that is not in the enterprise's own name."""
    if not same_name(organisation.name, holder):
        text = f"收款户名“{holder}”与企业名称“{organisation.name}”不一致,资金只能拨付到本企业账户"
        raise PolicyError("policies.account_name", text, PAYEE_LAW, "account_name")


def give_account(
    organisation: Organisation, *, holder: str, bank: str, number: str, account: Account | None
) -> BankAccount:
    """Keep an enterprise's account (sealed); the one before stays for what was paid to it."""
    if account is not None and not acts_for(account, organisation.pk, None, "policies"):
        raise PolicyError("policies.not_the_enterprise", f"当前账号不能代表“{organisation.name}”登记收款账户")
    check_holder(organisation, holder)
    digits = "".join(number.split()).replace("-", "")
    if not (digits.isascii() and digits.isdigit() and 8 <= len(digits) <= 32):
        raise PolicyError("policies.account_number", "银行账号应为 8 至 32 位数字,请核对", field="account_number")
    if not bank.strip():
        raise PolicyError("policies.bank", "请填写开户银行", field="bank_name")
    index = sealing.index_of(digits)
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        current = BankAccount.objects.filter(organisation=organisation, current=True).first()
        if current is not None and current.number_index == index and current.bank == bank.strip():
            return current
        BankAccount.objects.filter(organisation=organisation, current=True).update(current=False)
        return BankAccount.objects.create(
            organisation=organisation, holder=organisation.name, bank=bank.strip()[:80], number=digits, number_index=index,
            tail=digits[-4:], given_at=clock.now(), given_by=user(account),
        )  # fmt: skip


def account_from(case: Case, data: Mapping[str, Any]) -> BankAccount | None:
    """Return the account that a form names, kept for the enterprise; None where it names none."""
    if not data.get("account_number") or case.organisation is None:
        return None
    return give_account(
        case.organisation, holder=str(data.get("account_name") or ""), bank=str(data.get("bank_name") or ""),
        number=str(data["account_number"]), account=None,
    )  # fmt: skip


# --- deciding ---------------------------------------------------------------------------------------------------------


def due_amount(application: Application) -> int:
    """Return what may be granted now, in 分: what was set or computed, less what others of its group have brought."""
    fen = application.approved_fen if application.approved_fen is not None else application.computed_fen or 0
    stacking = application.card.stacking
    if stacking is None:
        return fen
    Organisation.objects.select_for_update(no_key=True).get(pk=application.organisation_id)
    earlier = list(
        Application.objects.filter(organisation_id=application.organisation_id, year=application.year, card__stacking=stacking, money__in=HELD)
        .exclude(pk=application.pk)
        .values_list("approved_fen", flat=True)
    )  # fmt: skip
    left = after_stacking(stacking.rule, fen, [amount or 0 for amount in earlier])
    if left == 0 and fen:
        text = f"本年度已享受“{stacking.name}”中的其他政策({stacking.get_rule_display()}),本项不再补助"
        raise PolicyError("policies.stacked", text, stacking=stacking.code)
    return left


@transaction.atomic
def set_amount(application: Application, fen: int, *, reason: str, account: Account) -> Application:
    """Set what is to be granted, below what the standard gives, with a reason; before the decision."""
    locked = Application.objects.select_for_update(of=("self",)).select_related("case", "card").get(pk=application.pk)
    case = locked.case
    if not policy.reach(account, "cases.handle", "policies").includes(case.office_id, case.division_id):
        raise policy.Refused("cases.handle", case.division_id)
    if locked.money != Money.NONE:
        raise PolicyError("policies.money_state", "资金已预留,核定金额不能再改")
    if not 0 < fen <= (locked.computed_fen or 0):
        text = f"核定金额须大于 0 且不超过测算金额 {(locked.computed_fen or 0) / 100:,.2f} 元"
        raise PolicyError("policies.amount", text, field="approved")
    if not reason.strip():
        raise PolicyError("policies.reason", "请写明核减原因", field="reason")
    locked.approved_fen = fen
    locked.basis = locked.basis | {"set_reason": reason.strip()[:200]}
    locked.save(update_fields=["approved_fen", "basis"])
    return locked


@transaction.atomic
def share_out(card: PolicyCard, year: int, *, account: Account | None) -> dict[str, int]:
    """Share the card's free money among all applications that wait for the decision, by the card's rule; return 分 by case.

    What was shared out is set, not reserved: the decision of each case reserves it. Run again it starts anew.
    """
    budgets.check_manages(account, card.unit_id, card.document.division_id)
    if card.budget_id is None:
        raise PolicyError("policies.no_budget", f"“{card.title}”没有关联资金")
    waiting = list(
        Application.objects.select_for_update(of=("self",))
        .filter(card=card, year=year, live=True, money=Money.NONE, case__steps__code=DECIDE, case__steps__done_at__isnull=True)
        .select_related("case").order_by("id")
    )  # fmt: skip
    if not waiting:
        raise PolicyError("policies.nobody_waits", f"“{card.title}”没有到达审核决定环节的申报")
    budget = Budget.objects.select_for_update().get(pk=card.budget_id)
    benefit = benefit_of(waiting[0].case.version_id)
    claims = [Claim(one.pk, one.computed_fen or 0, one.case_id, one.score) for one in waiting]
    given = allocate(benefit.shortage, budget.free_fen, claims)
    for one in waiting:
        one.approved_fen = given[one.pk]
        one.basis = one.basis | {"shared": benefit.shortage, "free_fen": budget.free_fen}
        one.save(update_fields=["approved_fen", "basis"])
    return {one.case.number: given[one.pk] for one in waiting}


def announce(application: Application, *, account: Account | None) -> PublicNotice:
    """Open the public notice of what is about to be granted, in the zone's words: names and amounts, nothing personal."""
    card, case = application.card, application.case
    days = benefit_of(case.version_id).public_days
    amount = f"{(application.approved_fen or 0) / 100:,.2f}"
    body = (
        f"根据{card.document.title}({card.document.document}),经审核,拟对{application.organisation.name}"
        f"给予“{card.title}”资金 {amount} 元。公示期 {days} 个工作日,如有异议,请在公示期内以真实身份提出。"
    )
    return open_notice(case, title=f"关于“{card.title}”拟兑现企业的公示", body=body, days=days, account=account)


@transaction.atomic
def confirm_arrival(application: Application, *, account: Account) -> Application:
    """The enterprise says that the money has arrived (到账确认)."""
    locked = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if not acts_for(account, locked.organisation_id, None, "policies"):
        raise PolicyError("policies.not_the_enterprise", "当前账号不能代表该企业确认到账")
    if locked.money != Money.PAID:
        raise PolicyError("policies.money_state", "资金尚未拨付,不能确认到账")
    if locked.arrived_on is None:
        locked.arrived_on = clock.today()
        locked.save(update_fields=["arrived_on"])
    return locked
