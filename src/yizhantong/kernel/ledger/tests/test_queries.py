"""Who sees what, page by page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from yizhantong.kernel.access.models import User
from yizhantong.kernel.ledger import actions, queries, showing
from yizhantong.kernel.ledger.audit import AUDIT
from yizhantong.kernel.ledger.declare import Field, Ledger
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.queries import Filters
from yizhantong.kernel.ledger.tests.trial import signing

pytestmark = pytest.mark.django_db
ANYONE = AnonymousUser()


@pytest.fixture
def filled(trial: Ledger) -> Ledger:
    divisions = ["210702", "210703", "210781100200"]
    rows = [
        signing(
            i, division_id=divisions[i % 3], occurred_on=dt.date(2021, 1, 1 + i % 20), contact="王小明", name=f"项目{i}"
        )
        for i in range(1, 61)
    ]
    actions.record_many(trial, rows, source="test")
    return trial


def test_anyone_sees_public_columns_of_a_public_ledger_and_nothing_of_another(filled: Ledger) -> None:
    names = [column.field.name for column in queries.columns_for(ANYONE, filled)]
    assert "合同额" in names
    assert not {"洽谈时间", "登记人", "来源", "备注"} & set(names)
    assert queries.visible_to(ANYONE, filled).count() == 60
    assert queries.columns_for(ANYONE, AUDIT) == []
    assert not queries.visible_to(ANYONE, AUDIT).exists()
    closed = replace(filled, public=False)
    assert not queries.visible_to(ANYONE, closed).exists()


def test_staff_see_all_columns_within_their_reach(filled: Ledger, official: Callable[..., User]) -> None:
    clerk = official("clerk", "ledger.view", division="210781")
    assert {fact.division_id for fact in queries.visible_to(clerk, filled)} == {"210781100200"}
    assert "洽谈时间" in [column.field.name for column in queries.columns_for(clerk, filled)]
    assert queries.visible_to(clerk, filled, as_public=True).count() == 60
    assert "洽谈时间" not in [column.field.name for column in queries.columns_for(clerk, filled, as_public=True)]


def test_personal_columns_are_masked_unless_revealed(filled: Ledger, official: Callable[..., User]) -> None:
    fact = queries.visible_to(ANYONE, filled).first()
    assert fact is not None

    def contact(account: Any) -> str:
        return next(c.text(fact) for c in queries.columns_for(account, filled) if c.field.column == "contact")

    assert contact(ANYONE) == "王**"
    assert contact(official("clerk", "ledger.view")) == "王**"
    assert contact(official("chief", "ledger.view", "personal.reveal")) == "王小明"


def test_pages_follow_each_other_without_gap_or_overlap(filled: Ledger) -> None:
    seen, after = [], ""
    while True:
        found = queries.page(ANYONE, filled, after=after, size=7)
        seen += [(fact.occurred_on, fact.pk) for fact in found.facts]
        after = found.after
        if not after:
            break
    assert len(seen) == found.count == 60
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == 60


@pytest.mark.parametrize("size", [5, 50])
def test_a_page_takes_two_queries_whatever_its_size(
    filled: Ledger, size: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    queries.page(ANYONE, filled, Filters(division="210781"))
    with django_assert_num_queries(2):
        found = queries.page(ANYONE, filled, Filters(division="210781"), size=size)
        assert [[column.text(fact) for column in found.columns] for fact in found.facts]


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (Filters(since=dt.date(2021, 1, 2), until=dt.date(2021, 1, 3)), 6),
        (Filters(division="210781"), 20),
        (Filters(division="2107"), 60),
        (Filters(values={"project": "P7"}), 1),
        (Filters(values={"contract_fen": 7_000_000, "division_id": "210703"}), 1),
        (Filters(text="项目12"), 1),
        (Filters(text="p1 目"), 11),
        (Filters(text="没有"), 0),
    ],
)
def test_filters_narrow_down(filled: Ledger, filters: Filters, count: int) -> None:
    assert queries.page(ANYONE, filled, filters).count == count


def test_what_was_taken_back_is_not_in_force(filled: Ledger) -> None:
    fact = queries.visible_to(ANYONE, filled).first()
    assert fact is not None
    actions.reverse(fact, account=None, reason="错", source="test")
    assert queries.page(ANYONE, filled).count == 61
    assert queries.page(ANYONE, filled, Filters(in_force=True)).count == 59


@pytest.mark.parametrize(
    "filters",
    [
        Filters(division="999"),
        Filters(values={"nothing": 1}),
        Filters(values={"met_at": "2021-01-01"}),
        Filters(values={"contact": "王小明"}),
        Filters(values={"contract_fen": "many"}),
    ],
)
def test_what_cannot_be_asked_for_is_refused(filled: Ledger, filters: Filters) -> None:
    with pytest.raises(LedgerError) as error:
        queries.page(ANYONE, filled, filters)
    assert error.value.code == "ledger.filter"


@pytest.mark.parametrize("after", ["x", "2021-01-01", "2021-01-01_x", "_1"])
def test_a_place_that_is_none_is_refused(filled: Ledger, after: str) -> None:
    with pytest.raises(LedgerError) as error:
        queries.page(ANYONE, filled, after=after)
    assert error.value.code == "ledger.page"


def test_counting_stops_at_its_cap(filled: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "COUNT_CAP", 10)
    found = queries.page(ANYONE, filled)
    assert (found.count, found.capped) == (10, True)


@pytest.mark.parametrize(
    ("unit", "stored", "read"),
    [
        ("万元", 1_000_000, "1"),
        ("万元", 1_234_567, "1.234567"),
        ("亿元", 35_904_000_000_00, "359.04"),
        ("吨", 0, "0"),
        ("万元", 10**13, "10000000"),
    ],
)
def test_amounts_are_read_in_their_unit_exactly(unit: str, stored: int, read: str) -> None:
    assert format(showing.in_unit(Field("额", "x", unit=unit), stored), "f") == read
    assert showing.in_unit(Field("额", "x", unit=unit), stored) == Decimal(read)
