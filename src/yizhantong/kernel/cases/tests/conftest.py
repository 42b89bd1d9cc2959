"""Fixtures of the tests of cases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from yizhantong.kernel.cases.tests import world
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.items import catalogue, elements


@pytest.fixture
def city(db: None) -> Iterator[None]:
    """Make the small city, and let the clock stand on its Monday."""
    catalogue.forget()
    elements.forget()
    world.build()
    with clock.at(world.NOW):
        yield
    tree.forget()
    catalogue.forget()
    elements.forget()
