"""Fixtures for the tests of zones: a city with its divisions, industries and invented organisations, rolled back per module.

Test modules that use them are marked ``django_db``, by which pytest-django knows that a database is needed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from importlib import import_module

import pytest
from django.db import transaction

from yizhantong.kernel.divisions import city as city_folder
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.divisions.load import load_city
from yizhantong.kernel.divisions.models import City
from yizhantong.kernel.ledger import ledger
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.kernel.parties.load import load_agencies, load_industries
from yizhantong.kernel.parties.models import Organisation
from yizhantong.kernel.parties.sample import organisations


@pytest.fixture(scope="module")
def sample_city(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[SampleCity]:
    """A sample city on the day of its ``sample.toml``; everything that a module's tests write goes with it."""
    day = city_folder.settings_of("sample.toml")["day"]
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        load_city()
        City.objects.update(demonstration_day=day)
        clock._demonstration_day.cache_clear()
        load_industries()
        load_agencies()
        city = SampleCity(day=day)
        Organisation.objects.bulk_create(organisations(city.rng("organisations"), 1200))
        yield city
        transaction.set_rollback(True)
    tree.forget()
    clock._demonstration_day.cache_clear()


@pytest.fixture(scope="module")
def filled(sample_city: SampleCity) -> Callable[[str], SampleCity]:
    """Return a function that writes the sample records of one zone and returns the city."""

    def fill(zone: str) -> SampleCity:
        for batch in import_module(f"yizhantong.zones.{zone}.sample").sample(sample_city):
            model = ledger(batch.ledger).model
            written: list[object] = []
            for row in batch.rows:
                values = dict(row)
                position = values.pop("reverses", None)
                noon = dt.datetime.combine(values["occurred_on"], dt.time(4), tzinfo=dt.UTC)
                fact = model(**values, recorded_at=noon, source="sample", sign=1 if position is None else -1)
                fact.reverses = None if position is None else written[position]
                written.append(fact)
                if position is not None:
                    _write(model, written)
            _write(model, written)
        return sample_city

    return fill


def _write(model: type, facts: list) -> None:  # type: ignore[type-arg]
    new = [fact for fact in facts if fact.pk is None]
    for fact in new:
        fact.reverses = fact.reverses  # takes over the key that the reversed fact was given meanwhile
    model.objects.bulk_create(new, batch_size=2000)  # type: ignore[attr-defined]
