"""Invented needs, credit and drawdowns whose figures are those of the city's ``sample.toml``; amounts there are in 万元."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from yizhantong.kernel.ledger.sampling import Batch, Row, SampleCity, spread, taken_back, weekday
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.finance.models import Need, interest_of

WAN_FEN = 1_000_000
LARGEST_WAN = 1_200
STEPS = dt.timedelta(days=52)
"""The longest way from a need to its last drawdown in the sample."""


def sample(city: SampleCity) -> Iterator[Batch]:
    """Yield needs, credit, drawdowns: each need, its credit and its drawdowns are made together."""
    wanted = city.targets("finance")
    needs: list[Row] = []
    credits: list[Row] = []
    drawdowns: list[dict[str, Any]] = []
    for copy in range(city.scale):
        for need, credit, drawn in _loans(city, wanted, copy):
            needs.append(need)
            credits.extend(credit)
            drawdowns.extend(drawn)
    yield Batch("finance.need", needs)
    yield Batch("finance.credit", credits)
    yield Batch("finance.drawdown", chain(taken_back(_mistakes(drawdowns[: wanted["mistakes"]])), drawdowns))


def _mistakes(rows: Iterable[dict[str, Any]]) -> Iterator[Row]:
    """Yield the rows with ten times their amount."""
    for row in rows:
        amount = 10 * row["amount_fen"]
        yield row | {"amount_fen": amount, "interest_fen": interest_of(amount, row["rate_bp"])}


def _loans(
    city: SampleCity, wanted: dict[str, Any], copy: int
) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]]:
    """Yield each need with its credit (none or one) and its drawdowns (none, one or two)."""
    rng = city.rng(f"finance/{copy}")
    enterprises, banks = city.organisations("enterprise"), city.organisations("bank")
    amounts = spread(rng, wanted["drawn_wan"], wanted["drawdowns"], 10, LARGEST_WAN)
    twice = wanted["drawdowns"] - wanted["credits_drawn"]
    counts = [2] * twice + [1] * (wanted["credits_drawn"] - twice)
    counts += [0] * wanted["credits_waiting"] + [-1] * wanted["needs_without_credit"]
    rng.shuffle(counts)
    span = (city.day - STEPS - wanted["first_day"]).days
    for position, count in enumerate(counts):
        day = weekday(wanted["first_day"] + dt.timedelta(days=position * span // len(counts)))
        own = [amounts.pop() for _ in range(max(0, count))]
        number = f"{day.year}-{copy:03d}{position + 1:05d}"
        need = _need(rng, rng.choice(enterprises), day, f"RZ-{number}", sum(own) or rng.randrange(50, 800, 10))
        if count < 0:
            yield need, [], []
            continue
        credit = _credit(rng, need, rng.choice(banks), f"SX-{number}", sum(own))
        yield need, [credit], list(_drawdowns(rng, need, credit, own))


def _need(rng: random.Random, enterprise: Organisation, day: dt.date, number: str, least_wan: int) -> dict[str, Any]:
    return {
        "division_id": enterprise.division_id,
        "occurred_on": day,
        "number": number,
        "enterprise_id": enterprise.uscc,
        "amount_fen": (least_wan + rng.choice((0, 0, 20, 50, 100))) * WAN_FEN,
        "term_months": rng.choice((6, 12, 12, 12, 24, 36)),
        "purpose": rng.choice(("working", "working", "working", "fixed", "upgrade", "trade")),
        "guarantee": rng.choice(Need.Guarantee.values),
        "first_loan": rng.random() < 0.3,
    }


def _credit(
    rng: random.Random, need: dict[str, Any], bank: Organisation, number: str, drawn_wan: int
) -> dict[str, Any]:
    """Return credit between what is drawn and what was asked for."""
    drawn = drawn_wan * WAN_FEN
    return {
        "division_id": need["division_id"],
        "occurred_on": weekday(need["occurred_on"] + dt.timedelta(days=rng.randint(5, 24))),
        "number": number,
        "need_number": need["number"],
        "enterprise_id": need["enterprise_id"],
        "bank_id": bank.uscc,
        "amount_fen": need["amount_fen"] if not drawn else rng.choice((drawn, need["amount_fen"])),
        "rate_bp": rng.randrange(365, 620, 5),
        "term_months": need["term_months"],
    }


def _drawdowns(
    rng: random.Random, need: dict[str, Any], credit: dict[str, Any], amounts_wan: list[int]
) -> Iterator[dict[str, Any]]:
    for turn, amount_wan in enumerate(amounts_wan, 1):
        amount = amount_wan * WAN_FEN
        yield {
            "division_id": need["division_id"],
            "occurred_on": weekday(credit["occurred_on"] + dt.timedelta(days=rng.randint(3, 13) * turn)),
            "reference": f"{credit['number']}-{turn}",
            "credit_number": credit["number"],
            "need_number": need["number"],
            "enterprise_id": need["enterprise_id"],
            "bank_id": credit["bank_id"],
            "amount_fen": amount,
            "rate_bp": credit["rate_bp"],
            "interest_fen": interest_of(amount, credit["rate_bp"]),
            "guarantee": need["guarantee"],
            "first_loan": need["first_loan"],
        }
