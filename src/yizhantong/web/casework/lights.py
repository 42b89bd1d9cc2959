"""Lights 红黄灯 as people read them: a shape, a word and how long is left, never colour alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yizhantong.foundation.calendar import CalendarError
from yizhantong.kernel.cases.models import Case, CaseStep
from yizhantong.kernel.divisions import calendar

FAR = dt.datetime(9000, 1, 1, tzinfo=dt.UTC)
"""Later than any real moment; steps without a limit are sorted beyond it."""
NEAR_DAYS = 1


@dataclass(frozen=True, slots=True)
class Light:
    """``code`` is red, yellow, green, paused or none; ``text`` says what it means here."""

    code: str
    text: str
    due_at: dt.datetime | None = None


def of_step(step: CaseStep, now: dt.datetime, case: Case | None = None) -> Light:
    """Return the light of an open step: red when its moment has passed, yellow within one working day of it.

    With the ``case`` (or one that was fetched with the step) it is yellow, too, once the case's own light is; and a step that
    has no moment but the case's has the case's light, so that the list and the case tell the same.
    """
    due_at = step.due_at or (step.sort_at if step.sort_at < FAR else None)
    if case is None and CaseStep._meta.get_field("case").is_cached(step):
        case = step.case
    if case is not None and due_at == case.due_at:
        return _light(due_at, case.yellow_at, now)
    shown = _light(due_at, None, now)
    if shown.code == "green" and case is not None and case.yellow_at is not None and case.yellow_at <= now:
        return replace(shown, code="yellow")
    return shown


def lit(code: str, now: dt.datetime) -> Q:
    """Return the condition under which :func:`of_step` shows an open step in that light (red, yellow or green)."""
    if code == "red":
        return Q(sort_at__lt=now)
    coming = Q(sort_at__gte=now, sort_at__lt=FAR)
    judged_with_case = Q(sort_at=F("case__due_at"), case__yellow_at__isnull=False)
    near = Q(case__yellow_at__lte=now) | (Q(sort_at__lt=_near_until(now)) & ~judged_with_case)
    return coming & near if code == "yellow" else coming & ~near


def _near_until(now: dt.datetime) -> dt.datetime:
    """Return the beginning of the second working day after today: what is due before it is within one working day."""
    today = timezone.localtime(now).date()
    try:
        day = calendar.working_calendar().working_day_after(today, NEAR_DAYS + 1)
    except CalendarError:
        day = today + dt.timedelta(days=NEAR_DAYS + 1)
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def of_case(case: Case, now: dt.datetime) -> Light:
    """Return the light of a case; a closed one has none, one whose clock is stopped says so."""
    if case.state in (Case.State.CLOSED, Case.State.DRAFT):
        return Light("none", str(case.get_state_display()))
    if case.state == Case.State.SUPPLEMENT:
        return Light("paused", _("等待补正,停表"))
    if case.stopped:
        return Light("paused", _("停表"))
    if case.due_at is None:
        return Light("none", _("受理后开始计时") if case.accepted_at is None else _("无法定时限"))
    return _light(case.due_at, case.yellow_at, now)


def _light(due_at: dt.datetime | None, yellow_at: dt.datetime | None, now: dt.datetime) -> Light:
    if due_at is None:
        return Light("none", _("无时限"))
    if now > due_at:
        return Light("red", _("超时 %(time)s") % {"time": spoken(due_at, now)}, due_at)
    near = now >= yellow_at if yellow_at else working_days(now, due_at) <= NEAR_DAYS
    return Light("yellow" if near else "green", _("剩 %(time)s") % {"time": spoken(now, due_at)}, due_at)


def spoken(since: dt.datetime, until: dt.datetime) -> str:
    """Return a stretch of time in words: working days, or hours within one day."""
    if until - since < dt.timedelta(hours=20):
        hours = max(int((until - since).total_seconds() // 3600), 0)
        return ngettext("%(n)s 小时", "%(n)s 小时", hours) % {"n": hours} if hours else _("不到 1 小时")
    days = working_days(since, until)
    return ngettext("%(n)s 个工作日", "%(n)s 个工作日", days) % {"n": days}


def working_days(since: dt.datetime, until: dt.datetime) -> int:
    """Return the working days after the day of ``since`` up to that of ``until``; natural days in a year without a table."""
    first, last = (timezone.localtime(moment).date() for moment in (since, until))
    try:
        return calendar.working_calendar().working_days_between(first, last)
    except CalendarError:
        return (last - first).days


def limit_text(limit: Any) -> str:
    """Return a limit as a guide tells it; None is 无法定时限, never 0."""
    if limit is None:
        return _("无法定时限")
    if not limit.amount:
        return _("当日")
    n = limit.amount
    text = {"workday": ngettext("%(n)s 个工作日", "%(n)s 个工作日", n), "day": ngettext("%(n)s 日", "%(n)s 日", n),
            "hour": ngettext("%(n)s 小时", "%(n)s 小时", n)}[limit.unit]  # fmt: skip
    return text % {"n": n}
