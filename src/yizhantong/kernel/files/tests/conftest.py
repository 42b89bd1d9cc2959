"""A small city with one agency, and a vault of its own for every test."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from yizhantong.kernel.access.models import Grant, Role, User
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.divisions.load import load_city
from yizhantong.kernel.divisions.models import City
from yizhantong.kernel.parties.models import Organisation


@pytest.fixture(autouse=True)
def vault_folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.YZT_ADDRESS = "https://yizhantong.test"
    return tmp_path / "files"


@pytest.fixture
def city(db: None) -> City:
    """A sample city that stands on 16 August 2021."""
    served = load_city()
    served.demonstration_day = dt.date(2021, 8, 16)
    served.save()
    clock._demonstration_day.cache_clear()
    return served


def make_office(name: str = "示例市工业和信息化局(演示代码)", uscc: str = "11210700MA1XG61254") -> Organisation:
    return Organisation.objects.create(uscc=uscc, name=name, kind="agency", division_id="2107", demonstration=True)


@pytest.fixture
def office(city: City) -> Organisation:
    return make_office()


@pytest.fixture
def asker(db: None) -> User:
    return User.objects.create_user("asker", password="x")


@pytest.fixture
def decider(office: Organisation) -> User:
    """An official who may decide for the office."""
    user = User.objects.create_user("decider", password="x", is_staff=True, agency=office)
    role = Role.objects.create(code="decider", name="决定", permissions=["cases.decide"])
    Grant.objects.create(user=user, role=role, scope=Grant.Scope.AGENCY)
    return user
