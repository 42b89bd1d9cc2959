"""What changes among policies and payments: one function per change, each through the ledger's one door.

``account`` is who does it (None: the platform itself), ``source`` where it comes from (``form:<user>``, ``api:<token>``). All raise
:class:`~yizhantong.kernel.ledger.errors.LedgerError` or the policy's ``Refused`` and then leave nothing behind.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.ledger.actions import record, reverse
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import Fact
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.policies.figures import PAYMENTS, POLICIES
from yizhantong.zones.policies.models import Policy, PolicyClass
from yizhantong.zones.policies.queries.register import payment as standing_payment
from yizhantong.zones.policies.queries.register import policy as standing_policy


def publish_policy(
    number: str, title: str, document: str, issuer: Organisation, *,
    level: str, area: str, policy_class: str, online_apply: bool = False, online_approve: bool = False,
    valid_until: dt.date | None = None, on: dt.date, account: Account | None, source: str,
) -> Fact:  # fmt: skip
    """Enter a policy into the register; ``document`` is its number as issued, with 〔year〕."""
    values = {
        "division_id": issuer.division_id,
        "occurred_on": on,
        "number": number,
        "title": title,
        "document": document,
        "issuer_id": issuer.uscc,
        "level": level,
        "area": area,
        "policy_class": policy_class,
        "online_apply": online_apply,
        "online_approve": online_approve,
        "valid_until": valid_until,
    }
    return record(POLICIES, values, account=account, source=source, by_owner=True)


@transaction.atomic
def withdraw_policy(number: str, *, on: dt.date, reason: str, account: Account | None, source: str) -> Fact:
    """Take a policy off the register from that day, because it was repealed or has run out."""
    policy = _registered(number)
    return reverse(policy, account=account, reason=reason, occurred_on=on, source=source, by_owner=True)


@transaction.atomic
def pay(
    policy_number: str, enterprise: Organisation, amount_fen: int, *,
    year: int, on: dt.date, account: Account | None, source: str,
) -> Fact:  # fmt: skip
    """Record money paid to an enterprise under a policy in force, once for each year."""
    policy = _registered(policy_number)
    if policy.policy_class == PolicyClass.NOTICE:
        raise LedgerError("policies.pays_nothing", "普惠告知类政策没有资金兑现,请核对政策编号", "政策编号")
    if on < policy.occurred_on:
        raise LedgerError(
            "policies.paid_before_published", f"拨付日期早于政策发布日期 {policy.occurred_on}", "发生日期"
        )
    values = {
        "division_id": enterprise.division_id,
        "occurred_on": on,
        "policy_number": policy_number,
        "policy_class": policy.policy_class,
        "enterprise_id": enterprise.uscc,
        "year": year,
        "amount_fen": amount_fen,
    }
    return record(PAYMENTS, values, account=account, source=source, by_owner=True)


def _registered(number: str) -> Policy:
    policy = standing_policy(number, lock=True)
    if policy is None:
        raise LedgerError("policies.not_in_register", f"名录中没有编号为 {number} 的政策,或已撤销", "政策编号")
    return policy


@transaction.atomic
def take_back_payment(
    policy_number: str, enterprise: Organisation, *, year: int, keep_fen: int, on: dt.date, reason: str,
    account: Account | None, source: str,
) -> Fact:  # fmt: skip
    """Take a payment back in red letters on the day the money came back; what is kept (``keep_fen`` > 0) is entered anew."""
    paid = standing_payment(policy_number, enterprise.uscc, year, lock=True)
    if paid is None:
        raise LedgerError("policies.nothing_paid", "台账中没有这家企业本年度的兑现记录,无从追回", "企业")
    red = reverse(paid, account=account, reason=reason, occurred_on=on, source=source, by_owner=True)
    if keep_fen > 0:
        values = {
            name: getattr(paid, name)
            for name in ("division_id", "policy_number", "policy_class", "enterprise_id", "year")
        }
        record(
            PAYMENTS, values | {"occurred_on": on, "amount_fen": keep_fen, "note": reason[:200]},
            account=account, source=source, by_owner=True,
        )  # fmt: skip
    return red
