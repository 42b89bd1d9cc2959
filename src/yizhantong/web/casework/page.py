"""The case on one screen: everything that the desk shows of one case, read in a bounded number of queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import hooks, people, queries, rules
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, CaseEvent, CaseMaterial, CaseStep, Dispute, SupervisionOrder
from yizhantong.kernel.cases.pinned import Pinned, pinned
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.files.models import Issued
from yizhantong.kernel.items.forms import ShownSection, shown
from yizhantong.web.casework import flows, lights
from yizhantong.web.casework.people import is_withheld
from yizhantong.web.casework.stations import Station, stations

OWN = frozenset({"intake", "supplement", "delivery", "confirm", "answer", "public_notice", "children"})
"""Kinds of steps that are not completed as such but by an operation of their own."""
KERNEL_OUTCOMES = {
    "pass": _("通过"), "fail": _("不通过"), "accepted": _("受理"), "not_accepted": _("不予受理"), "supplement": _("要求补正"),
    "supplemented": _("已补正"), "deemed": _("逾期视为受理"), "delivered": _("已送达"), "ended": _("随办件结束"), "silent": _("逾期未确认"),
    "granted": _("准予"), "refused": _("不予"), "solved": _("已解决"), "explained": _("解释说明"), "unable": _("无法解决"),
    "answered": _("已答复"), "partial": _("部分办成"), "withdrawn": _("申请人撤回"), "terminated": _("终止"), "confirm": _("待申请人确认"),
}  # fmt: skip
"""Outcomes of steps and events that no item names, in words."""


def _told(name: Any) -> str:
    """Return an outcome's name in the language in use, where it is one that all items share, such as 通过."""
    return gettext(text) if (text := str(name)) else ""


@dataclass
class CasePage:
    """One case as the desk shows it to one account: what the kernel's one door gives, and what is told of it beside."""

    found: queries.CasePage
    account: User
    reveal: bool = False
    _may: dict[tuple[str, int], bool] = field(default_factory=dict)

    @property
    def case(self) -> Case:
        """The case."""
        return self.found.case

    @cached_property
    def version(self) -> Pinned:
        """The version that the case pinned."""
        return pinned(self.case.version_id)

    @property
    def steps(self) -> list[CaseStep]:
        """All steps in the order in which they were opened."""
        return self.found.steps

    def outcome_of(self, step: CaseStep) -> str:
        """Return how a step was done, in words: by the item's own outcomes, or those that the kernel knows."""
        spec = self.version.steps.get(step.code)
        names = {**KERNEL_OUTCOMES, **(spec.outcomes if spec is not None else {})}
        return _told(names.get(step.outcome, step.outcome))

    def outcome_of_event(self, event: CaseEvent) -> str:
        """Return what came of an event, in words; of a light, why it was lit."""
        if event.event in (CaseEvent.Event.YELLOW, CaseEvent.Event.RED):
            return str(dict(SupervisionOrder.Trigger.choices).get(event.outcome, event.outcome))
        spec = self.version.steps.get(event.step)
        names = {**KERNEL_OUTCOMES, **(spec.outcomes if spec is not None else {})}
        return _told(names.get(event.outcome, event.outcome))

    def step_name(self, code: str) -> str:
        """Return the name of a step of this case."""
        return next((step.name for step in self.steps if step.code == code), code)

    @property
    def open_steps(self) -> list[CaseStep]:
        """The steps that wait for somebody."""
        return [step for step in self.steps if step.done_at is None]

    @cached_property
    def materials(self) -> list[CaseMaterial]:
        """The materials that stand."""
        return [row for row in self.found.materials if not row.replaced]

    @property
    def events(self) -> list[CaseEvent]:
        """What happened, newest first, with who recorded it."""
        return self.found.events

    @property
    def papers(self) -> list[Issued]:
        """Documents that were issued."""
        return self.found.papers

    @cached_property
    def staff(self) -> list[User]:
        """Officials of the offices that have something to do now, with their grants."""
        return people.staff_of({step.office_id for step in self.open_steps} | {self.case.office_id or ""})

    @property
    def dispute(self) -> Dispute | None:
        """The asker's dispute, if any."""
        return getattr(self.case, "dispute", None)

    @cached_property
    def sections(self) -> list[ShownSection]:
        """The form's values; personal ones masked unless they were revealed on purpose."""
        data = self.case.data
        if is_withheld(self.case, self.account):
            told = {code for code, (_spec, element) in self.version.ready.fields.items() if not element.register}
            data = {code: value for code, value in data.items() if code in told}
        return shown(self.version.ready, data, self.reveal)

    @cached_property
    def stations(self) -> list[Station]:
        """The line of stations."""
        return stations(self.case, self.steps, self.version.flow)

    @property
    def light(self) -> lights.Light:
        """The light now."""
        return lights.of_case(self.case, clock.now())

    @property
    def limit_text(self) -> str:
        """The limit that the clock runs against, with its law."""
        limit = self.version.limit
        return lights.limit_text(limit) + (f"({limit.law})" if limit is not None and limit.law else "")

    @property
    def flow_steps(self) -> list[flows.Stop]:
        """The flow's steps with the case's place in them."""
        return flows.stops(self.version.ready, self.steps)

    @property
    def flow_url(self) -> str:
        """Where the flow's drawing lies."""
        return flows.address(self.version.ready)

    @cached_property
    def eligibility(self) -> list[Any]:
        """What zones say of eligibility."""
        return [said for one in self._hooks if (said := one.eligibility(self.case)) is not None]

    @cached_property
    def panels(self) -> list[tuple[str, Any]]:
        """Panels of zones: template and context."""
        return [panel for one in self._hooks for panel in one.extra_panels(self.case)]

    @property
    def _hooks(self) -> list[hooks.CaseHooks]:
        return hooks.of(self.case.zone, self.version.kind)

    def may(self, operation: str, step: CaseStep | None = None) -> bool:
        """Tell whether the account may do that now; asked once per page."""
        key = (operation, step.pk if step is not None else 0)
        if key not in self._may:
            self._may[key] = rules.may(self.account, operation, self.case, step).ok
        return self._may[key]


def find(account: User, number: str) -> queries.CasePage | None:
    """Return a case that the account may see with what stands beside it, or None; drafts are nobody's but the asker's."""
    try:
        found = queries.case_page(account, number)
    except CaseError:
        return None
    return None if found.case.state == Case.State.DRAFT else found
