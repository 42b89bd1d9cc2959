"""Fixtures of the ledgers' tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from yizhantong.kernel.access.models import Grant, Role, User
from yizhantong.kernel.divisions import tree
from yizhantong.kernel.divisions.load import load_city
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


@pytest.fixture
def city(db: None) -> Iterator[None]:
    """Load the divisions; a test marked ``django_db(transaction=True)`` finds them committed."""
    tree.forget()
    load_city()
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
