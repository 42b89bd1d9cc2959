"""The small city of the API's tests, seen through its pages: clients for nobody, a clerk of one county, one of another, and others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from yizhantong.kernel.access.models import Grant, Role
from yizhantong.kernel.articles.briefs import load_briefs
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.items import catalogue, elements
from yizhantong.web.api.tests.conftest import Town, settled, town
from yizhantong.web.tests import casework

__all__ = ["browse", "place", "settled", "town"]

Browse = Callable[..., Client]


@pytest.fixture
def browse(town: Town, settings: Any) -> Browse:
    """Return a function that gives the client of an account (``""``: nobody); ``editor`` writes briefs."""
    settings.YZT_SECOND_FACTOR = False
    load_briefs()
    role, _made = Role.objects.get_or_create(code="word", defaults={"name": "编辑", "permissions": ["articles.brief"]})
    Grant.objects.get_or_create(user=town.users["statistician"], role=role, scope="city")

    def client_of(who: str = "", language: str = "zh-hans") -> Client:
        client = Client(raise_request_exception=False)
        client.cookies["django_language"] = language
        if who:
            client.force_login(town.users[who], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return client_of


@pytest.fixture
def place(db: None, settings: Any, tmp_path: Any) -> Iterator[casework.Place]:
    """Return the small city of desk and hall, standing on a Monday morning."""
    settings.YZT_SECOND_FACTOR = False
    settings.MEDIA_ROOT = tmp_path / "files"
    catalogue.forget()
    elements.forget()
    with clock.at(casework.world.NOW):
        yield casework.settle()
    tree.forget()
    catalogue.forget()
    elements.forget()
