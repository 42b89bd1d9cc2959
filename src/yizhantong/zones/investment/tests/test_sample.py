"""The invented records of investment are possible ones."""

from __future__ import annotations

from typing import Any

import pytest

from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.zones.investment.sample import sample

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledgers(sample_city: SampleCity) -> dict[str, list[dict[str, Any]]]:
    return {batch.ledger: [dict(row) for row in batch.rows] for batch in sample(sample_city)}


def test_no_more_is_recognised_than_claimed_and_local_money_is_left_out(ledgers: dict[str, Any]) -> None:
    receipts = ledgers["investment.receipt"]
    assert all(0 < row["recognised_fen"] <= row["claimed_fen"] for row in receipts)
    assert {row["origin"] for row in receipts} <= {"provinces", "cities", "abroad"}


def test_every_activity_meets_somebody(ledgers: dict[str, Any]) -> None:
    met = {row["activity"] for row in ledgers["investment.contact"]}
    assert met == {row["activity"] for row in ledgers["investment.activity"]}


def test_a_stage_follows_the_signing(ledgers: dict[str, Any]) -> None:
    signed = {row["project"] for row in ledgers["investment.signing"] if row["agreement"] == "formal"}
    assert {row["project"] for row in ledgers["investment.stage"]} <= signed
    assert all(row["occurred_on"] > row["signed_on"] for row in ledgers["investment.stage"])


def test_the_largest_contracts_are_those_of_the_page(ledgers: dict[str, Any]) -> None:
    amounts = sorted((row["contract_fen"] for row in ledgers["investment.signing"][6:]), reverse=True)
    assert amounts[:2] == [53 * 10**10, 34_7 * 10**9]
