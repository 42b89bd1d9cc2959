"""The same change sent by several at the same moment, each over a connection of its own: one fact, told to all."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.http import HttpResponse
from django.test import Client

from yizhantong.kernel.ledger import ledger
from yizhantong.web.api.tests.conftest import Town, body_of, leave, settle, signing
from yizhantong.web.models import IdempotencyKey

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS, SENDERS = 8, 4
PATH = "/api/v1/ledgers/investment.signing/facts"


@pytest.fixture
def committed(transactional_db: None, settings: Any, tmp_path: Path) -> Iterator[Town]:
    """The city, committed so that other connections see it."""
    if connection.vendor != "postgresql":
        pytest.skip("a SQLite database in memory has one connection for all threads")
    settings.YZT_SEGMENTS = tmp_path
    yield settle()
    leave()


def at_once(count: int, send: Callable[[int], HttpResponse]) -> list[HttpResponse]:
    """Send from threads that start together; return their answers."""
    gate = threading.Barrier(count)
    answers: dict[int, HttpResponse] = {}

    def run(position: int) -> None:
        try:
            gate.wait(10)
            answers[position] = send(position)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(position,)) for position in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return [answers[position] for position in range(count)]


def test_one_key_sent_at_once_makes_one_fact(committed: Town) -> None:
    facts = ledger("investment.signing").model._default_manager
    before = facts.count()
    for round_ in range(ROUNDS):
        body = json.dumps(body_of(signing(committed, 500 + round_)))
        headers = {"Authorization": f"Bearer {committed.tokens['clerk']}", "Idempotency-Key": f"race-{round_}"}

        def send(_position: int, body: str = body, headers: dict[str, str] = headers) -> HttpResponse:
            return Client().post(PATH, body, content_type="application/json", headers=headers)  # type: ignore[return-value]

        answers = at_once(SENDERS, send)
        assert {answer.status_code for answer in answers} == {201}, [answer.content for answer in answers]
        assert len({answer["Location"] for answer in answers}) == 1
    assert facts.count() == before + ROUNDS
    assert IdempotencyKey.objects.count() == ROUNDS


def test_one_key_with_two_bodies_at_once_makes_one_fact(committed: Town) -> None:
    facts = ledger("investment.signing").model._default_manager
    before = facts.count()
    for round_ in range(ROUNDS):
        headers = {"Authorization": f"Bearer {committed.tokens['clerk']}", "Idempotency-Key": f"two-{round_}"}

        def send(position: int, round_: int = round_, headers: dict[str, str] = headers) -> HttpResponse:
            body = json.dumps(body_of(signing(committed, 600 + 10 * round_ + position)))
            return Client().post(PATH, body, content_type="application/json", headers=headers)  # type: ignore[return-value]

        answers = at_once(2, send)
        assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert facts.count() == before + ROUNDS
