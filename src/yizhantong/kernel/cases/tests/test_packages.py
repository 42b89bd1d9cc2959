"""Packages: a case handled as several, each with its own ending, and the parent's that follows from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yizhantong.kernel.cases import actions, hooks, numbers, queries, rating_links
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, CaseEvent, CaseStep, ClockSegment, Tenure
from yizhantong.kernel.cases.tests import packages, world
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.notices.models import Notice

pytestmark = pytest.mark.usefixtures("city")
MOST = 20
"""Statements of a change, at most."""


@pytest.fixture
def joining() -> Iterator[Callable[..., packages.Joining]]:
    made: list[packages.Joining] = []

    def register(parts: Callable[[Case], list[actions.Part]], **more: bool) -> packages.Joining:
        made.append(packages.Joining(parts, **more))
        hooks.register(made[-1], zone=packages.ZONE, kind="package")
        return made[-1]

    yield register
    for each in made:
        hooks.forget(each)


@pytest.fixture
def forked(joining: Callable[..., packages.Joining]) -> tuple[Case, list[Case], packages.Joining]:
    """Return a package of five agencies that was filed, forked and accepted at once."""
    items = packages.items()
    zone = joining(lambda _case: packages.parts_of(items, accepted=True))
    parent = packages.file(packages.package())
    return parent, zone.forked, zone


def state_of(case: Case) -> tuple[str, str]:
    found = Case.objects.get(pk=case.pk)
    return found.state, found.outcome


def test_a_package_is_forked_into_cases_of_their_own(forked: tuple[Case, list[Case], packages.Joining]) -> None:
    parent, parts, zone = forked
    assert [part.office_id for part in parts] == list(packages.OFFICES)
    assert {part.parent_id for part in Case.objects.exclude(parent=None)} == {parent.pk}
    assert len({part.number for part in parts} | {parent.number}) == 6
    assert all(numbers.is_valid(part.number) for part in parts)
    assert [part.details["part"] for part in parts] == ["p0", "p1", "p2", "p3", "p4"]
    assert all(part.state == "accepted" and part.due_at and part.marking == "decide" for part in parts)
    assert Tenure.objects.filter(until=None).count() == 6 == ClockSegment.objects.filter(end=None).count()
    assert zone.seen == [("accepted", f"p{n}", "accepted") for n in range(5)]
    steps = CaseStep.objects.filter(case=parent, done_at=None)
    assert [(step.kind, step.waits_for) for step in steps] == [("children", "parts")]
    events = CaseEvent.objects.filter(number__in=[part.number for part in parts])
    assert sorted(events.values_list("event", flat=True)) == ["accepted"] * 5 + ["submitted"] * 5
    assert all(numbers.fits(part.number, parent.query_password, part.query_digest) for part in parts)


def test_the_asker_is_told_once_of_a_package(joining: Callable[..., packages.Joining]) -> None:
    asker = world.citizen("经办", world.FIRM)
    items = packages.items()
    zone = joining(lambda _case: packages.parts_of(items, accepted=True))
    packages.file(packages.package())
    assert len(zone.forked) == 5
    assert Notice.objects.filter(account=asker).count() == 1


def test_all_granted_the_parent_is_granted(forked: tuple[Case, list[Case], packages.Joining]) -> None:
    parent, parts, _zone = forked
    for part in parts[:4]:
        packages.end(part)
        assert state_of(parent) == ("accepted", "")
    with clock.at(world.at(11)):
        packages.end(parts[4])
    found = Case.objects.get(pk=parent.pk)
    assert (found.state, found.outcome, found.reason) == ("closed", "granted", "5 个事项全部办结")
    assert CaseEvent.objects.get(number=parent.number, event="closed").duration == 1


def test_a_refused_part_makes_the_parent_partial_and_leaves_the_others_be(
    forked: tuple[Case, list[Case], packages.Joining],
) -> None:
    parent, parts, _zone = forked
    for number, part in enumerate(parts):
        packages.end(part, "refused" if number == 2 else "granted")
    found = Case.objects.get(pk=parent.pk)
    assert (found.state, found.outcome) == ("closed", "partial")
    assert "事项2不予:不符合条件" in found.reason
    assert "事项0、事项1、事项3、事项4" in found.reason
    assert [state_of(part)[1] for part in parts] == ["granted", "granted", "refused", "granted", "granted"]
    with clock.at(world.at(12)):
        assert rating_links.may_be_rated(found)
        actions.rate(found, 5, account=None)
    assert Case.objects.get(pk=parent.pk).rated == 5


def test_all_refused_the_parent_is_refused_with_the_law(forked: tuple[Case, list[Case], packages.Joining]) -> None:
    parent, parts, _zone = forked
    for part in parts:
        packages.end(part, "refused")
    found = Case.objects.get(pk=parent.pk)
    assert (found.outcome, found.law) == ("refused", packages.LAW)


def test_all_withdrawn_one_by_one_the_parent_is_terminated(forked: tuple[Case, list[Case], packages.Joining]) -> None:
    parent, parts, _zone = forked
    for part in parts:
        actions.withdraw(part, "不办了", None)
    assert state_of(parent) == ("closed", "terminated")


@pytest.mark.parametrize("how", ["withdrawn", "terminated"])
def test_what_is_open_ends_with_the_parent_and_what_has_ended_stands(
    forked: tuple[Case, list[Case], packages.Joining], how: str
) -> None:
    parent, parts, zone = forked
    packages.end(parts[0])
    packages.end(parts[1], "refused")
    before = list(Case.objects.filter(pk__in=[part.pk for part in parts[:2]]).order_by("id").values())
    steps = list(CaseStep.objects.filter(case__in=parts[:2]).order_by("id").values())
    zone.seen.clear()
    with clock.at(world.at(12)), CaptureQueriesContext(connection) as asked:
        if how == "withdrawn":
            actions.withdraw(parent, "不办了", None)
        else:
            actions.terminate(parent, "申请人失联", "第五条", None)
    assert len(asked) <= MOST, [query["sql"][:100] for query in asked]
    assert state_of(parent) == ("closed", how)
    assert [state_of(part) for part in parts[2:]] == [("closed", how)] * 3
    assert list(Case.objects.filter(pk__in=[part.pk for part in parts[:2]]).order_by("id").values()) == before
    assert list(CaseStep.objects.filter(case__in=parts[:2]).order_by("id").values()) == steps
    assert zone.seen == [("closed", f"p{n}", "closed") for n in (2, 3, 4)]
    ended = CaseEvent.objects.filter(event="closed", number__in=[part.number for part in parts[2:]])
    assert sorted(ended.values_list("outcome", "duration")) == [(how, 2)] * 3
    assert not Tenure.objects.filter(until=None).exists()
    assert not ClockSegment.objects.filter(end=None).exists()
    assert not CaseStep.objects.filter(case__in=parts[2:], done_at=None).exists()


def test_a_parent_does_not_end_before_its_parts(forked: tuple[Case, list[Case], packages.Joining]) -> None:
    parent, parts, _zone = forked
    for end in (
        lambda: actions.finish_children_step(parent, "parts"),
        lambda: actions.conclude_parent(parent, outcome="partial", reason="部分"),
    ):
        with pytest.raises(CaseError) as caught:
            end()
        assert caught.value.code == "cases.parts_open"
        assert caught.value.details["parts"] == [part.number for part in parts]
    assert state_of(parent) == ("accepted", "")


def test_the_step_that_waits_for_parts_is_nobodys_to_complete(
    forked: tuple[Case, list[Case], packages.Joining],
) -> None:
    parent, parts, _zone = forked
    head = world.official("科长", world.ECONOMY, "cases.decide", "cases.handle", "cases.intake", "cases.assign")
    assert parent.number not in {step.case.number for step in queries.todo(head).rows}
    step = CaseStep.objects.get(case=parent, code="parts")
    for work in (
        lambda: actions.complete_step(parent, "parts", outcome="pass", account=head),
        lambda: actions.claim(step, head),
    ):
        with pytest.raises(CaseError) as caught:
            work()
        assert caught.value.code == "cases.own_step"
    with pytest.raises(CaseError) as caught:
        actions.finish_children_step(parts[0], "decide", account=None)
    assert caught.value.code == "cases.own_step"


def test_the_zone_may_say_how_the_parent_ends(joining: Callable[..., packages.Joining]) -> None:
    items = packages.items(2)
    zone = joining(lambda _case: packages.parts_of(items, accepted=True), ends=False)
    parent = packages.file(packages.package())
    for part in zone.forked:
        packages.end(part)
    with pytest.raises(CaseError) as caught:
        actions.conclude_parent(parent, outcome="partial", reason=" ")
    assert caught.value.code == "cases.missing"
    actions.conclude_parent(parent, outcome="partial", reason="按需办理的事项未办")
    assert state_of(parent) == ("closed", "partial")
    assert CaseStep.objects.get(case=parent, code="parts").outcome == "partial"


def test_parts_that_their_offices_take_in_are_accepted_one_by_one(joining: Callable[..., packages.Joining]) -> None:
    items = packages.items(2, intake=True)
    zone = joining(lambda _case: packages.parts_of(items))
    packages.file(packages.package())
    first, second = zone.forked
    assert (first.state, first.accepted_at, zone.seen) == ("submitted", None, [])
    actions.accept(first, account=None)
    assert zone.seen == [("accepted", "p0", "accepted")]
    actions.refuse_acceptance(second, reason="不属本机关", law="第三十二条", account=None)
    assert zone.seen[-1] == ("closed", "p1", "accepted")


def test_more_parts_can_follow_but_none_twice(joining: Callable[..., packages.Joining]) -> None:
    items = packages.items(3)
    zone = joining(lambda _case: packages.parts_of(items[:1], accepted=True), ends=False)
    parent = packages.file(packages.package())
    packages.end(zone.forked[0])
    actions.fork(parent, packages.parts_of(items[1:], accepted=True), account=None)
    assert Case.objects.filter(parent=parent).count() == 3
    with pytest.raises(CaseError) as caught:
        actions.fork(parent, packages.parts_of(items[1:2]), account=None)
    assert (caught.value.code, caught.value.details["keys"]) == ("cases.part_key", ["p1"])


def test_what_cannot_be_forked_leaves_nothing_behind(joining: Callable[..., packages.Joining]) -> None:
    joining(lambda _case: [])
    parent = packages.file(item := packages.package())
    needy = world.item("part.needy", world.content(packages.DECIDE), name="材料事项")
    wrong = {
        "cases.part_item": [actions.Part(item, "nested")],
        "cases.part_key": [actions.Part(needy, "")],
        "cases.form": [actions.Part(needy, "ok"), actions.Part(needy, "bad", data={"nobody": 1})],
    }
    for code, parts in wrong.items():
        with pytest.raises(CaseError) as caught:
            actions.fork(parent, parts, account=None)
        assert caught.value.code == code
    assert caught.value.details["part"] == "bad"
    assert not Case.objects.filter(parent=parent).exists()
    plain = actions.file(needy, applicant=parent.organisation, data={}, account=None)
    actions.accept(plain, account=None)
    with pytest.raises(CaseError) as caught:
        actions.fork(plain, [actions.Part(needy, "a")], account=None)
    assert caught.value.code == "cases.not_a_package"


def test_a_package_stays_with_its_lead_and_its_parts_may_move(
    forked: tuple[Case, list[Case], packages.Joining],
) -> None:
    from yizhantong.kernel.parties.models import Organisation

    parent, parts, _zone = forked
    safety = Organisation.objects.get(pk=world.SAFETY)
    with pytest.raises(CaseError) as caught:
        actions.ask_transfer(parent, safety, "职责", None)
    assert caught.value.code == "cases.not_transferable"
    actions.settle_transfer(actions.ask_transfer(parts[0], safety, "职责", None), True, None)
    assert Case.objects.get(pk=parts[0].pk).office_id == world.SAFETY


def test_who_disputes_a_package_is_led_to_its_parts(forked: tuple[Case, list[Case], packages.Joining]) -> None:
    parent, parts, zone = forked
    for number, part in enumerate(parts):
        packages.end(part, "refused" if number == 2 else "granted")
    with pytest.raises(CaseError) as caught:
        actions.dispute(parent, "不服", None)
    assert caught.value.code == "cases.not_disputable"
    actions.dispute(parts[2], "材料齐全", None)
    packages.end(parts[2])
    assert zone.seen[-1] == ("closed", "p2", "closed")
    assert state_of(parent) == ("closed", "partial")


def test_no_change_of_a_package_takes_more_than_twenty_statements(joining: Callable[..., packages.Joining]) -> None:
    world.citizen("经办", world.FIRM)
    items = packages.items()
    zone = joining(lambda _case: packages.parts_of(items, accepted=True))
    item = packages.package()
    heads = [world.official(f"官{n}", office, "cases.decide") for n, office in enumerate(packages.OFFICES)]
    for _round in range(2):  # once to fill what is kept between changes
        with CaptureQueriesContext(connection) as filing:
            packages.file(item)
        most = [len(filing)]
        for part, head in zip(zone.forked, heads, strict=True):
            with CaptureQueriesContext(connection) as asked:
                actions.decide(part, outcome="granted", account=head)
            most.append(len(asked))
    assert max(most) <= MOST, most
