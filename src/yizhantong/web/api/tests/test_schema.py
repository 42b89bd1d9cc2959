"""Schemathesis tries every operation, as the public and as a statistician, with data that the description allows and forbids."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig

from yizhantong.web.api.tests.conftest import Town

pytestmark = pytest.mark.django_db
CONFIG = SchemathesisConfig.from_dict(
    {
        "generation": {"allow-x00": True, "deterministic": True},
        # A request of the right shape may still ask for what cannot be (422: a day to come, a place that is none); one that the
        # description allows is never answered 400.
        "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", 401, 403, 404, 409, 422]}},
    }
)


schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler(), config=CONFIG)


@pytest.fixture(scope="module")
def loaded(settled: Town) -> Town:
    """Keep the city while pytest parametrises over the operations."""
    return settled


@pytest.fixture
def statistician(loaded: Town) -> str:
    """The token of an account that may do everything."""
    return loaded.tokens["statistician"]


@pytest.fixture(autouse=True)
def _undone(loaded: Town) -> Iterator[None]:
    """Roll back what a test changes; as in Django's own test client, requests leave the connection open.

    How often the public asked before is forgotten: how much is too much is tried elsewhere.
    """
    cache.clear()
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    for signal in signals:
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_the_description_says_holds_for_the_public(case: schemathesis.Case) -> None:
    case.call_and_validate()


@schema.parametrize()
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_the_description_says_holds_for_an_account(case: schemathesis.Case, statistician: str) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {statistician}"})
