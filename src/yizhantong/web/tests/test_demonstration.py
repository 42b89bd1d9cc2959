"""The sample city's day moves on, and only on; a real city has no such page."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from yizhantong.kernel.access.models import User
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.divisions.load import load_city
from yizhantong.kernel.divisions.models import City

pytestmark = pytest.mark.django_db
PAGE = "/demonstration/"
DAY = dt.date(2021, 8, 16)


@pytest.fixture
def city() -> City:
    """The city."""
    load_city()
    return City.objects.get()


@pytest.fixture
def sample_city(city: City) -> City:
    """The city as a sample, on its day."""
    city.demonstration_day = DAY
    city.save()
    return city


def visitor(demonstration: bool) -> Client:
    """Return the client of a signed-in account."""
    client = Client()
    client.force_login(User.objects.create(username=f"visitor{demonstration}", demonstration=demonstration))
    return client


def test_sample_account_moves_the_day_on(sample_city: City) -> None:
    client = visitor(True)
    assert 'value="2021-08-17"' in client.get(PAGE).content.decode()
    assert client.post(PAGE, {"day": "2021-08-24"}).status_code == 302
    assert clock.today() == dt.date(2021, 8, 24)


@pytest.mark.parametrize("day", ["2021-08-16", "2021-08-01", "2021-09-17", "tomorrow", ""])
def test_day_never_goes_back_nor_far(sample_city: City, day: str) -> None:
    answer = visitor(True).post(PAGE, {"day": day})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert clock.today() == DAY


def test_others_cannot_move_it(sample_city: City) -> None:
    for client in (Client(), visitor(False)):
        assert client.post(PAGE, {"day": "2021-08-24"}).status_code == 200
    assert clock.today() == DAY


def test_real_city_keeps_the_servers_time(city: City) -> None:
    assert visitor(True).get(PAGE).status_code == 404
    with pytest.raises(clock.ClockError, match="服务器时间"):
        clock.move_on(dt.date(2099, 1, 1))
