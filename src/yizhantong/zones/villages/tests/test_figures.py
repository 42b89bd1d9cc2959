"""The sample city's figures of villages are those of the page of 2021-08-16, wherever a ledger can give them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

pytestmark = pytest.mark.django_db

PRINTED = {
    "villages": "1128个", "members": "1128个", "units": "9个", "townships": "88个", "coverage": "100.0%",
    "people": "13.38万人次", "vehicles": "61007台次", "waste": "13.35万吨", "ponds": "1222个", "ditches": "5258公里",
    "manure": "3.69万吨", "heaps": "2.32万个", "waste_per_trip": "2.19吨", "people_per_village": "118.6人次",
}  # fmt: skip


def test_figures_of_the_page(shown: Callable[[str], dict[str, str]]) -> None:
    found = shown("villages")
    assert {code: found[code] for code in PRINTED} == PRINTED
