"""Fixtures of the figures' tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.divisions.load import load_city
from yizhantong.kernel.divisions.models import City
from yizhantong.kernel.figures import declare, engine
from yizhantong.kernel.figures.tests.trial import DEALS, FIGURES, TODAY, Deal
from yizhantong.kernel.ledger import declare as ledgers
from yizhantong.kernel.ledger import triggers


@pytest.fixture(scope="session")
def trial_table(django_db_setup: None, django_db_blocker: Any) -> None:
    """Make the table of the trial ledger, with its triggers."""
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            editor.create_model(Deal)
        triggers.install(only=[Deal])


@pytest.fixture
def deals(trial_table: None, db: None, settings: Any, tmp_path: Path) -> Iterator[None]:
    """Declare the trial ledger and its figures alone, in a sample city that stands on ``TODAY``."""
    settings.YZT_SEGMENTS = tmp_path
    tree.forget()
    load_city()
    City.objects.update(demonstration_day=TODAY)
    clock._demonstration_day.cache_clear()
    before, figures_before = dict(ledgers._LEDGERS), dict(declare._FIGURES)
    ledgers._LEDGERS[DEALS.code] = DEALS
    declare._FIGURES.clear()
    declare._FIGURES.update({item.code: item for item in FIGURES})
    engine.forget()
    yield
    engine.forget()
    ledgers._LEDGERS.clear()
    ledgers._LEDGERS.update(before)
    declare._FIGURES.clear()
    declare._FIGURES.update(figures_before)
    tree.forget()
    clock._demonstration_day.cache_clear()
