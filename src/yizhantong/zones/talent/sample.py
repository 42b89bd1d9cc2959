"""Invented talents, subsidies and posts whose figures are those of the city's ``sample.toml``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from yizhantong.kernel.ledger.sampling import Batch, Row, SampleCity, taken_back
from yizhantong.kernel.parties.models import Organisation

YUAN_FEN = 100
YEARLY_YUAN = {"A": 60_000, "B": 48_000, "C": 36_000, "D": 24_000, "E": 12_000, "F": 6_000}
TITLES = (
    "工艺工程师",
    "设备维修技师",
    "质量检验员",
    "研发工程师",
    "数控操作工",
    "财务主管",
    "销售经理",
    "化验员",
    "电气工程师",
)


def sample(city: SampleCity) -> Iterator[Batch]:
    """Yield the zone's three ledgers."""
    wanted = city.targets("talent")
    enterprises = city.organisations("enterprise")
    recognitions = list(_recognitions(city, wanted, enterprises))
    yield Batch("talent.recognition", recognitions)
    subsidies = list(_subsidies(city, wanted, recognitions[: wanted["talents"] * city.scale]))
    mistakes = taken_back(row | {"amount_fen": row["amount_fen"] // 2} for row in subsidies[-wanted["mistakes"] :])
    yield Batch("talent.subsidy", chain(mistakes, subsidies))
    yield Batch("talent.post", _posts(city, wanted, enterprises))


def _recognitions(
    city: SampleCity, wanted: dict[str, Any], enterprises: Sequence[Organisation]
) -> Iterator[dict[str, Any]]:
    """Yield every talent once, in order of recognition, then those whose class was raised from E to D this year."""
    rng = city.rng("talent.recognition")
    first = dt.date(city.day.year - 2, 1, 7)
    span, total = (city.day - first).days, wanted["talents"] * city.scale
    high = set(rng.sample(range(total), wanted["high_level"] * city.scale))
    lower = [position for position in range(total) if position not in high]
    raised = set(lower[: wanted["upgraded"] * city.scale])
    for position in range(total):
        day = first + dt.timedelta(days=position * span // total)
        category = (
            rng.choice("AABBBCCCC") if position in high else "E" if position in raised else rng.choice("DEEEFFFF")
        )
        yield _recognition(position, day, category, rng.choice(enterprises))
    for number, position in enumerate(sorted(raised), total):
        day = city.day_between(rng, dt.date(city.day.year, 1, 4))
        yield _recognition(number, day, "D", rng.choice(enterprises), talent=position)


def _recognition(
    number: int, day: dt.date, category: str, employer: Organisation, talent: int | None = None
) -> dict[str, Any]:
    return {
        "division_id": employer.division_id,
        "occurred_on": day,
        "number": f"RC-{day.year}-{number + 1:05d}",
        "talent": f"T-{number if talent is None else talent:06d}",
        "category": category,
        "employer_id": employer.uscc,
        "valid_until": dt.date(day.year + 5, day.month, min(day.day, 28)),
    }


def _subsidies(
    city: SampleCity, wanted: dict[str, Any], recognitions: list[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Yield a first yearly instalment last year, and this year's, to those recognised before."""
    rng = city.rng("talent.subsidy")
    year = city.day.year
    earlier = recognitions[: wanted["earlier_subsidised"] * city.scale]
    current = recognitions[: wanted["subsidised"] * city.scale]
    kinds = {row["talent"]: rng.choice(("living", "living", "housing", "settling")) for row in recognitions}
    days = {row["talent"]: row["occurred_on"] for row in recognitions}
    paid: dict[str, int] = {}
    for rows, first, last in (
        (earlier, dt.date(year - 1, 9, 1), dt.date(year - 1, 12, 30)),
        (current, dt.date(year, 4, 1), city.day),
    ):
        for row in rows:
            talent = row["talent"]
            if days[talent] > last:
                continue
            paid[talent] = paid.get(talent, 0) + 1
            yield {
                "division_id": row["division_id"],
                "occurred_on": max(days[talent], city.day_between(rng, first, last)),
                "talent": talent,
                "category": row["category"],
                "kind": kinds[talent],
                "instalment": paid[talent],
                "amount_fen": YEARLY_YUAN[row["category"]] * YUAN_FEN,
            }


def _posts(city: SampleCity, wanted: dict[str, Any], enterprises: Sequence[Organisation]) -> Iterator[Row]:
    rng = city.rng("talent.post")
    year, number = city.day.year, 0
    for total, first, last in (
        (wanted["earlier_posts"], dt.date(year - 1, 2, 1), dt.date(year - 1, 12, 31)),
        (wanted["posts"], dt.date(year, 1, 4), city.day),
    ):
        for position in range(total * city.scale):
            number += 1
            employer = rng.choice(enterprises)
            day = first + dt.timedelta(days=position * (last - first).days // (total * city.scale))
            yield {
                "division_id": employer.division_id,
                "occurred_on": day,
                "number": f"GW-{day.year}-{number:06d}",
                "employer_id": employer.uscc,
                "title": rng.choice(TITLES),
                "education": rng.choice(
                    ("any", "any", "college", "college", "bachelor", "bachelor", "master", "doctor")
                ),
                "openings": rng.choice((1, 1, 1, 2, 2, 3, 5, 10)),
                "pay_fen": rng.randrange(3_000, 12_001, 500) * YUAN_FEN,
            }
