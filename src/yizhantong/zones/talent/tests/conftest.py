"""A small city with its talent service: an officer, a second one, persons, an employer's agent, experts."""

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
from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, PublicNotice
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.divisions.calendar import load_calendar
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.kernel.parties.models import Mandate, Organisation, Person
from yizhantong.zones.talent import load
from yizhantong.zones.talent.actions import subsidies
from yizhantong.zones.talent.config import settings
from yizhantong.zones.talent.models import Talent

DAY = dt.date(2021, 8, 16)
OFFICE = ["cases.view", "cases.intake", "cases.handle", "cases.decide", "cases.assign", "talent.manage"]
CLAIM = {
    "person_phone": "13904160002", "talent_born_on": "1990-01-01", "talent_class": "E", "talent_hired_on": "2020-07-01",
    "talent_degree": "硕士", "talent_title": "无", "talent_skill": "无", "talent_honour": "无", "talent_pay": "120000",
}  # fmt: skip
POST = {
    "contact_name": "演示联系人", "contact_phone": "13904160001", "post_title": "数控操作工", "post_occupation": "数控操作工",
    "post_education": "college", "post_skills": "数控编程、设备维护", "post_openings": "2", "post_pay": "5000", "post_pay_to": "8000",
    "post_duties": "操作数控机床", "post_closes_on": "2021-10-31",
}  # fmt: skip
STATION = {
    "contact_name": "演示联系人", "contact_phone": "13904160001", "station_name": "演示焊接技能大师工作站", "station_master": "演示大师",
    "station_honour": "高级技师", "station_field": "焊接", "station_office": "20", "station_theory": "60", "station_practice": "200",
    "station_research": "30", "station_equipment": "500000", "station_apprentices": "6", "station_projects": "3",
}  # fmt: skip


def at(day: dt.date, hour: int = 10) -> Any:
    """Let the city's clock stand at an hour of a day."""
    return clock.at(timezone.make_aware(dt.datetime.combine(day, dt.time(hour))))


def user_of(name: str, permissions: list[str], *, agency: str | None = None, person: Person | None = None) -> User:
    """Make an account; with permissions it is staff, over its agency or (without one) the city."""
    user = User.objects.create(
        username=name, display_name=f"演示{name}", is_staff=bool(permissions), agency_id=agency, person=person
    )
    if permissions:
        role, _made = Role.objects.get_or_create(code=f"t-{name}", defaults={"name": name, "permissions": permissions})
        Grant.objects.create(user=user, role=role, scope="agency" if agency else "city")
    return user


@dataclass
class Town:
    """Everybody whom the tests need, by name."""

    firm: Organisation
    other_firm: Organisation
    users: dict[str, User] = field(default_factory=dict)
    made: int = 0

    def __getitem__(self, name: str) -> User:
        return User.objects.get(pk=self.users[name].pk)

    def somebody(self, name: str = "") -> User:
        """Make one more person with an account."""
        self.made += 1
        called = name or f"演示人才{self.made}"
        person = Person.objects.create(name=called, division_id=tree.root())
        user = self.users[called] = user_of(f"p-{self.made}-{called}"[:30], [], person=person)
        return user

    def file(self, item: str, who: User, data: dict[str, Any], firm: Organisation | None = None, **more: Any) -> Case:
        """File an application of the zone as somebody."""
        applicant = firm or who.person
        assert applicant is not None
        known = {"organisation_name": applicant.name} if firm else {"person_name": applicant.name}
        given = [
            {"code": one["code"], "mode": "paper"}
            for one in Item.objects.get(code=f"talent.{item}").current.content["materials"]  # type: ignore[union-attr]
        ]
        return cases.file(
            Item.objects.get(code=f"talent.{item}"),
            applicant=applicant,
            data=known | data,
            account=None,
            materials=given,
            **more,
        )

    def claim(self, who: User, **changed: Any) -> Case:
        """Claim a class."""
        return self.file("recognition", who, CLAIM | {"talent_employer": self.firm.pk} | changed)

    def step(self, case: Case, code: str, outcome: str = "pass", **more: Any) -> Case:
        """Complete a step as the officer."""
        return cases.complete_step(case, code, outcome=outcome, opinion="演示意见", account=self["officer"], **more)

    def announce(self, case: Case) -> Case:
        """Put a case on public notice, and end the notice after its days."""
        officer = self["officer"]
        notice = cases.open_notice(case, title="公示", body="公示内容", account=officer)
        with at(notice.last_day + dt.timedelta(days=1)):
            cases.end_notice(PublicNotice.objects.get(pk=notice.pk), account=officer)
        return Case.objects.get(pk=case.pk)

    def recognised(self, who: User, **changed: Any) -> Talent:
        """Bring a claim to its grant."""
        case = self.claim(who, **changed)
        cases.accept(case, account=self["officer"])
        self.step(case, "formal")
        if changed.get("talent_class", "E") in "ABC":
            self.announce(case)
        self.step(case, "decide")
        return Talent.objects.get(person=who.person)

    def granted(self, item: str, who: User, data: dict[str, Any], firm: Organisation | None = None) -> Case:
        """Bring an application of two steps (or one) to its grant."""
        case = self.file(item, who, data, firm)
        cases.accept(case, account=self["officer"])
        for step in ("formal", "decide"):
            if case.steps.filter(code=step, done_at=None).exists():
                self.step(case, step)
        return Case.objects.get(pk=case.pk)

    def subsidy(self, who: User, kind: str = "living") -> Case:
        """Bring a subsidy to its grant."""
        assert who.person is not None
        account = {
            "account_holder_person": who.person.name,
            "bank_name": "演示银行",
            "account_number": "6222000000001234",
        }
        return self.granted("subsidy", who, {"person_phone": "13904160002", "talent_subsidy": kind} | account)


def settle(city: SampleCity) -> Town:
    """Make everybody."""
    load_calendar()
    load.load()
    firms = city.organisations("enterprise")
    town = Town(firms[0], firms[1])
    lead = settings().office
    for name in ("officer", "second"):
        town.users[name] = user_of(name, OFFICE, agency=lead)
    agent = Person.objects.create(name="演示经办人", division_id=tree.root())
    town.users["agent"] = user_of("agent", [], person=agent)
    Mandate.objects.create(organisation=town.firm, person=agent, valid_from=dt.date(2020, 1, 1))
    other = Person.objects.create(name="演示经办人二", division_id=tree.root())
    town.users["other"] = user_of("other", [], person=other)
    Mandate.objects.create(organisation=town.other_firm, person=other, valid_from=dt.date(2020, 1, 1))
    town.users["nobody"] = user_of("nobody", [])
    town.users["stranger"] = user_of(
        "stranger", ["cases.view", "cases.handle"], agency=city.organisations("agency")[-1].pk
    )
    for number in range(1, 7):
        town.users[f"expert{number}"] = user_of(f"expert{number}", ["experts.score"])
    for year, yuan in ((2020, 1_000_000), (2021, 1_000_000), (2022, 1_000_000)):
        subsidies.grant_fund(year, yuan * 100, account=None)
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
def refused() -> Callable[..., str]:
    """Return a function that runs what must be refused and returns the code."""

    def run(action: Callable[..., Any], *args: Any, **named: Any) -> str:
        with pytest.raises(CaseError) as found, transaction.atomic():
            action(*args, **named)
        return found.value.code

    return run


@pytest.fixture
def browse(town: Town, settings: Any) -> Callable[[User | None], Client]:
    """Return a function that gives the client of an account (None: nobody)."""
    settings.YZT_SECOND_FACTOR = False

    def client_of(user: User | None = None) -> Client:
        client = Client(raise_request_exception=False)
        if user is not None:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return client_of
