"""The sample city's figures of waters are those of the page of 2021-08-16, wherever a ledger can give them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

pytestmark = pytest.mark.django_db

PRINTED = {"stations": "65个", "surveys": "20次", "sea_surveys": "10次", "waters": "4类"}
AT_LEAST = {"samples": (120, 130, "批次"), "results": (1000, 1100, "个"), "parameters": (3, 10, "项")}


def test_figures_of_the_page(shown: Callable[[str], dict[str, str]]) -> None:
    found = shown("waters")
    assert {code: found[code] for code in PRINTED} == PRINTED
    for code, (low, high, unit) in AT_LEAST.items():
        assert low < int(found[code].removesuffix(unit)) < high
