"""Facts of needs, credit and drawdowns, each through the ledger's one door; written by the actions of this zone alone.

Who may do it has been asked before; ``source`` says where it comes from (``form:<user>``, ``case:<number>``). All raise
:class:`~yizhantong.kernel.ledger.errors.LedgerError` and then leave nothing behind.
"""

from __future__ import annotations

import datetime as dt
from typing import cast

from django.db import transaction

from yizhantong.kernel.ledger.actions import record, reverse
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import Fact
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.finance import queries
from yizhantong.zones.finance.figures import CREDITS, DRAWDOWNS, NEEDS
from yizhantong.zones.finance.models import Drawdown, interest_of


def publish_need(
    number: str, enterprise: Organisation, amount_fen: int, *,
    term_months: int, purpose: str, guarantee: str, first_loan: bool,
    on: dt.date, source: str,
) -> Fact:  # fmt: skip
    """Publish a financing need of an enterprise; the amount is in 分."""
    values = {
        "division_id": enterprise.division_id,
        "occurred_on": on,
        "number": number,
        "enterprise_id": enterprise.uscc,
        "amount_fen": amount_fen,
        "term_months": term_months,
        "purpose": purpose,
        "guarantee": guarantee,
        "first_loan": first_loan,
    }
    return record(NEEDS, values, account=None, source=source, by_owner=True)


@transaction.atomic
def grant_credit(
    number: str, need_number: str, bank: Organisation, amount_fen: int, *,
    rate_bp: int, term_months: int, on: dt.date, source: str,
) -> Fact:  # fmt: skip
    """Grant credit against a need: never more than was asked for; ``rate_bp`` is the yearly rate in basis points."""
    need = queries.need(need_number, lock=True)
    if need is None:
        raise LedgerError("finance.no_need", f"没有编号为 {need_number} 的融资需求", "需求编号")
    if bank.kind != Organisation.Kind.BANK:
        raise LedgerError("finance.not_a_bank", f"{bank.name}不是银行,不能授信", "银行")
    if on < need.occurred_on:
        raise LedgerError("finance.before_need", f"授信日期早于需求发布日期 {need.occurred_on}", "发生日期")
    if amount_fen > need.amount_fen:
        text = f"授信金额超过需求金额 {need.amount_fen / 1_000_000:.2f} 万元"
        raise LedgerError("finance.credit_above_need", text, "授信金额")
    values = {
        "division_id": need.division_id,
        "occurred_on": on,
        "number": number,
        "need_number": need_number,
        "enterprise_id": need.enterprise_id,
        "bank_id": bank.uscc,
        "amount_fen": amount_fen,
        "rate_bp": rate_bp,
        "term_months": term_months,
    }
    return record(CREDITS, values, account=None, source=source, by_owner=True)


@transaction.atomic
def draw(reference: str, credit_number: str, amount_fen: int, *, on: dt.date, source: str) -> Drawdown:
    """Record money paid out under a credit, by the bank's reference; all drawdowns together stay within the credit."""
    credit = queries.credit(credit_number, lock=True)
    need = queries.need(credit.need_number) if credit is not None else None
    if credit is None or need is None:
        raise LedgerError("finance.no_credit", f"没有编号为 {credit_number} 的授信", "授信编号")
    if on < credit.occurred_on:
        raise LedgerError("finance.before_credit", f"放款日期早于授信日期 {credit.occurred_on}", "发生日期")
    left = credit.amount_fen - queries.drawn_fen(credit_number)
    if amount_fen > left:
        text = f"放款金额超过授信余额 {left / 1_000_000:.2f} 万元"
        raise LedgerError("finance.drawn_above_credit", text, "放款金额")
    values = {
        "division_id": credit.division_id,
        "occurred_on": on,
        "reference": reference,
        "credit_number": credit_number,
        "need_number": credit.need_number,
        "enterprise_id": credit.enterprise_id,
        "bank_id": credit.bank_id,
        "amount_fen": amount_fen,
        "rate_bp": credit.rate_bp,
        "interest_fen": interest_of(amount_fen, credit.rate_bp),
        "guarantee": need.guarantee,
        "first_loan": need.first_loan,
    }
    return cast(Drawdown, record(DRAWDOWNS, values, account=None, source=source, by_owner=True))


@transaction.atomic
def take_back_need(number: str, *, reason: str, source: str) -> Fact | None:
    """Take back a need that was withdrawn before any credit was granted; None where there is nothing to take back."""
    need = queries.need(number, lock=True)
    if need is None or queries.credits_of(number):
        return None
    return reverse(need, account=None, reason=reason, source=source, by_owner=True)


@transaction.atomic
def take_back_credit(number: str, *, reason: str, source: str) -> Fact | None:
    """Take back credit that was never drawn, when the dealing is called off; None where there is none."""
    credit = queries.credit(number, lock=True)
    if credit is None:
        return None
    if queries.drawn_fen(number):
        raise LedgerError("finance.credit_drawn", "该授信已有放款,不能冲销;请先冲销放款", "授信编号")
    return reverse(credit, account=None, reason=reason, source=source, by_owner=True)


@transaction.atomic
def take_back_drawdown(bank: str, reference: str, *, reason: str, source: str) -> Drawdown:
    """Take a drawdown back in red letters, by the bank's reference; the fact that is taken back is returned."""
    drawn = queries.drawdown(bank, reference, lock=True)
    if drawn is None:
        raise LedgerError("finance.no_drawdown", f"没有凭证号为 {reference} 的放款,或已经冲销", "放款凭证号")
    reverse(drawn, account=None, reason=reason, source=source, by_owner=True)
    return drawn
