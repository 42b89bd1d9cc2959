"""A small city with agencies, dictionary and accounts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from yizhantong.kernel.access.models import Grant, Role, User
from yizhantong.kernel.divisions.load import load_city
from yizhantong.kernel.items.dictionary import load_elements
from yizhantong.kernel.parties.load import load_agencies, load_industries
from yizhantong.kernel.parties.models import Organisation


@pytest.fixture
def city(db: None) -> None:
    """Load divisions, industries, agencies and the dictionary."""
    load_city()
    load_industries()
    load_agencies()
    load_elements()


@pytest.fixture
def agency(city: None) -> Organisation:
    """Return an agency."""
    return Organisation.objects.get(name__contains="市工业和信息化局")


@pytest.fixture
def official(city: None) -> Callable[..., User]:
    """Return a maker of accounts: ``official("a", "items.edit", agency=…, scope="agency")``."""

    def make(
        name: str, *permissions: str, agency: Organisation | None = None, scope: str = "city", zone: str = ""
    ) -> User:
        account = User.objects.create(username=name, is_staff=True, agency=agency)
        if permissions:
            role = Role.objects.create(code=name, name=name, permissions=list(permissions))
            Grant.objects.create(user=account, role=role, scope=scope, zone=zone)
        return account

    return make


@pytest.fixture
def writer(official: Callable[..., User], agency: Organisation) -> User:
    """Return somebody who writes items of the agency."""
    return official("writer", "items.edit", agency=agency, scope="agency")


@pytest.fixture
def publisher(official: Callable[..., User], agency: Organisation) -> User:
    """Return somebody who publishes items of the agency, and may write them too."""
    return official("publisher", "items.edit", "items.publish", agency=agency, scope="agency")
