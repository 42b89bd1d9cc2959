"""Cases of the past: in nothing that can be asked different from cases that were handled."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from yizhantong.kernel.cases import actions, clockwork, commands, history, numbers, queries
from yizhantong.kernel.cases.figures import EVENTS, RATINGS
from yizhantong.kernel.cases.history import HistoryError, Past
from yizhantong.kernel.cases.models import Case, CaseEvent, CaseRating, CaseStep, ClockSegment, Rectification, Tenure
from yizhantong.kernel.cases.pinned import pinned
from yizhantong.kernel.cases.tests import packages, world
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger import segments
from yizhantong.kernel.ledger.verify import verify
from yizhantong.kernel.parties.models import Organisation

pytestmark = pytest.mark.usefixtures("city")
FLOW = world.seq(
    world.step("review", "初审", limit={"amount": 2, "unit": "workday"}),
    world.step("joint", "会签", office=world.ECOLOGY),
    world.step("decide", "决定", kind="decision"),
)
KINDS = ["submitted", "accepted", "step", "step", "step", "closed"]


def handled(day: int, item: Any = None, hours: int = 26) -> Case:
    """File, accept and close a case by actions, beginning on that day of August."""
    item = item or world.item("trial.past", world.content(FLOW))
    with clock.at(world.at(day, 9)):
        case = actions.file(item, applicant=Organisation.objects.get(pk=world.FIRM), data={}, account=None)
    with clock.at(world.at(day, 11)):
        actions.accept(case, account=None)
    for number, code in enumerate(("review", "joint", "decide"), 1):
        with clock.at(world.at(day, 11) + dt.timedelta(hours=hours * number)):
            actions.complete_step(case, code, outcome="pass", account=None)
    return case


def past(days: int = 100, **more: Any) -> Past:
    """Return a case of so many days before."""
    begun = world.at(9, 9) - dt.timedelta(days=days)
    given: dict[str, Any] = {
        "organisation": world.RIVAL, "division": world.LINGHE, "submitted_at": begun,
        "accepted_at": begun + dt.timedelta(hours=3), "closed_at": begun + dt.timedelta(days=6),
    }  # fmt: skip
    return Past(**(given | more))


@pytest.fixture
def model() -> Iterator[Case]:
    case = handled(2)
    with clock.at(world.at(20)):
        yield case


LEFT_OUT = {
    "id",
    "pk",
    "number",
    "query_digest",
    "created_at",
    "idempotency_key",
    "case_id",
    "query_password",
    "_state",
}


def columns(row: Any) -> dict[str, Any]:
    return {name: value for name, value in row.__dict__.items() if name not in LEFT_OUT}


def test_a_copy_at_the_same_moments_is_the_case_itself(model: Case) -> None:
    held = Case.objects.get(pk=model.pk)
    twin = Past(
        organisation=world.FIRM, submitted_at=held.submitted_at, accepted_at=held.accepted_at, closed_at=held.closed_at
    )
    assert history.copy(model, [twin], source="history:test") == 1
    made = Case.objects.exclude(pk=model.pk).get()
    assert columns(made) == columns(held)
    assert numbers.is_valid(made.number)
    for kind in (CaseStep, ClockSegment, Tenure):
        rows = [[columns(row) for row in kind.objects.filter(case=case).order_by("id")] for case in (held, made)]
        assert rows[0] == rows[1], kind
    aside = {"source", "recorded_by_id"}
    facts = [
        [{k: v for k, v in columns(fact).items() if k not in aside} for fact in CaseEvent.objects.filter(number=case.number)]
        for case in (held, made)
    ]  # fmt: skip
    assert facts[0] == facts[1]


def test_cases_of_the_past_have_their_own_moments_office_and_asker(model: Case) -> None:
    rows = [past(days, office=world.SAFETY, title=f"旧件{days}", key=str(days)) for days in range(30, 130)]
    keys: dict[str, int] = {}
    assert history.copy(model, rows, source="history:test", keys=keys) == 100
    case = Case.objects.get(pk=keys["100"])
    assert (case.title, case.office_id, case.division_id, case.organisation_id) == (
        "旧件100", world.SAFETY, world.LINGHE, world.RIVAL,
    )  # fmt: skip
    assert (case.submitted_at, case.state, case.outcome) == (world.at(1, 9, month=5), "closed", "granted")
    events = list(CaseEvent.objects.filter(number=case.number).order_by("id"))
    assert [event.event for event in events] == KINDS
    assert [event.occurred_on for event in events] == sorted(event.occurred_on for event in events)
    assert events[-1].recorded_at == case.closed_at
    steps = list(CaseStep.objects.filter(case=case).order_by("id"))
    assert [step.code for step in steps] == ["intake", "review", "joint", "decide", "delivery"]
    assert {step.office_id for step in steps if step.code != "joint"} == {world.SAFETY}
    assert (steps[2].office_id, steps[3].done_at) == (world.ECOLOGY, case.closed_at)
    tenure = Tenure.objects.get(case=case)
    assert (tenure.office_id, tenure.since, tenure.until) == (world.SAFETY, case.submitted_at, case.closed_at)
    assert len(set(Case.objects.values_list("number", flat=True))) == 101


def test_clocks_of_the_past_are_what_their_segments_say(model: Case) -> None:
    rng = random.Random(7)
    rows = []
    for days in range(20, 220):
        begun = world.at(9, rng.randrange(24), rng.randrange(60)) - dt.timedelta(days=days)
        accepted = begun + dt.timedelta(hours=rng.randrange(40))
        closed = accepted + dt.timedelta(hours=rng.randrange(400))
        rows.append(past(submitted_at=begun, accepted_at=accepted, closed_at=closed))
    history.copy(model, rows, source="history:test")
    version = pinned(model.version_id)
    for case in Case.objects.exclude(pk=model.pk):
        reading = clockwork.recompute(case, version)
        assert (case.due_at, case.yellow_at) == (reading.due_at, reading.yellow_at)
        fact = CaseEvent.objects.get(number=case.number, event="closed")
        assert fact.duration == clockwork.days_used(clockwork.stored(case), case.closed_at)
        assert fact.in_time == (case.closed_at <= case.due_at)
        for step in CaseStep.objects.filter(case=case, code="review"):
            limit = version.steps["review"].limit
            assert step.due_at == clockwork.step_due(limit, step.opened_at, [clockwork.running(step.opened_at)])


def test_open_cases_of_the_past_wait_for_their_offices(model: Case) -> None:
    item = world.item("trial.open", world.content(FLOW))
    with clock.at(world.at(3, 9)):
        waiting = actions.file(item, applicant=Organisation.objects.get(pk=world.FIRM), data={}, account=None)
        actions.accept(waiting, account=None)
    history.copy(waiting, [past(10, closed_at=None, office=world.SAFETY) for _ in range(3)], source="history:test")
    head = world.official("安", world.SAFETY, "cases.handle", "cases.decide")
    assert [step.code for step in queries.todo(head).rows] == ["review"] * 3
    assert Tenure.objects.filter(office=world.SAFETY, until=None).count() == 3
    case = Case.objects.filter(office=world.SAFETY)[0]
    assert queries.case_page(head, case.number).light == "red"
    actions.complete_step(case, "review", outcome="pass", account=head)
    assert CliRunner().invoke(commands.cases, ["recompute"]).output.startswith("0 件不同")


def test_ratings_are_facts_and_bad_ones_were_mended(model: Case) -> None:
    rows = [past(days, rating=5) for days in (20, 30)] + [past(40, rating=1, mended="已上门说明并补办")]
    history.copy(model, rows, source="history:test")
    assert sorted(CaseRating.objects.values_list("rating", flat=True)) == [1, 5, 5]
    mended = Rectification.objects.get()
    assert (mended.state, mended.measures, mended.case.rated) == ("mended", "已上门说明并补办", 1)


def test_packages_of_the_past_have_their_parts() -> None:
    keys: dict[str, int] = {}
    part = handled(2)
    with clock.at(world.at(20)):
        whole = packages.file(packages.package())
        actions.conclude_parent(whole, outcome="partial", reason="部分")
        begun = world.at(9, 9) - dt.timedelta(days=60)
        closed = begun + dt.timedelta(days=6)
        parent = past(submitted_at=begun, accepted_at=begun, closed_at=closed, key="a", outcome="partial")
        history.copy(whole, [parent], source="history:test", keys=keys)
        history.copy(part, [past(60, parent_key="a", details={"part": f"p{n}"}) for n in range(3)], source="history:test", keys=keys)  # fmt: skip
    made = queries.parts(Case.objects.get(pk=keys["a"]))
    assert [each.details["part"] for each in made] == ["p0", "p1", "p2"]


REFUSED: dict[str, dict[str, Any]] = {
    "nobody asks": {"organisation": None},
    "another ending": {"outcome": "refused"},
    "closed before it was accepted": {"closed_at": world.at(1, 9, month=1)},
    "never closed": {"closed_at": None},
    "not yet closed": {"closed_at": world.at(30)},
    "badly rated and not mended": {"rating": 1},
    "no rating there is": {"rating": 7},
    "well rated and mended": {"rating": 5, "mended": "整改"},
    "part of nothing": {"parent_key": "none"},
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_have_been_is_refused_and_leaves_nothing(model: Case, what: str) -> None:
    with pytest.raises(HistoryError) as caught:
        history.copy(model, [past(), past(**REFUSED[what])], source="history:test")
    assert caught.value.row == 1
    assert (Case.objects.count(), CaseEvent.objects.values("number").distinct().count()) == (1, 1)


def test_a_model_that_did_not_go_a_plain_way_is_refused(model: Case) -> None:
    actions.dispute(model, "不服", None)
    with pytest.raises(HistoryError) as caught:
        history.copy(model, [past()], source="history:test")
    assert caught.value.row is None


def test_facts_of_the_past_are_sealed_and_verify(model: Case, tmp_path: Path, settings: Any) -> None:
    settings.YZT_SEGMENTS = tmp_path / "segments"
    history.copy(model, [past(days, rating=5) for days in range(20, 60)], source="history:test")
    assert [segment.count for segment in segments.seal(EVENTS)] == [41 * len(KINDS)]
    assert [segment.count for segment in segments.seal(RATINGS)] == [40]
    for ledger in (EVENTS, RATINGS):
        report = verify(ledger)
        assert report.ok, report.first_failure
