"""A flow with a case's place in it, for the drawing and for the list beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from yizhantong.kernel.cases.models import CaseStep
from yizhantong.kernel.items.catalogue import Ready
from yizhantong.web.casework.moments import moment


@dataclass(frozen=True, slots=True)
class Stop:
    """One step of the flow: ``state`` is done, open or ahead."""

    code: str
    name: str
    state: str
    office: str = ""
    at: str = ""


def stops(ready: Ready, steps: Iterable[CaseStep] = ()) -> list[Stop]:
    """Return the flow's steps in the document's order; of a repeated one, what its last round says."""
    last = {step.code: step for step in steps}
    found = []
    for code, step in ready.flow.steps.items():
        row = last.get(code)
        if row is None:
            found.append(Stop(code, step.name, "ahead"))
        else:
            at = row.done_at or row.due_at
            found.append(
                Stop(code, row.name, "done" if row.done_at else "open", row.office.name, moment(at) if at else "")
            )
    return found


def address(ready: Ready) -> str:
    """Return where the drawing (BPMN 2.0) of this version lies."""
    return reverse("web:service-flow", args=[ready.item_code, ready.number])
