"""The sample city's investment ledgers give the page's figures, wherever a ledger can."""

from __future__ import annotations

from collections import Counter

import pytest

from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.zones.investment.sample import sample

pytestmark = pytest.mark.django_db


def _ledgers(city: SampleCity) -> dict[str, list[dict[str, object]]]:
    return {batch.ledger: [dict(row) for row in batch.rows] for batch in sample(city)}


def test_the_same_city_gives_the_same_records(sample_city: SampleCity) -> None:
    assert _ledgers(sample_city) == _ledgers(sample_city)


def test_scale_multiplies_records_and_keeps_numbers_apart(sample_city: SampleCity) -> None:
    one = _ledgers(sample_city)
    three = _ledgers(SampleCity(day=sample_city.day, scale=3))
    for code in ("investment.signing", "investment.receipt", "investment.activity"):
        own = [row for row in three[code] if "reverses" not in row]
        assert len(own) >= 2.9 * len([row for row in one[code] if "reverses" not in row])
    proofs = Counter(row["proof"] for row in three["investment.receipt"])
    assert set(proofs.values()) == {1}


def test_red_letters_take_back_an_equal_record(sample_city: SampleCity) -> None:
    rows = _ledgers(sample_city)["investment.signing"]
    reversals = [row for row in rows if "reverses" in row]
    assert reversals
    for row in reversals:
        position = row.pop("reverses")
        assert isinstance(position, int)
        assert rows[position] == row


def test_nobody_is_recognised_more_than_claimed_and_local_money_is_left_out(sample_city: SampleCity) -> None:
    receipts = _ledgers(sample_city)["investment.receipt"]
    assert all(0 < row["recognised_fen"] <= row["claimed_fen"] for row in receipts)  # type: ignore[operator]
    assert {row["origin"] for row in receipts} <= {"provinces", "cities", "abroad"}


def test_every_activity_meets_somebody(sample_city: SampleCity) -> None:
    ledgers = _ledgers(sample_city)
    met = {row["activity"] for row in ledgers["investment.contact"]}
    assert met == {row["activity"] for row in ledgers["investment.activity"]}
