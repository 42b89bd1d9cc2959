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
from yizhantong.zones.policies import queries
from yizhantong.zones.policies.figures import PAYMENTS, POLICIES
from yizhantong.zones.policies.models import Policy, PolicyClass


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
    return record(POLICIES, values, account=account, source=source)


@transaction.atomic
def withdraw_policy(number: str, *, on: dt.date, reason: str, account: Account | None, source: str) -> Fact:
    """Take a policy off the register from that day, because it was repealed or has run out."""
    policy = _registered(number)
    return reverse(policy, account=account, reason=reason, occurred_on=on, source=source)


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
    return record(PAYMENTS, values, account=account, source=source)


def _registered(number: str) -> Policy:
    policy = queries.policy(number, lock=True)
    if policy is None:
        raise LedgerError("policies.not_in_register", f"名录中没有编号为 {number} 的政策,或已撤销", "政策编号")
    return policy
