"""Invented work for the people whose figures are those of the city's ``sample.toml``.

Each generator gives the same rows at every call, so that what follows from a row (a duty from an issue, a settlement from a
duty) is made without keeping the rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from yizhantong.kernel.divisions import city as city_folder
from yizhantong.kernel.divisions import tree
from yizhantong.kernel.ledger.sampling import Batch, SampleCity, with_doubles
from yizhantong.zones.livelihood.models import Dispute, Topic

Rows = Iterator[dict[str, Any]]

SUBJECTS = {
    "roads": "小区门口交通安全警示", "housing": "回迁小区安置进度", "water": "老旧小区供水管网", "environment": "背街小巷环境整治",
    "markets": "农贸市场占道经营", "schooling": "社区门诊设置", "welfare": "特困人员救助", "farming": "村内道路和水渠",
}  # fmt: skip
LEVELS = ("city", "county", "county", "township", "township", "township")
LIMITS = {"city": 30, "county": 15, "township": 7}
"""Days within which a level settles a duty in the sample."""


def sample(city: SampleCity) -> Iterator[Batch]:
    """Yield the zone's nine ledgers."""
    wanted = city.targets("livelihood") | {"first_day": city_folder.settings_of()["campaign"]["start"]}
    yield Batch("livelihood.issue", _issues(city, wanted))
    yield Batch("livelihood.duty", _duties(city, wanted))
    yield Batch("livelihood.settlement", _settlements(city, wanted))
    yield Batch("livelihood.claim", with_doubles(_claims(city, wanted), wanted["mistakes"]))
    yield Batch("livelihood.check", _checks(city, wanted))
    yield Batch("livelihood.dispute", _disputes(city, wanted))
    yield Batch("livelihood.mediation", _mediations(city, wanted))
    yield Batch("livelihood.help", with_doubles(_helps(city, wanted), wanted["mistakes"]))
    yield Batch("livelihood.deed", with_doubles(_deeds(city, wanted), wanted["mistakes"]))


def _spaced(first: dt.date, last: dt.date, total: int) -> Iterator[dt.date]:
    """Yield ``total`` days from ``first`` to ``last`` in order, evenly spaced."""
    span = (last - first).days + 1
    for position in range(total):
        yield first + dt.timedelta(days=position * span // total)


def _days(city: SampleCity, first: dt.date, earlier: int, total: int) -> Iterator[dt.date]:
    """Yield days before this year for what a figure's period leaves out, then days from ``first`` on."""
    year = city.day.year - 1
    yield from _spaced(dt.date(year, 1, 6), dt.date(year, 12, 31), earlier * city.scale)
    yield from _spaced(first, city.day, total * city.scale)


def _places(city: SampleCity) -> list[str]:
    return [township.code for township in city.townships]


def _member(position: int, members: int, choice: float) -> int:
    """Return which member acts: each once in turn, then anyone (``choice`` in [0, 1))."""
    return position if position < members else int(choice * members)


def _issues(city: SampleCity, wanted: dict[str, Any]) -> Rows:
    rng = city.rng("livelihood.issue")
    places = _places(city)
    for number, day in enumerate(_spaced(wanted["first_day"], city.day, wanted["issues"] * city.scale), 1):
        topic = rng.choice(Topic.values)
        yield {
            "division_id": rng.choice(places),
            "occurred_on": day,
            "number": f"WT-{day.year}-{number:06d}",
            "origin": rng.choice(("visit", "visit", "visit", "mailbox", "hotline", "grid", "online")),
            "topic": topic,
            "subject": SUBJECTS[topic],
        }


def _duties(city: SampleCity, wanted: dict[str, Any]) -> Rows:
    """Yield a duty for every issue but those that were answered at once."""
    rng = city.rng("livelihood.duty")
    agencies = city.organisations("agency")
    local = {agency.division_id: agency.uscc for agency in agencies}
    total = wanted["issues"] * city.scale
    answered = set(rng.sample(range(total), total - wanted["duties"] * city.scale))
    for position, issue in enumerate(_issues(city, wanted)):
        if position in answered:
            continue
        level = rng.choice(LEVELS)
        day = min(issue["occurred_on"] + dt.timedelta(days=rng.randint(0, 3)), city.day)
        unit, anyone = tree.unit_of(issue["division_id"]), rng.choice(agencies).uscc
        yield {
            "division_id": issue["division_id"],
            "occurred_on": day,
            "number": f"LZ{issue['number'][2:]}",
            "issue_number": issue["number"],
            "level": level,
            "topic": issue["topic"],
            "agency_id": local.get(unit or "", anyone) if level != "city" else anyone,
            "due_on": day + dt.timedelta(days=LIMITS[level]),
        }


def _settlements(city: SampleCity, wanted: dict[str, Any]) -> Rows:
    """Yield the settlement of every duty but some that are still open; about one in twenty comes late."""
    rng = city.rng("livelihood.settlement")
    total = wanted["duties"] * city.scale
    still_open = set(rng.sample(range(total), total - wanted["settled"] * city.scale))
    for position, duty in enumerate(_duties(city, wanted)):
        if position in still_open:
            continue
        limit = LIMITS[duty["level"]]
        days = rng.randint(1, limit) + (limit if rng.random() < 0.05 else 0)
        yield {
            "division_id": duty["division_id"],
            "occurred_on": min(duty["occurred_on"] + dt.timedelta(days=days), city.day),
            "number": duty["number"],
            "level": duty["level"],
            "topic": duty["topic"],
            "due_on": duty["due_on"],
        }


def _claims(city: SampleCity, wanted: dict[str, Any]) -> Rows:
    rng = city.rng("livelihood.claim")
    places, members = _places(city), wanted["claimants"] * city.scale
    earlier = wanted["earlier_claims"] * city.scale
    for number, day in enumerate(_days(city, wanted["first_day"], wanted["earlier_claims"], wanted["claims"])):
        member = _member(number - earlier if number >= earlier else number, members, rng.random())
        yield {
            "division_id": places[member % len(places)],
            "occurred_on": day,
            "number": f"SS-{day.year}-{number + 1:06d}",
            "member": f"M-{member:06d}",
            "topic": rng.choice(Topic.values),
            "level": rng.choice(LEVELS),
            "promised_on": day + dt.timedelta(days=rng.choice((15, 30, 60, 90))),
        }


def _checks(city: SampleCity, wanted: dict[str, Any]) -> Rows:
    """Yield members going down to look; most find nothing."""
    rng = city.rng("livelihood.check")
    places, members = _places(city), wanted["checkers"] * city.scale
    earlier = wanted["earlier_checks"] * city.scale
    first = dt.date(city.day.year, 1, 4)
    for number, day in enumerate(_days(city, first, wanted["earlier_checks"], wanted["checks"])):
        member = _member(number - earlier if number >= earlier else number, members, rng.random())
        yield {
            "division_id": places[member % len(places)],
            "occurred_on": day,
            "member": f"M-{member:06d}",
            "level": rng.choice(LEVELS),
            "households": rng.randint(1, 12),
            "found": int(rng.random() < 0.27),
        }


def _disputes(city: SampleCity, wanted: dict[str, Any]) -> Rows:
    rng = city.rng("livelihood.dispute")
    places = _places(city)
    first = dt.date(city.day.year, 1, 4)
    for number, day in enumerate(_spaced(first, city.day, wanted["disputes"] * city.scale), 1):
        yield {
            "division_id": rng.choice(places),
            "occurred_on": day,
            "number": f"JF-{day.year}-{number:06d}",
            "kind": rng.choice(Dispute.Kind.values),
            "risk": rng.choice(("blue", "blue", "blue", "blue", "yellow", "yellow", "orange", "red")),
        }


def _mediations(city: SampleCity, wanted: dict[str, Any]) -> Rows:
    """Yield the settlement of every dispute but some that are still open."""
    rng = city.rng("livelihood.mediation")
    total = wanted["disputes"] * city.scale
    still_open = set(rng.sample(range(total), total - wanted["disputes_solved"] * city.scale))
    for position, dispute in enumerate(_disputes(city, wanted)):
        if position in still_open:
            continue
        yield {
            "division_id": dispute["division_id"],
            "occurred_on": min(dispute["occurred_on"] + dt.timedelta(days=rng.randint(1, 25)), city.day),
            "number": dispute["number"],
            "kind": dispute["kind"],
            "agreement": rng.choice(("written", "written", "oral", "oral", "oral", "confirmed")),
        }


def _helps(city: SampleCity, wanted: dict[str, Any]) -> Rows:
    rng = city.rng("livelihood.help")
    places = _places(city)
    earlier, total = wanted["earlier_helps"], wanted["helps_solved"] + wanted["helps_unsolved"]
    positions = range(earlier * city.scale, (earlier + total) * city.scale)
    unsolved = set(rng.sample(positions, wanted["helps_unsolved"] * city.scale))
    topics, levels = Topic.values, LEVELS
    for number, day in enumerate(_days(city, wanted["first_day"], earlier, total)):
        yield {
            "division_id": places[int(rng.random() * len(places))],
            "occurred_on": day,
            "number": f"BB-{day.year}-{number + 1:07d}",
            "topic": topics[int(rng.random() * len(topics))],
            "level": levels[int(rng.random() * len(levels))],
            "result": ("partly", "partly", "referred")[number % 3] if number in unsolved else "solved",
        }


def _deeds(city: SampleCity, wanted: dict[str, Any]) -> Rows:
    rng = city.rng("livelihood.deed")
    places, members = _places(city), wanted["doers"] * city.scale
    earlier = wanted["earlier_deeds"] * city.scale
    first = dt.date(city.day.year, 1, 4)
    for number, day in enumerate(_days(city, first, wanted["earlier_deeds"], wanted["deeds"])):
        member = _member(number - earlier if number >= earlier else number, members, rng.random())
        yield {
            "division_id": places[member % len(places)],
            "occurred_on": day,
            "number": f"HS-{day.year}-{number + 1:06d}",
            "member": f"M-{member:06d}",
            "kind": rng.choice(("good", "practical", "practical", "difficult")),
            "place": rng.choice(("enterprise", "community", "community", "school", "village", "village")),
        }
