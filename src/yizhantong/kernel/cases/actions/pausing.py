"""Time that is not counted: supplements, special procedures; and time that is added: one extension."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from yizhantong.foundation.calendar import Limit
from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import checks, clockwork, materials, rules, settings, store
from yizhantong.kernel.cases.actions.accepting import ask_intake
from yizhantong.kernel.cases.actions.watching import lit
from yizhantong.kernel.cases.engine import Change, Event, State, change, text_of
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, CaseStep, ClockSegment, SpecialProcedure, SupervisionOrder, Supplement
from yizhantong.kernel.divisions import calendar
from yizhantong.kernel.items.sealed import open_data, seal_data

DEFECTS = frozenset({"material", "field", "other"})


def stop(work: Change, reason: str) -> None:
    """Stop the clock of an accepted case; one that is stopped already stays so."""
    if work.case.stopped or work.case.accepted_at is None:
        return
    _turn(work, "pause", reason)
    work.set(stopped=True)
    work.event(Event.PAUSED, outcome=reason[:24])
    _reread(work)


def go_on(work: Change) -> None:
    """Let a stopped clock run again."""
    if not work.case.stopped:
        return
    _turn(work, "run", "resumed")
    work.set(stopped=False)
    work.event(Event.RESUMED)
    _reread(work)


def _turn(work: Change, kind: str, reason: str) -> None:
    ClockSegment.objects.filter(case_id=work.case.pk, end__isnull=True).update(end=work.now)
    store.insert(ClockSegment(case=work.case, kind=kind, start=work.now, end=None, reason=reason[:60]))


def _reread(work: Change) -> None:
    """Compute the case's moments and those of its open steps anew."""
    segments = clockwork.stored(work.case)
    reading = clockwork.read(work.version, work.case.extension, segments)
    work.set(due_at=reading.due_at, yellow_at=reading.yellow_at)
    for step in store.open_steps(work.case):
        spec = work.version.steps.get(step.code)
        if spec is not None and step.kind == spec.kind:
            due_at = clockwork.step_due(spec.limit, step.opened_at, segments)
        else:
            due_at = step.due_at
        sort_at = due_at or work.case.due_at or clockwork.END_OF_TIME
        if (step.due_at, step.sort_at) != (due_at, sort_at):
            store.update(step, {"due_at": due_at, "sort_at": sort_at})


def ask_supplement(case: Case, defects: Sequence[Mapping[str, str]], *, account: policy.Account | None,
                   approved_by: User | None = None, source: str = "") -> Case:  # fmt: skip
    """Tell the asker, once and completely, what is missing or wrong (行政许可法第三十二条); the clock stops.

    ``defects``: ``{"kind": "material"|"field"|"other", "code", "text"}``. A second notice needs ``approved_by`` (somebody else of
    the office with ``cases.decide``) and lights yellow.
    """
    with change(case, "ask_supplement", account, source) as work:
        listed = _defects(work, defects)
        ordinal = Supplement.objects.filter(case_id=case.pk).count() + 1
        if ordinal > 1:
            _approved(work, approved_by)
            lit(
                work,
                SupervisionOrder.Light.YELLOW,
                SupervisionOrder.Trigger.SECOND_SUPPLEMENT,
                str(ordinal),
                "一次性告知以外再次要求补正",
            )
        days = work.version.ready.limits.supplement_days or int(settings.of("supplement")["days"])
        due_on = calendar.working_calendar().working_day_after(work.today, days)
        store.insert(Supplement(
            case=work.case, ordinal=ordinal, defects=listed, asked_at=work.now, asked_by_id=work.by,
            approved_by=approved_by if ordinal > 1 else None, due_on=due_on,
        ))  # fmt: skip
        intake = store.open_step(work.case, "intake")
        if intake is not None:
            store.finish(intake, outcome="supplement", opinion="", by=work.by, at=work.now, details={})
        work.set(state=State.SUPPLEMENT)
        stop(work, "supplement")
        due_at = clockwork.step_due(Limit(days, "workday"), work.now, [clockwork.running(work.now)])
        work.open(
            "supplement", "补正材料", "supplement", work.case.office_id or "", waits_for="applicant", due_at=due_at
        )
        work.event(Event.SUPPLEMENT_ASKED)
        work.paper("supplement")
        text = ";".join(each["text"] for each in listed)
        title = f"请补正:{case.title}"
        work.tell(title, f"请于 {due_on:%Y年%m月%d日} 前补正:{text}", needed=True)
        work.hooked("on_supplement_asked", work.case, listed, due_on)
    return case


def _defects(work: Change, given: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    if not given:
        raise CaseError("cases.missing", "请列出需要补正的全部内容", field="defects")
    made = []
    for each in given:
        kind, code = each.get("kind", "other"), each.get("code", "")
        if kind not in DEFECTS:
            raise CaseError("cases.defect_kind", f"“{kind}”不是缺陷的种类", field="defects")
        known = work.version.materials if kind == "material" else work.version.ready.fields
        if kind != "other" and code not in known:
            raise CaseError("cases.unknown_material", f"事项没有代码为“{code}”的材料或表单项", field="defects")
        made.append(
            {"kind": kind, "code": code, "text": text_of(each.get("text", ""), "defects", "缺陷说明", most=300)}
        )
    return made


def _approved(work: Change, approved_by: User | None) -> None:
    law = str(settings.of("supplement")["law"])
    if approved_by is None or approved_by.pk == work.by:
        raise CaseError(
            "cases.second_supplement", "补正只能一次性告知;再次补正须经本单位负责人批准", law, field="approved_by"
        )
    rules.check(approved_by, "approve_second_supplement", work.case)


def supplement(
    case: Case, *, data: Mapping[str, Any] | None = None, account: policy.Account | None, source: str = ""
) -> Case:
    """Answer a notice: the form as it is now, with the materials that were given since; the clock runs again."""
    with change(case, "supplement", account, source) as work:
        version = work.version
        clean = checks.form(version, open_data(version.ready, work.case.data) | dict(data or {}), account)
        checks.materials(version, clean, materials.given(work.case))
        for each in work.hooks:
            each.check_supplement(work.case, clean)
        asked = Supplement.objects.filter(case_id=case.pk, answered_at__isnull=True).order_by("-ordinal").first()
        if asked is not None:
            store.update(asked, {"answered_at": work.now})
        step = store.open_step(work.case, "supplement")
        if step is not None:
            store.finish(step, outcome="supplemented", opinion="", by=work.by, at=work.now, details={})
        work.set(data=seal_data(version.ready, clean))
        work.event(Event.SUPPLEMENTED)
        if work.case.accepted_at is None:
            work.set(state=State.SUBMITTED)
            ask_intake(work, "补正后受理")
        else:
            work.set(state=State.ACCEPTED)
            if not SpecialProcedure.objects.filter(case_id=case.pk, ended_at__isnull=True).exists():
                go_on(work)
    return case


def open_procedure(case: Case, *, kind: str, reason: str, expected_days: int | None = None, account: policy.Account | None,
                   source: str = "") -> SpecialProcedure:  # fmt: skip
    """Begin a special procedure; its time is not counted, and the asker is told so in writing (行政许可法第四十五条)."""
    with change(case, "open_procedure", account, source) as work:
        if kind not in SpecialProcedure.Kind.values:
            raise CaseError(
                "cases.procedure_kind", f"“{kind}”不是特别程序", settings.of("procedure")["law"], field="kind"
            )
        if work.case.stopped:
            raise CaseError("cases.stopped", f"办件 {case.number} 的时限已停止计算,请先结束正在进行的程序")
        made = SpecialProcedure(
            case=work.case, kind=kind, reason=text_of(reason, "reason", "原因", most=300), expected_days=expected_days,
            started_at=work.now, started_by_id=work.by,
        )  # fmt: skip
        store.insert(made)
        stop(work, f"procedure:{kind}")
        label = SpecialProcedure.Kind(kind).label
        said = (
            f"“{label}”所需时间不计入办理期限"
            + (f",预计 {expected_days} 天" if expected_days else "")
            + f"。原因:{made.reason}"
        )
        work.tell(f"特别程序告知:{case.title}", said)
    return made


def end_procedure(case: Case, *, result: str, account: policy.Account | None, source: str = "") -> Case:
    """End the special procedure; the clock runs again."""
    with change(case, "end_procedure", account, source) as work:
        running = SpecialProcedure.objects.filter(case_id=case.pk, ended_at__isnull=True).first()
        if running is None:
            raise CaseError("cases.no_procedure", f"办件 {case.number} 没有正在进行的特别程序;请刷新后查看")
        store.update(running, {"ended_at": work.now, "result": text_of(result, "result", "结果", most=300)})
        go_on(work)
    return case


def extend(case: Case, *, amount: int, reason: str, account: policy.Account | None, source: str = "") -> Case:
    """Make the limit longer, once, by at most what the law allows (行政许可法第四十二条); the asker is told why."""
    with change(case, "extend", account, source) as work:
        rule = settings.of("extension")
        limit = work.version.limit
        if limit is None:
            raise CaseError("cases.no_limit", "本事项没有办结时限,无需延长")
        if work.case.extended:
            raise CaseError("cases.extended", f"办件 {case.number} 已经延长过一次,不能再延长", rule["law"])
        joint = CaseStep.objects.filter(case_id=case.pk, kind="joint").exists()
        most = work.version.ready.limits.extension_days or int(rule["joint" if joint else "most"])
        if not 1 <= amount <= most:
            raise CaseError("cases.extension_amount", f"最多延长 {most} 个工作日", rule["law"], field="amount")
        reason = text_of(reason, "reason", "延长的理由", most=300)
        units = amount * 24 if limit.unit == "hour" else amount
        work.set(extended=True, extension=units)
        _reread(work)
        work.event(Event.EXTENDED, outcome=str(amount))
        body = f"办理期限延长 {amount} 个工作日。理由:{reason}"
        work.tell(f"延长办理期限:{case.title}", body)
    return case
