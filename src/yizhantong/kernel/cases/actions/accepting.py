"""Taking a case in: acceptance, refusal to accept, and acceptance by law when nobody answered in time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from yizhantong.kernel.access import policy
from yizhantong.kernel.cases import checks, clockwork, flowing, materials, rules, settings, store
from yizhantong.kernel.cases.actions.ending import close, flow_ended
from yizhantong.kernel.cases.engine import Change, Event, State, change, tell_parent, text_of
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, CaseMaterial
from yizhantong.kernel.divisions import calendar
from yizhantong.kernel.items.sealed import open_data


def accept(case: Case, *, account: policy.Account | None, deferred: Iterable[str] = (), committed: Iterable[str] = (),
           source: str = "") -> Case:  # fmt: skip
    """Accept a case: its clock starts, its flow begins.

    ``deferred`` are codes of materials that may come later (容缺受理), ``committed`` of those that a commitment stands for
    (告知承诺). Raises ``cases.materials`` when a needed one is neither given nor deferred nor committed.
    """
    with change(case, "accept", account, source) as work:
        _defer(work, tuple(deferred), tuple(committed))
        _end_intake(work, "accepted")
        begin_handling(work, accepted_at=work.now, event=Event.ACCEPTED)
    return case


def refuse_acceptance(case: Case, *, reason: str, law: str, account: policy.Account | None, source: str = "") -> Case:
    """Refuse to accept, in writing: reason and law are needed (行政许可法第三十二条)."""
    with change(case, "refuse_acceptance", account, source) as work:
        reason, law = text_of(reason, "reason", "不予受理的理由"), text_of(law, "law", "依据", most=200)
        _end_intake(work, "not_accepted")
        close(work, outcome=Case.Outcome.NOT_ACCEPTED, reason=reason, law=law, event=Event.NOT_ACCEPTED)
    return case


def deem_accepted(case: Case) -> Case:
    """Accept by law a case of which nobody said in time what it lacks: from the day of receipt (行政许可法第三十二条).

    The platform's own; ``cases.not_due`` before 24:00 of the fifth working day.
    """
    with change(case, "accept", None, "system") as work:
        step = store.open_step(work.case, "intake")
        if step is None or step.due_at is None or work.now < step.due_at:
            raise CaseError(
                "cases.not_due", f"办件 {case.number} 的受理告知期限还没有届满", settings.of("acceptance")["law"]
            )
        received = work.case.submitted_at or work.now
        store.finish(step, outcome="deemed", opinion="逾期未告知,视为受理", by=None, at=work.now, details={})
        begin_handling(work, accepted_at=received, event=Event.DEEMED_ACCEPTED)
    return case


def begin_handling(work: Change, *, accepted_at: dt.datetime, event: str, quiet: bool = False) -> None:
    """Start the flow of a case that was accepted at that moment, from which the database lets its clock run.

    ``quiet``: the asker is told of it otherwise.
    """
    version, case = work.version, work.case
    reading = clockwork.read(version, 0, [clockwork.running(accepted_at)])
    work.set(state=State.ACCEPTED, accepted_at=accepted_at, due_at=reading.due_at, yellow_at=reading.yellow_at)
    work.event(event)
    ended = flowing.enter(work)
    work.hooked("on_accepted", case)
    tell_parent(work, "on_child_accepted")
    if not quiet:
        work.paper("acceptance" if event == Event.ACCEPTED else "deemed_acceptance")
        due = f",承诺于 {case.due_at.astimezone(calendar.zone()):%Y年%m月%d日} 前办结" if case.due_at else ""
        said = "您的申请因逾期未告知,依法视为受理" if event == Event.DEEMED_ACCEPTED else "您的申请已受理"
        work.tell(f"已受理:{case.title}", f"{said}(编号 {case.number}){due}。")
    if ended:
        flow_ended(work, None, "")


def ask_intake(work: Change, name: str = "收件受理") -> None:
    """Open the intake: by its end it must be said what is missing, or the case is accepted by law."""
    days = work.version.ready.limits.acceptance_days
    due_at = calendar.deemed_acceptance_at(work.now, days) if days else None
    work.open(
        "intake", name, "intake", work.case.office_id or work.version.agency, permission=rules.INTAKE, due_at=due_at
    )


def _end_intake(work: Change, outcome: str) -> None:
    store.finish_open(work.case, "intake", outcome=outcome, opinion="", by=work.by, at=work.now)


def _defer(work: Change, deferred: tuple[str, ...], committed: tuple[str, ...]) -> None:
    version = work.version
    if not version.materials:
        if deferred or committed:
            raise CaseError("cases.unknown_material", "本事项不要求材料,不能容缺或承诺", field="materials")
        return
    if deferred and not version.options.deferral:
        raise CaseError("cases.material_deferral", "本事项不办理容缺受理", field="deferred")
    days = version.ready.limits.deferral_days or int(settings.of("deferral")["days"])
    due_on = calendar.working_calendar().working_day_after(work.today, days)
    rows = [materials.row(work, code, CaseMaterial.Mode.DEFERRED, due_on=due_on) for code in deferred]
    rows += [materials.row(work, code, CaseMaterial.Mode.COMMITTED) for code in committed]
    data = open_data(version.ready, work.case.data)
    standing = materials.given(work.case)
    checks.materials(version, data, [*standing, *rows])
    wanted = {code for code, spec in version.materials.items() if spec.need == "deferrable"}
    loose = wanted & {spec.code for spec, _needed in version.ready.asked(data)} - {
        row.code for row in [*standing, *rows]
    }
    if loose:
        names = "、".join(version.materials[code].name for code in sorted(loose))
        raise CaseError(
            "cases.materials", f"{names}尚未提交,请补齐或办理容缺受理", field="materials", missing=sorted(loose)
        )
    for row in rows:
        store.insert(row)
    work.set(deferred=bool(deferred), committed=bool(committed) or work.case.committed)
