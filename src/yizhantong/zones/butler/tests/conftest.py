"""A small city with its appeals: two enterprises, their agent, butlers, a manager, officials of the accountable office, a leader."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from yizhantong.kernel.access.models import Grant, Role, User
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.kernel.parties.models import Mandate, Organisation, Person
from yizhantong.zones.butler import load
from yizhantong.zones.butler.actions import appeals, butlers
from yizhantong.zones.butler.config import settings
from yizhantong.zones.butler.models import Butler

HANDLE = ["cases.view", "cases.handle"]
DAY = dt.date(2021, 8, 16)


def at(day: dt.date, hour: int = 10) -> Any:
    """Let the city's clock stand at an hour of a day."""
    return clock.at(timezone.make_aware(dt.datetime.combine(day, dt.time(hour))))


@dataclass
class Town:
    """Everybody whom the tests need, by name."""

    firm: Organisation
    other_firm: Organisation
    office: Organisation
    elsewhere: Organisation
    users: dict[str, User] = field(default_factory=dict)
    butler: Butler | None = None
    second: Butler | None = None

    def __getitem__(self, name: str) -> User:
        user = User.objects.get(pk=self.users[name].pk)
        return user

    def appeal(
        self,
        kind: str = "land",
        subject: str = "工业用地指标",
        text: str = "扩产需要新增工业用地,请协调。",
        **more: Any,
    ) -> Any:
        """File an appeal as the enterprise."""
        return appeals.file_appeal(self.firm, kind=kind, subject=subject, text=text, account=self["agent"], **more)


def user_of(
    town: Town, name: str, permissions: list[str], *, agency: Organisation | None = None, city: bool = False
) -> User:
    user = User.objects.create(username=name, display_name=f"演示{name}", is_staff=bool(permissions), agency=agency)
    if permissions:
        role, _made = Role.objects.get_or_create(code=f"t-{name}", defaults={"name": name, "permissions": permissions})
        Grant.objects.create(user=user, role=role, scope="city" if city else "agency")
    town.users[name] = user
    return user


def settle(city: SampleCity) -> Town:
    """Make everybody; the office is the one that is asked first about land."""
    load.load()
    firms = city.organisations("enterprise")
    office = Organisation.objects.get(pk=settings().kinds["land"].agency)
    business = Organisation.objects.get(pk=settings().kinds["other"].agency)
    town = Town(firms[0], firms[1], office, business)
    agent = user_of(town, "agent", [])
    agent.person = Person.objects.create(name="演示经办人", division_id=tree.root())
    agent.save()
    for firm in firms[:2]:
        Mandate.objects.create(organisation=firm, person=agent.person, valid_from=dt.date(2020, 1, 1))
    user_of(town, "clerk", [*HANDLE, "cases.intake"], agency=office)
    user_of(town, "head", [*HANDLE, "cases.intake", "cases.assign", "cases.decide", "cases.rule"], agency=office)
    user_of(town, "stranger", [*HANDLE, "cases.intake"], agency=business)
    user_of(town, "butler", [*HANDLE, "butler.serve"], agency=business)
    user_of(town, "butler2", [*HANDLE, "butler.serve"], agency=business)
    user_of(town, "manager", [*HANDLE, "butler.serve", "butler.manage"], agency=business, city=True)
    user_of(town, "manager2", [*HANDLE, "butler.manage"], agency=business, city=True)
    user_of(town, "leader", ["cases.view", "cases.supervise"], city=True)
    user_of(town, "window", ["cases.intake"], agency=business, city=True)
    user_of(town, "nobody", [])
    given = {"agency": business, "division": tree.root(), "level": "city", "account": town["manager"]}
    town.butler = butlers.register_butler(**given, holder=town.users["butler"], capacity=2, office_phone="0416-0000001")
    town.second = butlers.register_butler(**given, holder=town.users["butler2"], capacity=1)
    butlers.assign(town.firm, town.butler, account=town["manager"])
    return town


@pytest.fixture(scope="module")
def settled(sample_city: SampleCity) -> Town:
    """Everybody, for one module."""
    return settle(sample_city)


@pytest.fixture
def town(settled: Town) -> Iterator[Town]:
    """Everybody, for one test, whose changes are rolled back."""
    with transaction.atomic():
        yield settled
        transaction.set_rollback(True)


@pytest.fixture
def browse(town: Town, settings: Any) -> Callable[[str], Client]:
    """Return a function that gives the client of an account (``""``: nobody)."""
    settings.YZT_SECOND_FACTOR = False

    def client_of(who: str = "") -> Client:
        client = Client(raise_request_exception=False)
        if who:
            client.force_login(town.users[who], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return client_of
