"""What changes in investment: one function per change, each through the ledger's one door.

``account`` is who does it (None: the platform itself), ``source`` where it comes from (``form:<user>``, ``api:<token>``). All raise
:class:`~yizhantong.kernel.ledger.errors.LedgerError` or the policy's ``Refused`` and then leave nothing behind. Numbers used
twice (a project, a proof, an activity) are refused by the ledgers' keys.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.ledger.actions import record, reverse
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import Fact
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.investment import queries
from yizhantong.zones.investment.ledgers import ACTIVITIES, CONTACTS, DUTIES, RECEIPTS, SIGNINGS, STAGES
from yizhantong.zones.investment.models import Activity, Signing, Stage
from yizhantong.zones.investment.rules import is_industrial

BEFORE = {Stage.Name.STARTED: Stage.Name.REGISTERED, Stage.Name.PRODUCING: Stage.Name.STARTED}
"""The stage that must have been reached before."""


def sign(
    project: str, name: str, investor: Organisation, *, division: str, contract_fen: int, investment_fen: int,
    chapter: str, industry: str, agreement: str, origin: str, on: dt.date, account: Account | None, source: str,
) -> Fact:  # fmt: skip
    """Record that a project was agreed on; whether it is industrial follows from its industry (GB/T 4754)."""
    values = {
        "division_id": division,
        "occurred_on": on,
        "project": project,
        "name": name,
        "investor_id": investor.uscc,
        "contract_fen": contract_fen,
        "investment_fen": investment_fen,
        "chapter": chapter,
        "industry_id": industry,
        "industrial": is_industrial(industry),
        "agreement": agreement,
        "origin": origin,
    }
    return record(SIGNINGS, values, account=account, source=source)


@transaction.atomic
def advance(project: str, stage: str, *, proof: str, on: dt.date, account: Account | None, source: str) -> Fact:
    """Record that a contracted project reached a stage: registered, started, producing in this order, or ended."""
    signing = _contract(project)
    reached = queries.stages(project)
    if Stage.Name.ENDED in reached:
        raise LedgerError("investment.project_ended", f"项目 {project} 已终止,不能再登记阶段", "阶段")
    needed = BEFORE.get(stage)  # type: ignore[call-overload]
    if needed and needed not in reached:
        label = Stage.Name(needed).label
        raise LedgerError("investment.stage_skipped", f"项目 {project} 尚未登记“{label}”,请先登记", "阶段")
    values = {
        "division_id": signing.division_id,
        "occurred_on": on,
        "project": project,
        "stage": stage,
        "signed_on": signing.occurred_on,
        "proof": proof,
    }
    return record(STAGES, values, account=account, source=source)


@transaction.atomic
def recognise(
    project: str, proof: str, proof_kind: str, *, claimed_fen: int, recognised_fen: int, month: str, on: dt.date,
    account: Account | None, source: str,
) -> Fact:  # fmt: skip
    """Recognise money of a contracted project by one proof: at most what was claimed, a proof only once."""
    signing = _contract(project)
    values = {
        "division_id": signing.division_id,
        "occurred_on": on,
        "project": project,
        "month": month,
        "claimed_fen": claimed_fen,
        "recognised_fen": recognised_fen,
        "proof_kind": proof_kind,
        "proof": proof,
        "origin": signing.origin,
    }
    return record(RECEIPTS, values, account=account, source=source)


def hold(
    activity: str, title: str, mode: str, rank: str, *, division: str, on: dt.date, account: Account | None, source: str
) -> Fact:  # fmt: skip
    """Record one activity (一批次)."""
    values = {
        "division_id": division, "occurred_on": on, "activity": activity, "title": title, "mode": mode, "rank": rank,
    }  # fmt: skip
    return record(ACTIVITIES, values, account=account, source=source)


@transaction.atomic
def meet(activity: str, enterprise: Organisation, result: str, *, account: Account | None, source: str) -> Fact:
    """Record an enterprise that was met in an activity; day, place and rank are those of the activity."""
    held = _activity(activity)
    values = {
        "division_id": held.division_id,
        "occurred_on": held.occurred_on,
        "activity": activity,
        "enterprise_id": enterprise.uscc,
        "rank": held.rank,
        "result": result,
    }
    return record(CONTACTS, values, account=account, source=source)


def roster(unit: str, year: int, week: int, away: str, *, account: Account | None, source: str) -> Fact:
    """Record which of a unit's two leaders travels in an ISO week; the other stays at home."""
    try:
        monday = dt.date.fromisocalendar(year, week, 1)
    except ValueError as error:
        raise LedgerError("investment.week", f"{year} 年没有第 {week} 周", "周次") from error
    values = {"division_id": unit, "occurred_on": monday, "week": f"{year}-W{week:02d}", "away": away}
    return record(DUTIES, values, account=account, source=source)


@transaction.atomic
def take_back_signing(project: str, *, reason: str, account: Account | None, source: str) -> Fact:
    """Take back a signing entered by mistake; refused while stages or receipts of the project stand."""
    signing = _signing(project)
    if queries.stages(project) or queries.recognised_of(project):
        text = f"项目 {project} 已有阶段或到位资金记录,请先冲销它们"
        raise LedgerError("investment.project_in_use", text, "项目编号")
    return reverse(signing, account=account, reason=reason, source=source)


@transaction.atomic
def take_back_receipt(proof: str, *, reason: str, account: Account | None, source: str) -> Fact:
    """Take back a receipt of funds; its proof may then be used again."""
    receipt = queries.receipt(proof, lock=True)
    if receipt is None:
        raise LedgerError("investment.no_receipt", f"没有凭证号为 {proof} 的到位资金记录", "凭证号")
    return reverse(receipt, account=account, reason=reason, source=source)


@transaction.atomic
def take_back_activity(activity: str, *, reason: str, account: Account | None, source: str) -> Fact:
    """Take back an activity with all who were met in it."""
    held = _activity(activity)
    for contact in queries.contacts(activity):
        reverse(contact, account=account, reason=reason, source=source)
    return reverse(held, account=account, reason=reason, source=source)


def _signing(project: str) -> Signing:
    signing = queries.signing(project, lock=True)
    if signing is None:
        raise LedgerError("investment.not_signed", f"没有签约过编号为 {project} 的项目,请核对编号", "项目编号")
    return signing


def _contract(project: str) -> Signing:
    signing = _signing(project)
    if signing.agreement != Signing.Agreement.FORMAL:
        text = f"项目 {project} 只签了框架协议,签订正式合同后才能登记"
        raise LedgerError("investment.framework_only", text, "项目编号")
    return signing


def _activity(number: str) -> Activity:
    held = queries.activity(number, lock=True)
    if held is None:
        raise LedgerError("investment.no_activity", f"没有登记过编号为 {number} 的招商活动", "活动编号")
    return held
