"""What the platform does by the clock: acceptance by law, lights, endings that nobody contested, reminders.

Each case is its own transaction: one that is refused (somebody was quicker) leaves the others alone. Everything can be run
again at any time; what was done is not done twice.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from yizhantong.foundation.calendar import CalendarError
from yizhantong.kernel.cases import actions, clockwork, settings, telling
from yizhantong.kernel.cases.actions.watching import Light, Trigger, lit
from yizhantong.kernel.cases.engine import State, change
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, CaseStep, Rectification, SupervisionOrder
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.notices.models import Notice

log = logging.getLogger(__name__)
AT_ONCE = 500


def _each(cases: Iterable[Case], work: Callable[[Case], object]) -> int:
    done = 0
    for case in cases:
        try:
            done += bool(work(case))
        except (CaseError, CalendarError) as error:
            log.warning("case %s: %s", case.number, error)
    return done


def deem_accepted() -> int:
    """Accept by law what nobody answered within its days (行政许可法第三十二条); return how many cases."""
    late = CaseStep.objects.filter(
        kind="intake", done_at__isnull=True, due_at__lte=clock.now(), case__state=State.SUBMITTED
    )
    return _each([step.case for step in late.select_related("case")[:AT_ONCE]], actions.deem_accepted)


def deem_confirmed() -> int:
    """Let endings stand that nobody confirmed or rejected in time; return how many cases."""
    late = CaseStep.objects.filter(kind="confirm", done_at__isnull=True, due_at__lte=clock.now())
    return _each([step.case for step in late.select_related("case")[:AT_ONCE]], actions.deem_confirmed)


def light_lamps() -> int:
    """Light what must be lit: cases near or beyond their limit, steps beyond theirs, bad ratings not mended. Return how many."""
    card = settings.of("lights")["scheme"] == "card"
    lamps = 0
    for light, trigger, moment, subject, text in _CARD if card else _WARNING:
        cases = _unlit(Case.objects.filter(state=State.ACCEPTED, **{f"{moment}__lt": clock.now()}), trigger, subject)
        if card and light == Light.RED:
            cases = [case for case in cases if _red(case)]
        lamps += _each(cases, lambda case, given=(light, trigger, subject, text): _light(case, *given))  # type: ignore[misc]
    return lamps + _light_steps() + _light_ratings()


_WARNING = (
    (Light.RED, Trigger.CASE_OVERDUE, "due_at", "", "已超过办结时限"),
    (Light.YELLOW, Trigger.CASE_NEAR, "yellow_at", "", "临近办结时限"),
)
_CARD = (
    (Light.YELLOW, Trigger.CASE_OVERDUE, "due_at", "yellow", "已超过办结时限"),
    (Light.RED, Trigger.CASE_OVERDUE, "due_at", "red", "督办期满仍未办结"),
)


def _red(case: Case) -> bool:
    moment = clockwork.red_at(case.due_at)
    return moment is not None and clock.now() > moment


def _unlit(cases: QuerySet[Case], trigger: str, subject: str) -> list[Case]:
    orders = SupervisionOrder.objects.filter(case_id=OuterRef("pk"), trigger=trigger, subject=subject)
    return list(cases.filter(~Exists(orders)).order_by("due_at", "id")[:AT_ONCE])


def _light(case: Case, light: str, trigger: str, subject: str, text: str, office: str | None = None) -> bool:
    with change(case, "order", None, "system") as work:
        if trigger in (Trigger.CASE_NEAR, Trigger.CASE_OVERDUE):
            moment = work.case.yellow_at if trigger == Trigger.CASE_NEAR else work.case.due_at
            if moment is None or work.now <= moment:
                return False
            if trigger == Trigger.CASE_NEAR and work.case.due_at is not None and work.now > work.case.due_at:
                return False
        return lit(work, light, trigger, subject, text, office)


def _light_steps() -> int:
    late = CaseStep.objects.filter(
        done_at__isnull=True, due_at__lt=clock.now(), waits_for="office", case__state=State.ACCEPTED
    ).select_related("case")
    subject = Concat(Value("step:"), Cast(OuterRef("pk"), CharField()))
    orders = SupervisionOrder.objects.filter(case_id=OuterRef("case_id"), trigger=Trigger.STEP_OVERDUE, subject=subject)
    lamps = 0
    for step in late.filter(~Exists(orders)).order_by("due_at", "id")[:AT_ONCE]:
        given = (Light.YELLOW, Trigger.STEP_OVERDUE, f"step:{step.pk}", f"环节“{step.name}”超时", step.office_id)
        lamps += _each([step.case], lambda case, given=given: _light(case, *given))  # type: ignore[misc]
    return lamps


def _light_ratings() -> int:
    late = Rectification.objects.filter(state__in=["open", "checked"], due_on__lt=clock.today()).select_related("case")
    orders = SupervisionOrder.objects.filter(case_id=OuterRef("case_id"), trigger=Trigger.BAD_RATING)
    return _each([row.case for row in late.filter(~Exists(orders))[:AT_ONCE]], _light_rating)


def _light_rating(case: Case) -> bool:
    with change(case, "close_order", None, "system") as work:
        return lit(work, Light.RED, Trigger.BAD_RATING, "", "差评逾期未整改")


def remind() -> int:
    """Tell the handler of each step that is due soon, and the asker of what waits for him, once; return how many."""
    soon = clock.now() + dt.timedelta(hours=float(settings.of("reminders")["hours_before"]))
    near = CaseStep.objects.filter(done_at__isnull=True, due_at__gt=clock.now(), due_at__lte=soon)
    told = 0
    for step in near.select_related("case", "handler")[:AT_ONCE]:
        subject = f"{step.case.number}#{step.pk}"
        if Notice.objects.filter(subject=subject).exists():
            continue
        told += telling.remind(step, subject)
    return told
