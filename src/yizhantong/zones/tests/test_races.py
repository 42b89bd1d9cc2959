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


def test_two_claims_do_not_exceed_the_sum_insured_together(city: SampleCity) -> None:
    insurance = of("insurance")
    home, flood = "H0000000000AB", dt.date(2021, 5, 14)
    insurance.insure(
        home, city.organisations("insurer")[0], year=2021, village=city.villages[-1].code, group="allowance",
        premium_fen=2000, farmer_fen=0, insured_fen=4 * WAN, on=dt.date(2021, 1, 1), ends_on=dt.date(2021, 12, 31), **BY,
    )  # fmt: skip
    insurance.happen("Z-1", "洪涝灾害", "flood", division=tree.root(), on=flood, **BY)
    for number in ("BA-1", "BA-2"):
        insurance.claim(number, home, "Z-1", "house", year=2021, lost_on=flood, on=flood, **BY)
        insurance.assess(number, assessed_fen=3 * WAN, on=DAY, **BY)
    said = at_once(
        lambda: insurance.pay("PF-1", "BA-1", paid_fen=3 * WAN, on=DAY, **BY),
        lambda: insurance.pay("PF-2", "BA-2", paid_fen=3 * WAN, on=DAY, **BY),
    )
    assert said == ["done", "insurance.above_remaining"]


def test_a_signing_receives_money_or_is_taken_back_but_not_both(city: SampleCity) -> None:
    investment = of("investment")
    investment.sign(
        "P-1", "项目", city.organisations("enterprise")[0], division=city.units[0].code, contract_fen=WAN,
        investment_fen=WAN, chapter="new", industry="3985", agreement="formal", origin="provinces", on=DAY, **BY,
    )  # fmt: skip
    given = {"claimed_fen": WAN, "recognised_fen": WAN, "month": "2021-06", "on": DAY}
    said = at_once(
        lambda: investment.recognise("P-1", "PZ-1", "bank", **given, **BY),
        lambda: investment.take_back_signing("P-1", reason="误登", **BY),
    )
    assert said in (["done", "investment.not_signed"], ["done", "investment.project_in_use"])


def test_a_proof_is_used_by_one_of_two_projects(city: SampleCity) -> None:
    investment = of("investment")
    for project in ("P-1", "P-2"):
        investment.sign(
            project, "项目", city.organisations("enterprise")[0], division=city.units[0].code, contract_fen=WAN,
            investment_fen=WAN, chapter="new", industry="3985", agreement="formal", origin="provinces", on=DAY, **BY,
        )  # fmt: skip
    given = {"claimed_fen": WAN, "recognised_fen": WAN, "month": "2021-06", "on": DAY}
    said = at_once(
        lambda: investment.recognise("P-1", "PZ-1", "bank", **given, **BY),
        lambda: investment.recognise("P-2", "PZ-1", "bank", **given, **BY),
    )
    assert said == ["done", "ledger.key_taken"]


def test_a_node_is_closed_or_takes_an_identifier_but_not_both(city: SampleCity) -> None:
    industry = of("industry")
    industry.admit_node("88.118.8", city.organisations("enterprise")[0], industry="3670", on=DAY, **BY)
    said = at_once(
        lambda: industry.register_identifier("88.118.8/x", "qr", on=DAY, **BY),
        lambda: industry.close_node("88.118.8", reason="注销", on=DAY, **BY),
    )
    assert said in (["done", "industry.no_node"], ["done", "industry.node_in_use"])
