"""Invented surveys of the coastal units whose figures are those of the city's ``sample.toml``; no position is invented."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from yizhantong.kernel.divisions.models import Division
from yizhantong.kernel.ledger.sampling import Batch, Row, SampleCity, taken_back
from yizhantong.zones.waters.models import Sample, Water
from yizhantong.zones.waters.standards import Reading, judge

TARGET_CLASS = {"open_sea": 2, "wharf": 4}
RANGES = {  # the middle and the spread of each parameter in summer, by the kind of water where it differs; places of print
    "temperature": ({"open_sea": (24.0, 2.5)}, (26.5, 2.5), 1),
    "salinity": ({"jellyfish_pond": (24.0, 3.0)}, (29.0, 1.5), 2),
    "ph": ({"open_sea": (8.08, 0.14)}, (8.22, 0.22), 2),
    "oxygen": ({"open_sea": (6.9, 0.7)}, (5.9, 1.3), 2),
    "cod": ({"open_sea": (1.4, 0.5)}, (2.3, 0.8), 2),
    "din": ({"open_sea": (0.26, 0.11)}, (0.31, 0.14), 3),
    "dip": ({"open_sea": (0.016, 0.008)}, (0.024, 0.012), 4),
    "oil": ({"wharf": (0.046, 0.016)}, (0.022, 0.012), 4),
}
OIL_LOD = Decimal("0.0100")


def sample(city: SampleCity) -> Iterator[Batch]:
    """Yield the zone's four ledgers; ``city.scale`` sets of the same size, each with its own numbers."""
    wanted = city.targets("waters")
    stations = list(_stations(city, wanted))
    yield Batch("waters.station", stations)
    surveys = list(_surveys(city, wanted))
    yield Batch("waters.survey", surveys)
    samples = list(_samples(city, wanted, stations, surveys))
    yield Batch("waters.sample", samples)
    yield Batch("waters.result", _results(city, wanted, samples))


def _stations(city: SampleCity, wanted: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield last year's and this year's stations, which keep their numbers from year to year."""
    coast = Division.objects.filter(coastal=True, level__in=("county", "zone")).order_by("code")
    units = [code for code in coast.values_list("code", flat=True)]
    kinds = [kind for kind, count in wanted["stations"].items() for _ in range(count)]
    for year, leave in ((city.day.year - 1, wanted["stations_new"]), (city.day.year, 0)):
        for copy in range(city.scale):
            for number, kind in enumerate(kinds[: len(kinds) - leave], start=1):
                yield {
                    "division_id": units[number % len(units)],
                    "occurred_on": dt.date(year, 4, 12),
                    "station": f"ST{copy:03d}-{number:03d}",
                    "name": f"{Water(kind).label}{number:02d}号站(演示)",
                    "water": kind,
                    "plan_year": year,
                    "target_class": TARGET_CLASS.get(kind),
                }


def _surveys(city: SampleCity, wanted: dict[str, Any]) -> Iterator[dict[str, Any]]:
    coast = Division.objects.filter(coastal=True, level__in=("county", "zone")).order_by("code")
    units = [code for code in coast.values_list("code", flat=True)]
    year = city.day.year
    for copy in range(city.scale):
        rng = city.rng(f"waters.survey/{copy}")
        spans = (
            (year - 1, dt.date(year - 1, 5, 12), dt.date(year - 1, 10, 9), wanted["surveys_last_year"]),
            (year, dt.date(year, 5, 10), city.day - dt.timedelta(days=3), wanted["surveys"]),
        )
        for period, first, last, counts in spans:
            modes = [mode for mode, count in counts.items() for _ in range(count)]
            for number, mode in enumerate(modes, start=1):
                yield {
                    "division_id": units[number % len(units)],
                    "occurred_on": city.day_between(rng, first, last),
                    "survey": f"JC{period}-{copy:03d}-{number:03d}",
                    "mode": mode,
                }


def _samples(
    city: SampleCity, wanted: dict[str, Any], stations: list[dict[str, Any]], surveys: list[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Yield what each survey took: at sea in the open sea, from shore in ponds and at wharfs."""
    rng = city.rng("waters.sample")
    near: dict[tuple[int, bool], list[dict[str, Any]]] = {}
    for station in stations:
        near.setdefault((station["plan_year"], station["water"] == "open_sea"), []).append(station)
    this_year = [row for row in surveys if row["occurred_on"].year == city.day.year]
    earlier = [row for row in surveys if row["occurred_on"].year < city.day.year]
    total = wanted["samples"] * city.scale
    for number, survey in enumerate([*this_year, *earlier]):
        share = total // len(this_year) + (number < total % len(this_year))
        at_sea = survey["mode"] == "sea"
        chosen = rng.sample(near[survey["occurred_on"].year, at_sea], share)
        for taken, station in enumerate(chosen, start=1):
            yield {
                "division_id": station["division_id"],
                "occurred_on": survey["occurred_on"],
                "sample": f"{survey['survey']}-{taken:02d}",
                "survey": survey["survey"],
                "station": station["station"],
                "water": station["water"],
                "layer": rng.choice(Sample.Layer.values) if at_sea else "surface",
            }


def _results(city: SampleCity, wanted: dict[str, Any], samples: list[dict[str, Any]]) -> Iterator[Row]:
    """Yield a result for each sample and parameter; the first was read wrongly and taken back, a few await a second test."""
    rng = city.rng("waters.result")
    retests = wanted["retests"] * city.scale
    first = True
    for taken in samples:
        for parameter in RANGES:
            row = _result(rng, taken, parameter)
            if first:
                yield from taken_back([row | {"value": row["value"] + 1}])
                first = False
            yield row
        if retests:
            retests -= 1
            value = Decimal(rng.randint(8, 26)) / 10
            yield _measured(taken, "bod5", value, True) | {"quality": "retest"}


def _result(rng: random.Random, taken: dict[str, Any], parameter: str) -> dict[str, Any]:
    own, common, places = RANGES[parameter]
    middle, spread = own.get(taken["water"], common)
    value = Decimal(f"{max(rng.gauss(middle, spread / 1.6), 0.0005):.{places}f}")
    if parameter == "oil" and value < OIL_LOD:
        return _measured(taken, parameter, OIL_LOD, False)
    return _measured(taken, parameter, value, True)


def _measured(taken: dict[str, Any], parameter: str, value: Decimal, detected: bool) -> dict[str, Any]:
    return {
        "division_id": taken["division_id"],
        "occurred_on": taken["occurred_on"],
        "sample": taken["sample"],
        "station": taken["station"],
        "water": taken["water"],
        "parameter": parameter,
        "value": value,
        "detected": detected,
        "quality": "valid",
        "verdict": judge(parameter, Reading(value, detected)).verdict.value,
        "method": "GB 17378.4-2007",
    }
