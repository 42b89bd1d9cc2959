"""Two at once: confirming and disputing, reviewing, uploading the same visit, the last place of a butler, the ladder run by two workers.

Run where each thread has a connection of its own: on PostgreSQL (``YZT_TEST_DATABASE=postgres``).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection

from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.items import catalogue, elements
from yizhantong.kernel.ledger import sample_load
from yizhantong.kernel.parties.models import Organisation
from yizhantong.testing.together import at_once
from yizhantong.zones.butler.actions import appeals, butlers, endings, escalations, visits
from yizhantong.zones.butler.models import Confirmation, Ending, Escalation, Outcome, UnableReview, Visit, VisitLog
from yizhantong.zones.butler.queries.butlers import assignments
from yizhantong.zones.butler.tests.conftest import DAY, Town, settle
from yizhantong.zones.butler.tests.test_visits import visit_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="a SQLite database in memory has one connection for all threads"
    ),
]
TRIALS = 20


@pytest.fixture
def open_town(transactional_db: None) -> Iterator[Town]:
    """Everybody, committed, so that other connections see them."""
    made = sample_load.prepare(DAY)
    yield settle(made)
    for forget in (tree.forget, catalogue.forget, elements.forget, clock._demonstration_day.cache_clear):
        forget()


def answered(town: Town) -> Case:
    """Return an appeal that was answered as solved."""
    case = town.appeal()
    cases.accept(case, account=town["clerk"])
    return appeals.answer_appeal(case, result="solved", reason="已落实", account=town["clerk"])


def raced(*tasks: Callable[[], Any]) -> tuple[list[Any], list[Exception]]:
    """Run tasks together; return what succeeded and what was refused."""
    results = at_once(*tasks)
    return [r for r in results if not isinstance(r, Exception)], [r for r in results if isinstance(r, Exception)]


def test_of_confirming_and_disputing_at_once_one_wins(open_town: Town) -> None:
    agent, wins = open_town["agent"], set()
    for _ in range(TRIALS):
        case = answered(open_town)
        one, other = Case.objects.get(pk=case.pk), Case.objects.get(pk=case.pk)
        won, lost = raced(
            lambda c=one: endings.confirm(c, account=agent),
            lambda c=other: endings.dispute(c, "没有落实", account=agent),
        )
        assert (len(won), len(lost)) == (1, 1), lost
        state = Ending.objects.get(case=case).state
        said = list(Confirmation.objects.filter(number=case.number).values_list("said", flat=True))
        assert said == [state]
        assert Outcome.objects.filter(number=case.number, sign=-1).count() == (state == "disputed")
        assert lost[0].code in ("butler.ending_settled", "butler.not_closed"), lost
        wins.add(state)
    assert wins <= {"confirmed", "disputed"}


def test_of_two_reviews_at_once_one_wins_and_the_other_learns_who(open_town: Town) -> None:
    managers = [open_town["manager"], open_town["manager2"]]
    for _ in range(TRIALS):
        case = open_town.appeal()
        cases.accept(case, account=open_town["clerk"])
        review = appeals.propose_unable(case, reason="规划不允许", law="国土空间规划", account=open_town["clerk"])
        tasks = [
            lambda m=m, ok=ok, pk=review.pk: appeals.settle_unable(
                UnableReview.objects.get(pk=pk), approve=ok, remark="意见", account=m
            )
            for m, ok in zip(managers, (True, False), strict=True)
        ]
        won, lost = raced(*tasks)
        assert (len(won), [error.code for error in lost]) == (1, ["butler.review_settled"]), lost
        assert "演示manager" in str(lost[0])


def test_the_same_visit_uploaded_at_once_is_recorded_once(open_town: Town) -> None:
    butler = open_town["butler"]
    for _ in range(TRIALS):
        given = visit_of(open_town, uuid=uuid.uuid4())
        won, lost = raced(*[lambda g=given: visits.log_visit(g, account=butler)] * 3)
        assert (len(won), lost) == (3, [])
        assert sum(item.fresh for item in won) == 1
    assert VisitLog.objects.count() == Visit.objects.count() == TRIALS


def test_the_last_place_of_a_butler_is_given_once(open_town: Town) -> None:
    manager, butler = open_town["manager"], open_town.second
    firms = list(Organisation.objects.filter(kind="enterprise").order_by("uscc")[10 : 10 + 2 * TRIALS])
    for one, other in zip(firms[::2], firms[1::2], strict=True):
        tasks = [lambda f=firm: butlers.assign(f, butler, account=manager) for firm in (one, other)]
        won, lost = raced(*tasks)
        assert (len(won), [error.code for error in lost]) == (1, ["butler.full"]), lost
        served = assignments().get(butler=butler.code)
        butlers.relieve(served.enterprise, reason="试验", account=manager)


def test_two_workers_at_the_ladder_raise_each_rung_once(open_town: Town) -> None:
    with clock.at(dt.datetime.combine(DAY - dt.timedelta(days=46), dt.time(2), tzinfo=dt.UTC)):
        made = [open_town.appeal(subject=f"用地指标第{n}件") for n in range(5)]
        for case in made:
            cases.accept(case, account=open_town["clerk"])
    won, lost = raced(*[escalations.escalate_due] * 3)
    assert (sum(won), lost) == (4 * len(made), [])
    assert Escalation.objects.count() == 4 * len(made)
