"""Indices of seawater, each under the name of its source; pure functions of numbers.

Units: temperature °C, salinity by the practical scale, concentrations mg/L. A report uses one form of an index and prints
its name. Intermediate results are floats; what becomes a fact is rounded to a decimal of fixed scale.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

ML_TO_MG = 1.42903
"""Milligrams of oxygen in a millilitre at standard conditions."""

KELVIN = 273.15


def oxygen_saturation_weiss(temperature: float, salinity: float) -> float:
    """Return saturated oxygen in mg/L after Weiss 1970, the form of GB 12763.4-2007 for sea water."""
    t = (temperature + KELVIN) / 100
    salt = salinity * (-0.033096 + 0.014259 * t - 0.0017 * t * t)
    return math.exp(-173.4292 + 249.6339 / t + 143.3483 * math.log(t) - 21.8492 * t + salt) * ML_TO_MG


def oxygen_saturation_benson_krause(temperature: float, salinity: float) -> float:
    """Return saturated oxygen in mg/L after Benson and Krause 1984."""
    t = temperature + KELVIN
    fresh = -139.34411 + 1.575701e5 / t - 6.642308e7 / t**2 + 1.243800e10 / t**3 - 8.621949e11 / t**4
    return math.exp(fresh - salinity * (1.7674e-2 - 1.0754e1 / t + 2.1407e3 / t**2))


def oxygen_saturation_hj(temperature: float, salinity: float) -> float:
    """Return saturated oxygen in mg/L by the short form of HJ 2.3-2018 for the sea (待核)."""
    return (491 - 2.65 * salinity) / (33.5 + temperature)


@dataclass(frozen=True, slots=True)
class Index:
    """An index and the name of the form by which it was computed; above 1 the limit is not kept."""

    value: float
    form: str


def oxygen_index(oxygen: float, limit: float, saturation: float) -> Index:
    """Return the classic index of dissolved oxygen: |DOf - DO| / (DOf - DOs) from the limit upwards, else 10 - 9 DO / DOs.

    In hot and salty water the saturation may not exceed the limit; the classic form has no value there, and DOs / DO is taken.
    """
    if saturation <= limit:
        return Index(limit / oxygen if oxygen > 0 else math.inf, "DOs/DO")
    if oxygen >= limit:
        return Index(abs(saturation - oxygen) / (saturation - limit), "classic")
    return Index(10 - 9 * oxygen / limit, "classic")


def oxygen_index_hj(oxygen: float, limit: float, saturation: float) -> Index:
    """Return the index of dissolved oxygen of HJ 2.3-2018, annex D (待核); DOs / DO where saturation does not exceed the limit."""
    if oxygen <= saturation or saturation <= limit:
        return Index(limit / oxygen if oxygen > 0 else math.inf, "HJ 2.3-2018")
    return Index(abs(saturation - oxygen) / (saturation - limit), "HJ 2.3-2018")


def ph_index(ph: float, low: float, high: float) -> float:
    """Return how far pH lies from the middle of its band, in half widths: above 1 exactly where the band is left.

    The form of HJ 2.3 measures from 7 and lets pH 7.7 pass a band of 7.8 to 8.5; this one does not.
    """
    return abs(ph - (low + high) / 2) / ((high - low) / 2)


@dataclass(frozen=True, slots=True)
class Ammonia:
    """Un-ionised ammonia as nitrogen: the acid constant, the part in percent, and the concentration in mg/L."""

    pka: float
    percent: float
    concentration: float


def unionised_ammonia(total: float, temperature: float, salinity: float, ph: float) -> Ammonia:
    """Return un-ionised ammonia from total ammonia nitrogen (mg/L) after GB 3097-1997 annex B (待核).

    Temperature and pH are those of the water where it was taken.
    """
    pka = 9.245 + 0.002949 * salinity + 0.0324 * (298 - (temperature + KELVIN))
    percent = 100 / (10 ** (pka - ph) + 1)
    return Ammonia(pka, percent, total * percent / 100)


def eutrophication(cod: float, inorganic_nitrogen: float, phosphate: float) -> float:
    """Return E = COD x DIN x DIP x 10^6 / 4500 (mg/L); from 1 on the water is eutrophic."""
    return cod * inorganic_nitrogen * phosphate * 1e6 / 4500


def eutrophication_level(value: float) -> str:
    """Return the level of E as a code: none, light (from 1), moderate (from 3), heavy (above 9); bounds 待核."""
    if value < 1:
        return "none"
    if value < 3:
        return "light"
    return "moderate" if value <= 9 else "heavy"


def mean_ph(values: Sequence[float]) -> float:
    """Return the mean pH: that of the mean activity of hydrogen, not the mean of the numbers. ValueError without values."""
    if not values:
        raise ValueError("no pH value to average")
    return -math.log10(sum(10**-value for value in values) / len(values))
