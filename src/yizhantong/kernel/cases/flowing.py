"""Where the flow of a case goes: its rules asked over the form and the outcomes of steps, its steps opened.

Rules see the form's elements by their Chinese names and ``环节.<step code>``, the outcome of the last completion of a step
(null before); where a rule names what only registers know of the enterprise, its profile. A rule that is neither true nor
false is :class:`RuleUnknown`: nothing is changed and somebody hears of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yizhantong.foundation.flow import FlowError, Marking, Move, begin, complete
from yizhantong.kernel.cases import clockwork
from yizhantong.kernel.cases.engine import Change
from yizhantong.kernel.cases.errors import CaseError, RuleUnknown
from yizhantong.kernel.cases.models import CaseStep
from yizhantong.kernel.items.checking import STEPS
from yizhantong.kernel.items.matching.subject import Subject
from yizhantong.kernel.parties.models import EnterpriseProfile

LEAD, ACCOUNTABLE = "lead", "accountable"


def enter(change: Change) -> bool:
    """Begin the flow of an accepted case and open its first steps; tell whether it has ended already."""
    move = begin(change.version.flow, _decider(change, {}))
    return _moved(change, move)


def advance(change: Change, step: CaseStep, outcome: str) -> bool:
    """Go on after ``step`` was done; tell whether the flow has ended."""
    try:
        move = complete(
            change.version.flow, Marking.from_text(change.case.marking), step.code,
            _decider(change, {step.code: outcome}),
        )  # fmt: skip
    except FlowError as error:
        raise CaseError("cases.flow", error.sentence) from error
    return _moved(change, move)


def outcomes_of(change: Change) -> dict[str, str]:
    """Return the outcome of the last completion of each step."""
    done = CaseStep.objects.filter(case_id=change.case.pk, done_at__isnull=False).order_by("id")
    return dict(done.values_list("code", "outcome"))


def _decider(change: Change, fresh: dict[str, str]) -> Callable[[str], bool]:
    context: dict[str, Any] = {}

    def decide(text: str) -> bool:
        rule = change.version.ready.rules[text]
        if not context:
            context.update(_profile(change) if change.version.asks_registers else {})
            given = change.version.ready.facts(change.case.data)
            context.update({name: value for name, value in given.items() if value is not None or name not in context})
            earlier = outcomes_of(change) if change.case.pk else {}
            known = dict.fromkeys(change.version.steps)
            context[STEPS] = {**known, **earlier, **fresh}
        found = rule.evaluate(context)
        if isinstance(found.value, bool):
            return found.value
        missing = sorted(name for name in rule.names if context.get(name) is None)
        raise RuleUnknown(text, missing, [problem.message for problem in found.errors])

    return decide


def _profile(change: Change) -> dict[str, Any]:
    held = EnterpriseProfile.objects.filter(pk=change.case.organisation_id).select_related("organisation").first()
    return dict(Subject.of(held).record) if held is not None else {}


def _moved(change: Change, move: Move) -> bool:
    change.set(marking=move.marking.to_text())
    for code in move.opened:
        _open(change, code)
    return move.finished


def _open(change: Change, code: str) -> None:
    spec = change.version.steps[code]
    office = spec.office
    if office == ACCOUNTABLE:
        office = change.case.office_id or change.version.agency
    elif office == LEAD:
        office = change.version.agency
    due_at = None
    if spec.limit is not None:
        due_at = clockwork.step_due(spec.limit, change.now, [clockwork.running(change.now)])
    waits_for = CaseStep.WaitsFor.PARTS if spec.kind == "children" else CaseStep.WaitsFor.OFFICE
    change.open(code, spec.name, spec.kind, office, permission=spec.permission, due_at=due_at, waits_for=str(waits_for))
