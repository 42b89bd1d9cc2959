"""Two at once: the same child by two parents, two workers over the same receipts, the last place by two officers; and a worker that is killed.

Run where each thread has a connection of its own: on PostgreSQL (``YZT_TEST_DATABASE=postgres``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection

from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.items import catalogue, elements
from yizhantong.kernel.ledger import sample_load
from yizhantong.testing.together import at_once
from yizhantong.zones.onething.enrolment.actions import confirming, intake, placing
from yizhantong.zones.onething.enrolment.models import Batch, Child, Intake, Placement
from yizhantong.zones.onething.enrolment.queries import seasons as queries
from yizhantong.zones.onething.enrolment.tests.conftest import District, at, settle
from yizhantong.zones.onething.enrolment.tests.test_way import to_lottery

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="a SQLite database in memory has one connection for all threads"
    ),
]
TRIALS = 8


@pytest.fixture
def open_district(transactional_db: None) -> Iterator[District]:
    """The district, committed, so that other connections see it."""
    sample_load.prepare(sample_load.sample_day())
    yield settle()
    for forget in (
        tree.forget,
        catalogue.forget,
        elements.forget,
        clock._demonstration_day.cache_clear,
        queries._standing.cache_clear,
    ):
        forget()
    intake._in_force.cache_clear()


def within(day: int, task: Callable[[], Any]) -> Callable[[], Any]:
    """Return a task that sees the city's clock on that day: threads do not share it."""

    def run() -> Any:
        with at(day):
            return task()

    return run


def test_of_two_parents_who_enter_a_child_at_once_one_wins(open_district: District) -> None:
    for number in range(1, TRIALS + 1):
        mine, other = open_district.form(number), open_district.form(number + 50)
        other |= {name: mine[name] for name in ("child_identity", "child_born_on")}
        first, second = open_district.parent(number), open_district.parent(number + 50)
        results = at_once(
            within(5, lambda data=mine, by=first: intake.receive(open_district.season, data, account=by, key="k")),
            within(5, lambda data=other, by=second: intake.receive(open_district.season, data, account=by, key="k")),
        )
        assert sum(isinstance(one, Intake) for one in results) == 1, results
        assert [one.code for one in results if isinstance(one, Exception)] == ["enrolment.child_entered"]


def test_the_same_submission_sent_twice_at_once_has_one_receipt(open_district: District) -> None:
    for number in range(1, TRIALS + 1):
        data, by = open_district.form(number), open_district.parent(number)
        send = within(5, lambda data=data, by=by: intake.receive(open_district.season, data, account=by, key="k"))
        results = at_once(send, send)
        assert len({one.receipt for one in results}) == 1, results


def test_two_workers_make_each_case_once(open_district: District) -> None:
    with at(5):
        for number in range(1, 41):
            open_district.hand_in(number, registered=False)
    assert sum(at_once(within(6, intake.open_waiting), within(6, intake.open_waiting))) == 40
    assert Case.objects.filter(item_id="onething.school").count() == 40
    assert Intake.objects.filter(state="opened").count() == Child.objects.count() == 40


def test_a_worker_that_dies_in_the_middle_loses_and_doubles_nothing(
    open_district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at(5):
        for number in range(1, 31):
            open_district.hand_in(number, registered=False)
    real, done = intake._open, []

    def dying(row: Intake, item: Any) -> None:
        if len(done) == 28:
            raise KeyboardInterrupt
        done.append(row.pk)
        real(row, item)

    monkeypatch.setattr(intake, "_open", dying)
    with at(6), pytest.raises(KeyboardInterrupt):
        intake.open_waiting()
    assert Intake.objects.filter(state="waiting").count() == 5, "the second group was taken back as a whole"
    monkeypatch.setattr(intake, "_open", real)
    with at(6):
        assert intake.open_waiting() == 5
    assert Case.objects.filter(item_id="onething.school").count() == Child.objects.count() == 30


def test_a_batch_is_published_once_and_a_place_settled_once(open_district: District) -> None:
    with at(5):
        open_district.hand_in(1)
    to_lottery(open_district)
    batch = Batch.objects.get(season=open_district.season, number=1)
    with at(26):
        placing.propose(batch, open_district.head)
    publish = within(26, lambda: placing.publish(Batch.objects.get(pk=batch.pk), open_district.second))
    results = at_once(publish, publish)
    assert [one.code for one in results if isinstance(one, Exception)] == ["enrolment.batch_state"]
    place, parent = Placement.objects.get(batch=batch), open_district.parent(1)
    decided = at_once(
        within(27, lambda: confirming.confirm(place, parent)), within(27, lambda: confirming.decline(place, parent))
    )
    assert Placement.objects.get(pk=place.pk).state in ("confirmed", "declined"), decided
