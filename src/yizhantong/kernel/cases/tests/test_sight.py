"""Lists are put together from the newest of each reason to see a case: they say the same as the reasons taken at once."""

from __future__ import annotations

import random
from typing import Any

import pytest

from yizhantong.kernel.access.models import Grant, Role, User
from yizhantong.kernel.cases import actions, queries, sight
from yizhantong.kernel.cases.models import Case, CaseStep, Transfer
from yizhantong.kernel.cases.tests import world
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.parties.models import Organisation, Person

pytestmark = pytest.mark.usefixtures("city")

OFFICES = (world.ECONOMY, world.ECOLOGY, world.SAFETY, world.WINDOW, world.FIFTH)
PLACES = (world.CITY, world.GUTA, world.LINGHE)
PERMISSIONS = (
    "cases.view",
    "cases.intake",
    "cases.handle",
    "cases.decide",
    "cases.rule",
    "cases.supervise",
    "cases.assign",
)
NARROWED: tuple[dict[str, Any], ...] = (
    {}, {"state": "closed"}, {"state__in": ["submitted", "accepted"]}, {"zone": "trial"}, {"division_id": world.GUTA},
    {"office_id": world.ECOLOGY}, {"number__startswith": "7"}, {"state__in": []},
)  # fmt: skip


def populate(draw: random.Random, people: list[Person], accounts: list[User], count: int = 60) -> None:
    """Make cases of all kinds by chance: drafts, open and closed ones, with steps of any office, some asked to be transferred."""
    items = [(item, item.current_id) for item in Item.objects.all()]
    rows = []
    for place in range(count):
        item, version = draw.choice(items)
        state = draw.choice(["draft", "submitted", "accepted", "closed"])
        person = draw.choice(people) if draw.random() < 0.4 else None
        rows.append(Case(
            number=f"{draw.randrange(10)}{place:05d}", item=item, version_id=version, zone=item.zone, title=item.name, state=state,
            outcome="granted" if state == "closed" else "", closed_at=world.NOW if state == "closed" else None, person=person,
            organisation_id=None if person else draw.choice((world.FIRM, world.RIVAL)), filed_by=draw.choice([None, *accounts]),
            channel=draw.choice(["online", "counter", "behalf"]), division_id=draw.choice(PLACES), created_at=world.NOW,
            office_id=None if state == "draft" else draw.choice(OFFICES), office_since=None if state == "draft" else world.NOW,
        ))  # fmt: skip
    for case in Case.objects.bulk_create(rows):
        if case.state == "draft":
            continue
        for code in range(draw.randrange(4)):
            CaseStep.objects.create(
                case=case, code=f"s{code}", name="s", kind="review", zone=case.zone, office_id=draw.choice(OFFICES),
                opened_at=world.NOW, sort_at=world.NOW, done_at=draw.choice([None, world.NOW]),
            )  # fmt: skip
        if draw.random() < 0.3:
            Transfer.objects.create(
                case=case, giver_id=case.office_id, receiver_id=draw.choice(OFFICES), asked_at=world.NOW,
                state=draw.choice(["asked", "refused"]),
            )  # fmt: skip


def somebody(draw: random.Random, name: str) -> User:
    """Make an account of any kind, with grants by chance."""
    account = world.citizen(name, *draw.sample((world.FIRM, world.RIVAL), draw.randrange(3)))
    if draw.random() < 0.3:
        account.person = None
    account.is_staff = draw.random() < 0.8
    account.agency = Organisation.objects.get(pk=draw.choice(OFFICES)) if draw.random() < 0.8 else None
    account.save()
    for place in range(draw.randrange(3)):
        role = Role.objects.create(
            code=f"{name}{place}", name=name, permissions=draw.sample(PERMISSIONS, draw.randrange(1, 4))
        )
        scope = draw.choice(["city", "division", "agency"])
        division = draw.choice(PLACES) if scope == "division" else None
        Grant.objects.create(
            user=account, role=role, scope=scope, division_id=division, zone=draw.choice(["", "", "trial"])
        )
    return User.objects.get(pk=account.pk)


@pytest.mark.parametrize("seed", range(12))
def test_a_list_shows_what_the_account_may_see_however_it_is_narrowed_and_paged(seed: int) -> None:
    draw = random.Random(seed)
    world.item("trial.one")
    world.item("other.one", zone="other")
    accounts = [somebody(draw, f"甲{seed}{place}") for place in range(8)]
    people = [Person.objects.create(name="旁人", division_id=world.GUTA), *(a.person for a in accounts if a.person)]
    populate(draw, people, accounts)
    for account in accounts:
        for narrowed in NARROWED:
            plain = list(queries.visible_to(account).filter(**narrowed).order_by("-id").values_list("pk", flat=True))
            size, seen, after = draw.randrange(1, 9), [], None
            while True:
                page = queries.cases(account, after=after, size=size, **narrowed)
                seen += [case.pk for case in page.rows]
                if page.next is None:
                    break
                after = page.next
            assert seen == plain, (account, narrowed)


def test_no_reason_hides_another_and_nobody_sees_without_one() -> None:
    world.item()
    stranger = world.citizen("路人")
    stranger.is_active = False
    assert queries.cases(stranger).rows == []
    watcher = world.official("督查", world.ECONOMY, "cases.supervise", "cases.handle", scope="city")
    case = actions.file(Item.objects.get(), applicant=Organisation.objects.get(pk=world.FIRM), data={}, account=None)
    assert [row.pk for row in queries.cases(watcher).rows] == [case.pk]
    assert [reason.column for reason in sight.reasons(watcher)] == ["filed_by_id", sight.ALL]
    assert clock.now() == world.NOW
