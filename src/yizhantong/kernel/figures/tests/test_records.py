"""The records behind a figure are the facts that were counted, and add up to its value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from yizhantong.kernel.access.models import User
from yizhantong.kernel.figures import queries
from yizhantong.kernel.figures.errors import FigureError
from yizhantong.kernel.figures.records import behind, records
from yizhantong.kernel.figures.tests.trial import DEALS, FIGURES, deal, take_back, write
from yizhantong.kernel.ledger import declare as ledgers

pytestmark = pytest.mark.django_db
ANYONE = AnonymousUser()


@pytest.fixture
def many(deals: None) -> None:
    for number in range(60):
        fact = write(
            **deal(
                number % 9, project=["P%", "P'x"][number % 2] if number % 5 == 0 else f"P{number % 9}",
                division_id=["2107", "210702", "210711100"][number % 3], share=Decimal(number) / 8,
                occurred_on=dt.date(2020 + number % 2, 1 + number % 8, 3), chapter=[None, "old", "new"][number % 3],
            )
        )  # fmt: skip
        if number % 4 == 0:
            take_back(fact)


def walk(code: str, **more: Any) -> list[Any]:
    rows, after = [], None
    while True:
        page = records(code, ANYONE, after=after, size=7, **more)
        rows += page.rows
        after = page.after
        if not after:
            return rows


@pytest.mark.parametrize("code", [item.code for item in FIGURES if item.ledger])
@pytest.mark.parametrize("division", [None, "210702", "2107A1"])
def test_what_the_records_contribute_adds_up_to_the_value(many: None, code: str, division: str | None) -> None:
    rows = walk(code, division=division)
    assert sum(row.raw for row in rows) == queries.value(code, division=division).raw
    assert len({row.fact.pk for row in rows}) == len(rows)
    assert records(code, ANYONE, division=division).count == len(rows)


def test_a_ratio_shows_the_records_of_either_part(many: None) -> None:
    above = sum(row.raw for row in walk("trial.share_of_year"))
    below = sum(row.raw for row in walk("trial.share_of_year", part="denominator"))
    assert queries.value("trial.share_of_year").raw == Fraction(above, below)


def test_an_account_sees_the_records_of_its_divisions_only(many: None, official: Callable[..., User]) -> None:
    clerk = official("clerk", "ledger.view", division="210702")
    page = records("trial.count", clerk, size=100)
    assert {row.fact.division_id for row in page.rows} == {"210702"}
    assert not page.complete
    assert records("trial.count", ANYONE).complete


def test_a_ledger_that_is_not_public_shows_nothing_to_the_public(many: None, official: Callable[..., User]) -> None:
    ledgers._LEDGERS[DEALS.code] = replace(DEALS, public=False)
    page = records("trial.count", ANYONE)
    assert (page.rows, page.columns, page.complete) == ([], [], False)
    assert records("trial.count", official("auditor", "ledger.view")).count == 75


def test_a_page_takes_the_same_queries_whatever_its_size(many: None, django_assert_num_queries: Any) -> None:
    records("trial.count", ANYONE)  # the city's day and its tree are looked up once
    for size in (1, 50):
        with django_assert_num_queries(2):
            records("trial.amount", ANYONE, size=size)
        with django_assert_num_queries(3):
            records("trial.projects", ANYONE, size=size)


def test_the_rows_for_an_export_are_the_same(many: None) -> None:
    exported = behind("trial.large", ANYONE).order_by("-id")
    assert [fact.pk for fact in exported] == [row.fact.pk for row in walk("trial.large")]


@pytest.mark.parametrize("after", ["x", "-1", "９９", "9" * 30])
def test_a_page_that_is_none_is_refused(many: None, after: str) -> None:
    with pytest.raises(FigureError) as refused:
        records("trial.count", ANYONE, after=after)
    assert refused.value.code == "figures.no_records"
