"""Invented applications for packages whose figures are those of the city's ``sample.toml``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import islice
from typing import Any

from yizhantong.kernel.ledger.sampling import Batch, Row, SampleCity, with_doubles

AGENCIES = {"birth": 5, "property": 6, "school": 5, "startup": 7}
"""Agencies that take part in each package."""

PROMISED = {"birth": 5, "property": 3, "school": 20, "startup": 2}
"""Days promised for each package in the sample."""

SCHOOL_MONTHS = (6, 7, 8)
"""Schools enrol in summer; in other months the package is seldom asked for."""


def sample(city: SampleCity) -> Iterator[Batch]:
    """Yield what was accepted, some of it entered twice, and what was closed."""
    wanted = city.targets("onething")
    yield Batch("onething.acceptance", with_doubles(_acceptances(city, wanted), wanted["mistakes"]))
    yield Batch("onething.closing", _closings(city, wanted))


def _days(first: dt.date, last: dt.date, total: int) -> Iterator[dt.date]:
    """Yield ``total`` days in order, three times as many in the months of enrolment."""
    calendar = [first + dt.timedelta(days=offset) for offset in range((last - first).days + 1)]
    weights = [3 if day.month in SCHOOL_MONTHS else 1 for day in calendar]
    all_weights, reached, given = sum(weights), 0, 0
    for day, weight in zip(calendar, weights, strict=True):
        reached += weight
        until = total * reached // all_weights
        for _ in range(until - given):
            yield day
        given = until


def _acceptances(city: SampleCity, wanted: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the same acceptances at every call, in the order of their days."""
    rng = city.rng("onething.acceptance")
    total = wanted["accepted"] * city.scale
    places = [township.code for township in city.townships]
    packages, shares = list(wanted["share"]), list(wanted["share"].values())
    channels = ("online", "online", "online", "online", "window", "window", "terminal")
    for number, day in enumerate(_days(wanted["first_day"], city.day, total), 1):
        package = rng.choices(packages, shares)[0]
        yield {
            "division_id": places[int(rng.random() * len(places))],
            "occurred_on": day,
            "number": f"YJS-{day.year}-{number:08d}",
            "package": package,
            "channel": channels[int(rng.random() * len(channels))],
            "agencies": AGENCIES[package],
        }


def _closings(city: SampleCity, wanted: dict[str, Any]) -> Iterator[Row]:
    """Yield the end of every application but the latest ones, which are still open."""
    rng = city.rng("onething.closing")
    closed = (wanted["accepted"] - wanted["open"]) * city.scale
    results = ("done",) * 48 + ("refused", "withdrawn")
    for row in islice(_acceptances(city, wanted), closed):
        promised = PROMISED[row["package"]]
        days = min(int(rng.random() * (promised + 1)) + (rng.random() < 0.02), (city.day - row["occurred_on"]).days)
        yield {
            "division_id": row["division_id"],
            "occurred_on": row["occurred_on"] + dt.timedelta(days=days),
            "number": row["number"],
            "package": row["package"],
            "result": results[int(rng.random() * len(results))],
            "visits": 0 if row["channel"] == "online" else 1 + (rng.random() < 0.04),
            "days": days,
            "due_on": row["occurred_on"] + dt.timedelta(days=promised),
        }
