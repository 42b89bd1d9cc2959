"""Deciding and answering: the words in which a case ends, and the asker's word on them."""

from __future__ import annotations

from yizhantong.kernel.access import policy
from yizhantong.kernel.cases import rules, settings, store
from yizhantong.kernel.cases.actions.ending import close, conclude
from yizhantong.kernel.cases.actions.pausing import go_on
from yizhantong.kernel.cases.actions.stepping import finish
from yizhantong.kernel.cases.engine import Change, Event, change, not_open, text_of
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, Dispute

Outcome, Result = Case.Outcome, Case.Result
_WORDS = {Outcome.GRANTED: "pass", Outcome.REFUSED: "fail"}


def decide(
    case: Case, *, outcome: str, reason: str = "", law: str = "", account: policy.Account | None, source: str = ""
) -> Case:
    """Complete the open step of decision: ``granted`` or ``refused`` (which needs reason and law).

    Errors as of ``complete_step``; ``cases.no_decision`` when nothing is to be decided yet.
    """
    if outcome not in _WORDS:
        raise CaseError(
            "cases.outcome", f"“{outcome}”不是决定的结果,可用:granted(准予)、refused(不予)", field="outcome"
        )
    if len(reason) > 1000:
        raise CaseError("cases.too_long", f"意见最多 1000 字,现为 {len(reason)} 字", field="opinion")
    word = _WORDS[Outcome(outcome)]
    with change(case, "decide", account, source, kind="decision", finishing=(word, reason)) as work:
        finish(work, work.step, word, reason, {"law": law} if law else {})
    return case


def close_answered(case: Case, *, result: str, reason: str, account: policy.Account | None, source: str = "") -> Case:
    """Answer an item that ends with an answer: solved, explained, or unable, each with its reason.

    "Done" is told apart from "no help was possible". Refused (``cases.joint_open``) while another office still works on it,
    and (``cases.no_answer``) for items that are decided.
    """
    with change(case, "close_answered", account, source) as work:
        if not work.version.options.answer:
            raise CaseError("cases.no_answer", "本事项以决定办结,请作出准予或不予的决定")
        if result not in Result.values:
            known = "、".join(f"{code}({name})" for code, name in Result.choices)
            raise CaseError("cases.result", f"“{result}”不是解决情况,可用:{known}", field="result")
        reason = text_of(reason, "reason", "答复内容")
        _end_own_steps(work)
        conclude(work, {"outcome": Outcome.ANSWERED, "reason": reason, "result": result})
    return case


def _end_own_steps(work: Change) -> None:
    waiting = store.open_steps(work.case)
    if any(step.kind == "confirm" for step in waiting):
        raise CaseError("cases.unconfirmed", f"办件 {work.case.number} 已答复,正待申请人确认")
    if any(step.kind == "children" for step in waiting):
        raise CaseError("cases.own_step", f"办件 {work.case.number} 正等待各事项办结,由其结果办结", step="children")
    others = [step for step in waiting if step.office_id != work.case.office_id]
    if others:
        names = "、".join(step.office.name for step in others)
        raise CaseError(
            "cases.joint_open", f"联办单位尚未办结:{names};请待其办结后再答复", offices=[s.office_id for s in others]
        )
    for step in waiting:
        store.finish(step, outcome="pass", opinion="", by=work.by, at=work.now, details={})
        work.event(Event.STEP, step=step.code, outcome="pass", office=step.office_id)


def confirm(case: Case, *, solved: bool, reason: str = "", account: policy.Account | None, source: str = "") -> Case:
    """Confirm the ending that the office proposes, or reject it, once, with a reason: then it goes on working."""
    with change(case, "confirm", account, source) as work:
        step = store.open_step(work.case, "confirm")
        if step is None:
            raise not_open(work.case, "confirm")
        ending = dict(step.details["ending"])
        if solved:
            store.finish(step, outcome="pass", opinion=reason[:1000], by=work.by, at=work.now, details={})
            close(work, **ending)
            return_to = None
        else:
            return_to = text_of(reason, "reason", "不认可的理由")
            store.finish(step, outcome="fail", opinion=return_to, by=work.by, at=work.now, details={})
            _work_again(work, ending, return_to)
    return case


def _work_again(work: Change, ending: dict[str, str], reason: str) -> None:
    case = work.case
    store.insert(Dispute(
        case=case, reason=reason, raised_at=work.now, raised_by_id=work.by, earlier_outcome=ending["outcome"],
        earlier_reason=ending.get("reason", ""),
    ))  # fmt: skip
    go_on(work)
    work.event(Event.DISPUTED)
    if work.version.options.answer:
        work.open("answer", "再次答复", "answer", case.office_id or "", permission=rules.HANDLE)
    else:
        work.open("decision", "重新作出决定", "decision", case.office_id or "", permission=rules.DECIDE)
    work.hooked("on_reopened", case)


def deem_confirmed(case: Case) -> Case:
    """Let an ending stand that nobody confirmed or rejected in time; the platform's own."""
    with change(case, "confirm", None, "system") as work:
        step = store.open_step(work.case, "confirm")
        if step is None or step.due_at is None or work.now < step.due_at:
            days = settings.of("confirmation")["days"]
            raise CaseError("cases.not_due", f"办件 {case.number} 的确认期({days} 个工作日)还没有届满")
        ending = dict(step.details["ending"])
        store.finish(step, outcome="silent", opinion="逾期未确认", by=None, at=work.now, details={})
        close(work, **ending)
    return case
