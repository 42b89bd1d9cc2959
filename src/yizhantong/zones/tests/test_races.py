"""Of two who decide the same thing at once exactly one succeeds, and the other is told why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.db import connection

from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.ledger import sample_load
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.zones.tests.races import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

BY = {"account": None, "source": "test"}
DAY = dt.date(2021, 6, 1)
WAN = 1_000_000


@pytest.fixture
def city(transactional_db: None) -> Iterator[SampleCity]:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: there is no race")
    yield sample_load.prepare(sample_load.sample_day())
    tree.forget()
    clock._demonstration_day.cache_clear()


def of(zone: str) -> Any:
    """Return the actions of a zone."""
    return import_module(f"yizhantong.zones.{zone}.actions")


def test_two_officials_close_one_appeal(city: SampleCity) -> None:
    butler = of("butler")
    enterprise, agency = city.organisations("enterprise")[0], city.organisations("agency")[0]
    given = {"kind": "land", "channel": "window", "subject": "用地指标", "on": DAY}
    butler.accept_appeal("SQ-1", enterprise, agency, **given, **BY)
    said = at_once(
        lambda: butler.close_appeal("SQ-1", "solved", on=DAY, **BY),
        lambda: butler.close_appeal("SQ-1", "unable", on=DAY, **BY),
    )
    assert said == ["done", "ledger.key_taken"]


def test_an_appeal_is_closed_or_taken_back_but_not_both(city: SampleCity) -> None:
    butler = of("butler")
    enterprise, agency = city.organisations("enterprise")[0], city.organisations("agency")[0]
    given = {"kind": "land", "channel": "window", "subject": "用地指标", "on": DAY}
    butler.accept_appeal("SQ-1", enterprise, agency, **given, **BY)
    said = at_once(
        lambda: butler.close_appeal("SQ-1", "solved", on=DAY, **BY),
        lambda: butler.take_back_appeal("SQ-1", reason="误登", **BY),
    )
    assert said in (["butler.already_closed", "done"], ["butler.not_accepted", "done"])


def test_two_drawdowns_do_not_exceed_the_credit_together(city: SampleCity) -> None:
    finance = of("finance")
    bank = city.organisations("bank")[0]
    finance.publish_need(
        "RZ-1", city.organisations("enterprise")[0], 100 * WAN, term_months=12, purpose="working", guarantee="credit",
        first_loan=False, on=DAY, **BY,
    )  # fmt: skip
    finance.grant_credit("SX-1", "RZ-1", bank, 100 * WAN, rate_bp=435, term_months=12, on=DAY, **BY)
    said = at_once(
        lambda: finance.draw("B-1", "SX-1", 60 * WAN, on=DAY, **BY),
        lambda: finance.draw("B-2", "SX-1", 60 * WAN, on=DAY, **BY),
    )
    assert said == ["done", "finance.drawn_above_credit"]


def test_an_issue_gets_one_duty(city: SampleCity) -> None:
    livelihood = of("livelihood")
    first, second = city.organisations("agency")[:2]
    place = city.townships[0].code
    livelihood.list_issue("WT-1", "hotline", "water", "老旧小区供水", division=place, on=DAY, **BY)
    given = {"level": "county", "due_on": dt.date(2021, 6, 15), "on": DAY} | BY
    said = at_once(
        lambda: livelihood.make_duty("LZ-1", "WT-1", first, **given),
        lambda: livelihood.make_duty("LZ-2", "WT-1", second, **given),
    )
    assert said == ["done", "livelihood.has_duty"]


def test_one_enterprise_is_paid_once_under_one_policy(city: SampleCity) -> None:
    policies = of("policies")
    enterprise, agency = city.organisations("enterprise")[0], city.organisations("agency")[0]
    given = {"level": "city", "area": "jobs", "policy_class": "automatic", "on": dt.date(2021, 1, 4)}
    policies.publish_policy("ZC-1", "稳岗返还(演示)", "示政办发〔2021〕1号", agency, **given, **BY)
    said = at_once(*[lambda: policies.pay("ZC-1", enterprise, WAN, year=2021, on=DAY, **BY)] * 2)
    assert said == ["done", "ledger.key_taken"]
