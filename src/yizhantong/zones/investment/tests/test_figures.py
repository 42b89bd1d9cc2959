"""The sample city's figures of investment are those of the page of 2021-08-16, wherever a ledger can give them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

pytestmark = pytest.mark.django_db

PRINTED = {
    "funds_half_year": "166.00亿元", "chapters": "3篇", "duty_roles": "2个",
    "activities": "329批次", "enterprises": "533家", "high_rank_activities": "55批次", "high_rank_enterprises": "83家",
    "projects": "90个", "signed_amount": "359.04亿元", "large_projects": "62个",
    "industrial_projects": "56个", "industrial_share": "62%", "industrial_amount": "183.00亿元",
    "small_projects": "28个", "other_projects": "34个", "other_amount": "176.04亿元",
}  # fmt: skip


def test_figures_of_the_page(shown: Callable[[str], dict[str, str]]) -> None:
    found = shown("investment")
    assert {code: found[code] for code in PRINTED} == PRINTED


def test_the_printed_amount_of_the_large_projects_cannot_be_met(shown: Callable[[str], dict[str, str]]) -> None:
    """324.25 亿元 would leave 34.79 亿元 for 28 projects below 1 亿元 each: the ledger stays a possible one."""
    found = shown("investment")
    assert found["large_amount"] == "342.24亿元"
    assert found["small_amount"] == "16.80亿元"
    assert found["mean_small_contract"] == "0.60亿元"
