"""The sample city's figures of training are those of the page of 2021-08-16, wherever a ledger can give them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

pytestmark = pytest.mark.django_db

PRINTED = {"videos": "18期", "plays": "3061人次"}
AT_LEAST = {"sessions": (30, 40, "场"), "graduates": (70, 80, "名"), "shares": (1000, 1100, "次")}


def test_figures_of_the_page(shown: Callable[[str], dict[str, str]]) -> None:
    found = shown("training")
    assert {code: found[code] for code in PRINTED} == PRINTED
    for code, (low, high, unit) in AT_LEAST.items():
        assert low < int(found[code].removesuffix(unit)) < high
