"""A case as a line of stations with dates, and the one thing that its asker may do next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from yizhantong.foundation.flow import Flow, Marking, may_come
from yizhantong.kernel.cases import hooks
from yizhantong.kernel.cases.models import Case, CaseMaterial, CaseStep

RATEABLE = frozenset({Case.Outcome.GRANTED, Case.Outcome.REFUSED, Case.Outcome.ANSWERED, Case.Outcome.PARTIAL})
"""Endings after which the asker is invited to rate; of a package, the whole is."""
OWN_STEPS = ("intake", "supplement", "delivery")
"""Steps of the kernel's own, told by other stations."""


@dataclass(frozen=True, slots=True)
class Station:
    """One stop: ``state`` is done, now, next or stopped (it ended here)."""

    name: str
    state: str
    when: dt.datetime | None = None
    who: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class NextAction:
    """What the asker does next: ``url`` empty when there is nothing to do but wait."""

    text: str
    label: str = ""
    url: str = ""
    until: dt.datetime | dt.date | None = None


def stations(case: Case, steps: Sequence[CaseStep], flow: Flow | None) -> list[Station]:
    """Return the line of a case; ``steps`` are all of its steps by id, their offices fetched with them."""
    line = [_asked(case), *_accepted(case)]
    if case.outcome in (Case.Outcome.NOT_ACCEPTED, Case.Outcome.WITHDRAWN) and case.accepted_at is None:
        return [*line, Station(str(case.get_outcome_display()), "stopped", case.closed_at)]
    line += _worked(case, steps, flow)
    if case.state == Case.State.CLOSED:
        good = case.outcome in (Case.Outcome.GRANTED, Case.Outcome.ANSWERED, Case.Outcome.PARTIAL)
        line.append(Station(str(case.get_outcome_display()), "done" if good else "stopped", case.closed_at))
    else:
        line.append(Station(_("办结"), "next", case.due_at, note=_("最晚") if case.due_at else ""))
    return line


def _asked(case: Case) -> Station:
    if case.submitted_at is None:
        return Station(_("填写申请"), "now", case.created_at)
    return Station(_("提交申请"), "done", case.submitted_at)


def _accepted(case: Case) -> list[Station]:
    office = case.office.name if case.office is not None else ""
    mending = [Station(_("补正材料"), "now", note=_("等待补正"))] if case.state == Case.State.SUPPLEMENT else []
    if case.accepted_at is not None:
        return [Station(_("受理"), "done", case.accepted_at, office), *mending]
    if mending:
        return [*mending, Station(_("受理"), "next")]
    if case.state == Case.State.CLOSED:
        return []
    return [Station(_("受理"), "now" if case.state == Case.State.SUBMITTED else "next", who=office)]


def _worked(case: Case, steps: Sequence[CaseStep], flow: Flow | None) -> list[Station]:
    """Tell the steps of the flow in the order in which they were opened, then those that may still come."""
    last: dict[str, CaseStep] = {}
    for step in steps:
        if step.code not in OWN_STEPS:
            last[step.code] = step
    waiting = "next" if case.state == Case.State.SUPPLEMENT else "now"
    told = [
        Station(step.name, "done" if step.done_at else waiting, step.done_at or step.due_at, step.office.name)
        for step in sorted(last.values(), key=lambda item: (item.done_at is None, item.done_at or item.opened_at))
    ]
    if flow is None or case.state == Case.State.CLOSED:
        return told
    ahead = may_come(flow, Marking.from_text(case.marking)) if case.marking else ()
    if case.accepted_at is None:
        ahead = tuple(flow.steps)
    return told + [Station(flow.steps[code].name, "next") for code in ahead if code not in last]


def next_action(case: Case, materials: Sequence[CaseMaterial] = (), steps: Sequence[CaseStep] = ()) -> NextAction:
    """Return the one thing that the asker does next; waiting says for whom and until when."""
    page = reverse("web:my-case", args=[case.number])
    own = next((s for s in steps if s.done_at is None and s.waits_for == CaseStep.WaitsFor.APPLICANT), None)
    due = [m for m in materials if m.state == CaseMaterial.State.DUE and not m.replaced]
    if case.state == Case.State.DRAFT:
        return NextAction(_("申请还没有提交。"), _("继续填写"), reverse("web:draft", args=[case.number]))
    if case.state == Case.State.SUPPLEMENT:
        until = own.due_at if own else None
        return NextAction(_("有材料或内容要补正。"), _("去补正"), page + "#supplement", until)
    if due:
        return NextAction(_("有容缺材料要补齐。"), _("补齐材料"), page + "#materials", due[0].due_on)
    if case.state == Case.State.CLOSED:
        return _afterwards(case, page)
    if own is not None:
        return NextAction(
            _("有一步要您来办:%(step)s。") % {"step": own.name}, _("去办理"), page + "#own-step", own.due_at
        )
    who = case.office.name if case.office else ""
    return NextAction(_("不需要您做什么,由%(office)s办理。") % {"office": who}, until=case.due_at)


def zone_action(case: Case) -> NextAction | None:
    """Return what the case's zone asks of the asker now; None when it asks nothing."""
    for one in hooks.of(case.zone, case.item.kind):
        if (asked := one.asker_next(case)) is not None:
            return NextAction(*asked)
    return None


def _afterwards(case: Case, page: str) -> NextAction:
    if case.rated is None and case.parent_id is None and case.outcome in RATEABLE and case.archived_at is None:
        return NextAction(_("已经办结。办得怎么样,请您评一评。"), _("去评价"), page + "#rate")
    return NextAction(_("已经办结。"), _("看结果"), page)


def tally(rows: Sequence[Any]) -> dict[str, int]:
    """Return how many of ``rows`` (with a ``light``) show each light."""
    found = {"red": 0, "yellow": 0, "green": 0, "none": 0, "paused": 0}
    for row in rows:
        found[row.light.code] += 1
    return found
