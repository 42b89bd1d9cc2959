"""Public notices 公示: what is about to be decided is shown, anyone may object, every objection is answered first."""

from __future__ import annotations

from yizhantong.kernel.access import policy
from yizhantong.kernel.cases import people, rules, store, telling
from yizhantong.kernel.cases.actions.stepping import finish
from yizhantong.kernel.cases.engine import Event, change, text_of
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, CaseStep, Objection, PublicNotice
from yizhantong.kernel.divisions import calendar, clock
from yizhantong.kernel.parties import sealing

KIND = "public_notice"


def open_notice(case: Case, *, title: str, body: str, days: int | None = None, account: policy.Account | None,
                source: str = "") -> PublicNotice:  # fmt: skip
    """Open a notice for the open step of that kind (or beside the flow): from tomorrow, for so many working days."""
    with change(case, "open_notice", account, source) as work:
        if PublicNotice.objects.filter(case_id=case.pk, ended_at__isnull=True).exists():
            raise CaseError("cases.notice_open", f"办件 {case.number} 正在公示,请先结束")
        length = days or work.version.options.public_notice_days
        if not length or not 1 <= length <= 60:
            raise CaseError("cases.notice_days", "请写明公示几个工作日(1 至 60)", field="days")
        working = calendar.working_calendar()
        step = CaseStep.objects.filter(case_id=case.pk, kind=KIND, done_at__isnull=True).first()
        made = PublicNotice(
            case=work.case, step=step.code if step else "", title=text_of(title, "title", "标题", most=160),
            body=text_of(body, "body", "公示内容", most=20000), first_day=working.working_day_after(work.today, 1),
            last_day=working.working_day_after(work.today, length),
        )  # fmt: skip
        store.insert(made)
        work.event(Event.NOTICE_OPENED, step=made.step)
    return made


def object_to(notice: PublicNotice, *, name: str, contact: str, text: str, account: policy.Account | None = None,
              source: str = "public") -> Objection:  # fmt: skip
    """Object to what a notice announces, while it runs; who objects is known to the office only (sealed)."""
    with change(Case.objects.get(pk=notice.case_id), "object", account, source) as work:
        held = PublicNotice.objects.get(pk=notice.pk)
        if held.ended_at is not None or not held.first_day <= clock.today() <= held.last_day:
            text = f"公示期为 {held.first_day} 至 {held.last_day},现在不能提出异议"
            raise CaseError("cases.notice_over", text, first_day=held.first_day, last_day=held.last_day)
        made = Objection(
            notice=held, name=text_of(name, "name", "姓名", most=64), text=text_of(text, "text", "异议内容", most=2000),
            contact=sealing.seal(text_of(contact, "contact", "联系方式", most=100)), raised_at=work.now,
        )  # fmt: skip
        store.insert(made)
        work.event(Event.OBJECTION, step=held.step)
        officials = people.officials(work.case.office_id or "", (rules.ASSIGN, rules.HANDLE))
        work.then(
            lambda: telling.staff(work.case, officials, f"公示异议:{held.title}", f"办件 {work.case.number} 收到异议。")
        )
    return made


def answer_objection(
    objection: Objection, *, upheld: bool, answer: str, account: policy.Account | None, source: str = ""
) -> Objection:
    """Answer an objection: upheld or not, with the reason."""
    notice = PublicNotice.objects.select_related("case").get(pk=objection.notice_id)
    with change(notice.case, "answer_objection", account, source) as work:
        held = Objection.objects.get(pk=objection.pk)
        if held.state != Objection.State.OPEN:
            text = f"这条异议已处理:{Objection.State(held.state).label}"
            raise CaseError("cases.already_done", text, by_id=held.answered_by_id, at=held.answered_at)
        store.update(held, {
            "state": Objection.State.UPHELD if upheld else Objection.State.REJECTED,
            "answer": text_of(answer, "answer", "处理意见"), "answered_at": work.now, "answered_by_id": work.by,
        })  # fmt: skip
    return held


def end_notice(
    notice: PublicNotice, *, account: policy.Account | None, opinion: str = "", law: str = "", source: str = ""
) -> Case:
    """End a notice whose days are over and whose objections are all answered; its step of the flow is completed.

    ``fail`` when an objection was upheld (with a veto that refuses the case), else ``pass``.
    """
    case = Case.objects.get(pk=notice.case_id)
    with change(case, "end_notice", account, source) as work:
        held = PublicNotice.objects.get(pk=notice.pk)
        states = list(Objection.objects.filter(notice=held).values_list("state", flat=True))
        if held.ended_at is not None:
            raise CaseError("cases.already_done", "这次公示已经结束,请刷新后查看", at=held.ended_at)
        if clock.today() <= held.last_day:
            raise CaseError("cases.notice_running", f"公示期至 {held.last_day},期满后才能结束", last_day=held.last_day)
        if Objection.State.OPEN in states:
            raise CaseError("cases.objection_open", f"还有 {states.count('open')} 条异议没有处理,请先逐条答复")
        store.update(held, {"ended_at": work.now})
        step = store.open_step(work.case, held.step) if held.step else None
        if step is not None:
            rules.check(account, "complete", work.case, step)
            outcome = "fail" if Objection.State.UPHELD in states else "pass"
            finish(
                work,
                step,
                outcome,
                opinion or ("异议成立" if outcome == "fail" else "公示期满"),
                {"law": law} if law else {},
            )
    return case
