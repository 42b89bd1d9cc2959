"""Verdicts of GB 3097-1997 and GB 11607-89, and rounding after GB/T 8170."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yizhantong.zones.waters.parameters import Parameter
from yizhantong.zones.waters.rounding import round_half_even
from yizhantong.zones.waters.standards import (
    Reading,
    Verdict,
    classify,
    fishery_limits,
    judge,
    judge_oxygen_day,
    sea_limits,
)


def _readings(**values: str) -> dict[str, Reading]:
    return {name: Reading(Decimal(value)) for name, value in values.items()}


def test_every_limit_names_a_known_parameter() -> None:
    assert set(sea_limits()) <= set(Parameter.values)
    assert {parameter for parameter, _water in fishery_limits()} <= set(Parameter.values)
    assert len(sea_limits()) == 35
    assert len({parameter for parameter, _water in fishery_limits()}) == 31


def test_the_worst_parameter_decides_the_class() -> None:
    found = classify(_readings(ph="8.1", oxygen="6.5", cod="1.2", din="0.35", dip="0.012", oil="0.03"))
    assert (found.number, found.label, found.deciding) == (3, "三类", ("din",))
    assert found.classes["cod"] == 1


def test_worse_than_class_four() -> None:
    assert classify(_readings(din="0.51", oxygen="7")).label == "劣四类"
    assert classify(_readings(oxygen="3")).label == "劣四类"  # the bound of oxygen is "more than"
    assert classify(_readings(ph="8.9")).label == "劣四类"


@pytest.mark.parametrize(
    ("oxygen", "number"), [("6.01", 1), ("6", 2), ("5.01", 2), ("5", 3), ("4.01", 3), ("4", 4), ("3.01", 4)]
)
def test_classes_of_oxygen(oxygen: str, number: int) -> None:
    assert classify(_readings(oxygen=oxygen)).number == number


def test_a_class_without_a_bound_keeps_any_value() -> None:
    assert classify(_readings(coliform="10001")).number == 4


def test_not_detected_is_undecided_when_the_limit_of_detection_lies_above_the_bound() -> None:
    found = classify({"hg": Reading(Decimal("0.0001"), detected=False), "cod": Reading(Decimal(1))})
    assert (found.number, found.undecided) == (1, ("hg",))
    assert classify({"hg": Reading(Decimal("0.00004"), detected=False)}).number == 1
    assert classify({}).label == "不能判定"


POSITIVE = st.decimals("0", "20", places=4)


@given(POSITIVE, POSITIVE)
def test_a_worse_concentration_never_has_a_better_class(first: Decimal, second: Decimal) -> None:
    low, high = sorted((first, second))
    for parameter, limits in sea_limits().items():
        if limits[0].relation == "range":
            continue
        better, worse = (high, low) if limits[0].relation == ">" else (low, high)
        good, bad = (classify({parameter: Reading(value)}).number for value in (better, worse))
        assert good is not None
        assert bad is not None
        assert good <= bad


@pytest.mark.parametrize(
    ("parameter", "value", "verdict"),
    [("oil", "0.05", Verdict.MET), ("oil", "0.0501", Verdict.OVER), ("ph", "6.9", Verdict.OVER),
     ("ph", "7.0", Verdict.MET), ("cod", "9", Verdict.NO_LIMIT), ("oxygen", "2.99", Verdict.OVER),
     ("oxygen", "3", Verdict.UNDECIDED), ("oxygen", "9", Verdict.UNDECIDED)],
)  # fmt: skip
def test_single_item_verdicts_for_fisheries(parameter: str, value: str, verdict: Verdict) -> None:
    assert judge(parameter, Reading(Decimal(value))).verdict is verdict


def test_one_reading_of_oxygen_says_why_it_decides_nothing() -> None:
    assert "不能单点判定" in judge("oxygen", Reading(Decimal("6.2"))).sentence


def test_fresh_water_has_its_own_band_of_ph() -> None:
    assert judge("ph", Reading(Decimal("6.6")), water="fresh").verdict is Verdict.MET
    assert judge("ph", Reading(Decimal("6.6"))).verdict is Verdict.OVER


def test_a_limit_of_detection_above_the_limit_decides_nothing() -> None:
    assert judge("hg", Reading(Decimal("0.001"), detected=False)).verdict is Verdict.UNDECIDED
    assert judge("hg", Reading(Decimal("0.0001"), detected=False)).verdict is Verdict.MET


@pytest.mark.parametrize(
    ("above", "lowest", "verdict"),
    [(16, "3", Verdict.MET), (15, "3", Verdict.OVER), (23, "2.9", Verdict.OVER), (24, "5.1", Verdict.MET)],
)
def test_a_day_of_oxygen(above: int, lowest: str, verdict: Verdict) -> None:
    hourly = [Decimal("5.1")] * above + [Decimal(lowest)] * (24 - above)
    assert judge_oxygen_day(hourly).verdict is verdict


def test_half_a_day_of_oxygen_decides_nothing() -> None:
    assert judge_oxygen_day([Decimal(6)] * 12).verdict is Verdict.UNDECIDED


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [("12.1498", 1, "12.1"), ("1.050", 1, "1.0"), ("0.35", 1, "0.4"), ("1268", -2, "1300"), ("0.0325", 3, "0.032"),
     ("-0.0325", 3, "-0.032"), ("10.502", 0, "11"), ("2500", -3, "2000"), ("3500", -3, "4000")],
)  # fmt: skip
def test_rounding_half_to_even(value: str, places: int, rounded: str) -> None:
    assert round_half_even(Decimal(value), places) == Decimal(rounded)
