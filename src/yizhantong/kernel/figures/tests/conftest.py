"""Fixtures of the figures' tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from yizhantong.kernel.access.models import Grant, Role, User
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.divisions.models import City, Division
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


PLACES = (
    ("21", "辽宁省", "province", None, None),
    ("2107", "锦州市", "city", "21", None),
    ("210702", "古塔区", "county", "2107", "210702"),
    ("210703", "凌河区", "county", "2107", "210703"),
    ("210711", "太和区", "county", "2107", "210711"),
    ("2107A1", "滨海新区", "zone", "210711", "2107A1"),
    ("210702009", "天安街道", "township", "210702", "210702"),
    ("210702009001", "北街社区", "village", "210702009", "210702"),
    ("210711100", "天桥镇", "township", "210711", "2107A1"),
)


@pytest.fixture
def deals(trial_table: None, db: None, settings: Any, tmp_path: Path) -> Iterator[None]:
    """Declare the trial ledger and its figures alone, in a small sample city that stands on ``TODAY``."""
    settings.YZT_SEGMENTS = tmp_path
    tree.forget()
    Division.objects.bulk_create(
        Division(code=code, name=name, level=level, parent_id=parent, unit_id=unit, source="test")
        for code, name, level, parent, unit in PLACES
    )
    City.objects.create(code="2107", folder="test", name="锦州市", name_en="Jinzhou", demonstration_day=TODAY)
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


@pytest.fixture
def official(deals: None) -> Callable[..., User]:
    """Return a maker of staff accounts: name, permissions, and the division over which they hold (default: the city)."""

    def make(name: str, *permissions: str, division: str | None = None) -> User:
        user = User.objects.create(username=name, is_staff=True)
        role = Role.objects.create(code=f"role-{name}", name=name, permissions=list(permissions))
        scope = Grant.Scope.DIVISION if division else Grant.Scope.CITY
        Grant.objects.create(user=user, role=role, scope=scope, division_id=division)
        return user

    return make
