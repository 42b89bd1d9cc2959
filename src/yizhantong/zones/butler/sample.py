"""Invented records of the butler service whose figures are those of the city's ``sample.toml``."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any

from yizhantong.kernel.divisions import tree
from yizhantong.kernel.ledger.sampling import Batch, Row, SampleCity, taken_back
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.butler.models import Appeal

SUBJECTS = {
    "policy": ("奖补资金兑现进度", "政策条款适用咨询", "减免税费办理"),
    "approval": ("施工许可办理", "环评手续衔接", "规划条件核实"),
    "finance": ("流动资金贷款对接", "贷款到期续贷", "应收账款质押"),
    "labour": ("一线工人招聘", "技能培训", "员工子女入学"),
    "land": ("工业用地指标", "不动产权证办理", "厂房租赁"),
    "utilities": ("用电增容", "供水管网接入", "蒸汽价格"),
    "market": ("产品进入采购目录", "展会参展", "产业链配套"),
    "rights": ("拖欠账款协调", "商标维权", "合同纠纷咨询"),
    "other": ("厂区门前道路", "公交线路延伸", "周边环境整治"),
}
KIND_WEIGHTS = (18, 16, 17, 12, 8, 11, 6, 5, 7)
RATINGS = {"solved": (5, 5, 5, 5, 5, 4, 4, 4, 3, None, None, None, 2), "other": (3, 2, 1, None)}
"""Ratings from which the sample draws; None where the enterprise says nothing."""


def sample(city: SampleCity) -> Iterator[Batch]:
    """Yield the zone's six ledgers."""
    wanted = city.targets("butler")
    enterprises = city.organisations("enterprise")
    yield Batch("butler.service_zone", _service_zones(city, wanted))
    yield Batch("butler.assignment", _assignments(city, wanted, enterprises))
    yield Batch("butler.visit", _visits(city, wanted, enterprises))
    yield Batch("butler.appeal", (appeal for appeal, _ in _appeals(city, wanted)))
    outcomes = (outcome for _, outcome in _appeals(city, wanted) if outcome)
    mistaken = ({**outcome, "result": "unable"} for _, outcome in _appeals(city, wanted) if outcome)
    yield Batch("butler.outcome", chain(taken_back(islice(mistaken, wanted["mistakes"])), outcomes))
    yield Batch("butler.rating", _ratings(city, wanted))


def _service_zones(city: SampleCity, wanted: dict[str, Any]) -> Iterator[Row]:
    for copy in range(city.scale):
        for zone in wanted["zones"]:
            yield {
                "division_id": tree.root(),
                "occurred_on": zone["opened"],
                "zone_code": zone["code"] if copy == 0 else f"{zone['code']}-{copy}",
                "name": zone["name"],
                "lead": zone["lead"],
            }


def _assignments(city: SampleCity, wanted: dict[str, Any], enterprises: Sequence[Organisation]) -> Iterator[Row]:
    """Yield one butler for each of the first enterprises; there are never more assignments than enterprises."""
    rng = city.rng("butler.assignment")
    for enterprise in enterprises[: wanted["assignments"] * city.scale]:
        yield {
            "division_id": enterprise.division_id,
            "occurred_on": city.day_between(rng, wanted["first_day"]),
            "enterprise_id": enterprise.uscc,
            "butler": f"M-{rng.randrange(wanted['butlers']):06d}",
            "level": rng.choice(("city", "county", "county")),
        }


def _visits(city: SampleCity, wanted: dict[str, Any], enterprises: Sequence[Organisation]) -> Iterator[Row]:
    rng = city.rng("butler.visit")
    year = city.day.year
    earlier = dt.date(year - 1, 1, 2), dt.date(year - 1, 12, 31)
    for total, (first, last) in (
        (wanted["earlier_visits"], earlier),
        (wanted["visits"], (dt.date(year, 1, 4), city.day)),
    ):
        for _ in range(total * city.scale):
            enterprise = rng.choice(enterprises)
            yield {
                "division_id": enterprise.division_id,
                "occurred_on": city.day_between(rng, first, last),
                "enterprise_id": enterprise.uscc,
                "butler": f"M-{rng.randrange(wanted['butlers']):06d}",
                "mode": rng.choice(("onsite", "onsite", "onsite", "phone", "online")),
                "problems": rng.choice((0, 0, 0, 1, 1, 2)),
            }


def _appeals(city: SampleCity, wanted: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    """Yield each appeal with its outcome, or None while it is open: the same ones at every call."""
    rng = city.rng("butler.appeal")
    enterprises = city.organisations("enterprise")
    agencies = city.organisations("agency")
    results = [
        name for name in ("solved", "explained", "unable") for _ in range(wanted[f"appeals_{name}"] * city.scale)
    ]
    rng.shuffle(results)
    total = len(results) + wanted["appeals_open"] * city.scale
    span = (city.day - wanted["first_day"]).days
    kinds = rng.choices(Appeal.Kind.values, KIND_WEIGHTS, k=total)
    for position, kind in enumerate(kinds):
        day = wanted["first_day"] + dt.timedelta(days=position * span // total)
        enterprise = rng.choice(enterprises)
        appeal = {
            "division_id": enterprise.division_id,
            "occurred_on": day,
            "number": f"SQ-{day.year}-{position + 1:06d}",
            "enterprise_id": enterprise.uscc,
            "kind": kind,
            "channel": rng.choice(("platform", "platform", "platform", "butler", "butler", "hotline", "window")),
            "subject": rng.choice(SUBJECTS[kind]),
            "agency_id": _responsible(enterprise, agencies, rng),
        }
        outcome = _outcome(appeal, results[position], city.day, rng) if position < len(results) else None
        yield appeal, outcome


def _responsible(enterprise: Organisation, agencies: Sequence[Organisation], rng: random.Random) -> str:
    """Return the agency of the enterprise's managing unit, or in two of five cases one of the city's."""
    unit = tree.unit_of(enterprise.division_id)
    local = [agency for agency in agencies if agency.division_id == unit]
    return (rng.choice(agencies) if rng.random() < 0.4 or not local else local[0]).uscc


def _outcome(appeal: dict[str, Any], result: str, last: dt.date, rng: random.Random) -> dict[str, Any]:
    days = min(rng.randint(0, 14), (last - appeal["occurred_on"]).days)
    return {
        "division_id": appeal["division_id"],
        "occurred_on": appeal["occurred_on"] + dt.timedelta(days=days),
        "number": appeal["number"],
        "enterprise_id": appeal["enterprise_id"],
        "kind": appeal["kind"],
        "result": result,
        "days": days,
    }


def _ratings(city: SampleCity, wanted: dict[str, Any]) -> Iterator[Row]:
    """Yield what some enterprises say of their outcome, within three days."""
    rng = city.rng("butler.rating")
    for _, outcome in _appeals(city, wanted):
        rating = rng.choice(RATINGS["solved" if outcome and outcome["result"] == "solved" else "other"])
        if outcome is None or rating is None:
            continue
        yield {
            "division_id": outcome["division_id"],
            "occurred_on": min(outcome["occurred_on"] + dt.timedelta(days=rng.randint(0, 3)), city.day),
            "number": outcome["number"],
            "enterprise_id": outcome["enterprise_id"],
            "result": outcome["result"],
            "rating": rating,
        }
