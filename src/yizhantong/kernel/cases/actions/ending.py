"""How cases end: decided, answered, withdrawn, terminated; delivered and archived afterwards."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from yizhantong.foundation.calendar import Limit
from yizhantong.kernel.access import policy
from yizhantong.kernel.cases import clockwork, parts, rules, settings, store
from yizhantong.kernel.cases.engine import Change, Event, State, change, tell_parent, text_of
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, CaseStep, SpecialProcedure
from yizhantong.kernel.divisions import calendar

Outcome = Case.Outcome
ENDED = {
    Outcome.GRANTED: "准予", Outcome.REFUSED: "不予", Outcome.NOT_ACCEPTED: "不予受理", Outcome.WITHDRAWN: "已撤回",
    Outcome.TERMINATED: "已终止", Outcome.ANSWERED: "已答复", Outcome.PARTIAL: "部分办成",
}  # fmt: skip


_PAPERS = {Outcome.GRANTED: "decision", Outcome.REFUSED: "decision", Outcome.NOT_ACCEPTED: "refusal"}


def flow_ended(work: Change, step: CaseStep | None, outcome: str, *, reason: str = "", law: str = "") -> None:
    """Follow the end of the flow: granted when it was decided on the way, else a last step asks for the decision."""
    if work.version.options.answer:
        office = work.case.office_id or work.version.agency
        work.open("answer", "答复", "answer", office, permission=rules.HANDLE)
        return
    if parts.has_parts(work):
        ending = parts.ending_of(parts.of(work.case))
        conclude(work, {"outcome": ending.outcome, "reason": ending.reason, "law": ending.law})
        return
    grounds = _decided(work, step, outcome, reason, law)
    if grounds is not None:
        conclude(work, {"outcome": Outcome.GRANTED, **grounds})
        return
    office = work.case.office_id or work.version.agency
    work.open("decision", "作出决定", "decision", office, permission=rules.DECIDE)


def _decided(work: Change, step: CaseStep | None, outcome: str, reason: str, law: str) -> dict[str, str] | None:
    """Return reason and law of the decision that was passed on the way (not those of a payment after it), or None."""
    if step is not None and step.kind == "decision":
        return {"reason": reason, "law": law} if outcome == "pass" else None
    if not work.version.decides:
        return None
    done = CaseStep.objects.filter(case_id=work.case.pk, kind="decision", done_at__isnull=False)
    found = done.order_by("-id").values_list("code", "outcome", "opinion", "details").first()
    if found is None or found[1] != "pass":
        return None
    spec = work.version.steps.get(found[0])
    return {"reason": found[2], "law": str(found[3].get("law") or (spec.law if spec else ""))}


def conclude(work: Change, ending: dict[str, Any]) -> None:
    """Close the case with that ending, or ask the asker to confirm it first where the item says so."""
    if not work.version.options.confirm or hasattr(work.case, "dispute"):
        close(work, **ending)
        return
    from yizhantong.kernel.cases.actions.pausing import stop

    parts.refuse_open(work)
    work.forget_opened()
    if work.case.pk is not None:
        store.end_steps(work.case, work.now)
    work.set(marking="")
    stop(work, "confirm")
    days = int(settings.of("confirmation")["days"])
    due_at = clockwork.step_due(Limit(days, "workday"), work.now, [clockwork.running(work.now)])
    stored = {name: str(value) for name, value in ending.items()}
    work.open(
        "confirm",
        "申请人确认",
        "confirm",
        work.case.office_id or "",
        waits_for="applicant",
        due_at=due_at,
        ending=stored,
    )
    text = f"{ENDED[Outcome(ending['outcome'])]}。{ending.get('reason', '')}"
    work.tell(f"请确认办理结果:{work.case.title}", text, needed=True)


def close(
    work: Change, *, outcome: str, reason: str = "", law: str = "", result: str = "", event: str = Event.CLOSED
) -> None:
    """Close the case; the fact says how long it took and whether it was in time.

    With the case's row the database ends its open steps, its clock and its tenure.
    """
    case = work.case
    parts.read_for_ending(work)
    if outcome == Outcome.REFUSED:
        reason, law = text_of(reason, "reason", "不予的理由"), text_of(law, "law", "依据", most=200)
    if outcome == Outcome.PARTIAL:
        reason = text_of(reason, "reason", "部分办成的说明")
    _end_parts(work, outcome, reason, law)
    late = case.due_at is not None and work.now > case.due_at
    days = _days_used(work)
    if case.stopped:
        _end_procedures(work)
    work.set(
        state=State.CLOSED, outcome=str(outcome), reason=reason[:500], law=law[:200], result=result, closed_at=work.now,
        marking="", stopped=False, handler_id=None,
    )  # fmt: skip
    work.forget_opened()
    work.event(event, outcome=str(outcome), result=result, duration=min(days, 32767), in_time=not late)
    if event != Event.CLOSED:
        work.event(Event.CLOSED, outcome=str(outcome), result=result, duration=min(days, 32767), in_time=not late)
    _ask_delivery(work, outcome)
    if outcome in _PAPERS and not parts.has_parts(work):
        work.paper(_PAPERS[Outcome(outcome)])
    body = (
        f"{ENDED[Outcome(outcome)]}(编号 {case.number})。"
        + (f"理由:{reason.rstrip('。')}。" if reason else "")
        + _remedy(outcome)
    )
    work.tell(f"已办结:{case.title}", body)
    work.hooked("on_closed", case)
    tell_parent(work, "on_child_closed")


def _end_parts(work: Change, outcome: str, reason: str, law: str) -> None:
    """End what is open of a package that is taken back; refuse every other ending of it while a part is open."""
    if outcome not in (Outcome.WITHDRAWN, Outcome.TERMINATED):
        parts.refuse_open(work)
    elif parts.has_parts(work):
        work.then(lambda: parts.end_open(work, outcome, reason, law))


def _remedy(outcome: str) -> str:
    return str(settings.of("remedy")["text"]) if outcome in (Outcome.REFUSED, Outcome.NOT_ACCEPTED) else ""


def _days_used(work: Change) -> int:
    """Return the working days that the clock has counted, which stops now."""
    accepted_at = work.case.accepted_at
    if accepted_at is None:
        return 0
    segments = work.held.segments or [clockwork.running(accepted_at)]
    return clockwork.days_used(
        [replace(each, end=each.end or max(work.now, each.start)) for each in segments], work.now
    )


def _ask_delivery(work: Change, outcome: str) -> None:
    wanted = settings.of("delivery")
    if work.version.kind not in wanted["kinds"] or outcome not in (Outcome.GRANTED, Outcome.REFUSED):
        return
    limit = Limit(int(wanted["days"]), "workday", wanted["law"])
    due_at = clockwork.step_due(limit, work.now, [clockwork.running(work.now)])
    office = work.case.office_id or work.version.agency
    work.open("delivery", "送达", "delivery", office, permission=rules.INTAKE, due_at=due_at)


def withdraw(case: Case, reason: str, account: policy.Account | None, source: str = "") -> Case:
    """Take the application back, as long as nothing is decided."""
    with change(case, "withdraw", account, source) as work:
        close(work, outcome=Outcome.WITHDRAWN, reason=text_of(reason, "reason", "撤回的原因"))
        if not parts.has_parts(work):
            parts.end_sides([work.case.pk], work.now)
    return case


def terminate(case: Case, reason: str, law: str, account: policy.Account | None, source: str = "") -> Case:
    """End a case that cannot be decided: its asker is gone, or a supplement did not come."""
    with change(case, "terminate", account, source) as work:
        reason = text_of(reason, "reason", "终止的理由")
        close(work, outcome=Outcome.TERMINATED, reason=reason, law=text_of(law, "law", "依据", most=200))
        if not parts.has_parts(work):
            parts.end_sides([work.case.pk], work.now)
    return case


def _end_procedures(work: Change) -> None:
    running = SpecialProcedure.objects.filter(case_id=work.case.pk, ended_at__isnull=True)
    running.update(ended_at=work.now, result="随办件结束")


def deliver(case: Case, *, account: policy.Account | None, remark: str = "", source: str = "") -> Case:
    """Record that the ending was delivered."""
    with change(case, "deliver", account, source) as work:
        step = store.open_step(work.case, "delivery")
        if step is None:
            raise CaseError("cases.delivered", f"办件 {case.number} 没有待送达的文书,或已送达;请刷新后查看")
        store.finish(step, outcome="delivered", opinion=remark[:1000], by=work.by, at=work.now, details={})
        work.event(Event.DELIVERED)
        work.tell(f"结果已送达:{case.title}", f"办件 {case.number} 的结果已送达。")
    return case


def archive(case: Case, *, account: policy.Account | None, source: str = "") -> Case:
    """Archive a closed case, once; nothing of it is changed, and additions can still be made."""
    with change(case, "archive", account, source) as work:
        if work.case.archived_at is not None:
            when = work.case.archived_at.astimezone(calendar.zone())
            raise CaseError("cases.archived", f"办件 {case.number} 已于 {when:%Y-%m-%d} 归档", at=work.case.archived_at)
        work.set(archived_at=work.now)
        work.event(Event.ARCHIVED)
    return case
