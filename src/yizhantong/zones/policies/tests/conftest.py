"""A city with its policies, their items and the officials who handle them, rolled back per module."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from yizhantong.kernel.access.models import Grant, Role, User
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions.calendar import load_calendar
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.kernel.parties.models import Mandate, Organisation, Person
from yizhantong.zones.policies import sample_documents, settings
from yizhantong.zones.policies.models import Application, PolicyCard
from yizhantong.zones.policies.queries import eligibility
from yizhantong.zones.policies.sample_driving import Driver

Enter = Callable[[User | None], Client]
INDUSTRY = "11210700MA1XG61254"


def official(username: str, agency: str | None, *permissions: str, scope: str = "agency") -> User:
    """Make an account of an agency with these permissions."""
    user, _made = User.objects.get_or_create(
        username=username, defaults={"agency_id": agency, "is_staff": True, "display_name": f"演示{username}"}
    )
    role, _made = Role.objects.get_or_create(
        code=username, defaults={"name": username, "permissions": list(permissions)}
    )
    Grant.objects.get_or_create(user=user, role=role, scope=scope)
    return user


def representative(username: str, firm: Organisation, city: SampleCity) -> User:
    """Make an account of a person who acts for an enterprise."""
    person = Person.objects.create(name=f"演示{username}", division_id=firm.division_id, demonstration=True)
    Mandate.objects.create(organisation=firm, person=person, valid_from=city.day.replace(year=city.day.year - 1))
    return User.objects.create(username=username, person=person, display_name=f"演示{username}")


class Office:
    """The officials of the city's policies, and what tests do with them all the time."""

    def __init__(self, city: SampleCity) -> None:
        offices = settings.offices()
        everything = ("cases.view", "cases.intake", "cases.handle", "cases.decide", "cases.assign")
        self.city = city
        self.clerk = official("clerk", INDUSTRY, *everything)
        self.second = official("second", INDUSTRY, *everything)
        self.editor = official("editor", INDUSTRY, "policies.edit", "items.edit")
        self.publisher = official("publisher", INDUSTRY, "policies.publish", "items.publish")
        self.treasurer = official("treasurer", offices["finance"], "policies.pay", "policies.budget", "cases.handle")
        self.cashier = official("cashier", offices["finance"], "policies.pay", "policies.budget", "cases.handle")
        for name in ("credit", "safety", "environment"):
            official(name, offices[name], "cases.view", "cases.handle")
        self.driver = Driver(city.rng("tests"), city.day)
        self.finance = Organisation.objects.get(pk=offices["finance"])

    def two_of(self, card: PolicyCard) -> tuple[User, User]:
        """Return two officials of the card's responsible unit."""
        tail = card.unit_id[-4:].lower()
        first, second = (
            official(f"{name}-{tail}", card.unit_id, "cases.view", "cases.handle") for name in ("one", "two")
        )
        return first, second

    def card(self, title: str) -> PolicyCard:
        """Return a card online by its title."""
        return eligibility.offered().select_related("budget", "stacking").get(title=title)

    def firm(self, card: PolicyCard, place: int = 0) -> Organisation:
        """Return an enterprise that matches."""
        assert card.item is not None
        return Organisation.objects.get(pk=eligibility.matching(card.item.current_id or 0)[place])

    def filed(self, card: PolicyCard, firm: Organisation | None = None, account: User | None = None) -> Case:
        """File an application today."""
        return self.driver.file(card, firm or self.firm(card), account, self.city.day)

    def money(self, case: Case) -> Application:
        """Return the money side of a case as it stands now."""
        return Application.objects.select_related("card", "budget", "case", "organisation").get(case=case)

    def brought(self, title: str, stage: str, place: int = 0) -> Case:
        """File an application early enough and bring it to a stage."""
        card = self.card(title)
        day = self.driver.start_of(stage)
        case = self.driver.file(card, self.firm(card, place), None, day)
        self.driver.drive(case, stage, day)
        case.refresh_from_db()
        return case


@pytest.fixture(scope="module")
def office(sample_city: SampleCity) -> Office:
    """The city with its policies and officials."""
    load_calendar()
    sample_documents.load()
    return Office(sample_city)


@pytest.fixture
def enter(settings: Any) -> Enter:
    """Return a function that signs an account in (None: nobody); the second factor is tried elsewhere."""
    settings.YZT_SECOND_FACTOR = False

    def run(user: User | None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return run


@pytest.fixture
def refused() -> Callable[..., str]:
    """Return a function that runs what must be refused and returns the code."""
    from yizhantong.kernel.cases.errors import CaseError

    def run(action: Callable[..., Any], *args: Any, **named: Any) -> str:
        with pytest.raises(CaseError) as found:
            action(*args, **named)
        return found.value.code

    return run
