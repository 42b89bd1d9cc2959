"""Invented identifiers, resolutions and cloud contracts; how many there are says the city's ``sample.toml``."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from typing import Any

from yizhantong.kernel.ledger.sampling import Batch, Row, SampleCity, taken_back
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.industry.handles import parse
from yizhantong.zones.industry.models import Cloud, Registration

WAN_FEN = 1_000_000
VENDORS = ("第一示例云", "第二示例云", "第三示例云")


def sample(city: SampleCity) -> Iterator[Batch]:
    """Yield the zone's five ledgers; ``city.scale`` sets of the same size, each with its own prefixes."""
    wanted = city.targets("industry")
    enterprises = city.organisations("enterprise")
    yield Batch("industry.platform", _platforms(city, wanted, enterprises))
    nodes = list(_nodes(city, wanted, enterprises))
    yield Batch("industry.node", nodes)
    yield Batch("industry.registration", _registrations(city, wanted, nodes))
    yield Batch("industry.resolution", _resolutions(city, wanted, nodes))
    yield Batch("industry.cloud", _clouds(city, wanted, enterprises))


def _platforms(city: SampleCity, wanted: dict[str, Any], enterprises: Sequence[Organisation]) -> Iterator[Row]:
    for copy in range(city.scale):
        rng = city.rng(f"industry.platform/{copy}")
        kinds = [kind for kind, count in wanted["platforms"].items() for _ in range(count)]
        for number, kind in enumerate(kinds, start=1):
            builder = rng.choice(enterprises)
            yield {
                "division_id": builder.division_id,
                "occurred_on": city.day_between(rng, dt.date(city.day.year - 1, 3, 1)),
                "platform": f"PT{copy:03d}-{number:02d}",
                "name": f"第{number}示例工业互联网平台(演示)",
                "kind": kind,
                "builder_id": builder.uscc,
                "claim": "行业首个(演示)" if kind == "sector" else "",
                "evidence": f"演示佐证{number:02d}" if kind == "sector" else "",
            }


def _nodes(city: SampleCity, wanted: dict[str, Any], enterprises: Sequence[Organisation]) -> Iterator[dict[str, Any]]:
    rng = city.rng("industry.node")
    makers = [firm for firm in enterprises if firm.industry_id and "13" <= firm.industry_id[:2] <= "43"]
    for number in range(wanted["nodes"] * city.scale):
        firm = makers[number % len(makers)]
        yield {
            "division_id": firm.division_id,
            "occurred_on": city.day_between(rng, dt.date(city.day.year - 1, 9, 1), city.day - dt.timedelta(days=60)),
            "prefix": f"88.{wanted['node_number']}.{number + 1}",
            "enterprise_id": firm.uscc,
            "industry_id": firm.industry_id,
        }


def _registrations(city: SampleCity, wanted: dict[str, Any], nodes: list[dict[str, Any]]) -> Iterator[Row]:
    """Yield identifiers in the turn of the nodes; the first was registered twice by mistake and taken back."""
    rng = city.rng("industry.registration")
    for number in range(wanted["registrations"] * city.scale):
        node = nodes[number % len(nodes)]
        handle = parse(f"{node['prefix']}/Cp{number:08d}")
        if handle is None:
            raise ValueError(f"prefix {node['prefix']} of the sample is malformed")
        row = {
            "division_id": node["division_id"],
            "occurred_on": city.day_between(rng, node["occurred_on"]),
            "handle": str(handle),
            "key": handle.key,
            "prefix": handle.prefix,
            "carrier": rng.choice(Registration.Carrier.values),
        }
        if number == 0:
            yield from taken_back([row])
        yield row


def _resolutions(city: SampleCity, wanted: dict[str, Any], nodes: list[dict[str, Any]]) -> Iterator[Row]:
    rng = city.rng("industry.resolution")
    for node in nodes:
        first: dt.date = node["occurred_on"]
        days = (city.day - first).days
        for offset in sorted(rng.sample(range(days + 1), min(days + 1, wanted["resolution_days"]))):
            asked = rng.randint(5, 400)
            found = asked - int(asked * rng.uniform(0, 0.02))
            yield {
                "division_id": node["division_id"],
                "occurred_on": first + dt.timedelta(days=offset),
                "prefix": node["prefix"],
                "asked": asked,
                "found": found,
                "milliseconds": asked * rng.randint(18, 95),
            }


def _clouds(city: SampleCity, wanted: dict[str, Any], enterprises: Sequence[Organisation]) -> Iterator[Row]:
    rng = city.rng("industry.cloud")
    firms = rng.sample(enterprises, min(len(enterprises), wanted["cloud_enterprises"] * city.scale))
    for number in range(wanted["cloud_contracts"] * city.scale):
        yield _contract(city, rng, firms[number % len(firms)], number)


def _contract(city: SampleCity, rng: random.Random, firm: Organisation, number: int) -> dict[str, Any]:
    amount = rng.randint(1, 60) * WAN_FEN
    voucher = rng.random() < 0.4
    return {
        "division_id": firm.division_id,
        "occurred_on": city.day_between(rng, dt.date(city.day.year - 1, 2, 1)),
        "contract": f"SY{number + 1:06d}",
        "enterprise_id": firm.uscc,
        "vendor": f"{rng.choice(VENDORS)}(演示)",
        "service": rng.choice(Cloud.Service.values),
        "contract_fen": amount,
        "voucher": f"YQ{number + 1:06d}" if voucher else "",
        "redeemed_fen": amount * 3 // 10 if voucher else 0,
    }
