"""Products of the sample city's banks (演示数据): three for each, from the city's ``finance/products.toml``, through the real actions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from yizhantong.kernel.access.models import User
from yizhantong.kernel.divisions import city as city_folder
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.finance.access import accounts_of_bank
from yizhantong.zones.finance.actions import products
from yizhantong.zones.finance.models import Product

FILE = "finance/products.toml"
WAN_FEN = 1_000_000
EACH = 3


def publish_all(city: SampleCity, office: User | None) -> list[Product]:
    """Draft, submit and publish the products of all sample banks; return them."""
    made = []
    for place, bank in enumerate(city.organisations("bank")):
        officer = next(iter(accounts_of_bank(bank.pk)), None)
        for values in _of_bank(place):
            product = products.submit(products.draft(bank, values, account=officer), account=officer)
            made.append(products.publish(product, account=office))
    return made


def unfinished(bank: Organisation, officer: User | None) -> None:
    """Leave one product waiting for the office and one in draft."""
    first, second, *_rest = _of_bank(4)
    products.submit(products.draft(bank, first | {"name": "出口易贷"}, account=officer), account=officer)
    products.draft(bank, second | {"name": "设备更新贷"}, account=officer)


def _of_bank(place: int) -> Iterator[dict[str, Any]]:
    document = city_folder.settings_of(FILE)["products"]
    for turn in range(EACH):
        yield _values(document[(place + turn * 2) % len(document)], 5 * (place % 6))


def _values(row: Mapping[str, Any], shift: int) -> dict[str, Any]:
    low, high = row["bp"]
    return {
        "name": row["name"], "summary": row["summary"], "min_fen": row["min_wan"] * WAN_FEN, "max_fen": row["max_wan"] * WAN_FEN,
        "min_months": row["months"][0], "max_months": row["months"][1], "lpr": row["lpr"], "low_bp": low + shift,
        "high_bp": high + shift, "guarantees": list(row["guarantees"]), "purposes": list(row["purposes"]),
        "conditions": [dict(one) for one in row["conditions"]], "materials": list(row["materials"]),
        "contact": "演示客户经理", "phone": "0416-0000000",
    }  # fmt: skip
