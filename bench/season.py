"""A city in season for the benchmark of enrolment: schools, batches, parents with keys, and the form of any of 364,000 children."""

from __future__ import annotations

import datetime as dt
from typing import Any

SEASON, DISTRICT = "bench-season", "210702"


def season_and_parents(users: int) -> list[str]:
    """Make a season that is open now, and parents; return the key of each."""
    from yizhantong.kernel.access.models import Token, User
    from yizhantong.kernel.divisions import clock
    from yizhantong.kernel.divisions.models import City
    from yizhantong.kernel.items.dictionary import load_elements
    from yizhantong.kernel.parties import sealing
    from yizhantong.kernel.parties.models import Organisation, Person
    from yizhantong.zones.onething.enrolment import load
    from yizhantong.zones.onething.enrolment.actions import seasons
    from yizhantong.zones.onething.enrolment.models import Season

    load_elements()
    load.load()
    document = load.document()
    assert document is not None
    city = City.objects.get()
    city.demonstration_day = dt.date.fromisoformat(document["season"]["opens_at"][:10])
    city.save()
    given, now = document["season"], clock.now()
    with clock.at(now - dt.timedelta(days=2)):
        season = seasons.prepare(Season(
            code=SEASON, name="压测批次", division_id=DISTRICT, office=Organisation.objects.get(pk=document["item"]["agency"]), stage=given["stage"], year=now.year,
            rules=given["rules"], opens_at=now - dt.timedelta(days=1), closes_at=now + dt.timedelta(days=1),
            born_from=dt.date(2014, 9, 1), born_to=dt.date(2015, 8, 31),
        ), None)  # fmt: skip
        seasons.set_schools(season, given["schools"], None)
        for batch in given["batches"]:
            seasons.plan_batch(
                season,
                None,
                name=batch["name"],
                categories=batch["categories"],
                divert=batch["divert"],
                publishes_on=now.date(),
            )
        officer = User.objects.create(username="officer", is_superuser=True, is_staff=True)
        publish(season, officer)
    keys = []
    for number in range(users):
        identity = child(number, dt.date(1985, 1, 1))
        person = Person.objects.create(
            name=f"演示家长{number}", division_id=DISTRICT, identity=identity, identity_index=sealing.index_of(identity)
        )
        user = User.objects.create(username=f"parent{number}", display_name=person.name, person=person)
        keys.append(Token.issue(user, "bench")[1])
    return keys


def publish(season: Any, officer: Any) -> None:
    """Publish as an officer whose grants cover the district."""
    from yizhantong.kernel.access.models import Grant, Role
    from yizhantong.zones.onething.enrolment.actions import seasons

    role = Role.objects.create(code="bench", name="bench", permissions=["enrolment.manage"])
    Grant.objects.create(user=officer, role=role, scope=Grant.Scope.CITY)
    seasons.publish(season, officer)


def child(number: int, first: dt.date = dt.date(2014, 9, 1)) -> str:
    """Return the identity number of the child of that number: 364,000 of them."""
    from yizhantong.zones.onething.enrolment.numbers import identity

    return identity(DISTRICT, first + dt.timedelta(days=number % 364), number // 364)


def form(number: int) -> dict[str, Any]:
    """Return the form of a child."""
    identity = child(number)
    return {
        "enrolment_district": DISTRICT, "enrolment_stage": "小学一年级", "child_name": f"演示学生{number}", "child_identity": identity,
        "child_born_on": f"{identity[6:10]}-{identity[10:12]}-{identity[12:14]}", "person_name": "演示家长", "person_identity": child(number % 1000, dt.date(1985, 1, 1)),
        "person_phone": "13900000000", "guardian_relation": "父亲", "school_category": "房户一致", "second_guardian_identity": child(number % 999, dt.date(1986, 1, 1)),
        "stay_together": False,
    }  # fmt: skip
