"""The sample city's figures of innovation are those of the page of 2021-08-16, wherever a ledger can give them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

pytestmark = pytest.mark.django_db

PRINTED = {
    "projects": "71个", "world_advanced": "11项", "home_advanced": "57项", "fills_gap": "8项", "unmarked": "3项",
    "fills_gap_with_level": "5项", "expected_sales": "153.3亿元", "expected_profit_tax": "11.3亿元",
    "station_batches": "1批", "facility_kinds": "4类", "high_tech": "11家", "tech_smes": "24家", "patents": "25项",
    "incubators": "2家", "national_incubators": "1家", "makerspaces": "8家", "national_makerspaces": "4家",
    "provincial_parks": "2家", "incubator_income": "4212万元", "incubator_jobs": "1587人",
    "makerspace_income": "868.5万元", "makerspace_jobs": "1577人",
}  # fmt: skip


def test_figures_of_the_page(shown: Callable[[str], dict[str, str]]) -> None:
    found = shown("innovation")
    assert {code: found[code] for code in PRINTED} == PRINTED
    assert int(found["first_batch_stations"].removesuffix("个")) >= 3


def test_enterprises_with_both_certificates_are_counted_once(shown: Callable[[str], dict[str, str]]) -> None:
    assert shown("innovation")["incubated"] == "31家"
