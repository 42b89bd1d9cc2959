"""Invented clean-ups of real villages: which villages take part follows rules of the city's ``sample.toml`` (待核)."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

from yizhantong.kernel.divisions.tree import Branch
from yizhantong.kernel.ledger.sampling import Batch, Row, SampleCity, taken_back
from yizhantong.zones.villages.models import Inspection
from yizhantong.zones.villages.rules import NOES

TOTALS = ("person_times", "ponds", "ditch_m", "manure_kg", "straw_piles", "dung_piles", "debris_piles")


def sample(city: SampleCity) -> Iterator[Batch]:
    """Yield the register, the reports and the inspections; ``city.scale`` multiplies reports, never villages."""
    wanted = city.targets("villages")
    members = participants(city, wanted)
    yield Batch("villages.membership", _memberships(city, wanted, members))
    yield Batch("villages.report", _reports(city, wanted, members))
    yield Batch("villages.inspection", _inspections(city, wanted, members))


def participants(city: SampleCity, wanted: dict[str, Any]) -> list[Branch]:
    """Return the villages that take part: those whose name ends as a village's does, and the rural communities listed."""
    suffixes, listed = tuple(wanted["village_suffixes"]), set(wanted["rural_communities"])
    return [village for village in city.villages if village.name.endswith(suffixes) or village.code in listed]


def _place(village: Branch) -> dict[str, Any]:
    return {"division_id": village.code, "township_id": village.parent, "unit_id": village.unit}


def _memberships(city: SampleCity, wanted: dict[str, Any], members: list[Branch]) -> Iterator[Row]:
    """Yield the register; first of all an urban community entered by mistake and withdrawn."""
    start, listed = dt.date(city.day.year, 3, 15), set(wanted["rural_communities"])
    codes = {village.code for village in members}
    stranger = next(village for village in city.villages if village.code not in codes)
    yield from taken_back([_place(stranger) | {"occurred_on": start, "kind": "community", "confirmed": False}])
    for village in members:
        community = village.code in listed
        kind = "community" if community else "village"
        yield _place(village) | {"occurred_on": start, "kind": kind, "confirmed": not community}


def _reports(city: SampleCity, wanted: dict[str, Any], members: list[Branch]) -> Iterator[Row]:
    year = city.day.year
    for copy in range(city.scale):
        rng = city.rng(f"villages.report/{copy}")
        rows = _reports_of(rng, wanted["this_year"], members, wanted["reports_per_village"], f"QJ{year}-{copy:03d}")
        first = next(rows) | {"occurred_on": city.day_between(rng, dt.date(year, 4, 6))}
        if copy == 0:
            yield from taken_back([first | {"waste_kg": first["waste_kg"] * 2, "note": "两次称重相加,已冲销"}])
        yield first
        for row in rows:
            yield row | {"occurred_on": city.day_between(rng, dt.date(year, 4, 6))}
        some = rng.sample(members, wanted["earlier_villages"])
        for row in _reports_of(rng, wanted["last_year"], some, 1, f"QJ{year - 1}-{copy:03d}"):
            yield row | {"occurred_on": city.day_between(rng, dt.date(year - 1, 4, 6), dt.date(year - 1, 11, 20))}


def _reports_of(
    rng: random.Random, totals: dict[str, int], villages: list[Branch], rounds: int, prefix: str
) -> Iterator[dict[str, Any]]:
    """Yield one report of each village and round; the columns add up to ``totals`` exactly."""
    count = len(villages) * rounds
    shares = {name: _around(rng, totals[name], [1] * count) for name in TOTALS}
    trips = _around(rng, totals["vehicle_times"], [1] * count)
    waste = _around(rng, totals["waste_kg"], trips)
    for number in range(count):
        row: dict[str, Any] = {name: shares[name][number] for name in TOTALS}
        row["piles"] = row["straw_piles"] + row["dung_piles"] + row["debris_piles"]
        yield (
            row
            | _place(villages[number % len(villages)])
            | {
                "report": f"{prefix}-{number + 1:05d}",
                "vehicle_times": trips[number],
                "waste_kg": waste[number],
                "first_time": number < len(villages),
                "note": "",
            }
        )


def _around(rng: random.Random, total: int, weights: list[int]) -> list[int]:
    """Return integers that add up to ``total``, each about its weight's share: between 0.6 and 1.5 of it."""
    loose = [weight * (0.6 + 0.8 * rng.random()) for weight in weights]
    scale = total / sum(loose)
    shares = [int(part * scale) for part in loose]
    for i in rng.sample([i for i, weight in enumerate(weights) if weight], total - sum(shares)):
        shares[i] += 1
    return shares


def _inspections(city: SampleCity, wanted: dict[str, Any], members: list[Branch]) -> Iterator[Row]:
    for copy in range(city.scale):
        rng = city.rng(f"villages.inspection/{copy}")
        failures = set(rng.sample(range(wanted["inspections"]), wanted["inspections_failed"]))
        for number in range(wanted["inspections"]):
            failed = set(rng.sample(NOES, rng.randint(1, 2))) if number in failures else set()
            yield _place(rng.choice(members)) | {
                "occurred_on": city.day_between(rng, dt.date(city.day.year, 5, 10)),
                "inspection": f"JC{city.day.year}-{copy:03d}-{number + 1:05d}",
                "level": rng.choice(Inspection.Level.values),
                **{name: name not in failed for name in NOES},
                "passed": not failed,
            }
