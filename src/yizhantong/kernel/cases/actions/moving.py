"""Who answers for a case, changed once at most; joint handling; and the one dispute that reopens it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from yizhantong.foundation.calendar import Limit
from yizhantong.kernel.access import policy
from yizhantong.kernel.cases import clockwork, parts, people, rules, settings, store, telling
from yizhantong.kernel.cases.actions.accepting import ask_intake
from yizhantong.kernel.cases.engine import Change, Event, State, change, text_of
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, CaseStep, ClockSegment, Dispute, Transfer
from yizhantong.kernel.parties.models import Organisation

Outcome = Case.Outcome
DISPUTED = frozenset({Outcome.GRANTED, Outcome.REFUSED, Outcome.ANSWERED, Outcome.NOT_ACCEPTED})
MOMENT = dt.timedelta(microseconds=1)
MOST_JOINT = 12


def ask_transfer(
    case: Case, receiver: Organisation, reason: str, account: policy.Account | None, source: str = ""
) -> Transfer:
    """Ask another office to take the case over; until it consents (or a superior rules), the office at hand answers for it.

    A case is transferred once at most, and not at all where its item says so.
    """
    with change(case, "ask_transfer", account, source) as work:
        _refuse_transfer(work, receiver)
        made = Transfer(
            case=work.case, giver_id=work.case.office_id or "", receiver=receiver, asked_at=work.now, asked_by_id=work.by,
            reason=text_of(reason, "reason", "移送的理由", most=300),
        )  # fmt: skip
        store.insert(made)
        heads = people.officials(receiver.pk, (rules.ASSIGN, rules.DECIDE))
        told = f"{made.reason}(办件 {case.number}),请答复是否接收。"
        work.then(lambda: telling.staff(work.case, heads, f"请求移送:{case.title}", told))
    return made


def _refuse_transfer(work: Change, receiver: Organisation) -> None:
    case = work.case
    if parts.has_parts(work):
        text = "一件事受理后由牵头单位负责到底,不能移送;其中的事项可以各自移送"
        raise CaseError("cases.not_transferable", text)
    if not work.version.options.transferable:
        raise CaseError("cases.not_transferable", "本事项由首接单位负责到底,不能移送")
    if receiver.kind != Organisation.Kind.AGENCY:
        raise CaseError("cases.not_an_agency", f"{receiver.name}不是机关,不能作为责任单位", field="receiver")
    if receiver.pk == case.office_id:
        raise CaseError("cases.same_office", f"{receiver.name}就是本办件的责任单位", field="receiver")
    earlier = Transfer.objects.filter(case_id=case.pk).exclude(state=Transfer.State.REFUSED).first()
    if earlier is not None:
        done = earlier.state == Transfer.State.DONE
        text = f"办件 {case.number} " + ("已经移送过一次,不能再移送" if done else "已提出移送,正待答复")
        raise CaseError(
            "cases.transferred" if done else "cases.transfer_asked", text, at=earlier.settled_at or earlier.asked_at
        )


def settle_transfer(transfer: Transfer, consent: bool, account: policy.Account | None, *, by_ruling: bool = False,
                    reason: str = "", source: str = "") -> Case:  # fmt: skip
    """Take the case over or not: the receiver's word, or (``by_ruling``) that of a superior of both, who says why."""
    case = Case.objects.get(pk=transfer.case_id)
    operation = "rule_transfer" if by_ruling else "settle_transfer"
    held = Transfer.objects.get(pk=transfer.pk)
    with change(case, operation, account, source, transfer=held) as work:
        held.refresh_from_db()
        if held.state != Transfer.State.ASKED:
            label = Transfer.State(held.state).label
            raise CaseError(
                "cases.settled", f"这次移送现为“{label}”,请刷新后查看", at=held.settled_at, by_id=held.settled_by_id
            )
        if by_ruling or not consent:
            reason = text_of(reason, "reason", "决定的理由", most=300)
        state = Transfer.State.DONE if consent else Transfer.State.REFUSED
        store.update(held, {
            "state": state, "by_ruling": by_ruling, "settled_at": work.now, "settled_by_id": work.by, "settlement": reason,
        })  # fmt: skip
        if consent:
            _hand_over(work, held)
    return case


def _hand_over(work: Change, transfer: Transfer) -> None:
    case, giver = work.case, transfer.giver_id
    since = max(work.now, case.office_since + MOMENT if case.office_since else work.now)
    work.set(office_id=transfer.receiver_id, office_since=since, handler_id=None)
    moved = CaseStep.objects.filter(case_id=case.pk, office_id=giver, done_at__isnull=True)
    moved.update(office_id=transfer.receiver_id, handler_id=None)
    work.event(Event.TRANSFERRED, outcome="ruling" if transfer.by_ruling else "consent", office=transfer.receiver_id)
    receivers = people.officials(transfer.receiver_id, (rules.ASSIGN,))
    work.then(
        lambda: telling.staff(case, receivers, f"已移送本单位:{case.title}", f"办件 {case.number} 由本单位负责办理。")
    )
    work.tell(f"已移送:{case.title}", f"办件 {case.number} 改由{transfer.receiver.name}负责办理。")
    work.hooked("on_transferred", case)


def ask_joint(case: Case, offices: Sequence[Organisation], account: policy.Account | None, *, text: str = "",
              limit: Limit | None = None, source: str = "") -> Case:  # fmt: skip
    """Ask other offices to help (联办): a step ``joint:<n>`` for each; the office of the case stays the one that answers for it."""
    with change(case, "ask_joint", account, source) as work:
        steps = CaseStep.objects.filter(case_id=case.pk, kind="joint")
        busy = {step.office_id for step in steps if step.done_at is None}
        wrong = [
            o for o in offices if o.kind != Organisation.Kind.AGENCY or o.pk == work.case.office_id or o.pk in busy
        ]
        if wrong or not offices or len(steps) + len(offices) > MOST_JOINT:
            names = "、".join(office.name for office in wrong)
            raise CaseError("cases.joint_office", f"不能请其联办:{names or '请选择 1 至 12 个单位'}", field="offices")
        due_at = clockwork.step_due(limit, work.now, [clockwork.running(work.now)])
        for place, office in enumerate(offices, len(steps) + 1):
            work.open(f"joint:{place}", f"{office.name}联办"[:60], "joint", office.pk, due_at=due_at, text=text[:300])
            told = people.officials(office.pk, (rules.ASSIGN,)) or people.officials(office.pk, (rules.HANDLE,))
            work.then(lambda told=told: telling.staff(work.case, told, f"请求联办:{case.title}", text))  # type: ignore[misc]
    return case


def dispute(case: Case, reason: str, account: policy.Account | None, source: str = "") -> Case:
    """Dispute the ending, once: the case is reopened with the same office and a new clock."""
    with change(case, "dispute", account, source) as work:
        held = work.case
        _refuse_dispute(work)
        reason = text_of(reason, "reason", "异议的理由")
        store.insert(Dispute(
            case=held, reason=reason, raised_at=work.now, raised_by_id=work.by, earlier_outcome=held.outcome,
            earlier_reason=held.reason,
        ))  # fmt: skip
        CaseStep.objects.filter(case_id=held.pk, done_at__isnull=True).update(done_at=work.now, outcome="ended")
        _reopen(work)
        work.event(Event.DISPUTED)
        work.event(Event.REOPENED)
        heads = people.officials(held.office_id or "", (rules.DECIDE, rules.ASSIGN))
        work.then(
            lambda: telling.staff(
                held, heads, f"申请人异议:{case.title}", f"办件 {case.number} 已重新办理。理由:{reason}"
            )
        )
        work.hooked("on_reopened", held)
    return case


def _refuse_dispute(work: Change) -> None:
    case = work.case
    if parts.has_parts(work):
        raise CaseError("cases.not_disputable", f"办件 {case.number} 是一件事,请对其中不服的事项提出异议")
    if not work.version.options.disputable or case.outcome not in DISPUTED:
        raise CaseError("cases.not_disputable", f"办件 {case.number} 的办理结果不能在此提出异议")
    earlier = Dispute.objects.filter(case_id=case.pk).first()
    if earlier is not None:
        raise CaseError(
            "cases.disputed", f"办件 {case.number} 已提出过一次异议;如仍不服,可依法申请复议或诉讼", at=earlier.raised_at
        )
    days = int(settings.of("dispute")["days"])
    if case.closed_at is not None and work.now > case.closed_at + dt.timedelta(days=days):
        raise CaseError("cases.dispute_late", f"办结已超过 {days} 天,不能再提出异议")


def _reopen(work: Change) -> None:
    case = work.case
    closed_at = case.closed_at or work.now
    since = max(work.now, (case.office_since or work.now) + MOMENT)
    work.set(
        outcome="", result="", reason="", law="", closed_at=None, archived_at=None, office_since=since, extension=0
    )
    office = case.office_id or ""
    if case.accepted_at is None:
        work.set(state=State.SUBMITTED)
        ask_intake(work, "异议后受理")
        return
    store.insert(ClockSegment(case=case, kind="pause", start=closed_at, end=work.now, reason="closed"))
    store.insert(ClockSegment(case=case, kind="run", start=work.now, end=None, reason=clockwork.REOPENED))
    reading = clockwork.recompute(case, work.version)
    work.set(state=State.ACCEPTED, due_at=reading.due_at, yellow_at=reading.yellow_at)
    if work.version.options.answer:
        work.open("answer", "重新答复", "answer", office, permission=rules.HANDLE)
    else:
        work.open("decision", "重新作出决定", "decision", office, permission=rules.DECIDE)
