"""Working on steps: completing them (the hot path), claiming, assigning, releasing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import flowing, rules, store, telling
from yizhantong.kernel.cases.actions.ending import conclude, flow_ended
from yizhantong.kernel.cases.engine import Change, Event, change, not_open
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, CaseStep

OWN = frozenset({"intake", "supplement", "delivery", "confirm", "answer", "public_notice", "children"})
"""Kinds of steps that have their own actions."""


def complete_step(case: Case, step: str, *, outcome: str, opinion: str = "", account: policy.Account | None,
                  details: Mapping[str, Any] | None = None, source: str = "") -> Case:  # fmt: skip
    """Complete an open step, by its code, with one of its outcomes; the flow goes on, and ends in the case's ending.

    Of two who complete it at once exactly one wins; the other gets ``cases.already_done`` (``details``: ``by``, ``at``).
    ``fail`` at a decision or at a step with a veto refuses the case: ``opinion`` is then the reason, and ``details["law"]``
    (or the step's own law) what it rests on. Further errors: ``cases.outcome``, ``cases.claimed``, ``cases.rule_unknown``.
    """
    given = dict(details or {})
    if len(opinion) > 1000:
        raise CaseError("cases.too_long", f"意见最多 1000 字,现为 {len(opinion)} 字", field="opinion")
    with change(case, "complete", account, source, step=step, finishing=(outcome[:24], opinion)) as work:
        found = work.step
        if found.kind in OWN:
            raise CaseError("cases.own_step", f"“{found.name}”不在这里办理,请用相应的操作", step=step)
        finish(work, found, outcome, opinion, given)
    return case


def finish(work: Change, step: CaseStep, outcome: str, opinion: str, details: dict[str, Any]) -> None:
    """Write the end of a step and go on with the flow; the step belongs to the case that is being changed."""
    _refuse_claimed(work, step)
    spec = work.version.steps.get(step.code)
    _refuse_outcome(work, step, outcome, opinion)
    for each in work.hooks:
        each.check_step(work.case, step, outcome, details)
    law = str(details.get("law") or (spec.law if spec else ""))
    if step.done_at is None or details:
        store.finish(step, outcome=outcome, opinion=opinion, by=work.by, at=work.now, details=details)
    work.event(Event.STEP, step=step.code, outcome=outcome, office=step.office_id)
    work.hooked("on_step", work.case, step, outcome)
    if outcome == "fail" and (step.kind == "decision" or (spec is not None and spec.veto)):
        conclude(work, {"outcome": Case.Outcome.REFUSED, "reason": opinion, "law": law})
    elif step.kind == "decision" and not _of_flow(work, step):
        conclude(work, {"outcome": Case.Outcome.GRANTED, "reason": opinion, "law": law})
    elif _of_flow(work, step) and flowing.advance(work, step, outcome):
        flow_ended(work, step, outcome, reason=opinion, law=law)


def _of_flow(work: Change, step: CaseStep) -> bool:
    return step.code in work.case.marking.partition(";")[0].split(",")


def _refuse_outcome(work: Change, step: CaseStep, outcome: str, opinion: str) -> None:
    spec = work.version.steps.get(step.code)
    allowed = dict(spec.outcomes) if spec is not None and _of_flow(work, step) else {"pass": "通过", "fail": "不通过"}
    if outcome not in allowed:
        known = "、".join(f"{code}({name})" for code, name in allowed.items())
        raise CaseError("cases.outcome", f"“{outcome}”不是“{step.name}”的结果,可用:{known}", field="outcome")
    if len(opinion) > 1000:
        raise CaseError("cases.too_long", f"意见最多 1000 字,现为 {len(opinion)} 字", field="opinion")


def _refuse_claimed(work: Change, step: CaseStep) -> None:
    if step.handler_id in (None, work.by) or work.account is None:
        return
    if rules.may(work.account, "assign", work.case, step).ok:
        return
    handler = User.objects.get(pk=step.handler_id)
    raise CaseError(
        "cases.claimed", f"“{step.name}”已由{handler}领取,请由其办理或请负责人改派", by=str(handler), by_id=handler.pk
    )


def claim(step: CaseStep, account: User, source: str = "") -> CaseStep:
    """Take a step off the office's list for oneself; ``cases.claimed`` when somebody has."""
    return _hand(step, account, "claim", account, source)


def assign(step: CaseStep, to: User, account: policy.Account | None, source: str = "") -> CaseStep:
    """Give a step to somebody of its office who may do it."""
    return _hand(step, to, "assign", account, source)


def release(step: CaseStep, account: policy.Account | None, source: str = "") -> CaseStep:
    """Put a step back on the office's list."""
    return _hand(step, None, "release", account, source)


def _hand(step: CaseStep, to: User | None, operation: str, account: policy.Account | None, source: str) -> CaseStep:
    case = step.case
    with change(case, operation, account, source, step=step.code) as work:
        found = work.step
        if found.pk != step.pk:
            raise not_open(work.case, step.code)
        if operation == "claim" and found.handler_id not in (None, work.by):
            holder = User.objects.get(pk=found.handler_id)
            raise CaseError("cases.claimed", f"“{found.name}”已由{holder}领取", by=str(holder), by_id=holder.pk)
        if found.kind == "children":
            raise CaseError("cases.own_step", f"“{found.name}”等待各事项办结,不需要领取或指派", step=found.code)
        if to is not None and operation == "assign":
            _refuse_unfit(work, found, to)
            told = f"“{found.name}”已指派给您(办件 {case.number})。"
            work.then(lambda: telling.staff(work.case, [to], f"指派:{case.title}", told))
        store.update(found, {"handler_id": None if to is None else to.pk})
        if found.office_id == work.case.office_id:
            work.set(handler_id=None if to is None else to.pk)
    for field in step._meta.concrete_fields:
        setattr(step, field.attname, getattr(found, field.attname))
    step.handler = to
    return step


def _refuse_unfit(work: Change, step: CaseStep, to: User) -> None:
    operation = {"intake": "accept"}.get(step.kind, "claim")
    answer = rules.may(to, operation, work.case, step)
    if not answer.ok:
        text = f"{to}不能办理“{step.name}”:{answer.reason}"
        raise CaseError("cases.unfit_handler", text, field="to")
