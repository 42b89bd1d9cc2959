"""Invented policies and claims whose figures are those of the city's ``sample.toml``; amounts there are in 元."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

from yizhantong.kernel.divisions import tree
from yizhantong.kernel.divisions.tree import Branch
from yizhantong.kernel.ledger.sampling import Batch, Row, SampleCity, spread, taken_back

YUAN_FEN = 100
REASONS = ("出险日期不在保险期间内", "受损房屋不属于承保房屋", "损失不属于保险责任")


def sample(city: SampleCity) -> Iterator[Batch]:
    """Yield the zone's six ledgers; a claim's household is one of the year's policies."""
    wanted = city.targets("insurance")
    yield Batch("insurance.cover", _covers(city, wanted))
    yield Batch("insurance.policy", _policies(city, wanted))
    yield Batch("insurance.disaster", _disasters(city, wanted))
    cases = list(_cases(city, wanted))
    yield Batch("insurance.claim", _claims(cases))
    yield Batch("insurance.assessment", _assessments(cases))
    yield Batch("insurance.payment", _payments(cases))


def household(year: int, number: int) -> str:
    """Return the pseudonym of the household of that number; the year keeps those of other years apart."""
    return f"H{(year * 1_000_003 + number * 7_368_787) % (1 << 48):012X}"


def _covers(city: SampleCity, wanted: dict[str, Any]) -> Iterator[Row]:
    for year in (city.day.year - 1, city.day.year):
        for kind, limit in wanted["covers"].items():
            yield {
                "division_id": tree.root(),
                "occurred_on": dt.date(year, 1, 1),
                "year": year,
                "kind": kind,
                "limit_fen": limit * YUAN_FEN,
            }


def _policies(city: SampleCity, wanted: dict[str, Any]) -> Iterator[Row]:
    """Yield last year's trial in one county, then this year's households; the first is entered twice and taken back."""
    insurers = city.organisations("insurer")
    places = _villages(city, wanted)
    trial = [village for village in places if village.unit == wanted["trial_unit"]]
    year = city.day.year
    mistaken = False
    for period, villages, households in (
        (year - 1, trial, wanted["trial_households"]),
        (year, places, wanted["households"]),
    ):
        rng = city.rng(f"insurance.policy/{period}")
        start = dt.date(period, 1, 1)
        for number in range(households * city.scale):
            row = {
                "division_id": villages[number % len(villages)].code,
                "occurred_on": start,
                "household": household(period, number),
                "year": period,
                "group": "supported" if rng.random() < wanted["supported_share"] else "allowance",
                "insurer_id": insurers[number % len(insurers)].uscc,
                "premium_fen": wanted["premium"] * YUAN_FEN,
                "farmer_fen": 0,
                "subsidy_fen": wanted["premium"] * YUAN_FEN,
                "insured_fen": sum(wanted["covers"].values()) * YUAN_FEN,
                "ends_on": dt.date(period, 12, 31),
            }
            if not mistaken:
                yield from taken_back([row | {"farmer_fen": row["premium_fen"], "subsidy_fen": 0}])
                mistaken = True
            yield row


def _villages(city: SampleCity, wanted: dict[str, Any]) -> list[Branch]:
    suffixes = tuple(wanted["village_suffixes"])
    return [village for village in city.villages if village.name.endswith(suffixes)]


def _disasters(city: SampleCity, wanted: dict[str, Any]) -> Iterator[Row]:
    for copy in range(city.scale):
        for event in wanted["disasters"]:
            yield {
                "division_id": tree.root(),
                "occurred_on": event["day"],
                "disaster": _number(event, copy),
                "name": event["name"],
                "cause": event["cause"],
            }


def _number(event: dict[str, Any], copy: int) -> str:
    return f"Z{event['day']:%Y%m%d}-{copy:03d}"


def _cases(city: SampleCity, wanted: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every claim as one story: who, where, what was lost and reported, assessed and paid."""
    places = _villages(city, wanted)
    for copy in range(city.scale):
        taken = 0
        for event in wanted["disasters"]:
            year = event["day"].year
            rng = city.rng(f"insurance.claim/{event['day']}/{copy}")
            households = wanted["households"] if year == city.day.year else wanted["trial_households"]
            villages = places if year == city.day.year else [v for v in places if v.unit == wanted["trial_unit"]]
            amounts = _amounts(rng, event)
            for position, amount in enumerate([*amounts, *[0] * event["refused"], *[None] * event["open"]]):
                number = copy * households + (taken * 613) % households
                taken += 1
                yield _case(city, rng, event, copy, amount) | {
                    "claim": f"BA{event['day']:%Y%m%d}-{copy:03d}-{position + 1:04d}",
                    "household": household(year, number),
                    "village": villages[number % len(villages)].code,
                }


def _amounts(rng: random.Random, event: dict[str, Any]) -> list[int]:
    """Return the payments of a disaster in 元: the fixed ones, and the rest in steps of 50 元 where it goes."""
    fixed: list[int] = event["fixed"]
    rest, count = event["paid"] - sum(fixed), event["payments"] - len(fixed)
    odd = rest % 50
    steps = spread(rng, rest // 50, count, event["least"] // 50, event["most"] // 50)
    amounts = [step * 50 for step in steps]
    amounts[0] += odd
    return [*fixed, *amounts]


def _case(city: SampleCity, rng: random.Random, event: dict[str, Any], copy: int, amount: int | None) -> dict[str, Any]:
    """Return one claim's days and amounts; ``amount`` is what was paid, 0 a refusal, None one not yet assessed."""
    last = min(city.day, dt.date(event["day"].year, 12, 30))
    reported = event["day"] + dt.timedelta(days=rng.randint(0, 2))
    assessed = reported + dt.timedelta(days=rng.randint(1, 9))
    paid = min(assessed + dt.timedelta(days=rng.randint(1, 10)), last)
    return {
        "event": event,
        "disaster": _number(event, copy),
        "cover": "contents" if rng.random() < 0.2 else "house",
        "amount": amount,
        "reported": reported,
        "assessed": assessed,
        "paid": paid,
        "reason": rng.choice(REASONS),
    }


def _claims(cases: list[dict[str, Any]]) -> Iterator[Row]:
    for case in cases:
        yield {
            "division_id": case["village"],
            "occurred_on": case["reported"],
            "claim": case["claim"],
            "household": case["household"],
            "year": case["event"]["day"].year,
            "disaster": case["disaster"],
            "cover": case["cover"],
            "lost_on": case["event"]["day"],
        }


def _assessments(cases: list[dict[str, Any]]) -> Iterator[Row]:
    for case in cases:
        if case["amount"] is None:
            continue
        yield {
            "division_id": case["village"],
            "occurred_on": case["assessed"],
            "claim": case["claim"],
            "verdict": "due" if case["amount"] else "refused",
            "assessed_fen": case["amount"] * YUAN_FEN,
            "reason": "" if case["amount"] else case["reason"],
        }


def _payments(cases: list[dict[str, Any]]) -> Iterator[Row]:
    for case in cases:
        if not case["amount"]:
            continue
        yield {
            "division_id": case["village"],
            "occurred_on": case["paid"],
            "payment": f"PF{case['claim'][2:]}",
            "claim": case["claim"],
            "household": case["household"],
            "year": case["event"]["day"].year,
            "disaster": case["disaster"],
            "cause": case["event"]["cause"],
            "paid_fen": case["amount"] * YUAN_FEN,
            "days": (case["paid"] - case["reported"]).days,
        }
