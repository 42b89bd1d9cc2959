"""A season of the sample city (演示数据): invented children through the real actions, and a second season that is open on the sample's day.

Everybody and every entry of a register is invented. Most registers show what the parents say; some know nothing, some know otherwise, and
those children are re-checked at the counter.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.kernel.parties import sealing
from yizhantong.kernel.parties.models import Organisation, Person
from yizhantong.zones.onething.enrolment import load, terms
from yizhantong.zones.onething.enrolment.access import ITEM
from yizhantong.zones.onething.enrolment.actions import confirming, intake, placing, seasons, verifying
from yizhantong.zones.onething.enrolment.models import (
    Batch,
    Child,
    HouseholdEntry,
    InsuranceEntry,
    PermitEntry,
    Placement,
    PropertyEntry,
    Season,
    VaccinationEntry,
)
from yizhantong.zones.onething.enrolment.numbers import identity

CHILDREN = 400
OFFICERS = ("zhaosheng", "zhaosheng2")
SHARES = {"房户一致": 52, "有户无房": 22, "有房无户": 12, "随迁子女": 14}
RESIDENTS_CHILD = (dt.date(2009, 3, 1), 555)
"""Birthday and order of the identity number of a child that the resident may enter into the open season; the registers know it."""
STREETS = ("演示一路", "演示二路", "演示三路", "演示四路", "演示五路", "演示六路")
BUSY = (30, 14, 16, 14, 12, 14)
"""How the children spread over the streets: the first is crowded, so that its schools have to divert."""


def play(city: SampleCity) -> int:
    """Play both seasons; return how many cases there are. Does nothing where seasons are already, or the accounts are missing."""
    load.load()
    people = {user.username: user for user in User.objects.filter(username__in=[*OFFICERS, "jumin"])}
    document = load.document()
    if document is None or Season.objects.exists() or not set(OFFICERS) <= set(people):
        return 0
    stage = _Stage(city, people, document)
    stage.past()
    stage.present()
    return Child.objects.count()


@dataclass
class _Stage:
    city: SampleCity
    people: dict[str, User]
    document: dict[str, Any]
    rng: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.rng = self.city.rng("onething.enrolment")

    @property
    def head(self) -> User:
        return self.people[OFFICERS[0]]

    @property
    def second(self) -> User:
        return self.people[OFFICERS[1]]

    def at(self, day: dt.date, hour: int = 10, minute: int = 0) -> Any:
        """Let the city's clock stand at an hour of a day, never after the sample's own."""
        return clock.at(timezone.make_aware(dt.datetime.combine(min(day, self.city.day), dt.time(hour, minute))))

    # --- the season that is over --------------------------------------------------------------------------------------

    def past(self) -> None:
        """Play the season of the summer up to the batches that were published before the sample's day."""
        given = self.document["season"]
        season = self.season(given, dt.datetime.fromisoformat(given["opens_at"]).date() - dt.timedelta(days=20))
        opens, closes = (timezone.localtime(moment).date() for moment in (season.opens_at, season.closes_at))
        parents = self.parents()
        for number, parent in enumerate(parents):
            offset = min(int(self.rng.expovariate(0.7)), (closes - opens).days - 1)
            with self.at(opens + dt.timedelta(days=offset), 9 + self.rng.randrange(8), self.rng.randrange(60)):
                self.file(number, parent, season)
        with self.at(closes + dt.timedelta(days=2)):
            verifying.verify_waiting(season, limit=CHILDREN)
            seasons.close_list(season, self.head)
            season = seasons.reveal(season, self.head)
        with self.at(closes + dt.timedelta(days=5)):
            self.recheck(season)
        for batch in Batch.objects.filter(season=season, publishes_on__lte=self.city.day).order_by("number"):
            with self.at(batch.publishes_on):
                placing.propose(batch, self.head)
                published = placing.publish(batch, self.second)
                placing.settle(published)
            with self.at(batch.publishes_on + dt.timedelta(days=2)):
                self.confirm(batch)

    def season(self, given: dict[str, Any], day: dt.date) -> Season:
        """Prepare and publish a season some weeks before its opening."""
        fields = {
            name: given[name]
            for name in ("code", "name", "stage", "year", "confirm_days", "source", "contact", "rules")
        }
        with self.at(day):
            made = seasons.prepare(
                Season(
                    **fields, division_id=given["division"], office=Organisation.objects.get(pk=self.document["item"]["agency"]), demonstration=True,
                    opens_at=dt.datetime.fromisoformat(given["opens_at"]), closes_at=dt.datetime.fromisoformat(given["closes_at"]),
                    born_from=dt.date.fromisoformat(given["born_from"]), born_to=dt.date.fromisoformat(given["born_to"]),
                ),
                self.head,
            )  # fmt: skip
            seasons.set_schools(made, given["schools"], self.head)
            for batch in given["batches"]:
                seasons.plan_batch(made, self.head, name=batch["name"], categories=batch["categories"], divert=batch["divert"],
                                   publishes_on=dt.date.fromisoformat(batch["publishes_on"]))  # fmt: skip
            return seasons.publish(made, self.second)

    def parents(self) -> list[Person]:
        """Return invented parents; the sample's resident is the first."""
        division = self.document["season"]["division"]
        rows = []
        for number in range(CHILDREN):
            said = identity(division, dt.date(1982, 1, 1) + dt.timedelta(days=number * 7), 500 + number % 400)
            rows.append(
                Person(
                    name=f"演示家长{number:04d}",
                    identity=said,
                    identity_index=sealing.index_of(said),
                    division_id=division,
                    demonstration=True,
                )
            )
        made = Person.objects.bulk_create(rows, batch_size=500)
        resident = self.people.get("jumin")
        return [resident.person, *made[1:]] if resident is not None and resident.person is not None else made

    def file(self, number: int, parent: Person, season: Season) -> None:
        """Hand one child in, and let the registers know (or not know) of it."""
        category = self.rng.choices(list(SHARES), list(SHARES.values()))[0]
        said = identity(
            season.division_id, season.born_from + dt.timedelta(days=self.rng.randrange(365)), number % 1000
        )
        self.registered(said, parent.identity, category, season)
        data = {
            "enrolment_district": season.division_id, "enrolment_stage": season.stage, "child_name": f"演示学生{number:04d}", "child_identity": said,
            "child_born_on": f"{said[6:10]}-{said[10:12]}-{said[12:14]}", "person_name": parent.name, "person_identity": parent.identity,
            "person_phone": f"139{number:08d}", "guardian_relation": self.rng.choice(["父亲", "母亲"]), "school_category": category,
        }  # fmt: skip
        cases.file(
            Item.objects.get(pk=ITEM),
            applicant=parent,
            data=data,
            account=None,
            idempotency_key=f"sample:{number}",
            source="sample",
        )

    def registered(self, child: str, parent: str, category: str, season: Season) -> None:
        """Enter what the registers know: in one of twenty cases nothing, which is found at verification."""
        if self.rng.random() < 0.05:
            return
        as_of = season.opens_at.date() - dt.timedelta(days=5)
        place = {
            "division_id": season.division_id, "street": self.rng.choices(STREETS, BUSY)[0], "number": self.rng.randint(1, 199), "as_of": as_of,
            "since": as_of - dt.timedelta(days=self.rng.randint(200, 2400)), "demonstration": True,
        }  # fmt: skip
        of_child, of_parent = ({"identity": one, "identity_index": sealing.index_of(one)} for one in (child, parent))
        VaccinationEntry.objects.create(**of_child, complete=self.rng.random() < 0.97, as_of=as_of, demonstration=True)
        if category in ("房户一致", "有户无房"):
            HouseholdEntry.objects.create(**of_child, relation=self.rng.choice(["父母", "父母", "祖父母"]), **place)
        if category in ("房户一致", "有房无户"):
            PropertyEntry.objects.create(**of_parent, share=self.rng.choice([100, 100, 51, 60]), **place)
        if category == "随迁子女":
            PermitEntry.objects.create(**of_parent, until=as_of + dt.timedelta(days=self.rng.randint(60, 300)), **place)
            InsuranceEntry.objects.create(
                **of_parent, months=self.rng.randint(6, 90), paid_until=as_of, as_of=as_of, demonstration=True
            )

    def recheck(self, season: Season) -> None:
        """Settle the re-checks at the counter; two are still open, one is refused."""
        schools = [row.code for row in season.schools.all()]
        waiting = list(
            Child.objects.filter(season=season, state=Child.State.RECHECK).select_related("case").order_by("id")
        )
        for place, child in enumerate(waiting[:-2]):
            if place == 0:
                verifying.refuse_recheck(child, self.head, reason="经核对原件,户籍、房产和居住地均不在本区")
                continue
            school = child.school.code if child.school else self.rng.choice(schools)
            verifying.settle_recheck(
                child, self.head, category=child.claimed, school=school, opinion="已核对户口簿和住址证明原件,与申报一致"
            )

    def confirm(self, batch: Batch) -> None:
        """Let the parents confirm; a few decline."""
        for place in (
            Placement.objects.filter(batch=batch, state=Placement.State.OFFERED)
            .select_related("child__case")
            .order_by("id")
        ):
            if self.rng.random() < 0.02:
                confirming.decline(place, self.head)
            else:
                confirming.confirm(place, self.head)

    # --- the season that is open --------------------------------------------------------------------------------------

    def present(self) -> None:
        """Publish a season of the other stage that is open on the sample's day, with one child of the sample's resident's neighbours."""
        given, day = self.document["season"], self.city.day
        rules = terms.read(given["rules"]).model_dump(mode="json")
        rules["common"] = rules["common"].replace("2014-09-01", "2008-09-01").replace("2015-08-31", "2009-08-31")
        opens = timezone.make_aware(dt.datetime.combine(day - dt.timedelta(days=1), dt.time(9)))
        second = given | {
            "code": given["code"].replace("primary", "junior"), "name": given["name"].replace("小学一年级", "初中一年级"), "stage": "初中一年级",
            "rules": rules, "opens_at": opens.isoformat(), "closes_at": (opens + dt.timedelta(days=7)).isoformat(), "born_from": "2008-09-01", "born_to": "2009-08-31",
            "schools": [row | {"name": row["name"].replace("小学", "中学")} for row in given["schools"]],
            "batches": [row | {"publishes_on": (day + dt.timedelta(days=14 + 7 * place)).isoformat()} for place, row in enumerate(given["batches"])],
        }  # fmt: skip
        season = self.season(second, day - dt.timedelta(days=20))
        self.resident(season)
        parents = list(Person.objects.filter(name__startswith="演示家长", demonstration=True).order_by("pk")[10:22])
        for number, parent in enumerate(parents):
            with self.at(day, 9, number):
                self.file(CHILDREN + number, parent, season)
        with self.at(day, 9, 30):
            intake.open_waiting()
            verifying.verify_waiting(season)

    def resident(self, season: Season) -> None:
        """Let the registers know of the resident's elder child, so that whoever tries the platform sees a form verified without papers."""
        person = self.people["jumin"].person if "jumin" in self.people else None
        if person is None:
            return
        child, as_of = identity(season.division_id, *RESIDENTS_CHILD), season.opens_at.date() - dt.timedelta(days=5)
        place = {
            "division_id": season.division_id, "street": "演示三路", "number": 12, "as_of": as_of, "since": as_of - dt.timedelta(days=2400),
            "demonstration": True,
        }  # fmt: skip
        of_child, of_parent = (
            {"identity": one, "identity_index": sealing.index_of(one)} for one in (child, person.identity)
        )
        HouseholdEntry.objects.create(**of_child, relation="父母", **place)
        PropertyEntry.objects.create(**of_parent, share=100, **place)
        VaccinationEntry.objects.create(**of_child, complete=True, as_of=as_of, demonstration=True)
