"""The visits that are due as entries of a calendar file: one event for each enterprise of a plan, with its rhythm."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from yizhantong.web.calendars import Event
from yizhantong.zones.butler.models import PlanMember
from yizhantong.zones.butler.rhythm import recurrence


def events(members: Iterable[PlanMember], *, host: str) -> Iterator[Event]:
    """Yield these visits as events, which have the same UID whenever they are written again."""
    return (_event(member, host) for member in members)


def _event(member: PlanMember, host: str) -> Event:
    assert member.due_on is not None
    plan = member.plan
    until = f";UNTIL={plan.ends_on:%Y%m%d}" if plan.ends_on else ""
    return Event(
        uid=f"visit-{member.pk}@{host}",
        title=f"走访 {member.enterprise.name}",
        day=member.due_on,
        description=plan.purpose or plan.name,
        rule=recurrence(plan.every, plan.unit) + until,
        busy=False,
    )
