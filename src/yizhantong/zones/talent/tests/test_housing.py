"""Flats: points with reasons, the queue in order, offers that expire, leases, the last flat."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from yizhantong.kernel.access.models import User
from yizhantong.zones.talent.actions import housing
from yizhantong.zones.talent.models import Flat, Lease, Offer, Waiting
from yizhantong.zones.talent.tests.conftest import DAY, Town, at

pytestmark = pytest.mark.django_db
Refused = Callable[..., str]
ASKS = {"person_phone": "13904160002", "talent_rooms": "1", "talent_has_home": "false", "talent_family": "1"}


def waiting(town: Town, **changed: str) -> tuple[User, Waiting]:
    """Bring somebody new into the queue."""
    who = town.somebody()
    town.recognised(who)
    return who, Waiting.objects.get(case=town.granted("housing", who, ASKS | changed))


def estate(flats: int = 1) -> list[Flat]:
    """Open an estate with flats of one room."""
    row = {"code": f"e{flats}", "name": "演示公寓", "address": "演示路", "division": "210703"}
    made = housing.open_estate(
        row | {"flats": [{"rooms": 1, "count": flats, "area": 40, "rent_yuan": 600}]}, account=None
    )
    return list(made.flats.all())


def test_points_are_explained(town: Town) -> None:
    _who, place = waiting(town, talent_family="3")
    given = {one["code"]: one["given"] for one in place.reasons}
    assert (place.points, place.state) == (55, "waiting")
    assert (given["class_e"], given["no_home"], given["family"], given["years"]) == (25, 20, 10, 0)


def test_who_has_a_home_or_waits_already_is_refused(town: Town, refused: Refused) -> None:
    who, _place = waiting(town)
    assert refused(town.file, "housing", who, ASKS) == "talent.waits_already"
    owner = town.somebody()
    town.recognised(owner)
    assert refused(town.file, "housing", owner, ASKS | {"talent_has_home": "true"}) == "talent.has_home"


def test_more_points_come_first_then_who_asked_earlier(town: Town, refused: Refused) -> None:
    (_first, early), (_second, late), (_third, best) = waiting(town), waiting(town), waiting(town, talent_family="4")
    flats = estate(3)
    order = [housing.offer_next(flat, account=town["officer"]).waiting_id for flat in flats]
    assert order == [best.pk, early.pk, late.pk]
    assert refused(housing.offer_next, flats[0], account=town["officer"]) == "talent.flat_taken"


def test_an_accepted_offer_is_a_lease_and_leaving_frees_the_flat(town: Town, refused: Refused) -> None:
    who, place = waiting(town)
    [flat] = estate()
    offer = housing.offer_next(flat, account=town["officer"])
    assert refused(housing.accept, offer, account=town["agent"]) == "talent.not_yours"
    lease = housing.accept(offer, account=who)
    assert (lease.last_day, lease.rent_fen) == (dt.date(2024, 8, 15), 60_000)
    assert refused(housing.accept, offer, account=who) == "talent.offer_settled"
    housing.end_lease(lease, reason="购房", account=who)
    assert Flat.objects.get(pk=flat.pk).state == "free"
    assert Waiting.objects.get(pk=place.pk).state == "left"
    assert refused(housing.end_lease, lease, reason="购房", account=who) == "talent.lease_ended"


def test_an_offer_lapses_and_the_next_in_the_queue_gets_the_flat(town: Town, refused: Refused) -> None:
    (_one, first), (_two, second) = waiting(town), waiting(town)
    [flat] = estate()
    offer = housing.offer_next(flat, account=None)
    assert offer.waiting_id == first.pk
    with at(DAY + dt.timedelta(days=8)):
        assert refused(housing.accept, offer, account=_one) == "talent.offer_settled"
        assert (housing.lapse(), housing.lapse()) == (1, 0)
        assert housing.offer_next(Flat.objects.get(pk=flat.pk), account=None).waiting_id == second.pk
    assert Waiting.objects.get(pk=first.pk).state == "waiting"


def test_two_refusals_end_the_waiting(town: Town, refused: Refused) -> None:
    who, place = waiting(town)
    for flat in estate(2):
        housing.decline(housing.offer_next(flat, account=None), account=who)
    assert (Waiting.objects.get(pk=place.pk).state, Offer.objects.count()) == ("left", 2)
    assert refused(housing.offer_next, Flat.objects.first(), account=None) == "talent.nobody_waits"


def test_a_talent_who_lost_the_class_gets_no_flat(town: Town, refused: Refused) -> None:
    from yizhantong.zones.talent.actions import recognition

    _who, place = waiting(town)
    recognition.lose(place.talent, reason="弄虚作假", account=None)
    assert refused(housing.offer_next, estate()[0], account=None) == "talent.nobody_waits"
    assert not Lease.objects.exists()
