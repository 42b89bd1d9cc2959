"""No stale answer, ever: not after a commit, not after a rollback, not between threads; and few queries."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import close_old_connections, connection, transaction

from yizhantong.kernel.figures import queries, sources
from yizhantong.kernel.figures.tests.trial import DEALS, Deal, deal, write
from yizhantong.kernel.ledger import segments

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_new_fact_shows_at_once(deals: None) -> None:
    for number in range(1, 8):
        write(**deal(number))
        if number == 4:
            segments.seal(DEALS)
        found = queries.values("all")
        assert found["trial.count"].raw == found["trial.projects"].raw == number
        assert found["trial.count"].live == (number != 4)
    assert found["trial.count"].sealed_ids == {DEALS.code: Deal.objects.order_by("id")[3].pk}


def test_a_fact_shows_in_its_figure_at_once(deals: None) -> None:
    Deal.objects.bulk_create(
        Deal(**deal(number % 500), recorded_at="2021-03-01T04:00Z", source="test") for number in range(5_000)
    )
    segments.seal(DEALS)
    queries.values("all")
    for number in range(5):
        write(**deal(1_000 + number))
        assert queries.value("trial.projects").raw == 501 + number


def test_what_was_rolled_back_is_not_remembered(deals: None) -> None:
    write(**deal(1))
    queries.values("all")
    with transaction.atomic():
        write(**deal(2))
        assert queries.value("trial.count").raw == 2
        transaction.set_rollback(True)
    assert queries.value("trial.count").raw == 1
    write(**deal(3, amount_fen=1))
    assert queries.value("trial.amount").raw == 10_000_000_001


@pytest.mark.skipif("connection.vendor == 'sqlite'")
def test_a_fact_that_commits_late_with_an_earlier_id_shows(deals: None) -> None:
    write(**deal(1))
    drawn, go, done = threading.Event(), threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            write(**deal(2))
            drawn.set()
            go.wait(20)
        close_old_connections()
        connection.close()
        done.set()

    threading.Thread(target=slow).start()
    assert drawn.wait(20)
    write(**deal(3))
    assert queries.value("trial.count").raw == 2
    go.set()
    assert done.wait(20)
    assert queries.value("trial.count").raw == 3


def test_many_threads_ask_at_once(deals: None) -> None:
    for number in range(300):
        write(**deal(number))
    segments.seal(DEALS)
    for number in range(300, 320):
        write(**deal(number))
    expected = {code: item.raw for code, item in queries.values("all", engine="database").items()}

    def ask(number: int) -> dict[str, Any]:
        try:
            if number % 3 == 0:
                sources.forget()
            return {code: item.raw for code, item in queries.values("all").items()}
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        for found in pool.map(ask, range(24)):
            assert found == expected


def test_all_values_take_three_queries_and_two_when_nothing_is_new(
    deals: None, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        write(**deal(number))
    queries.values("all")
    with django_assert_max_num_queries(2):
        queries.values("all")
    write(**deal(21))
    with django_assert_max_num_queries(3):
        queries.values("all")
