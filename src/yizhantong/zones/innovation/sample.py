"""Invented innovation records whose figures are those of the city's ``sample.toml``."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from yizhantong.kernel.ledger.sampling import Batch, Row, SampleCity, spread, taken_back
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.innovation.models import CarrierKind, Facility, KeyProject
from yizhantong.zones.innovation.units import from_thousand_yuan

WAN_FEN = 1_000_000
TOPICS = (
    "陶瓷滤波器", "安全气囊", "单晶硅材料", "球铁轴箱", "特种铁合金", "精细化学品", "生物原料药", "智能装备",
    "节能电机", "粉体材料", "农产品深加工", "光伏组件",
)  # fmt: skip
CRAFTS = ("焊工", "车工", "钳工", "电工", "铸造工", "数控铣工", "化学检验员", "汽车维修工")


def sample(city: SampleCity) -> Iterator[Batch]:
    """Yield the zone's seven ledgers; ``city.scale`` sets of the same size, each with its own numbers."""
    wanted = city.targets("innovation")
    enterprises = city.organisations("enterprise")
    yield Batch("innovation.project", _projects(city, wanted, enterprises))
    stations = list(_stations(city, wanted, enterprises))
    yield Batch("innovation.station", stations)
    yield Batch("innovation.facility", _facilities(city, stations))
    carriers = list(_carriers(city, wanted, enterprises))
    mistakes = taken_back([carriers[0] | {"level": "city"}])
    yield Batch("innovation.carrier", chain(mistakes, carriers))
    yield Batch("innovation.carrier_year", _years(city, wanted, carriers))
    yield Batch("innovation.certified", _certified(city, wanted, carriers, enterprises))
    yield Batch("innovation.patent", _patents(city, wanted, carriers, enterprises))


def _projects(city: SampleCity, wanted: dict[str, Any], enterprises: Sequence[Organisation]) -> Iterator[Row]:
    year = city.day.year
    for copy in range(city.scale):
        rng = city.rng(f"innovation.project/{copy}")
        levels = [level for level, count in wanted["levels"].items() for _ in range(count)]
        gaps = [level for level, count in wanted["gaps"].items() for _ in range(count)]
        sales = spread(rng, wanted["expected_sales"], len(levels), 900)
        tax = _shares(rng, wanted["expected_profit_tax"], sales)
        for number, level in enumerate(levels):
            fills = level in gaps
            if fills:
                gaps.remove(level)
            yield _project(rng, enterprises, f"CX{year}-{copy:03d}-{number + 1:03d}", dt.date(year, 7, 28)) | {
                "level": level,
                "fills_gap": fills,
                "sales_fen": sales[number] * WAN_FEN,
                "profit_tax_fen": tax[number] * WAN_FEN,
            }
        for number in range(wanted["projects_last_year"]):
            amount = rng.randint(900, 40_000)
            yield _project(rng, enterprises, f"CX{year - 1}-{copy:03d}-{number + 1:03d}", dt.date(year - 1, 8, 5)) | {
                "level": rng.choice(KeyProject.Level.values),
                "fills_gap": rng.random() < 0.1,
                "sales_fen": amount * WAN_FEN,
                "profit_tax_fen": amount // 12 * WAN_FEN,
            }


def _project(rng: random.Random, enterprises: Sequence[Organisation], project: str, day: dt.date) -> dict[str, Any]:
    owner = rng.choice(enterprises)
    return {
        "division_id": owner.division_id,
        "occurred_on": day,
        "project": project,
        "name": f"{rng.choice(TOPICS)}关键技术{project[-3:]}(演示)",
        "owner_id": owner.uscc,
        "plan_year": day.year,
        "category": rng.choice(KeyProject.Category.values),
    }


def _shares(rng: random.Random, total: int, weights: list[int]) -> list[int]:
    """Return integers that add up to ``total``, each about its weight's share and below its weight."""
    loose = [weight * rng.uniform(0.7, 1.3) for weight in weights]
    shares = [int(part * total / sum(loose)) for part in loose]
    for i in rng.sample(range(len(shares)), total - sum(shares)):
        shares[i] += 1
    return shares


def _stations(
    city: SampleCity, wanted: dict[str, Any], enterprises: Sequence[Organisation]
) -> Iterator[dict[str, Any]]:
    for copy in range(city.scale):
        rng = city.rng(f"innovation.station/{copy}")
        for number in range(1, wanted["first_batch_stations"] + 1):
            host = rng.choice(enterprises)
            yield {
                "division_id": host.division_id,
                "occurred_on": dt.date(city.day.year, 8, 6),
                "station": f"DS01-{copy:03d}-{number:02d}",
                "name": f"第{number}示例技能大师工作站(演示)",
                "batch": 1,
                "craft": CRAFTS[number % len(CRAFTS)],
                "host_id": host.uscc,
            }


def _facilities(city: SampleCity, stations: list[dict[str, Any]]) -> Iterator[Row]:
    rng = city.rng("innovation.facility")
    kinds = [kind for kind in Facility.Kind.values if kind != "other"]
    for station in stations:
        for kind in kinds:
            yield {
                "division_id": station["division_id"],
                "occurred_on": station["occurred_on"] - dt.timedelta(days=12),
                "station": station["station"],
                "kind": kind,
                "area": rng.randint(20, 160),
            }


def _carriers(
    city: SampleCity, wanted: dict[str, Any], enterprises: Sequence[Organisation]
) -> Iterator[dict[str, Any]]:
    for copy in range(city.scale):
        rng = city.rng(f"innovation.carrier/{copy}")
        number = 0
        for kind, levels in wanted["carriers"].items():
            for level in [level for level, count in levels.items() for _ in range(count)]:
                number += 1
                operator = rng.choice(enterprises)
                yield {
                    "division_id": operator.division_id,
                    "occurred_on": dt.date(city.day.year - rng.randint(2, 6), rng.randint(1, 12), 15),
                    "carrier": f"ZT{copy:03d}-{number:03d}",
                    "name": f"第{number}示例{CarrierKind(kind).label}(演示)",
                    "kind": kind,
                    "level": level,
                    "operator_id": operator.uscc,
                }


def _years(city: SampleCity, wanted: dict[str, Any], carriers: list[dict[str, Any]]) -> Iterator[Row]:
    """Yield the statistics of the last two full years; incomes of the form are in 千元."""
    rng = city.rng("innovation.carrier_year")
    for back in (2, 1):
        year = city.day.year - back
        for kind in ("incubator", "makerspace"):
            own = [row for row in carriers if row["kind"] == kind]
            for level in ("city", "counted"):
                rows = [row for row in own if (row["level"] == "city") == (level == "city")]
                totals = wanted["statistics"][kind] if level == "counted" else wanted["statistics"]["city"]
                yield from _year(
                    rng, rows, year, {name: _aged(value, back) for name, value in totals.items()}, city.scale
                )


def _aged(value: int, back: int) -> int:
    """Return the value of last year, or an earlier year's, a tenth smaller for each year before."""
    return value if back == 1 else value * 9 // 10


def _year(
    rng: random.Random, rows: list[dict[str, Any]], year: int, totals: dict[str, int], scale: int
) -> Iterator[Row]:
    if not rows:
        return
    count = len(rows)
    income = spread(rng, totals["income"] * scale, count, 20)
    jobs = spread(rng, totals["jobs"] * scale, count, 10)
    for number, row in enumerate(rows):
        thousands = income[number]
        other = 0 if row["kind"] == "makerspace" else rng.randint(50, 900)
        operating = thousands if row["kind"] == "incubator" else thousands * 7 // 10
        yield {
            "division_id": row["division_id"],
            "occurred_on": dt.date(year, 12, 31),
            "carrier": row["carrier"],
            "kind": row["kind"],
            "level": row["level"],
            "year": year,
            "operating_fen": from_thousand_yuan(operating),
            "total_fen": from_thousand_yuan(thousands + other),
            "jobs": jobs[number],
            "enterprises": rng.randint(12, 64),
        }


def _certified(
    city: SampleCity, wanted: dict[str, Any], carriers: list[dict[str, Any]], enterprises: Sequence[Organisation]
) -> Iterator[Row]:
    """Yield certifications of the last three years, some enterprises with both kinds, and some of longer ago."""
    rng = city.rng("innovation.certified")
    high, small, both, old = (
        wanted[name] * city.scale for name in ("high_tech", "tech_smes", "both", "certified_before")
    )
    chosen = rng.sample(enterprises, min(len(enterprises), high + small - both + old))
    recent = dt.date(city.day.year - 2, 1, 10)
    groups = (
        ("high_tech", chosen[:high], recent, city.day),
        ("tech_sme", chosen[high - both : high - both + small], recent, city.day),
        (
            "high_tech",
            chosen[high - both + small :],
            dt.date(city.day.year - 5, 2, 1),
            dt.date(city.day.year - 4, 12, 1),
        ),
    )
    for group, (kind, firms, first, last) in enumerate(groups):
        for number, firm in enumerate(firms, start=1):
            day = city.day_between(rng, first, last)
            yield {
                "division_id": firm.division_id,
                "occurred_on": day,
                "enterprise_id": firm.uscc,
                "kind": kind,
                "carrier": rng.choice(carriers)["carrier"],
                "certificate": f"{'GR' if kind == 'high_tech' else 'KJ'}{day.year}{group}{number:06d}",
            }


def _patents(
    city: SampleCity, wanted: dict[str, Any], carriers: list[dict[str, Any]], enterprises: Sequence[Organisation]
) -> Iterator[Row]:
    rng = city.rng("innovation.patent")
    recent, earlier = dt.date(city.day.year - 2, 1, 10), dt.date(city.day.year - 5, 1, 10)
    number = 0
    for name, kind, first, last in (
        ("patents", "invention", recent, city.day),
        ("utility_models", "utility", recent, city.day),
        ("patents_before", "invention", earlier, dt.date(city.day.year - 4, 12, 20)),
    ):
        for _ in range(wanted[name] * city.scale):
            number += 1
            owner = rng.choice(enterprises)
            yield {
                "division_id": owner.division_id,
                "occurred_on": city.day_between(rng, first, last),
                "patent": f"YS{number:07d}",
                "kind": kind,
                "owner_id": owner.uscc,
                "carrier": rng.choice(carriers)["carrier"],
            }
