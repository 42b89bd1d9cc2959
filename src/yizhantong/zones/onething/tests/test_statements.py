"""At most twenty statements for each change of a package with all that the zone and the kernel do beside it, whatever page or program acts.

Counted with everything: the transaction's beginning and end, rights of the account, facts, notices, papers, the zone's own rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases.models import Case
from yizhantong.zones.onething.tests.conftest import Town

pytestmark = pytest.mark.django_db
MOST = 20
DEFECTS = [{"kind": "other", "text": "请补充"}]
LAW = "《户口登记条例》第七条"


@contextmanager
def counted() -> Iterator[CaptureQueriesContext]:
    with CaptureQueriesContext(connection) as asked:
        yield asked
    assert len(asked) <= MOST, [query["sql"][:110] for query in asked]


@pytest.fixture
def warm(town: Town) -> Town:
    """The town once it has handled a package: what is kept in memory of versions and wishes is there."""
    played(town, lambda work: work())
    return town


def played(town: Town, change: Callable[[Callable[[], Any]], Any]) -> None:
    """Play a package to its end, each of its changes by ``change``."""
    made: list[Case] = []
    change(lambda: made.append(town.filed()))
    parent = made[0]
    official = town.official(parent)
    change(lambda: cases.accept(parent, account=official))
    while (part := open_part(parent)) is not None:
        through(town, part, change)
    assert Case.objects.get(pk=parent.pk).outcome == "granted"


def open_part(parent: Case) -> Case | None:
    return Case.objects.filter(parent=parent, state="accepted").order_by("id").first()


def through(town: Town, part: Case, change: Callable[[Callable[[], Any]], Any], **said: str) -> None:
    """Have a part decided, each of its changes by ``change``."""
    official: User = town.official(part)
    for step in part.steps.filter(done_at=None).exclude(kind="decision").order_by("id"):
        change(lambda code=step.code: cases.complete_step(part, code, outcome="pass", account=official))  # type: ignore[misc]
    outcome = "refused" if said else "granted"
    change(lambda: cases.decide(part, outcome=outcome, account=official, **said))


def test_each_change_of_a_package_on_its_way(warm: Town) -> None:
    def change(work: Callable[[], Any]) -> None:
        with counted():
            work()

    played(warm, change)


def test_a_refusal_that_loses_all_the_rest_and_ends_the_whole(warm: Town) -> None:
    parent = warm.accepted()
    part = warm.part(parent, "certificate")
    official = warm.official(part)
    with counted():
        cases.decide(part, outcome="refused", reason="不符合条件", law=LAW, account=official)
    assert Case.objects.get(pk=parent.pk).outcome == "refused"


@pytest.mark.parametrize("how", ["withdraw", "terminate"])
def test_the_whole_taken_back_with_what_is_open_of_it(warm: Town, how: str) -> None:
    parent = warm.accepted()
    warm.decide(parent, "certificate")
    account = warm["mother"] if how == "withdraw" else warm.official(parent)
    more = () if how == "withdraw" else (LAW,)
    with counted():
        getattr(cases, how)(parent, "不办了", *more, account)
    assert not Case.objects.filter(parent=parent, state="accepted").exists()


def test_a_supplement_of_the_package(warm: Town) -> None:
    parent, mother = warm.filed(), warm["mother"]
    official = warm.official(parent)
    with counted():
        cases.ask_supplement(parent, DEFECTS, account=official)
    with counted():
        cases.supplement(parent, account=mother)


def test_parts_that_open_together_are_entered_by_one_statement(town: Town) -> None:
    with CaptureQueriesContext(connection) as first:
        town.decide(town.accepted(), "certificate")
    entered = [query["sql"] for query in first if 'INSERT INTO "onething_acceptance"' in query["sql"]]
    assert len(entered) == 2  # the certificate, at acceptance; then household and vaccination, or what waits for it
    assert entered[1].count("'birth'") > 1
