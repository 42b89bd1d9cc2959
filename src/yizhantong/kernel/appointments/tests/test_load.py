"""The halls of the city's folder are made once; the sample's days leave a queue, facts and figures."""

from __future__ import annotations

import datetime as dt

import pytest

from yizhantong.kernel.access.models import User
from yizhantong.kernel.appointments import sample
from yizhantong.kernel.appointments.load import load_halls
from yizhantong.kernel.appointments.models import Appointment, Hall, Ticket, Visit, Window
from yizhantong.kernel.cases.tests import world
from yizhantong.kernel.divisions import tree
from yizhantong.kernel.divisions.load import load_city
from yizhantong.kernel.figures.queries import value
from yizhantong.kernel.parties.load import load_agencies

DAY = dt.date(2021, 8, 16)


@pytest.fixture
def city(db: None) -> None:
    load_city()
    load_agencies()
    tree.forget()


def test_halls_are_loaded_once_and_what_was_changed_stays(city: None) -> None:
    assert load_halls() == 2
    assert (Hall.objects.count(), Window.objects.count()) == (2, 12)
    Hall.objects.filter(pk="city").update(name="改名")
    assert load_halls() == 0
    assert Hall.objects.get(pk="city").name == "改名"
    assert all(window.services.exists() for window in Window.objects.all())


def test_the_samples_days_are_played_once_and_counted_as_facts(city: None) -> None:
    load_halls()
    for name in sample.CLERKS:
        user = world.official(name, None, "appointments.serve", scope="city")
        User.objects.filter(pk=user.pk).update(demonstration=True)
    User.objects.filter(pk=world.citizen("x").pk).update(username="qiye")
    made = sample.play(DAY)
    assert made == Ticket.objects.count() > 100
    assert sample.play(DAY) == 0
    outcomes = set(Visit.objects.values_list("outcome", flat=True))
    assert "served" in outcomes
    assert Ticket.objects.filter(day=DAY, state=Ticket.State.WAITING).exists()
    assert not Ticket.objects.filter(day__lt=DAY, ended_at=None).exists()
    assert Appointment.objects.get().person == User.objects.get(username="qiye").person
    served = Visit.objects.filter(outcome="served")
    assert value("appointments.served", DAY, engine="database").shown == served.count()
