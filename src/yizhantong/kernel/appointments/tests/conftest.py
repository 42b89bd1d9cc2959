"""A small hall on a Monday morning: two windows, three services, clerks, a manager, people who come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from yizhantong.kernel.access.models import User
from yizhantong.kernel.appointments import actions
from yizhantong.kernel.appointments.models import Hall, Service, Window
from yizhantong.kernel.cases.tests import world
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.items import catalogue, elements
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.parties.models import Organisation, Person

MORNING, AFTERNOON = (dt.time(8, 30), dt.time(11, 30)), (dt.time(13, 30), dt.time(17))


@dataclass
class Place:
    """Everybody and everything, by name."""

    hall: Hall
    item: Item
    short: Service
    long: Service
    walk_in: Service
    one: Window
    two: Window
    people: dict[str, User] = field(default_factory=dict)

    def person(self, name: str) -> Person:
        """Return the natural person behind an account."""
        found = self.people[name].person
        assert found is not None
        return found

    @property
    def firm(self) -> Organisation:
        """The enterprise for which ``asker`` acts."""
        return Organisation.objects.get(pk=world.FIRM)


def settle() -> Place:
    """Build the hall."""
    world.build()
    item = world.item("hall.trial")
    hall = Hall.objects.create(
        code="city",
        name="市厅",
        agency_id=world.WINDOW,
        division_id=world.CITY,
        address="演示路 1 号",
        grid=10,
        ahead=14,
        notice=60,
    )
    short = Service.objects.create(hall=hall, code="short", name="短事", letter="A", minutes=20)
    long = Service.objects.create(hall=hall, code="long", name="长事", letter="B", minutes=45)
    walk_in = Service.objects.create(hall=hall, code="walk", name="随到", letter="C", minutes=10, bookable=False)
    short.items.add(item)
    actions.set_hours(hall, [(day, *part) for day in range(1, 6) for part in (MORNING, AFTERNOON)], account=None)
    one = actions.add_window(hall, 1, [short, long], account=None)
    two = actions.add_window(hall, 2, [short, walk_in], account=None)
    people = {
        "clerk": world.official("clerk", world.WINDOW, "appointments.serve"),
        "second": world.official("second", world.WINDOW, "appointments.serve"),
        "manager": world.official("manager", world.WINDOW, "appointments.manage", "appointments.serve"),
        "elsewhere": world.official("elsewhere", world.ECONOMY, "appointments.serve", "appointments.manage"),
        "asker": world.citizen("经办", world.FIRM),
        "rival": world.citizen("对手", world.RIVAL),
        "third": world.citizen("路人"),
    }  # fmt: skip
    return Place(hall, item, short, long, walk_in, one, two, people)


@pytest.fixture
def place(db: None) -> Iterator[Place]:
    """Return the hall at ten o'clock on Monday, 2021-08-09."""
    catalogue.forget()
    elements.forget()
    with clock.at(world.NOW):
        yield settle()
    tree.forget()
    catalogue.forget()
