"""A result belongs to a sample, a sample to a survey and a station of the year's plan; every result is judged at once."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.zones.waters import actions, queries
from yizhantong.zones.waters.models import Result

pytestmark = pytest.mark.django_db

BY: dict[str, Any] = {"account": None, "source": "test"}
DAY = dt.date(2021, 7, 6)


@pytest.fixture
def taken(sample_city: SampleCity) -> str:
    establish()
    actions.survey("JC-1", "sea", division="JZ-BH", on=DAY, **BY)
    actions.take("S-1", "JC-1", "ST-1", "surface", **BY)
    return "S-1"


def establish(**changed: Any) -> Any:
    given: dict[str, Any] = {
        "division": "JZ-BH", "plan_year": 2021, "target_class": 2, "position": None, "on": dt.date(2021, 4, 12),
    }  # fmt: skip
    return actions.establish("ST-1", "外海1号站", "open_sea", **(given | changed), **BY)


def measure(parameter: str, value: str, **changed: Any) -> Any:
    return actions.measure("S-1", parameter, Decimal(value), **changed, **BY)


@pytest.mark.parametrize(
    ("parameter", "value", "verdict"),
    [("oil", "0.08", "over"), ("oil", "0.03", "met"), ("oxygen", "6.4", "undecided"), ("salinity", "29.1", "no_limit")],
)
def test_a_result_is_judged_as_it_is_recorded(taken: str, parameter: str, value: str, verdict: str) -> None:
    result = measure(parameter, value)
    assert (result.verdict, result.water, result.occurred_on) == (verdict, "open_sea", DAY)


def test_a_result_needs_its_sample(sample_city: SampleCity) -> None:
    with pytest.raises(LedgerError) as refused:
        measure("ph", "8.1")
    assert refused.value.code == "waters.no_sample"
    assert not Result.objects.exists()


@pytest.mark.parametrize(
    ("parameter", "value", "code"),
    [("cod", "-0.1", "waters.value"), ("ph", "81", "waters.value"), ("cod", "NaN", "waters.value"),
     ("cod", "0.0000001", "ledger.scale"), ("colour", "1", "ledger.choice")],
)  # fmt: skip
def test_impossible_values_are_refused(taken: str, parameter: str, value: str, code: str) -> None:
    with pytest.raises(LedgerError) as refused:
        measure(parameter, value)
    assert refused.value.code == code


def test_water_may_be_colder_than_nothing(taken: str) -> None:
    assert measure("temperature", "-1.2").value == Decimal("-1.2")


def test_a_parameter_is_measured_once_and_again_only_in_red_letters(taken: str) -> None:
    measure("ph", "9.1")
    with pytest.raises(LedgerError) as refused:
        measure("ph", "8.1")
    assert refused.value.code == "ledger.key_taken"
    again = actions.measure_again("S-1", "ph", Decimal("8.1"), reason="电极未校准", **BY)
    assert again.verdict == "met"  # type: ignore[attr-defined]
    assert [fact.sign for fact in Result.objects.order_by("id")] == [1, -1, 1]
    with pytest.raises(LedgerError) as refused:
        actions.measure_again("S-1", "cod", Decimal(1), reason="复测", **BY)
    assert refused.value.code == "waters.no_result"


def test_the_class_of_a_sample_leaves_out_what_failed_quality_control(taken: str) -> None:
    measure("din", "0.26")
    measure("oxygen", "6.5")
    measure("cod", "9", quality="retest")
    assert queries.sea_class(AnonymousUser(), "S-1").label == "二类"


def test_a_sample_needs_a_survey_and_a_station_of_the_plan(taken: str) -> None:
    for survey, station, code in (("JC-2", "ST-1", "waters.no_survey"), ("JC-1", "ST-2", "waters.no_station")):
        with pytest.raises(LedgerError) as refused:
            actions.take("S-2", survey, station, "surface", **BY)
        assert refused.value.code == code
    actions.withdraw_station("ST-1", 2021, reason="航道施工", on=DAY, **BY)
    with pytest.raises(LedgerError) as refused:
        actions.take("S-2", "JC-1", "ST-1", "surface", **BY)
    assert refused.value.code == "waters.no_station"


@pytest.mark.parametrize(("target", "code"), [(5, "waters.class"), (0, "waters.class")])
def test_stations_aim_at_a_class_that_exists(sample_city: SampleCity, target: int, code: str) -> None:
    with pytest.raises(LedgerError) as refused:
        establish(target_class=target)
    assert refused.value.code == code


def test_a_position_is_longitude_and_latitude(sample_city: SampleCity) -> None:
    assert establish(position=(Decimal("121.123456"), Decimal("40.9"))).longitude == Decimal("121.123456")


def test_a_sample_is_taken_back_with_its_results(taken: str) -> None:
    measure("ph", "8.1")
    actions.take_back_sample("S-1", reason="样品污染", **BY)
    assert not queries.results("S-1").exists()
    assert queries.sample("S-1") is None
