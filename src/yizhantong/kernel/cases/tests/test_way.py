"""The way of a case, from asking to its one ending."""

from __future__ import annotations

import pytest

from yizhantong.kernel.cases import actions, queries
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, CaseEvent, CaseStep, ClockSegment, Tenure
from yizhantong.kernel.cases.tests import world
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.notices.models import Notice
from yizhantong.kernel.parties.models import Organisation

pytestmark = pytest.mark.usefixtures("city")


def firm() -> Organisation:
    return Organisation.objects.get(pk=world.FIRM)


def test_a_request_goes_from_draft_to_its_ending() -> None:
    asker = world.citizen("企业经办", world.FIRM)
    clerk = world.official("受理", world.ECONOMY, "cases.intake", "cases.handle")
    head = world.official("科长", world.ECONOMY, "cases.decide")
    case = actions.draft(world.item(), applicant=firm(), account=asker)
    assert (case.state, case.office_id, Tenure.objects.count()) == ("draft", None, 0)
    actions.submit(case, account=asker)
    assert (case.state, case.office_id) == ("submitted", world.ECONOMY)
    assert len(case.query_password) == 6
    actions.accept(case, account=clerk)
    assert case.due_at is not None
    assert case.due_at.astimezone(world.ZONE) == world.at(23, 17)
    assert [step.code for step in queries.todo(clerk).rows] == ["review"]
    actions.complete_step(case, "review", outcome="pass", opinion="同意", account=clerk)
    assert [step.code for step in queries.todo(head).rows] == ["decide"]
    with clock.at(world.at(11)):
        actions.complete_step(case, "decide", outcome="pass", account=head)
    assert (case.state, case.outcome, case.marking) == ("closed", "granted", "")
    tenure = Tenure.objects.get()
    assert (tenure.office_id, tenure.since, tenure.until) == (world.ECONOMY, world.NOW, world.at(11))
    events = list(CaseEvent.objects.values_list("event", "step", "duration", "in_time"))
    assert events == [
        ("submitted", "", 0, True), ("accepted", "", 0, True), ("step", "review", 0, True), ("step", "decide", 0, True),
        ("closed", "", 1, True),
    ]  # fmt: skip
    assert ClockSegment.objects.get().end == world.at(11)
    assert list(CaseStep.objects.filter(done_at__isnull=True).values_list("code", flat=True)) == ["delivery"]
    assert Notice.objects.filter(account=asker).count() == 3
    actions.deliver(case, account=clerk)
    actions.archive(case, account=clerk)
    with pytest.raises(CaseError) as caught:
        actions.archive(case, account=clerk)
    assert caught.value.code == "cases.archived"


def test_the_second_of_two_learns_who_did_it_and_when() -> None:
    clerk = world.official("甲", world.ECONOMY, "cases.intake", "cases.handle")
    other = world.official("乙", world.ECONOMY, "cases.handle")
    made = world.item(document=world.content(intake=False))
    case = actions.file(made, applicant=firm(), data={}, account=None)
    actions.complete_step(case, "review", outcome="pass", account=clerk)
    with pytest.raises(CaseError) as caught:
        actions.complete_step(case, "review", outcome="fail", account=other)
    assert caught.value.code == "cases.already_done"
    assert (caught.value.details["by"], caught.value.details["at"]) == ("甲", world.NOW)
    assert "甲" in caught.value.sentence


def test_a_refusal_needs_reason_and_law() -> None:
    head = world.official("科长", world.ECONOMY, "cases.decide", "cases.handle")
    case = actions.file(world.item(document=world.content(intake=False)), applicant=firm(), data={}, account=None)
    actions.complete_step(case, "review", outcome="pass", account=head)
    with pytest.raises(CaseError) as caught:
        actions.complete_step(case, "decide", outcome="fail", opinion="不符合条件", account=head)
    assert (caught.value.code, caught.value.field) == ("cases.missing", "law")
    assert CaseStep.objects.filter(code="decide", done_at__isnull=True).exists()
    actions.complete_step(
        case, "decide", outcome="fail", opinion="不符合条件", account=head, details={"law": "《办法》第三条"}
    )
    assert Case.objects.filter(outcome="refused", reason="不符合条件", law="《办法》第三条").exists()
