"""A market of people: an office, two banks, enterprises with their agents; and an event to which they are invited."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.db import transaction

from yizhantong.kernel.access.models import Grant, Role, User
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.kernel.parties.models import Mandate, Organisation, Person
from yizhantong.zones.finance.events import actions
from yizhantong.zones.finance.events.actions import Given, Reply
from yizhantong.zones.finance.models import Invitation, MatchEvent


@dataclass
class Market:
    """Everybody whom the tests of events need, by name."""

    firms: list[Organisation]
    banks: list[Organisation]
    users: dict[str, User] = field(default_factory=dict)

    def __getitem__(self, name: str) -> User:
        return User.objects.get(pk=self.users[name].pk)

    def given(self, **changed: object) -> Given:
        """Return an event of six slots at four tables, two weeks ahead."""
        day = clock.today() + dt.timedelta(days=14)
        values = {
            "title": "演示银企对接会", "place": "会展中心", "day": day, "begins": dt.time(9, 0), "minutes": 20, "pause": 5,
            "slots": 6, "rooms": (("一号厅", 3), ("二号厅", 1)), "most": 3, "answer_until": day - dt.timedelta(days=4),
        }  # fmt: skip
        return Given(**(values | changed))  # type: ignore[arg-type]

    def event(self, **changed: object) -> MatchEvent:
        """Return an event to which everybody is invited."""
        event = actions.create(self.given(**changed), account=self["office"])
        actions.invite(event, [*self.firms, *self.banks], account=self["office"])
        event.refresh_from_db()
        return event

    def accepted(self, **changed: object) -> MatchEvent:
        """Return an event that everybody accepted, each wishing all of the other side in turn."""
        event = self.event(**changed)
        invited = {one.organisation_id: one for one in event.invitations.all()}
        for party in (*self.firms, *self.banks):
            own = invited[party.pk]
            others = [one.pk for one in invited.values() if one.side != own.side][:8]
            actions.answer(own, Reply(tuple(others), seats=1), account=self["office"])
        event.refresh_from_db()
        return event


def invitation_of(event: MatchEvent, organisation: Organisation) -> Invitation:
    return Invitation.objects.select_related("event", "organisation").get(event=event, organisation=organisation)


def user_of(
    market: Market, name: str, permissions: list[str], *, agency: Organisation | None = None, city: bool = False
) -> User:
    user = User.objects.create(username=name, display_name=f"演示{name}", is_staff=bool(permissions), agency=agency)
    if permissions:
        role, _made = Role.objects.get_or_create(code=f"f-{name}", defaults={"name": name, "permissions": permissions})
        Grant.objects.create(user=user, role=role, scope="city" if city else "agency")
    market.users[name] = user
    return user


def settle(city: SampleCity) -> Market:
    """Make everybody."""
    market = Market(city.organisations("enterprise")[:6], city.organisations("bank")[:3])
    agency = Organisation.objects.filter(kind="agency").order_by("pk").first()
    user_of(market, "office", ["finance.manage", "cases.view", "cases.handle"], agency=agency, city=True)
    user_of(market, "bank", ["finance.bank"], agency=market.banks[0])
    user_of(market, "bank2", ["finance.bank"], agency=market.banks[1])
    user_of(market, "clerk", ["cases.view", "cases.handle"], agency=agency)
    for name, firm in (("agent", market.firms[0]), ("agent2", market.firms[1])):
        user = user_of(market, name, [])
        user.person = Person.objects.create(name="演示经办人", division_id=tree.root())
        user.save()
        Mandate.objects.create(organisation=firm, person=user.person, valid_from=dt.date(2020, 1, 1))
    user_of(market, "nobody", [])
    return market


@pytest.fixture(scope="module")
def settled(sample_city: SampleCity) -> Market:
    """Everybody, for one module."""
    return settle(sample_city)


@pytest.fixture
def market(settled: Market) -> Iterator[Market]:
    """Everybody, for one test, whose changes are rolled back."""
    with transaction.atomic():
        yield settled
        transaction.set_rollback(True)
