"""Size classes by 工信部联企业〔2011〕300号, at their bounds."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from yizhantong.kernel.parties.sizes import LEVELS, bounds_of, size_of, table


@pytest.mark.parametrize(
    ("industry", "people", "revenue", "assets", "expected"),
    [
        ("C3985", 1000, 40000, None, "large"),
        ("C3985", 999, 40000, None, "medium"),
        ("C3985", 300, 1999, None, "small"),
        ("C3985", 20, 299, None, "micro"),
        ("C3985", 19, 99999, None, "micro"),
        ("3985", 300, 2000, None, "medium"),
        ("A0411", None, 20000, None, "large"),
        ("A05", None, Decimal("499.99"), None, "small"),
        ("E47", None, 80000, 79999, "medium"),
        ("F51", 200, 40000, None, "large"),
        ("F52", 10, 99, None, "micro"),
        ("G5430", 1000, 30000, None, "large"),
        ("G53", 1000, 30000, None, None),
        ("I6513", 100, 1000, None, "medium"),
        ("I63", 2000, 100000, None, "large"),
        ("K7010", None, 1000, 5000, "medium"),
        ("K7020", 300, 1000, None, "medium"),
        ("K7030", 300, None, None, "large"),
        ("L7291", 100, None, 8000, "medium"),
        ("N7722", 10, None, None, "small"),
        ("J66", 5000, 900000, 900000, None),
        ("P83", 500, 1, 1, None),
        ("C39", None, 299, None, "micro"),
        ("C39", None, 300, None, None),
        ("C39", None, None, None, None),
        ("X99", 1, 1, 1, None),
    ],
)
def test_sizes(
    industry: str, people: int | None, revenue: Decimal | int | None, assets: int | None, expected: str
) -> None:
    assert size_of(industry, people, revenue, assets) == expected


def test_each_bound_is_included_and_one_below_is_not() -> None:
    for bounds in table().values():
        for item in bounds:
            for level, bound in ((1, item.small), (2, item.medium), (3, item.large)):
                assert item.level(bound) == level, item
                assert item.level(bound - 1) == level - 1, item


def test_the_table_is_that_of_the_norm(shared: Path) -> None:
    rows = (shared / "domain" / "enterprise_size_2011_300.tsv").read_text(encoding="utf-8").splitlines()[1:]
    own = [b for bounds in table().values() for b in bounds]
    assert len(own) == len(rows)
    said = [[int(cell) for cell in row.split("\t")[3:]] for row in rows]
    assert sorted(said) == sorted([b.large, b.medium, b.small] for b in own)


def test_both_indicators_have_to_reach_a_level() -> None:
    assert bounds_of("C13") is not None
    assert LEVELS == ("micro", "small", "medium", "large")
