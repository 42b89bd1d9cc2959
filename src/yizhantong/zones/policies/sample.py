"""Invented policies and payments whose figures are those of the city's ``sample.toml``."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from itertools import chain
from typing import Any

from yizhantong.kernel.ledger.sampling import Batch, Row, SampleCity, spread, taken_back, weekday
from yizhantong.zones.policies.models import Policy

WAN_FEN = 1_000_000
AREAS = {
    "subsidy": "工业企业技术改造补助", "tax": "中小微企业税费减免", "finance": "小微企业贷款贴息", "talent": "高层次人才引进",
    "land": "标准化厂房租金减免", "jobs": "稳岗返还与以工代训", "science": "科技型企业研发投入后补助", "market": "企业开拓国内外市场",
}  # fmt: skip


def sample(city: SampleCity) -> Iterator[Batch]:
    """Yield the register of policies and the payments made under them."""
    wanted = city.targets("policies")
    policies = list(_policies(city, wanted))
    yield Batch("policies.policy", chain(policies, _withdrawals(city, policies)))
    paying = [row for row in policies if row["policy_class"] != "notice" and row["valid_until"] >= city.day]
    payments = list(_payments(city, wanted, paying))
    mistakes = taken_back(row | {"amount_fen": 10 * row["amount_fen"]} for row in payments[-wanted["mistakes"] :])
    yield Batch("policies.payment", chain(mistakes, payments))


def _policies(city: SampleCity, wanted: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield policies of the last four years; those that have run out come last."""
    rng = city.rng("policies.policy")
    classes = (
        ("online", "apply", True), ("apply_offline", "apply", False), ("automatic", "automatic", False),
        ("notice", "notice", False), ("withdrawn", "apply", True),
    )  # fmt: skip
    agencies = city.organisations("agency")
    number = 0
    for name, policy_class, online in classes:
        for _ in range(wanted[name] * city.scale):
            number += 1
            yield _policy(city, wanted, rng, number, policy_class, online, ended=name == "withdrawn") | {
                "issuer_id": rng.choice(agencies).uscc,
            }


def _policy(
    city: SampleCity, wanted: dict[str, Any], rng: random.Random, number: int, policy_class: str, online: bool, ended: bool
) -> dict[str, Any]:  # fmt: skip
    year = city.day.year
    published = city.day_between(rng, dt.date(year - 3, 1, 8), dt.date(year - 1, 11, 30))
    if ended:
        published = published.replace(year=year - 3, day=min(published.day, 28))
    area = rng.choice(Policy.Area.values)
    return {
        "division_id": rng.choice(city.units).code,
        "occurred_on": published,
        "number": f"ZC-{published.year}-{number:05d}",
        "title": f"关于{AREAS[area]}的若干措施(演示)",
        "document": f"{wanted['document_prefix']}〔{published.year}〕{number}号",
        "level": rng.choice(("city", "city", "city", "county", "province")),
        "area": area,
        "policy_class": policy_class,
        "online_apply": policy_class == "apply",
        "online_approve": online,
        "valid_until": dt.date(year, 6, 30) if ended else dt.date(published.year + 5, 12, 31),
    }


def _withdrawals(city: SampleCity, policies: list[dict[str, Any]]) -> Iterator[Row]:
    """Yield the withdrawal of each policy that has run out, on its last day."""
    for position, policy in enumerate(policies):
        if policy["valid_until"] < city.day:
            yield policy | {"occurred_on": policy["valid_until"], "reverses": position}


def _payments(city: SampleCity, wanted: dict[str, Any], policies: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield last year's payments, then this year's; no enterprise twice under one policy in one year."""
    rng = city.rng("policies.payment")
    enterprises = city.organisations("enterprise")
    year = city.day.year
    for kind, first, last in (
        ("earlier_", dt.date(year - 1, 12, 1), dt.date(year - 1, 12, 31)),
        ("", dt.date(year, 1, 4), city.day),
    ):
        total = wanted[f"{kind}payments"] * city.scale
        amounts = spread(rng, wanted[f"{kind}paid_wan"] * city.scale, total, 1, 200)
        for position, amount in enumerate(amounts):
            turn, index = divmod(position, len(policies))
            policy = policies[index]
            enterprise = enterprises[(turn + 37 * index) % len(enterprises)]
            day = first + dt.timedelta(days=position * (last - first).days // total)
            yield {
                "division_id": enterprise.division_id,
                "occurred_on": max(first, weekday(day)),
                "policy_number": policy["number"],
                "policy_class": policy["policy_class"],
                "enterprise_id": enterprise.uscc,
                "year": first.year,
                "amount_fen": amount * WAN_FEN,
            }
