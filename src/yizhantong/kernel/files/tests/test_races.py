"""Several who issue or revoke at the same moment, each over a connection of its own."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections

from yizhantong.kernel.divisions import clock
from yizhantong.kernel.files.errors import FileError
from yizhantong.kernel.files.issuing import revoke
from yizhantong.kernel.files.models import Issued
from yizhantong.kernel.files.tests.test_issuing import made
from yizhantong.kernel.parties.models import Organisation

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def committed(transactional_db: None, office: Organisation) -> Organisation:
    """The office, committed so that other connections see it."""
    if connection.vendor != "postgresql":
        pytest.skip("a SQLite database in memory has one connection for all threads")
    clock._demonstration_day.cache_clear()
    return office


def test_those_who_issue_at_once_get_numbers_without_gap_or_double(committed: Organisation) -> None:
    failed: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(5):
                made(committed)
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert failed == []
    numbers = sorted(int(n.rpartition("〕")[2].rstrip("号")) for n in Issued.objects.values_list("number", flat=True))
    assert numbers == list(range(1, 21))


def test_two_who_revoke_at_once_revoke_once(committed: Organisation) -> None:
    issued, answers = made(committed), []

    def work(reason: str) -> None:
        try:
            revoke(Issued.objects.get(pk=issued.pk), reason=reason, account=None)
            answers.append("done")
        except FileError as error:
            answers.append(error.code)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work, args=(f"原因{n}",)) for n in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert sorted(answers) == ["done", *["files.already_revoked"] * 3]
