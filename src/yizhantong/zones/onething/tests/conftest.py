"""A small city with its packages: two residents, officials of every agency that takes part, an editor and a publisher."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from yizhantong.kernel.access.models import Grant, Role, User
from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.kernel.parties import sealing
from yizhantong.kernel.parties.models import Organisation, Person
from yizhantong.zones.onething import load

HANDLE = ["cases.view", "cases.intake", "cases.handle", "cases.decide", "cases.assign"]
DAY = dt.date(2021, 8, 16)
MOTHER, FATHER = "21070319910917028X", "210702199003070014"
BIRTH: dict[str, Any] = {
    "birth_applicant": "母亲", "parents_married": False, "birth_wants_insurance": True, "birth_wants_card": True,
    "person_name": "演示母亲", "person_identity": MOTHER, "person_phone": "13904160002", "newborn_name": "演示小宝",
    "newborn_sex": "女", "newborn_born_on": "2021-08-01", "newborn_hospital": "市妇幼保健院(演示)", "mother_name": "演示母亲",
    "mother_identity": MOTHER, "mother_phone": "13904160002", "follow_parent": "随母", "household_place": "锦州市古塔区",
    "insurance_year": "2021", "card_bank": "锦州银行", "vaccination_place": "古塔区接种门诊(演示)", "delivery_way": "窗口领取",
}  # fmt: skip
MARRIED: dict[str, Any] = BIRTH | {
    "parents_married": True, "father_name": "演示父亲", "father_identity": FATHER, "father_phone": "13904160011",
}  # fmt: skip
PAPERS = ({"code": "birth_form", "mode": "paper"}, {"code": "photo", "mode": "paper"})


def at(day: dt.date, hour: int = 10) -> Any:
    """Let the city's clock stand at an hour of a day."""
    return clock.at(timezone.make_aware(dt.datetime.combine(day, dt.time(hour))))


@dataclass
class Town:
    """Everybody whom the tests need, by name; ``officials`` by agency."""

    mother: Person
    father: Person
    users: dict[str, User] = field(default_factory=dict)
    officials: dict[str, User] = field(default_factory=dict)

    def __getitem__(self, name: str) -> User:
        return User.objects.get(pk=self.users[name].pk)

    def item(self, code: str = "birth") -> Item:
        """Return a package."""
        return Item.objects.select_related("current").get(pk=f"package.{code}")

    def filed(self, **more: Any) -> Case:
        """File the birth of a child of an unmarried mother, with what she shows at the window."""
        return cases.file(
            self.item(),
            applicant=self.mother,
            data=BIRTH | more,
            account=None,
            materials=list(PAPERS),
            channel="online",
        )

    def accepted(self, **more: Any) -> Case:
        """File it and have the lead accept it."""
        made = self.filed(**more)
        return cases.accept(made, account=self.official(made))

    def official(self, case: Case) -> User:
        """Return an official of the case's office."""
        return User.objects.get(pk=self.officials[case.office_id or ""].pk)

    def part(self, parent: Case, code: str) -> Case:
        """Return the case of a part."""
        return Case.objects.get(package_part__case=parent, package_part__code=code)

    def decide(self, parent: Case, code: str, outcome: str = "granted", **said: str) -> Case:
        """Decide a part, all its steps before the decision done."""
        child = self.part(parent, code)
        official = self.official(child)
        for step in child.steps.filter(done_at=None).exclude(kind="decision").order_by("id"):
            cases.complete_step(child, step.code, outcome="pass", account=official)
        return cases.decide(child, outcome=outcome, account=official, **said)


def user_of(
    town: Town, name: str, permissions: list[str], *, agency: Organisation | None = None, city: bool = False
) -> User:
    """Make an account with a role."""
    user = User.objects.create(username=name, display_name=f"演示{name}", is_staff=bool(permissions), agency=agency)
    if permissions:
        role, _made = Role.objects.get_or_create(
            code=f"town-{name}", defaults={"name": name, "permissions": permissions}
        )
        Grant.objects.create(user=user, role=role, scope="city" if city else "agency")
    town.users[name] = user
    return user


def person_of(name: str, identity: str, phone: str) -> Person:
    """Make an invented person."""
    return Person.objects.create(
        name=name, identity=identity, identity_index=sealing.index_of(identity), phone=phone, phone_index=sealing.index_of(phone),
        division_id=tree.root(), demonstration=True,
    )  # fmt: skip


def settle(_city: SampleCity) -> Town:
    """Make everybody."""
    load.load()
    town = Town(person_of("演示母亲", MOTHER, "13904160002"), person_of("演示父亲", FATHER, "13904160011"))
    for name, person in (("mother", town.mother), ("father", town.father)):
        user = user_of(town, name, [])
        user.person = person
        user.save()
    agencies = set(Item.objects.filter(zone="onething").values_list("agency_id", flat=True))
    for number, agency in enumerate(sorted(agencies)):
        office = Organisation.objects.get(pk=agency)
        town.officials[agency] = user_of(town, f"official{number}", HANDLE, agency=office)
    lead = town.item().agency
    user_of(town, "editor", ["items.edit"], agency=lead, city=True)
    user_of(town, "publisher", ["items.publish"], agency=lead, city=True)
    user_of(
        town,
        "stranger",
        HANDLE,
        agency=Organisation.objects.filter(kind="agency").exclude(pk__in=agencies).order_by("pk")[0],
    )
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
