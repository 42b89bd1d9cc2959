"""The clock of a case: what is stored is what its segments say, whatever happened; lights, acceptance by law, reminders."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yizhantong.kernel.cases import actions, clockwork, watch
from yizhantong.kernel.cases import settings as case_settings
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, CaseEvent, CaseStep, ClockSegment, SpecialProcedure, SupervisionOrder
from yizhantong.kernel.cases.pinned import pinned
from yizhantong.kernel.cases.tests import world
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.notices.models import Notice
from yizhantong.kernel.parties.models import Organisation

pytestmark = pytest.mark.usefixtures("city")

HAPPENINGS = ("procedure", "end", "supplement", "answer", "extend", "decide", "dispute", "transfer")


def filed(**options: Any) -> Case:
    made = Organisation.objects.get(pk=world.FIRM)
    return actions.file(world.item(document=world.content(**options)), applicant=made, data={}, account=None)


def happen(case: Case, what: str) -> None:
    """Let something happen to a case, if it may; a refusal is as good as anything."""
    known = {
        "procedure": lambda: actions.open_procedure(case, kind="experts", reason="评审", account=None),
        "end": lambda: actions.end_procedure(case, result="完", account=None),
        "supplement": lambda: actions.ask_supplement(case, [{"kind": "other", "text": "补"}], account=None),
        "answer": lambda: actions.supplement(case, account=None),
        "extend": lambda: actions.extend(case, amount=3, reason="复杂", account=None),
        "decide": lambda: actions.decide(case, outcome="refused", reason="不符", law="第三条", account=None),
        "dispute": lambda: actions.dispute(case, "不服", None),
        "transfer": lambda: actions.settle_transfer(
            actions.ask_transfer(case, Organisation.objects.get(pk=world.ECOLOGY), "职责", None), True, None
        ),
    }
    try:
        known[what]()
    except CaseError:
        case.refresh_from_db()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(st.tuples(st.sampled_from(HAPPENINGS), st.integers(0, 5), st.integers(0, 23)), max_size=12))
def test_what_is_stored_is_what_the_segments_say(history: list[tuple[str, int, int]]) -> None:
    flow = world.seq(world.step("decide", kind="decision"), world.step("after", limit={"amount": 3, "unit": "workday"}))
    ClockSegment.objects.all().delete()
    from yizhantong.kernel.items.models import Item

    item = Item.objects.filter(pk="trial.clock").first() or world.item("trial.clock", world.content(flow, intake=False))
    case = actions.file(item, applicant=Organisation.objects.get(pk=world.FIRM), data={}, account=None)
    moment = world.NOW
    for what, days, hour in history:
        moment = moment + dt.timedelta(days=days, hours=hour)
        with clock.at(moment):
            happen(case, what)
    case.refresh_from_db()
    segments = clockwork.stored(case)
    for before, after in pairwise(segments):
        assert before.end == after.start
        assert (before.kind, before.reason) != (after.kind, after.reason)
    if case.state != "closed":
        reading = clockwork.recompute(case, pinned(case.version_id))
        assert (case.due_at, case.yellow_at) == (reading.due_at, reading.yellow_at)
        assert segments[-1].end is None
        assert (segments[-1].kind == "pause") == case.stopped
        running = SpecialProcedure.objects.filter(case=case, ended_at__isnull=True).exists()
        assert case.stopped == (running or case.state == "supplement")
    else:
        assert segments[-1].end is not None


def test_acceptance_by_law_counts_from_receipt() -> None:
    case = filed()
    step = CaseStep.objects.get(code="intake")
    assert step.due_at is not None
    assert step.due_at.astimezone(world.ZONE) == world.at(17, 0)
    with clock.at(world.at(16, 23, 59)):
        assert watch.deem_accepted() == 0
        with pytest.raises(CaseError) as caught:
            actions.deem_accepted(case)
        assert caught.value.code == "cases.not_due"
    with clock.at(world.at(17, 0, 0)):
        assert watch.deem_accepted() == 1
        assert watch.deem_accepted() == 0
    case.refresh_from_db()
    assert (case.state, case.accepted_at) == ("accepted", world.NOW)
    assert case.due_at is not None
    assert case.due_at.astimezone(world.ZONE) == world.at(23, 17)
    assert CaseEvent.objects.filter(event="deemed_accepted", in_time=True).count() == 1


def test_lights_turn_yellow_near_the_limit_and_red_beyond_it_once() -> None:
    case = filed(intake=False)
    assert case.yellow_at is not None
    assert case.yellow_at.astimezone(world.ZONE) == world.at(19, 17)
    world.official("科长", world.ECONOMY, "cases.decide")
    lights = []
    for moment in (world.at(19, 16), world.at(19, 18), world.at(20), world.at(23, 18), world.at(30)):
        with clock.at(moment):
            lights.append((clockwork.light_of(case, clock.now()), watch.light_lamps()))
    assert lights == [("green", 0), ("yellow", 1), ("yellow", 0), ("red", 1), ("red", 0)]
    assert list(CaseEvent.objects.filter(event__in=["yellow", "red"]).values_list("event", "outcome")) == [
        ("yellow", "case_near"), ("red", "case_overdue"),
    ]  # fmt: skip
    assert Notice.objects.filter(kind="cases.watch").count() == 2
    with clock.at(world.at(30)):
        actions.complete_step(case, "review", outcome="pass", account=None)
        actions.decide(case, outcome="granted", account=None)
    assert CaseEvent.objects.get(event="closed").in_time is False


def test_cards_are_yellow_when_late_and_red_when_still_not_done(monkeypatch: pytest.MonkeyPatch) -> None:
    lights = case_settings.of("lights") | {"scheme": "card"}
    monkeypatch.setitem(case_settings._sections(), "lights", lights)
    case = filed(intake=False)
    seen = []
    for moment in (world.at(20), world.at(24), world.at(31)):
        with clock.at(moment):
            seen.append((clockwork.light_of(case, clock.now()), watch.light_lamps()))
    assert seen == [("green", 0), ("yellow", 1), ("red", 1)]
    assert list(SupervisionOrder.objects.values_list("light", "subject")) == [("yellow", "yellow"), ("red", "red")]


def test_a_late_step_lights_a_lamp_over_its_own_office_once() -> None:
    flow = world.seq(world.step("eco", office=world.ECOLOGY, limit={"amount": 2, "unit": "workday"}))
    filed(flow=flow, intake=False)
    with clock.at(world.at(12)):
        assert watch.light_lamps() == 1
        assert watch.light_lamps() == 0
    order = SupervisionOrder.objects.get()
    assert (order.trigger, order.office_id, order.light) == ("step_overdue", world.ECOLOGY, "yellow")


def test_an_order_is_answered_appealed_lifted_with_a_reason() -> None:
    case = filed(intake=False)
    watcher = world.official("督查", None, "cases.supervise", scope="city")
    head = world.official("科长", world.ECONOMY, "cases.decide")
    order = actions.order(case, text="请尽快办理", account=watcher)
    actions.appeal_order(order, reason="等待上级批复", account=head)
    with pytest.raises(CaseError) as caught:
        actions.lift_order(order, reason=" ", account=watcher)
    assert caught.value.code == "cases.missing"
    assert actions.lift_order(order, reason="情况属实", account=watcher).state == "lifted"
    with pytest.raises(CaseError) as caught:
        actions.answer_order(order, feedback="x", account=head)
    assert caught.value.code == "cases.order_state"


def test_whom_something_waits_for_is_reminded_once() -> None:
    flow = world.seq(world.step("review", limit={"amount": 2, "unit": "workday"}))
    case = filed(flow=flow, intake=False)
    clerk = world.official("甲", world.ECONOMY, "cases.handle")
    actions.claim(CaseStep.objects.get(case=case), clerk)
    with clock.at(world.at(11)):
        assert (watch.remind(), watch.remind()) == (1, 0)
    assert Notice.objects.filter(account=clerk, kind="cases.work").count() == 1


def test_hours_pass_at_night_and_no_limit_is_no_light() -> None:
    hours = filed(limits={"promised": {"amount": 24, "unit": "hour"}}, intake=False)
    assert hours.due_at == world.NOW + dt.timedelta(hours=24)
    item = world.item("trial.none", world.content(limits={}, intake=False))
    none = actions.file(item, applicant=Organisation.objects.get(pk=world.FIRM), data={}, account=None)
    assert (none.due_at, clockwork.light_of(none, clock.now())) == (None, "none")


def test_an_unconfirmed_ending_stands_after_its_days() -> None:
    case = filed(flow=world.seq(world.step("handle")), intake=False, answer=True, confirm=True)
    actions.close_answered(case, result="solved", reason="已办", account=None)
    with clock.at(world.at(20)):
        assert (watch.deem_confirmed(), watch.deem_confirmed()) == (1, 0)
    case.refresh_from_db()
    assert (case.state, case.outcome, case.result) == ("closed", "answered", "solved")
