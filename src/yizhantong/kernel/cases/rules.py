"""Who may do what in which state: one table, asked by every action and by the pages that offer them.

An operation names the states of a case in which it can be done, and by whom: relations of an account to the case, each with
the permissions of which one is needed (none: the relation suffices). What is not in the table nobody may do.

Relations
    ``applicant``    the person who asks, or who holds a current mandate of the organisation that asks
    ``agent``        the account that filed it at a counter, on behalf of the asker, or in a batch
    ``office``       of the office that answers for the case now
    ``step_office``  of the office of the step in question (or, where none is, of any open step)
    ``handler``      the account that claimed the step, or to which it was assigned
    ``receiver``     of the office to which a transfer is asked
    ``supervisor``   watches over the office or the division (``cases.supervise``)
    ``superior``     rules over the division, not merely within an office (``cases.rule``)
    ``reader``       may see cases of the office, of an office with a step, or of the division (``cases.view``)
    ``public``       anyone, signed in or not

Permissions hold where they reach: the office (or the step's office) by agency, or the case's division.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, CaseStep, Transfer
from yizhantong.kernel.cases.people import acts_for

S = Case.State
DRAFT = frozenset({S.DRAFT})
SUBMITTED = frozenset({S.SUBMITTED})
ACCEPTED = frozenset({S.ACCEPTED})
CLOSED = frozenset({S.CLOSED})
OPEN = frozenset({S.SUBMITTED, S.SUPPLEMENT, S.ACCEPTED})
SENT = OPEN | CLOSED
ANY = DRAFT | SENT

VIEW, INTAKE, HANDLE, DECIDE = "cases.view", "cases.intake", "cases.handle", "cases.decide"
ASSIGN, RULE, SUPERVISE = "cases.assign", "cases.rule", "cases.supervise"
STEP = "step"
"""In place of a permission: the one that the step itself asks for."""

ASKER: Mapping[str, tuple[str, ...]] = {"applicant": (), "agent": ()}
STAFF: Mapping[str, tuple[str, ...]] = {"office": (INTAKE, HANDLE, DECIDE), "step_office": (INTAKE, HANDLE, DECIDE)}


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be done: its code, its name, the states of the case, and who may, with which permissions."""

    code: str
    label: str
    states: frozenset[str]
    who: Mapping[str, tuple[str, ...]] = field(hash=False)


def _table(*rows: Operation) -> Mapping[str, Operation]:
    return {row.code: row for row in rows}


def _by(relation: str, *permissions: str) -> Mapping[str, tuple[str, ...]]:
    return {relation: permissions}


# fmt: off
OPERATIONS: Mapping[str, Operation] = _table(
    Operation("see", "查看", SENT, {**ASKER, "office": (VIEW, INTAKE, HANDLE, DECIDE), "step_office": (VIEW, INTAKE, HANDLE, DECIDE), "receiver": (VIEW, INTAKE, HANDLE, DECIDE), "reader": (VIEW,), "supervisor": (SUPERVISE,), "superior": (RULE,)}),
    Operation("see_draft", "查看草稿", DRAFT, ASKER),
    Operation("save_draft", "保存草稿", DRAFT, ASKER),
    Operation("discard", "删除草稿", DRAFT, ASKER),
    Operation("submit", "提交", DRAFT, ASKER),
    Operation("give_material", "提交材料", DRAFT | OPEN, {**ASKER, "office": (INTAKE,)}),
    Operation("verify_material", "核对材料", OPEN, STAFF),
    Operation("ask_supplement", "补正告知", SUBMITTED | ACCEPTED, _by("office", INTAKE, HANDLE)),
    Operation("approve_second_supplement", "批准再次补正", SUBMITTED | ACCEPTED, _by("office", DECIDE)),
    Operation("supplement", "补正", frozenset({S.SUPPLEMENT}), ASKER),
    Operation("accept", "受理", SUBMITTED, _by("office", INTAKE)),
    Operation("refuse_acceptance", "不予受理", SUBMITTED, _by("office", INTAKE)),
    Operation("claim", "领取", SUBMITTED | ACCEPTED | CLOSED, _by("step_office", STEP)),
    Operation("release", "退回待领", SUBMITTED | ACCEPTED | CLOSED, {"handler": (), "step_office": (ASSIGN,)}),
    Operation("assign", "指派", SUBMITTED | ACCEPTED | CLOSED, _by("step_office", ASSIGN)),
    Operation("complete", "办结环节", ACCEPTED, _by("step_office", STEP)),
    Operation("decide", "作出决定", ACCEPTED, _by("step_office", DECIDE)),
    Operation("close_answered", "答复办结", ACCEPTED, _by("office", HANDLE)),
    Operation("confirm", "确认办理结果", ACCEPTED, _by("applicant")),
    Operation("open_procedure", "启动特别程序", ACCEPTED, _by("office", HANDLE)),
    Operation("end_procedure", "结束特别程序", ACCEPTED, _by("office", HANDLE)),
    Operation("extend", "延长办理期限", ACCEPTED, _by("office", DECIDE)),
    Operation("open_notice", "发布公示", ACCEPTED, STAFF),
    Operation("object", "提出异议", ACCEPTED, _by("public")),
    Operation("answer_objection", "处理异议", ACCEPTED, STAFF),
    Operation("end_notice", "结束公示", ACCEPTED, STAFF),
    Operation("ask_joint", "发起联办", ACCEPTED, _by("office", HANDLE)),
    Operation("fork", "分办", ACCEPTED, _by("office", INTAKE, HANDLE)),
    Operation("join", "汇总办结", ACCEPTED, _by("office", DECIDE)),
    Operation("deliver", "送达", CLOSED, _by("office", INTAKE, HANDLE)),
    Operation("archive", "归档", CLOSED, _by("office", INTAKE, HANDLE)),
    Operation("withdraw", "撤回申请", OPEN, _by("applicant")),
    Operation("terminate", "终止办理", OPEN, _by("office", DECIDE)),
    Operation("ask_transfer", "提出移送", SUBMITTED | ACCEPTED, _by("office", INTAKE, HANDLE)),
    Operation("settle_transfer", "答复移送", SUBMITTED | ACCEPTED, _by("receiver", ASSIGN, DECIDE)),
    Operation("rule_transfer", "裁定移送", SUBMITTED | ACCEPTED, _by("superior", RULE)),
    Operation("dispute", "对结果提出异议", CLOSED, _by("applicant")),
    Operation("rate", "评价", CLOSED, {"applicant": (), "supervisor": (SUPERVISE,)}),
    Operation("new_password", "重置查询密码", SENT, ASKER),
    Operation("write", "留言", SENT, {**ASKER, **STAFF}),
    Operation("write_internal", "内部留言", SENT, {**STAFF, "supervisor": (SUPERVISE,)}),
    Operation("add", "补充记录", CLOSED, _by("office", INTAKE, HANDLE)),
    Operation("order", "督办", OPEN, _by("supervisor", SUPERVISE)),
    Operation("answer_order", "督办反馈", SENT, _by("office", HANDLE, DECIDE)),
    Operation("appeal_order", "督办申诉", SENT, _by("office", HANDLE, DECIDE)),
    Operation("lift_order", "撤灯", SENT, _by("supervisor", SUPERVISE)),
    Operation("close_order", "督办归档", SENT, _by("supervisor", SUPERVISE)),
    Operation("call_back", "差评回访", CLOSED, {"office": (HANDLE,), "supervisor": (SUPERVISE,)}),
    Operation("mend", "差评整改", CLOSED, _by("office", HANDLE)),
    Operation("exclude_rating", "剔除差评", CLOSED, _by("supervisor", SUPERVISE)),
    Operation("rate_again", "再次评价", CLOSED, _by("applicant")),
)
# fmt: on


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether something may be done; if not, ``reason`` for people and ``error`` to be raised."""

    ok: bool
    reason: str = ""
    error: Exception | None = None


YES = Answer(True)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a page has read already of a case and of who looks at it, so that the database is not asked again for each operation."""

    account: int
    acting: bool
    """Whether the account asks for the case, or acts for who does."""
    offices: frozenset[str]
    """Offices that have or had a step in it."""
    receivers: frozenset[str]
    """Offices that are asked to take it over."""


def remember(case: Case, standing: Standing) -> None:
    """Let :func:`may` answer from what was read, for that account and this object; actions read anew, under their lock."""
    case.__dict__["_standing"] = standing


def _read(case: Case, account: User) -> Standing | None:
    found: Standing | None = case.__dict__.get("_standing")
    return found if found is not None and found.account == account.pk else None


def acts(account: policy.Account, case: Case) -> bool:
    """Tell whether the account asks for the case, or acts for who does."""
    read = _read(case, account) if isinstance(account, User) else None
    return acts_for(account, case.organisation_id, case.person_id, case.zone) if read is None else read.acting


def may(account: policy.Account | None, operation: str, case: Case, step: CaseStep | None = None,
        transfer: Transfer | None = None) -> Answer:  # fmt: skip
    """Tell whether the account may do that to the case now; None is the platform, which is bound by states only."""
    wanted = OPERATIONS.get(operation)
    if wanted is None:
        return _no(CaseError("cases.unlisted", f"没有“{operation}”这项办理操作"))
    if account is not None:
        refusal = _refusal(account, wanted, case, step, transfer)
        if refusal is not None:
            return _no(refusal)
    if case.state not in wanted.states:
        state = Case.State(case.state).label
        text = f"办件 {case.number} 现为“{state}”,不能{wanted.label};请刷新后查看"
        return _no(CaseError("cases.wrong_state", text, state=case.state))
    return YES


def check(account: policy.Account | None, operation: str, case: Case, step: CaseStep | None = None,
          transfer: Transfer | None = None) -> None:  # fmt: skip
    """Raise :class:`CaseError` or the policy's ``Refused`` unless :func:`may` says yes."""
    answer = may(account, operation, case, step, transfer)
    if answer.error is not None:
        raise answer.error


def relations(account: policy.Account | None, case: Case, step: CaseStep | None = None,
              transfer: Transfer | None = None) -> frozenset[str]:  # fmt: skip
    """Return how the account stands to the case, permissions aside (``supervisor``, ``superior``, ``reader`` are permissions)."""
    return frozenset(name for name in RELATIONS if account is not None and _stands(account, name, case, step, transfer))


OFFICIAL = frozenset({"office", "step_office", "handler", "receiver", "supervisor", "superior"})
"""Relations in which nobody may act on a case of his own (回避)."""
RELATIONS = (
    "applicant", "agent", "office", "step_office", "handler", "receiver", "supervisor", "superior", "reader", "public",
)  # fmt: skip


def _refusal(account: policy.Account, wanted: Operation, case: Case, step: CaseStep | None,
             transfer: Transfer | None) -> Exception | None:  # fmt: skip
    lacking = ""
    for relation, permissions in wanted.who.items():
        if not _stands(account, relation, case, step, transfer):
            continue
        if relation in OFFICIAL and acts(account, case):
            return CaseError(
                "cases.own_case", f"办件 {case.number} 由当前账号本人或所代表的单位申请,应当回避,请交他人办理"
            )
        asked = [step.permission if name == STEP and step is not None else name for name in permissions]
        if not asked or any(_reaches(account, name, relation, case, step, transfer) for name in asked if name != STEP):
            return None
        lacking = lacking or asked[0]
    if lacking:
        return policy.Refused(lacking, case.division_id)
    return CaseError("cases.not_yours", f"办件 {case.number} 不归当前账号办理,不能{wanted.label}", number=case.number)


def _stands(
    account: policy.Account, relation: str, case: Case, step: CaseStep | None, transfer: Transfer | None
) -> bool:
    return _STANDS[relation](account, case, step, transfer) if _known(account) or relation == "public" else False


def _known(account: policy.Account) -> bool:
    return isinstance(account, User) and account.is_active


def _official(account: User, agency: str | None) -> bool:
    return account.is_staff and agency is not None and account.agency_id == agency


def _any_step(account: User, case: Case, step: CaseStep | None) -> bool:
    if step is not None:
        return _official(account, step.office_id)
    if not account.is_staff or account.agency_id is None:
        return False
    return _worked(account, case, [account.agency_id])


def _worked(account: User, case: Case, offices: Collection[str]) -> bool:
    """Tell whether one of the offices has or had a step in the case."""
    read = _read(case, account)
    if read is not None:
        return not read.offices.isdisjoint(offices)
    return CaseStep.objects.filter(case_id=case.pk, office_id__in=offices).exists()


def _asked_to_take(account: User, case: Case, transfer: Transfer | None) -> bool:
    if transfer is not None:
        return _official(account, transfer.receiver_id)
    if not account.is_staff or account.agency_id is None:
        return False
    read = _read(case, account)
    if read is not None:
        return account.agency_id in read.receivers
    return Transfer.objects.filter(case_id=case.pk, receiver_id=account.agency_id, state=Transfer.State.ASKED).exists()


def _sees(account: User, case: Case) -> bool:
    reach = policy.reach(account, VIEW, case.zone)
    if not reach:
        return False
    if reach.includes(case.office_id, case.division_id):
        return True
    return bool(reach.agencies) and _worked(account, case, reach.agencies)


def _watches(account: User, case: Case) -> bool:
    return account.is_staff and policy.reach(account, SUPERVISE, case.zone).includes(case.office_id, case.division_id)


_AGENCY_CHANNELS = frozenset({Case.Channel.COUNTER, Case.Channel.BEHALF, Case.Channel.BATCH})
_STANDS: Mapping[str, Callable[[Any, Case, CaseStep | None, Transfer | None], bool]] = {
    "applicant": lambda account, case, _s, _t: acts(account, case),
    "agent": lambda account, case, _s, _t: case.filed_by_id == account.pk and case.channel in _AGENCY_CHANNELS,
    "office": lambda account, case, _s, _t: _official(account, case.office_id),
    "step_office": lambda account, case, step, _t: _any_step(account, case, step),
    "handler": lambda account, case, step, _t: (step.handler_id if step else case.handler_id) == account.pk,
    "receiver": lambda account, case, _s, transfer: _asked_to_take(account, case, transfer),
    "supervisor": lambda account, case, _s, _t: _watches(account, case),
    "superior": lambda account, case, _s, _t: (
        account.is_staff and policy.reach(account, RULE, case.zone).covers(case.division_id)
    ),
    "reader": lambda account, case, _s, _t: account.is_staff and _sees(account, case),
    "public": lambda _a, _c, _s, _t: True,
}


def _reaches(account: policy.Account, permission: str, relation: str, case: Case, step: CaseStep | None,
             transfer: Transfer | None) -> bool:  # fmt: skip
    if relation in ("reader", "supervisor", "superior"):
        return True
    reach = policy.reach(account, permission, case.zone)
    office = case.office_id
    if relation in ("step_office", "handler"):
        office = step.office_id if step is not None else getattr(account, "agency_id", None)
    elif relation == "receiver":
        office = getattr(account, "agency_id", None)
    return reach.includes(office, case.division_id)


def _no(error: Exception) -> Answer:
    return Answer(False, str(error), error)
