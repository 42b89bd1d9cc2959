"""What happens at the same moment, run as it happens: officials in threads with their own connections.

On PostgreSQL the tests' own database is used; on SQLite a database in a file, because one in memory has a single connection.
``YZT_RACE_TRIALS`` (default 1,000) is how often the two large races are run, ``YZT_RACE_PACKAGES`` (default 30) those of packages.
"""

from __future__ import annotations

# ruff: noqa: E731
import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import transaction

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import actions, hooks, triggers
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, CaseEvent, CaseStep, Tenure
from yizhantong.kernel.cases.tests import packages, world
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.items import catalogue, elements
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.parties.models import Organisation
from yizhantong.testing.databases import reachable
from yizhantong.testing.together import Crew

TRIALS = int(os.environ.get("YZT_RACE_TRIALS", "1000"))
PACKAGES = min(TRIALS, int(os.environ.get("YZT_RACE_PACKAGES", "30")))
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def crew() -> Iterator[Callable[[int], Crew]]:
    made: list[Crew] = []

    def make(size: int) -> Crew:
        made.append(Crew(size, world.NOW))
        return made[-1]

    yield make
    for each in made:
        each.go()


@pytest.fixture(autouse=True)
def city_in_a_file(tmp_path: Path) -> Iterator[None]:
    """Make the small city where several connections can reach it."""
    with reachable(tmp_path):
        yield from _city()


def _city() -> Iterator[None]:
    for forget in (catalogue.forget, elements.forget, tree.forget):
        forget()
    triggers.install()
    world.build()
    with clock.at(world.NOW):
        yield
    for forget in (catalogue.forget, elements.forget, tree.forget):
        forget()


def file(item: Item) -> Case:
    return actions.file(item, applicant=Organisation.objects.get(pk=world.FIRM), data={}, account=None)


def held(user: User) -> User:
    """Return an account with its grants fetched, so that trials ask for the case and nothing else."""
    from yizhantong.kernel.access import policy

    policy.reach(user, "cases.handle")
    return user


def test_of_two_who_decide_at_once_exactly_one_wins(crew: Callable[[int], Crew]) -> None:
    made = world.item(
        document=world.content(world.seq(world.step("decide", kind="decision")), intake=False), kind="appeal"
    )
    one, two = (held(world.official(name, world.ECONOMY, "cases.decide")) for name in ("甲", "乙"))
    pair, wins = crew(2), Counter()  # type: ignore[var-annotated]
    cases = [file(made) for _ in range(TRIALS)]
    for case in cases:
        granted = lambda case=case: actions.decide(
            Case(pk=case.pk, number=case.number, version_id=case.version_id), outcome="granted", account=one
        )
        refused = lambda case=case: actions.decide(
            Case(pk=case.pk, number=case.number, version_id=case.version_id),
            outcome="refused",
            reason="不符",
            law="第三条",
            account=two,
        )
        results = pair.at_once(granted, refused)
        lost = [result for result in results if isinstance(result, Exception)]
        assert len(lost) == 1, results
        assert isinstance(lost[0], CaseError), lost
        assert lost[0].code == "cases.already_done", lost
        winner = "乙" if results[0] is lost[0] else "甲"
        assert (lost[0].details["by"], lost[0].details["at"]) == (winner, world.NOW)
        wins[winner] += 1
    ended = Counter(Case.objects.values_list("outcome", flat=True))
    assert (ended["granted"], ended["refused"]) == (wins["甲"], wins["乙"])
    assert (
        CaseEvent.objects.filter(event="closed").count() == TRIALS == Tenure.objects.filter(until__isnull=False).count()
    )
    assert not CaseStep.objects.filter(done_at__isnull=True).exists()


def test_five_agencies_that_finish_together_join_once(crew: Callable[[int], Crew]) -> None:
    offices = [world.ECONOMY, world.ECOLOGY, world.SAFETY, world.WINDOW, world.FIFTH]
    parts = [world.step(f"part{n}", office=office) for n, office in enumerate(offices)]
    flow = world.seq(world.together(*parts), world.step("decide", kind="decision"))
    made = world.item(document=world.content(flow, intake=False), kind="appeal")
    people = [held(world.official(f"官{n}", office, "cases.handle")) for n, office in enumerate(offices)]
    five = crew(5)
    trials = max(TRIALS, 1)
    for _ in range(trials):
        case = file(made)
        tasks = [
            lambda n=n, case=case: actions.complete_step(
                Case(pk=case.pk, number=case.number, version_id=case.version_id),
                f"part{n}",
                outcome="pass",
                account=people[n],
            )
            for n in range(5)
        ]
        results = five.at_once(*tasks)
        assert not [result for result in results if isinstance(result, Exception)], results
        case.refresh_from_db()
        assert case.marking == "decide"
    opened = CaseStep.objects.filter(code="decide")
    assert opened.count() == opened.values("case").distinct().count() == trials
    assert CaseEvent.objects.filter(event="step").count() == 5 * trials


def test_a_submission_that_is_repeated_makes_one_case(crew: Callable[[int], Crew]) -> None:
    made = world.item(document=world.content(intake=False))
    asker = world.citizen("经办", world.FIRM)
    firm = Organisation.objects.get(pk=world.FIRM)
    pair = crew(2)
    for round_ in range(25):
        again = lambda key=f"key-{round_}": actions.file(
            made, applicant=firm, data={}, account=asker, idempotency_key=key
        )
        results = pair.at_once(again, again)
        assert [type(result) for result in results] == [Case, Case], results
        assert results[0].pk == results[1].pk
    assert Case.objects.count() == 25 == CaseEvent.objects.filter(event="submitted").count()


def test_a_flow_published_while_cases_run_changes_none_of_them(crew: Callable[[int], Crew]) -> None:
    made = world.item(
        document=world.content(world.seq(world.step("one"), world.step("decide", kind="decision")), intake=False)
    )
    clerk = held(world.official("甲", world.ECONOMY, "cases.handle", "cases.decide"))
    pair = crew(2)
    for round_ in range(10):
        case = file(made)
        document = world.content(world.seq(world.step(f"new{round_}"), world.step("decide", kind="decision")), intake=False,
                                 limits={"promised": {"amount": 1, "unit": "workday"}})  # fmt: skip
        publish = lambda document=document: world.publish(made, document)
        work = lambda case=case: (
            actions.complete_step(Case(pk=case.pk, version_id=case.version_id), "one", outcome="pass", account=clerk)
            if "one" in case.marking
            else None
        )
        before = (case.version_id, case.due_at)
        results = pair.at_once(publish, work)
        assert not [result for result in results if isinstance(result, Exception)], results
        case.refresh_from_db()
        assert (case.version_id, case.due_at) == before
        if round_ == 0:
            assert case.marking == "decide"
        made.refresh_from_db()


def test_an_assignment_and_a_claim_at_once_leave_one_handler(crew: Callable[[int], Crew]) -> None:
    made = world.item(document=world.content(intake=False))
    one, two = (held(world.official(name, world.ECONOMY, "cases.handle")) for name in ("甲", "乙"))
    pair = crew(2)
    for _ in range(25):
        step = CaseStep.objects.select_related("case").get(case=file(made), done_at__isnull=True)
        same = CaseStep.objects.select_related("case").get(pk=step.pk)
        results = pair.at_once(lambda s=step: actions.claim(s, one), lambda s=same: actions.claim(s, two))
        lost = [result for result in results if isinstance(result, CaseError)]
        assert [error.code for error in lost] == ["cases.claimed"], results
        assert CaseStep.objects.get(pk=step.pk).handler_id == (two.pk if results[0] is lost[0] else one.pk)


def test_of_a_consent_and_a_ruling_at_once_one_counts(crew: Callable[[int], Crew]) -> None:
    made = world.item(document=world.content(intake=False))
    taker = held(world.official("收", world.ECOLOGY, "cases.assign"))
    ruler = held(world.official("裁", None, "cases.rule", scope="city"))
    pair = crew(2)
    for _ in range(10):
        case = file(made)
        asked = actions.ask_transfer(case, Organisation.objects.get(pk=world.ECOLOGY), "职责所在", None)
        results = pair.at_once(
            lambda t=asked: actions.settle_transfer(t, True, taker),
            lambda t=asked: actions.settle_transfer(t, False, ruler, by_ruling=True, reason="原单位办理"),
        )
        lost = [result for result in results if isinstance(result, CaseError)]
        assert [error.code for error in lost] == ["cases.settled"], results
        case.refresh_from_db()
        assert case.office_id == (world.ECONOMY if results[0] is lost[0] else world.ECOLOGY)
        with transaction.atomic():
            assert Tenure.objects.filter(case=case, until__isnull=True, office_id=case.office_id).count() == 1


# --- packages ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def joining() -> Iterator[packages.Joining]:
    """Have packages forked into five parts and joined by the hooks of their zone."""
    items = packages.items()
    made = packages.Joining(lambda _case: packages.parts_of(items, accepted=True))
    hooks.register(made, zone=packages.ZONE, kind="package")
    yield made
    hooks.forget(made)


def bare(case: Case) -> Case:
    """Return what a page knows of a case: nothing of its parent."""
    return Case(pk=case.pk, number=case.number, version_id=case.version_id)


def test_five_parts_that_end_together_end_their_parent_once(
    crew: Callable[[int], Crew], joining: packages.Joining
) -> None:
    item, five = packages.package(), crew(5)
    heads = [held(world.official(f"长{n}", office, "cases.decide")) for n, office in enumerate(packages.OFFICES)]
    for round_ in range(PACKAGES):
        parent = packages.file(item)
        words = [
            {"outcome": "refused", "reason": "不符", "law": "第三条"} if n < round_ % 6 else {"outcome": "granted"}
            for n in range(5)
        ]
        tasks = [
            lambda n=n, part=part, said=said: actions.decide(bare(part), account=heads[n], **said)
            for n, (part, said) in enumerate(zip(joining.forked, words, strict=True))
        ]
        results = five.at_once(*tasks)
        assert not [result for result in results if isinstance(result, Exception)], results
        parent.refresh_from_db()
        wanted = {0: "granted", 5: "refused"}.get(round_ % 6, "partial")
        assert (parent.state, parent.outcome) == ("closed", wanted)
        assert CaseEvent.objects.filter(number=parent.number, event="closed").count() == 1
        assert not CaseStep.objects.filter(case=parent, done_at=None).exists()


def test_a_part_that_ends_while_its_parent_is_withdrawn_ends_once(
    crew: Callable[[int], Crew], joining: packages.Joining
) -> None:
    item, three, ended = packages.package(), crew(3), Counter()  # type: ignore[var-annotated]
    for _ in range(PACKAGES):
        parent = packages.file(item)
        first, second = joining.forked[0], joining.forked[4]
        results = three.at_once(
            lambda part=first: actions.decide(bare(part), outcome="granted", account=None),
            lambda part=second: actions.decide(
                bare(part), outcome="refused", reason="不符", law="第三条", account=None
            ),
            lambda parent=parent: actions.withdraw(bare(parent), "不办了", None),
        )
        assert not isinstance(results[2], Exception), results[2]
        for part, result, own in ((first, results[0], "granted"), (second, results[1], "refused")):
            part.refresh_from_db()
            late = isinstance(result, CaseError)
            assert late or isinstance(result, Case), result
            assert part.outcome == ("withdrawn" if late else own)
            ended[part.outcome] += 1
        parts = Case.objects.filter(parent=parent)
        assert set(parts.values_list("state", flat=True)) == {"closed"}
        numbers = [parent.number, *parts.values_list("number", flat=True)]
        assert CaseEvent.objects.filter(number__in=numbers, event="closed").count() == 6
        tenures = Tenure.objects.filter(case__number__in=numbers)
        assert (tenures.count(), tenures.filter(until=None).count()) == (6, 0)
    assert sum(ended.values()) == 2 * PACKAGES
