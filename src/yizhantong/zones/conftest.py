"""Fixtures for the tests of zones: a city with its divisions, industries and invented organisations, rolled back per module.

Test modules that use them are marked ``django_db``, by which pytest-django knows that a database is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module

import pytest
from django.db import transaction

from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.figures import engine, figures, queries
from yizhantong.kernel.ledger import sample_load
from yizhantong.kernel.ledger.sampling import SampleCity


@pytest.fixture(scope="module")
def sample_city(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[SampleCity]:
    """A sample city on the day of its ``sample.toml``; everything that a module's tests write goes with it."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        yield sample_load.prepare(sample_load.sample_day())
        transaction.set_rollback(True)
    tree.forget()
    clock._demonstration_day.cache_clear()


@pytest.fixture(scope="module")
def shown(sample_city: SampleCity) -> Callable[[str], dict[str, str]]:
    """Return a function that records the sample of a zone and returns its figures by code, as they are shown."""

    def show(zone: str) -> dict[str, str]:
        for batch in import_module(f"yizhantong.zones.{zone}.sample").sample(sample_city):
            sample_load.load_batch(batch)
        engine.forget()
        codes = [figure.code for figure in figures() if figure.zone == zone]
        found = queries.values(codes, engine="database")
        return {code.partition(".")[2]: f"{value.text}{value.unit}" for code, value in found.items()}

    return show
