"""What the figures of cases count of a package: the parent and its parts each, and an ending in part once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from yizhantong.kernel.cases import hooks
from yizhantong.kernel.cases.tests import packages
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.figures.queries import values

pytestmark = pytest.mark.usefixtures("city")
COUNTED = ("filed", "accepted", "closed", "granted", "refused", "partial")


@pytest.fixture
def zone() -> Iterator[packages.Joining]:
    items = packages.items()
    made = packages.Joining(lambda _case: packages.parts_of(items, accepted=True))
    hooks.register(made, zone=packages.ZONE, kind="package")
    yield made
    hooks.forget(made)


def counted() -> dict[str, int]:
    found = values([f"cases.{name}" for name in COUNTED], clock.today())
    return {name: int(found[f"cases.{name}"].raw or 0) for name in COUNTED}


def told(*numbers: int) -> dict[str, int]:
    return dict(zip(COUNTED, numbers, strict=True))


def test_parent_and_parts_count_each_and_an_ending_in_part_once(zone: packages.Joining) -> None:
    packages.file(packages.package())
    assert counted() == told(6, 6, 0, 0, 0, 0)
    for number, part in enumerate(zone.forked):
        packages.end(part, "refused" if number == 2 else "granted")
    assert counted() == told(6, 6, 6, 4, 1, 1)


def test_a_package_granted_whole_or_refused_whole_is_none_in_part(zone: packages.Joining) -> None:
    whole = packages.package()
    for outcome in ("granted", "refused"):
        packages.file(whole)
        for part in zone.forked:
            packages.end(part, outcome)
    assert counted() == told(12, 12, 12, 6, 6, 0)
