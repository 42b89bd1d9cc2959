"""Plans, stations and carriers: estimates stay within reason, statistics arrive in 千元, nothing hangs on nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.zones.innovation import actions, queries
from yizhantong.zones.innovation.units import from_thousand_yuan

pytestmark = pytest.mark.django_db

BY: dict[str, Any] = {"account": None, "source": "test"}
DAY = dt.date(2021, 7, 28)


@pytest.fixture
def carrier(sample_city: SampleCity) -> str:
    firm = sample_city.organisations("enterprise")[0]
    actions.register_carrier("ZT-1", "孵化器", firm, kind="incubator", level="national", on=dt.date(2018, 5, 1), **BY)
    return "ZT-1"


def project(city: SampleCity, **changed: Any) -> Any:
    given: dict[str, Any] = {
        "category": "product", "level": "home_advanced", "fills_gap": True, "sales_fen": 900, "profit_tax_fen": 90,
        "on": DAY,
    }  # fmt: skip
    return actions.list_project("CX-1", "新产品", city.organisations("enterprise")[0], **(given | changed), **BY)


def test_a_level_and_a_filled_gap_are_two_attributes(sample_city: SampleCity) -> None:
    listed = project(sample_city)
    assert (listed.level, listed.fills_gap, listed.plan_year) == ("home_advanced", True, 2021)
    actions.strike_project("CX-1", reason="撤回申报", **BY)
    assert queries.project("CX-1") is None
    with pytest.raises(LedgerError) as refused:
        actions.strike_project("CX-1", reason="撤回申报", **BY)
    assert refused.value.code == "innovation.no_project"


@pytest.mark.parametrize("tax", [-1, 901])
def test_expected_profit_and_tax_come_from_sales(sample_city: SampleCity, tax: int) -> None:
    with pytest.raises(LedgerError) as refused:
        project(sample_city, profit_tax_fen=tax)
    assert refused.value.code == "innovation.profit_tax"


def test_rooms_belong_to_a_station(sample_city: SampleCity) -> None:
    host = sample_city.organisations("enterprise")[0]
    with pytest.raises(LedgerError) as refused:
        actions.add_facility("DS-1", "office", 30, on=DAY, **BY)
    assert refused.value.code == "innovation.no_station"
    with pytest.raises(LedgerError) as refused:
        actions.found_station("DS-1", "工作站", host, batch=0, craft="焊工", on=DAY, **BY)
    assert refused.value.code == "innovation.batch"
    actions.found_station("DS-1", "工作站", host, batch=1, craft="焊工", on=DAY, **BY)
    actions.add_facility("DS-1", "office", 30, on=DAY, **BY)
    with pytest.raises(LedgerError) as refused:
        actions.add_facility("DS-1", "office", 0, on=DAY, **BY)
    assert refused.value.code == "innovation.area"
    actions.close_station("DS-1", reason="届满考核未通过", on=dt.date(2021, 8, 1), **BY)
    assert queries.station("DS-1") is None


def test_the_form_counts_in_thousands_of_yuan(carrier: str) -> None:
    assert from_thousand_yuan(42_120) == 4212 * 1_000_000
    year = actions.report_year(
        carrier, 2020, operating_thousand=42_120, total_thousand=43_000, jobs=9, enterprises=4, **BY
    )
    assert year.operating_fen == 4_212_000_000  # type: ignore[attr-defined]
    assert year.occurred_on == dt.date(2020, 12, 31)


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"operating_thousand": 11}, "innovation.income"), ({"operating_thousand": -1}, "innovation.income"),
     ({"jobs": -1}, "innovation.count")],
)  # fmt: skip
def test_impossible_years_are_refused(carrier: str, changed: dict[str, int], code: str) -> None:
    given = {"operating_thousand": 10, "total_thousand": 10, "jobs": 1, "enterprises": 1}
    with pytest.raises(LedgerError) as refused:
        actions.report_year(carrier, 2020, **(given | changed), **BY)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("year", "code"), [(0, "innovation.year"), (2021, "ledger.future"), (1990, "ledger.before_earliest")]
)
def test_years_that_are_not_over_or_not_ours_are_refused(carrier: str, year: int, code: str) -> None:
    with pytest.raises(LedgerError) as refused:
        actions.report_year(carrier, year, operating_thousand=1, total_thousand=1, jobs=1, enterprises=1, **BY)
    assert refused.value.code == code


def test_a_year_is_reported_once_until_it_is_taken_back(carrier: str) -> None:
    given = {"operating_thousand": 10, "total_thousand": 10, "jobs": 1, "enterprises": 1}
    actions.report_year(carrier, 2020, **given, **BY)
    with pytest.raises(LedgerError) as refused:
        actions.report_year(carrier, 2020, **given, **BY)
    assert refused.value.code == "ledger.key_taken"
    actions.take_back_year(carrier, 2020, reason="重报", **BY)
    actions.report_year(carrier, 2020, **given, **BY)
    with pytest.raises(LedgerError) as refused:
        actions.take_back_year(carrier, 2019, reason="重报", **BY)
    assert refused.value.code == "innovation.no_year"


def test_what_grew_in_a_carrier_names_a_standing_one(sample_city: SampleCity, carrier: str) -> None:
    firm = sample_city.organisations("enterprise")[1]
    actions.certify(firm, "high_tech", "GR-1", carrier=carrier, on=DAY, **BY)
    actions.certify(firm, "tech_sme", "KJ-1", carrier=carrier, on=DAY, **BY)
    with pytest.raises(LedgerError) as refused:
        actions.certify(firm, "high_tech", "GR-1", carrier=carrier, on=DAY, **BY)
    assert refused.value.code == "ledger.key_taken"
    actions.grant_patent("ZL-1", "invention", firm, carrier=carrier, on=DAY, **BY)
    actions.lapse_patent("ZL-1", reason="未缴年费", on=dt.date(2021, 8, 2), **BY)
    assert queries.patent("ZL-1") is None
    actions.withdraw_carrier(carrier, reason="连续两次考核不合格", on=dt.date(2021, 8, 3), **BY)
    with pytest.raises(LedgerError) as refused:
        actions.grant_patent("ZL-2", "invention", firm, carrier=carrier, on=DAY, **BY)
    assert refused.value.code == "innovation.no_carrier"
