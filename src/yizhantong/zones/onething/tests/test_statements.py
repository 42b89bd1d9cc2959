"""Few statements for what the zone does beside each change of a package: its ledgers are told of all parts at once."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yizhantong.zones.onething.tests.conftest import Town

pytestmark = pytest.mark.django_db


def test_parts_that_open_together_are_entered_by_one_statement(town: Town) -> None:
    with CaptureQueriesContext(connection) as first:
        town.decide(town.accepted(), "certificate")
    entered = [query["sql"] for query in first if 'INSERT INTO "onething_acceptance"' in query["sql"]]
    assert len(entered) == 2  # the certificate, at acceptance; then household and vaccination, or what waits for it
    assert entered[1].count("'birth'") > 1


def test_the_ending_of_a_part_that_opens_nothing_takes_few_statements(town: Town) -> None:
    made = town.accepted()
    town.decide(made, "certificate")
    part = town.part(made, "vaccination")
    with CaptureQueriesContext(connection) as asked:
        town.decide(made, "vaccination")
    assert part.parent_id == made.pk
    beside = 3  # what the test itself asks: part, official, steps
    assert len(asked) - beside <= 20, [query["sql"][:90] for query in asked]
