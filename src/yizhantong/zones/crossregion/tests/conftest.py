"""A small city with a neighbour of this very process: a clerk, an asker with two ways to act, an official, a stranger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from yizhantong.foundation.codes import identity
from yizhantong.kernel.access.models import Grant, Role, User
from yizhantong.kernel.divisions import tree
from yizhantong.kernel.divisions.calendar import load_calendar
from yizhantong.kernel.items.load import load_items
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.kernel.parties import sealing
from yizhantong.kernel.parties.models import Mandate, Organisation, Person
from yizhantong.zones.crossregion import config, load, transport
from yizhantong.zones.crossregion.actions import outbox, sending
from yizhantong.zones.crossregion.models import Crossing, Outgoing, Partner, PartnerItem
from yizhantong.zones.crossregion.peer import Peer, introduce

ASKER = identity.make("210702", dt.date(1988, 5, 6), 21)


@dataclass
class Town:
    """Everybody and everything that the tests need."""

    peer: Peer
    partner: Partner
    firm: Organisation
    person: Person
    users: dict[str, User] = field(default_factory=dict)

    def __getitem__(self, name: str) -> User:
        return User.objects.get(pk=self.users[name].pk)

    @property
    def item(self) -> PartnerItem:
        """The neighbour's first item."""
        return PartnerItem.objects.filter(partner=self.partner).order_by("id").first()  # type: ignore[return-value]

    def sent(self, mode: str = "proxy") -> Crossing:
        """A request that was handed over to the neighbour, and has reached it."""
        wanted = sending.Wanted(self.item, {"application_reason": "迁居"})
        case = sending.receive_for(
            self.person, [wanted], mode, account=self["clerk"] if mode != "online" else self["asker"]
        )
        self.deliver()
        return Crossing.objects.get(case=case)

    def deliver(self) -> None:
        """Send what waits."""
        for pk in Outgoing.objects.filter(state="waiting").order_by("queued_at").values_list("pk", flat=True):
            outbox.deliver(str(pk))

    def fresh(self, crossing: Crossing) -> Crossing:
        """The crossing as it stands."""
        return Crossing.objects.select_related("case", "partner").get(pk=crossing.pk)


def user_of(town: Town, name: str, permissions: list[str], agency: str | None = None) -> User:
    user = User.objects.create(
        username=f"t-{name}", display_name=f"演示{name}", is_staff=bool(permissions), agency_id=agency
    )
    if permissions:
        role, _made = Role.objects.get_or_create(code=f"t-{name}", defaults={"name": name, "permissions": permissions})
        Grant.objects.create(user=user, role=role, scope="agency")
    town.users[name] = user
    return user


@pytest.fixture(scope="module")
def settled(sample_city: SampleCity) -> Town:
    """Everybody, for one module."""
    load_calendar()
    load_items()
    load.load()
    peer = Peer("210100", "演示邻市")
    firm = sample_city.organisations("enterprise")[0]
    person = Person.objects.create(
        name="演示申请人", identity=ASKER, identity_index=sealing.index_of(ASKER), division_id=tree.root()
    )
    town = Town(peer, introduce(peer), firm, person)
    agency = config.said()["agency"]
    user_of(town, "clerk", ["cases.view", "cases.intake", "cases.handle", "crossregion.handle"], agency)
    user_of(town, "official", ["cases.view", "cases.intake", "cases.handle", "cases.decide"], agency)
    user_of(town, "window", ["cases.intake"], agency)
    asker = user_of(town, "asker", [])
    asker.person = person
    asker.save()
    Mandate.objects.create(organisation=firm, person=person, valid_from=dt.date(2020, 1, 1))
    other = user_of(town, "stranger", [])
    other.person = Person.objects.create(name="旁人", division_id=tree.root())
    other.save()
    return town


@pytest.fixture
def town(settled: Town) -> Iterator[Town]:
    """Everybody, for one test, whose changes are rolled back; the neighbour answers."""
    settled.peer.heard.clear()
    settled.peer.spoken.clear()
    with transaction.atomic(), transport.nearby({settled.peer.base_url: settled.peer.answer}):
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
