"""The sample city's figures of insurance are those of the page of 2021-08-16, wherever a ledger can give them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

pytestmark = pytest.mark.django_db

PRINTED = {
    "households": "58777户", "premium_per_household": "20元", "insured_per_household": "4.1万元", "covers": "3种",
    "farmers_paid": "0元", "floods": "2次", "flood_paid": "21.39万元", "premium": "1175540元", "insured": "240985.7万元",
    "loss_ratio": "18.20%",
}  # fmt: skip


def test_figures_of_the_page(shown: Callable[[str], dict[str, str]]) -> None:
    found = shown("insurance")
    assert {code: found[code] for code in PRINTED} == PRINTED
