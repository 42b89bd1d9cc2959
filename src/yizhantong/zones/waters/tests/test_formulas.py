"""Indices of seawater against published and recomputed values."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yizhantong.zones.waters import formulas

SATURATION = [
    # temperature, salinity, Weiss, Benson-Krause, HJ 2.3-2018
    (0, 0, 14.6019, 14.6208, 14.6567),
    (10, 30, 9.3207, 9.3175, 9.4598),
    (20, 0, 9.0765, 9.0924, 9.1776),
    (20, 30, 7.6030, 7.6175, 7.6916),
    (20, 35, 7.3818, 7.3961, 7.4439),
    (25, 30, 6.9495, 6.9674, 7.0342),
    (28, 28, 6.6798, 6.6977, 6.7772),
    (30, 13, 7.0196, 7.0378, 7.1898),
]


@pytest.mark.parametrize(("temperature", "salinity", "weiss", "benson_krause", "hj"), SATURATION)
def test_saturated_oxygen(temperature: float, salinity: float, weiss: float, benson_krause: float, hj: float) -> None:
    assert formulas.oxygen_saturation_weiss(temperature, salinity) == pytest.approx(weiss, abs=5e-5)
    assert formulas.oxygen_saturation_benson_krause(temperature, salinity) == pytest.approx(benson_krause, abs=5e-5)
    assert formulas.oxygen_saturation_hj(temperature, salinity) == pytest.approx(hj, abs=5e-5)


@given(st.floats(-1, 35), st.floats(0, 40))
def test_the_two_forms_of_saturation_agree_within_one_percent(temperature: float, salinity: float) -> None:
    weiss = formulas.oxygen_saturation_weiss(temperature, salinity)
    assert formulas.oxygen_saturation_benson_krause(temperature, salinity) == pytest.approx(weiss, rel=1e-2)


@pytest.mark.parametrize(("oxygen", "index"), [(4, 2.800), (5, 1.000), (6, 0.487), (6.9, 0.025), (7.5, 0.282)])
def test_index_of_oxygen(oxygen: float, index: float) -> None:
    saturation = formulas.oxygen_saturation_weiss(25, 30)
    found = formulas.oxygen_index(oxygen, 5, saturation)
    assert (round(found.value, 3), found.form) == (index, "classic")


def test_index_of_oxygen_says_so_when_its_classic_form_has_no_value() -> None:
    assert formulas.oxygen_index(4, 6, 5.8) == formulas.Index(1.5, "DOs/DO")
    assert formulas.oxygen_index(0, 6, 5.8).value == math.inf


def test_index_of_oxygen_of_2018() -> None:
    saturation = formulas.oxygen_saturation_hj(25, 30)
    assert formulas.oxygen_index_hj(4, 5, saturation).value == pytest.approx(1.25)
    assert formulas.oxygen_index_hj(7.5, 5, saturation).value == pytest.approx(0.229, abs=5e-4)


@pytest.mark.parametrize(("ph", "index"), [(7.7, 1.286), (8.15, 0.0), (7.8, 1.0), (8.5, 1.0), (8.6, 1.286)])
def test_index_of_ph_is_above_one_exactly_outside_the_band(ph: float, index: float) -> None:
    assert formulas.ph_index(ph, 7.8, 8.5) == pytest.approx(index, abs=5e-4)


AMMONIA = [
    (0.1, 20, 30, 8.0, 9.49061, 3.13024, 0.00313),
    (0.1, 25, 30, 8.1, 9.32861, 5.57781, 0.00558),
    (0.2, 28, 28, 8.3, 9.22551, 10.61134, 0.02122),
    (0.3, 15, 31, 7.9, 9.65556, 1.72537, 0.00518),
]


@pytest.mark.parametrize(("total", "temperature", "salinity", "ph", "pka", "percent", "free"), AMMONIA)
def test_unionised_ammonia(
    total: float, temperature: float, salinity: float, ph: float, pka: float, percent: float, free: float
) -> None:
    found = formulas.unionised_ammonia(total, temperature, salinity, ph)
    assert found.pka == pytest.approx(pka, abs=5e-6)
    assert found.percent == pytest.approx(percent, abs=5e-6)
    assert found.concentration == pytest.approx(free, abs=5e-6)


@pytest.mark.parametrize(
    ("cod", "nitrogen", "phosphate", "value", "level"),
    [(2, 0.2, 0.015, 1.333, "light"), (3, 0.3, 0.03, 6.0, "moderate"), (4, 0.4, 0.03, 10.667, "heavy"),
     (5, 0.5, 0.045, 25.0, "heavy"), (1, 0.1, 0.015, 0.333, "none")],
)  # fmt: skip
def test_eutrophication(cod: float, nitrogen: float, phosphate: float, value: float, level: str) -> None:
    found = formulas.eutrophication(cod, nitrogen, phosphate)
    assert found == pytest.approx(value, abs=5e-4)
    assert formulas.eutrophication_level(found) == level


def test_mean_ph_is_that_of_the_activity() -> None:
    assert formulas.mean_ph([7.0, 8.0]) == pytest.approx(7.2596, abs=1e-4)
    with pytest.raises(ValueError, match="no pH"):
        formulas.mean_ph([])
