"""Fixtures of the ledgers' tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from yizhantong.kernel.access.models import Grant, Role, User
from yizhantong.kernel.divisions import tree
from yizhantong.kernel.divisions.models import City, Division
from yizhantong.kernel.ledger import declare, triggers
from yizhantong.kernel.ledger.declare import Ledger
from yizhantong.kernel.ledger.tests.trial import TRIAL, Trial


@pytest.fixture(scope="session")
def trial_table(django_db_setup: None, django_db_blocker: Any) -> None:
    """Make the table of the trial ledger, with its triggers."""
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            editor.create_model(Trial)
        declare._LEDGERS[TRIAL.code] = TRIAL
        triggers.install(only=[Trial])
        del declare._LEDGERS[TRIAL.code]


@pytest.fixture
def trial(trial_table: None, city: None) -> Iterator[Ledger]:
    """Return the trial ledger, declared while the test runs."""
    declare._LEDGERS[TRIAL.code] = TRIAL
    yield TRIAL
    del declare._LEDGERS[TRIAL.code]


PLACES = (
    ("21", "辽宁省", "province", None, None),
    ("2107", "锦州市", "city", "21", None),
    ("210702", "古塔区", "county", "2107", "210702"),
    ("210703", "凌河区", "county", "2107", "210703"),
    ("210781", "凌海市", "county", "2107", "210781"),
    ("210781100", "石山镇", "township", "210781", "210781"),
    ("210781101", "余积镇", "township", "210781", "210781"),
    ("210702100", "石山镇", "township", "210702", "210702"),
    ("210781100200", "石山村", "village", "210781100", "210781"),
)


@pytest.fixture
def city(db: None) -> Iterator[None]:
    """Make a small city; a test marked ``django_db(transaction=True)`` finds it committed."""
    Division.objects.bulk_create(
        Division(code=code, name=name, level=level, parent_id=parent, unit_id=unit, source="test")
        for code, name, level, parent, unit in PLACES
    )
    City.objects.create(code="2107", folder="test", name="锦州市", name_en="Jinzhou")
    tree.forget()
    yield
    tree.forget()


@pytest.fixture
def official(city: None) -> Callable[..., User]:
    """Return a maker of staff accounts: name, permissions, and the division over which they hold (default: the city)."""

    def make(name: str, *permissions: str, division: str | None = None) -> User:
        user = User.objects.create(username=name, is_staff=True)
        if permissions:
            role = Role.objects.create(code=f"role-{name}", name=name, permissions=list(permissions))
            scope = Grant.Scope.DIVISION if division else Grant.Scope.CITY
            Grant.objects.create(user=user, role=role, scope=scope, division_id=division)
        return user

    return make


@pytest.fixture(autouse=True)
def _own_segments(settings: Any, tmp_path: Path) -> None:
    settings.YZT_SEGMENTS = tmp_path / "segments"
