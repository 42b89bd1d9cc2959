"""What changes in industry: one function per change, each through the ledger's one door.

``account`` is who does it (None: the platform itself), ``source`` where it comes from (``form:<user>``, ``api:<token>``). All raise
:class:`~yizhantong.kernel.ledger.errors.LedgerError` or the policy's ``Refused`` and then leave nothing behind. An
identifier, a prefix and a voucher are each used once.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.ledger.actions import record, reverse
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import Fact
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.industry import queries
from yizhantong.zones.industry.figures import CLOUDS, NODES, PLATFORMS, REGISTRATIONS, RESOLUTIONS
from yizhantong.zones.industry.handles import Handle, parse
from yizhantong.zones.industry.models import Node


def build_platform(
    platform: str, name: str, builder: Organisation, *, kind: str, claim: str = "", evidence: str = "", on: dt.date,
    account: Account | None, source: str,
) -> Fact:  # fmt: skip
    """Enter a platform or second-level node; a claim such as “国内首个” needs its evidence and counts as nothing."""
    if claim and not evidence:
        raise LedgerError("industry.claim", "宣称“首个”等须附佐证", "佐证")
    values = {
        "division_id": builder.division_id,
        "occurred_on": on,
        "platform": platform,
        "name": name,
        "kind": kind,
        "builder_id": builder.uscc,
        "claim": claim,
        "evidence": evidence,
    }
    return record(PLATFORMS, values, account=account, source=source)


def admit_node(
    prefix: str, enterprise: Organisation, *, industry: str, on: dt.date, account: Account | None, source: str
) -> Fact:
    """Give an enterprise node its prefix."""
    values = {
        "division_id": enterprise.division_id,
        "occurred_on": on,
        "prefix": prefix,
        "enterprise_id": enterprise.uscc,
        "industry_id": industry,
    }
    return record(NODES, values, account=account, source=source)


@transaction.atomic
def close_node(prefix: str, *, reason: str, on: dt.date, account: Account | None, source: str) -> Fact:
    """Take a prefix out of use from that day; refused while identifiers of it stand."""
    node = _node(prefix)
    if queries.registrations(prefix).exists():
        raise LedgerError("industry.node_in_use", f"前缀 {prefix} 下还有未注销的标识", "企业前缀")
    return reverse(node, account=account, reason=reason, occurred_on=on, source=source)


@transaction.atomic
def register_identifier(text: str, carrier: str, *, on: dt.date, account: Account | None, source: str) -> Fact:
    """Register an identifier below a prefix in use."""
    handle = _handle(text)
    node = _node(handle.prefix)
    if on < node.occurred_on:
        raise LedgerError("industry.before_node", f"前缀 {handle.prefix} 自 {node.occurred_on} 起启用", "发生日期")
    values = {
        "division_id": node.division_id,
        "occurred_on": on,
        "handle": str(handle),
        "key": handle.key,
        "prefix": handle.prefix,
        "carrier": carrier,
    }
    return record(REGISTRATIONS, values, account=account, source=source)


@transaction.atomic
def cancel_identifier(text: str, *, reason: str, on: dt.date, account: Account | None, source: str) -> Fact:
    """Cancel an identifier from that day; it may be registered again."""
    standing = queries.registration(_handle(text), lock=True)
    if standing is None:
        raise LedgerError("industry.not_registered", f"标识 {text} 没有注册", "标识")
    return reverse(standing, account=account, reason=reason, occurred_on=on, source=source)


@transaction.atomic
def count_resolutions(
    prefix: str, asked: int, found: int, milliseconds: int, *, on: dt.date, account: Account | None, source: str
) -> Fact:
    """Record a day's resolutions of a prefix, once for each day."""
    node = _node(prefix)
    values = {
        "division_id": node.division_id,
        "occurred_on": on,
        "prefix": prefix,
        "asked": asked,
        "found": found,
        "milliseconds": milliseconds,
    }
    return record(RESOLUTIONS, values, account=account, source=source)


@transaction.atomic
def adopt_cloud(
    contract: str, enterprise: Organisation, vendor: str, service: str, *, contract_fen: int, voucher: str = "",
    redeemed_fen: int = 0, on: dt.date, account: Account | None, source: str,
) -> Fact:  # fmt: skip
    """Record a cloud contract; a voucher pays at most its part of it, and only once.

    A voucher is issued to one enterprise, so contracts of the enterprise wait for each other here.
    """
    Organisation.objects.select_for_update().get(pk=enterprise.pk)
    if voucher and queries.contract_of(voucher) is not None:
        raise LedgerError("industry.voucher_used", f"云服务券 {voucher} 已经核销过", "云服务券号")
    values = {
        "division_id": enterprise.division_id,
        "occurred_on": on,
        "contract": contract,
        "enterprise_id": enterprise.uscc,
        "vendor": vendor,
        "service": service,
        "contract_fen": contract_fen,
        "voucher": voucher,
        "redeemed_fen": redeemed_fen,
    }
    return record(CLOUDS, values, account=account, source=source)


@transaction.atomic
def take_back_contract(contract: str, *, reason: str, account: Account | None, source: str) -> Fact:
    """Take back a cloud contract; its voucher may then be used again."""
    standing = queries.contract(contract, lock=True)
    if standing is None:
        raise LedgerError("industry.no_contract", f"没有编号为 {contract} 的云服务合同", "合同编号")
    return reverse(standing, account=account, reason=reason, source=source)


def _handle(text: str) -> Handle:
    handle = parse(text)
    if handle is None:
        raise LedgerError("industry.handle", "标识应写作 88.二级节点.企业/后缀,后缀为 1 至 255 个可见字符", "标识")
    return handle


def _node(prefix: str) -> Node:
    node = queries.node(prefix, lock=True)
    if node is None:
        raise LedgerError("industry.no_node", f"前缀 {prefix} 没有分配给任何企业节点", "企业前缀")
    return node
