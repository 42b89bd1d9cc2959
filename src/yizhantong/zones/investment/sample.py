"""Invented investment records whose figures are those of the city's ``sample.toml``; amounts there are in 万元."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Any

from yizhantong.kernel.ledger.sampling import Batch, Row, SampleCity, spread, taken_back
from yizhantong.kernel.parties.models import Industry, Organisation
from yizhantong.zones.investment.models import Activity, Contact, FundReceipt, Rank, Signing

WAN_FEN = 1_000_000
LARGE_WAN = 10_000
PROJECT_WORDS = [
    "光伏组件",
    "汽车零部件",
    "精细化工",
    "单晶硅材料",
    "农产品加工",
    "冷链物流",
    "铁合金改造",
    "生物制药",
    "装备制造",
    "商贸综合体",
]
ACTIVITY_WORDS = [
    "京津冀招商周",
    "粤港澳大湾区招商周",
    "产业链专题对接",
    "数字经济推介",
    "新材料产业洽谈",
    "农产品加工对接",
]


def sample(city: SampleCity) -> Iterator[Batch]:
    """Yield the zone's six ledgers; ``city.scale`` sets of the same size, each with its own numbers."""
    wanted = city.targets("investment")
    enterprises = city.organisations("enterprise")
    signings = list(_signings(city, wanted, enterprises))
    mistakes = ({**row, "contract_fen": row["contract_fen"] * 10} for row in signings[: wanted["mistakes"]])
    yield Batch("investment.signing", chain(taken_back(mistakes), signings))
    yield Batch("investment.stage", _stages(city, signings))
    yield Batch("investment.receipt", _receipts(city, wanted, signings))
    activities = list(_activities(city, wanted))
    yield Batch("investment.activity", activities)
    yield Batch("investment.contact", _contacts(city, wanted, activities, enterprises))
    yield Batch("investment.duty", _duties(city))


def _signings(
    city: SampleCity, wanted: dict[str, Any], enterprises: Sequence[Organisation]
) -> Iterator[dict[str, Any]]:
    codes = {industrial: _industries(industrial) for industrial in (True, False)}
    start = dt.date(city.day.year, 1, 4)
    for copy in range(city.scale):
        rng = city.rng(f"investment.signing/{copy}")
        make = partial(_signing, city, rng, enterprises, codes)
        number = 0
        for cell in wanted["signed"]:
            for amount in _amounts(rng, cell):
                number += 1
                code = f"ZS{city.day.year}-{copy:03d}-{number:04d}"
                yield make(code, cell["industrial"], amount, city.day_between(rng, start), "formal")
        for _ in range(wanted["framework_agreements"]):
            number += 1
            code = f"ZS{city.day.year}-{copy:03d}-{number:04d}"
            yield make(code, rng.random() < 0.6, rng.randint(2_000, 90_000), city.day_between(rng, start), "framework")
        for number in range(1, wanted["earlier_projects"] + 1):
            day = city.day_between(rng, dt.date(start.year - 1, 1, 6), dt.date(start.year - 1, 12, 25))
            code = f"ZS{day.year}-{copy:03d}-{number:04d}"
            yield make(code, rng.random() < 0.6, rng.randint(3_000, 60_000), day, "formal")


def _amounts(rng: random.Random, cell: dict[str, Any]) -> list[int]:
    """Return the amounts (万元) of one cell: the fixed ones, and the rest of the sum spread over the others."""
    fixed: list[int] = cell["fixed"]
    low, high = (LARGE_WAN, cell["amount"]) if cell["large"] else (cell["smallest"], LARGE_WAN - 1)
    rest = spread(rng, cell["amount"] - sum(fixed), cell["projects"] - len(fixed), low, high)
    return [*fixed, *rest]


def _industries(industrial: bool) -> list[str]:
    found = Industry.objects.filter(level=Industry.Level.CLASS)
    found = found.filter(section__in="BCD") if industrial else found.filter(section__in="AEFGHIKLMNR")
    return list(found.order_by("code").values_list("code", flat=True))


def _signing(
    city: SampleCity, rng: random.Random, enterprises: Sequence[Organisation], codes: dict[bool, list[str]],
    project: str, industrial: bool, amount: int, day: dt.date, agreement: str,
) -> dict[str, Any]:  # fmt: skip
    chapters = Signing.Chapter.values if industrial else ["raw", "new", "new", "old"]
    return {
        "division_id": rng.choice(city.units).code,
        "occurred_on": day,
        "project": project,
        "name": f"{rng.choice(PROJECT_WORDS)}项目{project[-8:]}(演示)",
        "investor_id": rng.choice(enterprises).uscc,
        "contract_fen": amount * WAN_FEN,
        "investment_fen": amount * WAN_FEN,
        "chapter": rng.choice(chapters),
        "industry_id": rng.choice(codes[industrial]),
        "industrial": industrial,
        "agreement": agreement,
        "origin": rng.choice(["provinces", "provinces", "provinces", "cities", "abroad"]),
    }


def _stages(city: SampleCity, signings: list[dict[str, Any]]) -> Iterator[Row]:
    """Yield how far each formal project has come, every stage some weeks after the one before."""
    rng = city.rng("investment.stage")
    for signing in signings:
        day: dt.date = signing["occurred_on"]
        if signing["agreement"] != "formal":
            continue
        for stage, weeks in (("registered", 6), ("started", 16), ("producing", 40)):
            day += dt.timedelta(days=rng.randint(7, 7 * weeks))
            if day > city.day or rng.random() < 0.15:
                break
            yield {
                "division_id": signing["division_id"],
                "occurred_on": day,
                "project": signing["project"],
                "stage": stage,
                "signed_on": signing["occurred_on"],
                "proof": f"ZM-{signing['project'][2:]}-{stage[:3].upper()}",
            }


def _receipts(city: SampleCity, wanted: dict[str, Any], signings: list[dict[str, Any]]) -> Iterator[Row]:
    """Yield proofs of money: last year's, this year's first half exactly as wanted, and what came after."""
    year, per_copy = city.day.year, len(signings) // city.scale
    periods = (
        ("funds_last_year", dt.date(year - 1, 1, 4), dt.date(year - 1, 12, 30), dt.date(year - 1, 1, 1)),
        ("funds_half_year", dt.date(year, 1, 4), dt.date(year, 6, 30), dt.date(year, 3, 1)),
        ("funds_after_half_year", dt.date(year, 7, 1), city.day, city.day),
    )
    for copy in range(city.scale):
        rng = city.rng(f"investment.receipt/{copy}")
        own = [row for row in signings[copy * per_copy : (copy + 1) * per_copy] if row["agreement"] == "formal"]
        number = 0
        for name, first, last, signed_before in periods:
            projects = [row for row in own if row["occurred_on"] <= signed_before] or own
            proofs = wanted[name]["proofs"]
            for amount in spread(rng, wanted[name]["amount"], proofs, 50):
                number += 1
                day = city.day_between(rng, first, last)
                yield _receipt(rng, rng.choice(projects), day, f"PZ{copy:03d}-{number:05d}", amount)


def _receipt(rng: random.Random, signing: dict[str, Any], day: dt.date, proof: str, amount: int) -> dict[str, Any]:
    return {
        "division_id": signing["division_id"],
        "occurred_on": day,
        "project": signing["project"],
        "month": f"{day:%Y-%m}",
        "claimed_fen": (amount + rng.choice((0, 0, 0, amount // 10))) * WAN_FEN,
        "recognised_fen": amount * WAN_FEN,
        "proof_kind": rng.choice(FundReceipt.Proof.values),
        "proof": f"{proof}-{day:%Y%m}",
        "origin": signing["origin"],
    }


def _activities(city: SampleCity, wanted: dict[str, Any]) -> Iterator[dict[str, Any]]:
    year = city.day.year
    for copy in range(city.scale):
        rng = city.rng(f"investment.activity/{copy}")
        high = wanted["high_rank_activities"]
        lower = rng.choices(["county", "county", "other"], k=wanted["activities"] - high)
        ranks = ["city", "city", *["deputy_city"] * (high - 2), *lower]
        days = [(dt.date(year, 1, 4), city.day)] * wanted["activities"]
        earlier = wanted["earlier_activities"]
        ranks += rng.choices(Rank.values, k=earlier)
        days += [(dt.date(year - 1, 3, 1), dt.date(year - 1, 12, 28))] * earlier
        for number, (rank, (first, last)) in enumerate(zip(ranks, days, strict=True), start=1):
            day = city.day_between(rng, first, last)
            mode = rng.choice(Activity.Mode.values)
            yield {
                "division_id": rng.choice(city.units).code,
                "occurred_on": day,
                "activity": f"HD{day.year}-{copy:03d}-{number:04d}",
                "title": f"{rng.choice(ACTIVITY_WORDS)}(演示)",
                "mode": mode,
                "rank": rank,
            }


def _contacts(
    city: SampleCity, wanted: dict[str, Any], activities: list[dict[str, Any]], enterprises: Sequence[Organisation]
) -> Iterator[Row]:
    """Yield who was met: each activity meets at least one enterprise, some enterprises are met again.

    With fewer enterprises than wanted, all of them are met.
    """
    rng = city.rng("investment.contact")
    met = rng.sample(enterprises, min(len(enterprises), wanted["enterprises"] * city.scale))
    high = met[: wanted["high_rank_enterprises"] * city.scale]
    this_year = [row for row in activities if row["occurred_on"].year == city.day.year]
    groups = (
        ([row for row in this_year if row["rank"] in ("city", "deputy_city")], high),
        ([row for row in this_year if row["rank"] not in ("city", "deputy_city")], met[len(high) :]),
        ([row for row in activities if row["occurred_on"].year < city.day.year], met),
    )
    for rows, guests in groups:
        yield from _meetings(rng, rows, guests)


def _meetings(rng: random.Random, activities: list[dict[str, Any]], guests: Iterable[Organisation]) -> Iterator[Row]:
    """Deal the guests out to the activities in turn; some guests are met again, and every activity meets one."""
    dealt = list(guests)
    dealt += rng.choices(dealt, k=max(len(activities) - len(dealt), len(dealt) // 8)) if dealt else []
    seen = set()
    for number, guest in enumerate(dealt):
        activity = activities[number % len(activities)]
        if (activity["activity"], guest.uscc) in seen:
            continue
        seen.add((activity["activity"], guest.uscc))
        yield {
            "division_id": activity["division_id"],
            "occurred_on": activity["occurred_on"],
            "activity": activity["activity"],
            "enterprise_id": guest.uscc,
            "rank": activity["rank"],
            "result": rng.choice(Contact.Result.values),
        }


def _duties(city: SampleCity) -> Iterator[Row]:
    """Yield for each unit and week of this year who travels: A and B in turn."""
    monday = dt.date.fromisocalendar(city.day.year, 1, 1)
    while monday <= city.day:
        year, week, _weekday = monday.isocalendar()
        for number, unit in enumerate(city.units):
            yield {
                "division_id": unit.code,
                "occurred_on": monday,
                "week": f"{year}-W{week:02d}",
                "away": "ab"[(week + number) % 2],
            }
        monday += dt.timedelta(days=7)
