"""Watching: lights that are lit once, the orders that follow, and what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping

from yizhantong.kernel.access import policy
from yizhantong.kernel.cases import people, rules, settings, store, telling
from yizhantong.kernel.cases.engine import Change, Event, change, text_of
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, SupervisionOrder
from yizhantong.kernel.cases.notices import WATCH
from yizhantong.kernel.divisions import calendar

Light, Trigger, OrderState = SupervisionOrder.Light, SupervisionOrder.Trigger, SupervisionOrder.State
_EVENTS = {Light.YELLOW: Event.YELLOW, Light.RED: Event.RED}
OPEN_ORDERS = (OrderState.OPEN, OrderState.ANSWERED, OrderState.APPEALED)


def lit(work: Change, light: str, trigger: str, subject: str, text: str, office: str | None = None) -> bool:
    """Light a lamp, once for each trigger and subject: an order to the office, a fact, a notice. Tell whether it is new."""
    if SupervisionOrder.objects.filter(case_id=work.case.pk, trigger=trigger, subject=subject).exists():
        return False
    answering = office or work.case.office_id or ""
    days = int(settings.of("lights")["order_days"])
    due_on = calendar.working_calendar().working_day_after(work.today, days)
    store.insert(SupervisionOrder(
        case=work.case, office_id=answering, light=light, trigger=trigger, subject=subject, text=text[:500], due_on=due_on,
        lit_at=work.now, issued_by_id=work.by,
    ))  # fmt: skip
    work.event(_EVENTS[Light(light)], outcome=str(trigger), office=answering)
    label = f"{Light(light).label}:{work.case.title}"
    body = f"办件 {work.case.number}:{text}。请于 {due_on:%Y年%m月%d日} 前反馈。"
    work.then(
        lambda: telling.staff(
            work.case, people.officials(answering, (rules.DECIDE, rules.ASSIGN)), label, body, kind=WATCH.code
        )
    )
    return True


def order(
    case: Case, *, text: str, light: str = Light.YELLOW, account: policy.Account | None, source: str = ""
) -> SupervisionOrder:
    """Order the office by hand (人工督办)."""
    with change(case, "order", account, source) as work:
        if light not in Light.values:
            raise CaseError("cases.light", f"“{light}”不是灯的颜色", field="light")
        said = text_of(text, "text", "督办要求")
        number = SupervisionOrder.objects.filter(case_id=case.pk, trigger=Trigger.MANUAL).count() + 1
        lit(work, light, Trigger.MANUAL, str(number), said)
        made = SupervisionOrder.objects.get(case_id=case.pk, trigger=Trigger.MANUAL, subject=str(number))
    return made


def answer_order(
    order: SupervisionOrder, *, feedback: str, account: policy.Account | None, source: str = ""
) -> SupervisionOrder:
    """Say what is being done about it."""
    values = {"state": OrderState.ANSWERED, "feedback": text_of(feedback, "feedback", "反馈", most=1000)}
    return _settle(order, "answer_order", (OrderState.OPEN, OrderState.APPEALED), values, "answered", account, source)


def appeal_order(
    order: SupervisionOrder, *, reason: str, account: policy.Account | None, source: str = ""
) -> SupervisionOrder:
    """Ask for the light to be lifted, with a reason (申诉)."""
    values = {"state": OrderState.APPEALED, "feedback": text_of(reason, "reason", "申诉理由", most=1000)}
    return _settle(order, "appeal_order", (OrderState.OPEN, OrderState.ANSWERED), values, "answered", account, source)


def lift_order(
    order: SupervisionOrder, *, reason: str, account: policy.Account | None, source: str = ""
) -> SupervisionOrder:
    """Lift a light, with the reason (撤灯)."""
    values = {"state": OrderState.LIFTED, "settlement": text_of(reason, "reason", "撤灯的理由")}
    return _settle(order, "lift_order", OPEN_ORDERS, values, "settled", account, source)


def close_order(
    order: SupervisionOrder, *, remark: str = "", account: policy.Account | None, source: str = ""
) -> SupervisionOrder:
    """Close an order that was answered; it counts."""
    values = {"state": OrderState.CLOSED, "settlement": remark.strip()[:500]}
    return _settle(order, "close_order", (OrderState.ANSWERED, OrderState.APPEALED), values, "settled", account, source)


def _settle(order: SupervisionOrder, operation: str, states: tuple[str, ...], values: Mapping[str, object], stamp: str,
            account: policy.Account | None, source: str) -> SupervisionOrder:  # fmt: skip
    with change(Case.objects.get(pk=order.case_id), operation, account, source) as work:
        held = SupervisionOrder.objects.get(pk=order.pk)
        if held.state not in states:
            now = OrderState(held.state).label
            raise CaseError(
                "cases.order_state", f"督办单现为“{now}”,不能{rules.OPERATIONS[operation].label};请刷新后查看"
            )
        store.update(held, {**values, f"{stamp}_at": work.now, f"{stamp}_by_id": work.by})
    return held
