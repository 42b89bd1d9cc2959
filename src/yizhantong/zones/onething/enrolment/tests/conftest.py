"""A season of a small district: two officers, parents, two schools with one street, registers; everything through the real actions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from yizhantong.kernel.access.models import Grant, Role, User
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.kernel.parties import sealing
from yizhantong.kernel.parties.models import Organisation, Person
from yizhantong.zones.onething.enrolment import hooks, load  # noqa: F401
from yizhantong.zones.onething.enrolment.actions import intake, seasons
from yizhantong.zones.onething.enrolment.models import (
    HouseholdEntry,
    InsuranceEntry,
    Intake,
    PermitEntry,
    PropertyEntry,
    Season,
)
from yizhantong.zones.onething.enrolment.numbers import identity

GUTA = "210702"
AS_OF = dt.date(2021, 6, 30)


def at(day: int, hour: int = 10, month: int = 7) -> Any:
    """Let the city's clock stand at an hour of a day of 2021."""
    return clock.at(timezone.make_aware(dt.datetime(2021, month, day, hour)))


@dataclass
class District:
    """What the tests need, by name."""

    season: Season
    head: User
    second: User
    stranger: User
    people: dict[int, User] = field(default_factory=dict)

    def parent(self, number: int) -> User:
        """Return the account of a parent, made when it is first asked for."""
        if number not in self.people:
            number_of = identity(GUTA, dt.date(1985, 1, 1) + dt.timedelta(days=number), 100 + number % 800)
            person = Person.objects.create(
                name=f"演示家长{number}",
                division_id=GUTA,
                identity=number_of,
                identity_index=sealing.index_of(number_of),
                demonstration=True,
            )
            self.people[number] = User.objects.create(
                username=f"parent{number}", display_name=person.name, person=person
            )
        return self.people[number]

    def child(self, number: int, born: dt.date = dt.date(2015, 3, 1)) -> str:
        """Return the identity number of a child."""
        return identity(GUTA, born + dt.timedelta(days=number % 100), 100 + number % 800)

    def form(self, number: int, category: str = "房户一致", **more: Any) -> dict[str, Any]:
        """Return the form of a child."""
        guardian = self.parent(number).person
        assert guardian is not None
        child = self.child(number)
        return {
            "enrolment_district": GUTA, "enrolment_stage": "小学一年级", "child_name": f"演示学生{number}", "child_identity": child,
            "child_born_on": f"{child[6:10]}-{child[10:12]}-{child[12:14]}", "person_name": guardian.name, "person_identity": guardian.identity,
            "person_phone": "13900000000", "guardian_relation": "父亲", "school_category": category, **more,
        }  # fmt: skip

    def registered(
        self, number: int, category: str = "房户一致", street: str = "试验路", house: int = 1, years: int = 3
    ) -> None:
        """Enter into the registers what shows the category."""
        guardian = sealing.index_of(self.parent(number).person.identity)  # type: ignore[union-attr]
        child = sealing.index_of(self.child(number))
        place = {
            "division_id": GUTA,
            "street": street,
            "number": house,
            "since": AS_OF - dt.timedelta(days=366 * years),
            "as_of": AS_OF,
        }
        if category in ("房户一致", "有户无房"):
            HouseholdEntry.objects.create(identity_index=child, relation="父母", **place)
        if category in ("房户一致", "有房无户"):
            PropertyEntry.objects.create(identity_index=guardian, share=100, **place)
        if category == "随迁子女":
            PermitEntry.objects.create(identity_index=guardian, until=dt.date(2022, 1, 1), **place)
            InsuranceEntry.objects.create(identity_index=guardian, months=12 * years, paid_until=AS_OF, as_of=AS_OF)

    def hand_in(
        self, number: int, category: str = "房户一致", *, house: int = 1, registered: bool = True, **more: Any
    ) -> Intake:
        """Hand a child in, its registers entered."""
        if registered:
            self.registered(number, category, house=house, years=more.pop("years", 3))
        return intake.receive(
            self.season, self.form(number, category, **more), account=self.parent(number), key=f"k{number}"
        )


def official(name: str, agency: Organisation, *permissions: str) -> User:
    user = User.objects.create(username=f"t-{name}", display_name=f"演示{name}", is_staff=True, agency=agency)
    role = Role.objects.create(
        code=f"t-{name}", name=name, permissions=["cases.view", "cases.handle", "cases.decide", *permissions]
    )
    Grant.objects.create(user=user, role=role, scope="agency")
    return user


def settle() -> District:
    """Make the season, as a draft that was published before its opening."""
    load.load()
    document = load.document()
    assert document is not None
    given = document["season"]
    office = Organisation.objects.get(pk=document["item"]["agency"])
    other = Organisation.objects.filter(kind="agency").exclude(pk=office.pk).order_by("pk")[0]
    head, second = official("head", office, "enrolment.manage"), official("second", office, "enrolment.manage")
    stranger = official("stranger", other, "enrolment.manage")
    with at(1, month=6):
        season = seasons.prepare(
            Season(
                code="test-2021", name="试验区小学", division_id=GUTA, office=office, stage=given["stage"], year=2021, rules=given["rules"],
                opens_at=dt.datetime.fromisoformat(given["opens_at"]), closes_at=dt.datetime.fromisoformat(given["closes_at"]),
                born_from=dt.date(2014, 9, 1), born_to=dt.date(2015, 8, 31), confirm_days=5,
            ),
            head,
        )  # fmt: skip
        seasons.set_schools(season, [
            {"code": "east", "name": "东小学", "places": 2, "diverts_to": ["west"], "catchments": [{"street": "试验路", "parity": "odd", "first": 1, "last": 99}]},
            {"code": "west", "name": "西小学", "places": 3, "diverts_to": ["east"], "catchments": [{"street": "试验路", "parity": "even", "first": 2, "last": 98}]},
        ], head)  # fmt: skip
        for batch in given["batches"]:
            seasons.plan_batch(
                season,
                head,
                name=batch["name"],
                categories=batch["categories"],
                divert=batch["divert"],
                publishes_on=dt.date.fromisoformat(batch["publishes_on"]),
            )
        season = seasons.publish(season, second)
    return District(season, head, second, stranger)


@pytest.fixture(scope="module")
def settled(sample_city: SampleCity) -> District:
    """The district, for one module."""
    return settle()


@pytest.fixture
def district(settled: District) -> Iterator[District]:
    """The district, for one test, whose changes are rolled back."""
    with transaction.atomic():
        yield settled
        transaction.set_rollback(True)
    settled.people.clear()
