"""The register of the sample city's policies, and invented payments whose figures are those of the city's ``sample.toml``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import chain
from typing import Any

from yizhantong.kernel.ledger.sampling import Batch, Row, SampleCity, spread, taken_back, weekday
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.policies.sample_documents import CardRow, DocumentRow, rows

WAN_FEN = 1_000_000


def sample(city: SampleCity) -> Iterator[Batch]:
    """Yield the register of policies and the payments made under them."""
    wanted = city.targets("policies")
    policies = list(_policies(city))
    yield Batch("policies.policy", chain(policies, _withdrawals(city, policies)))
    paying = [row for row in policies if row["policy_class"] != "notice" and row["valid_until"] >= city.day]
    payments = list(_payments(city, wanted, paying))
    mistakes = taken_back(row | {"amount_fen": 10 * row["amount_fen"]} for row in payments[-wanted["mistakes"] :])
    yield Batch("policies.payment", chain(mistakes, payments))


def _policies(city: SampleCity) -> Iterator[dict[str, Any]]:
    """Yield the cards of the city's folder as entries of the register; a larger city has them several times."""
    divisions = dict(Organisation.objects.filter(kind="agency").values_list("uscc", "division_id"))
    for copy in range(city.scale):
        for document in rows():
            for card in document.cards:
                yield _policy(document, card, divisions[document.said["issuers"][0]], copy)


def _policy(document: DocumentRow, card: CardRow, division: str, copy: int) -> dict[str, Any]:
    head, _dash, count = card.number.rpartition("-")
    return {
        "division_id": division,
        "occurred_on": document.published,
        "number": f"{head}-{1000 * copy + int(count):05d}",
        "title": card.said["title"],
        "document": document.said["document"],
        "issuer_id": document.said["issuers"][0],
        "level": document.said["level"],
        "area": document.said["area"],
        "policy_class": card.policy_class,
        "online_apply": card.policy_class == "apply",
        "online_approve": card.online,
        "valid_until": document.said["until"],
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
