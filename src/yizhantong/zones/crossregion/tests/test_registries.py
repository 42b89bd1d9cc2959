"""What my space, the calendar and open data say of this zone: to whom it belongs, and nothing more."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.test import Client

from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items.models import Item
from yizhantong.web import agenda, home
from yizhantong.web.casework.parties import acting_for
from yizhantong.zones.crossregion.actions import partners
from yizhantong.zones.crossregion.config import ZONE
from yizhantong.zones.crossregion.models import Crossing, Opening
from yizhantong.zones.crossregion.protocol import messages
from yizhantong.zones.crossregion.tests.conftest import Town

pytestmark = pytest.mark.django_db
DAYS = dt.timedelta(days=3)


def held(town: Town) -> Crossing:
    crossing = town.sent()
    receipt = messages.Receipt(received_at=clock.now(), number="N-3", office="邻市局", due_at=clock.now() + DAYS)
    town.peer.say(town.partner, crossing.key, "receipt", receipt)
    return town.fresh(crossing)


def test_my_space_says_where_a_request_is_and_asks_for_what_lacks(town: Town) -> None:
    crossing, asker, stranger = held(town), town["asker"], town["stranger"]

    def told(account: object) -> list[tuple[str, str, dt.date | None]]:
        found = home.on_their_way(account, acting_for(account, ZONE))  # type: ignore[arg-type]
        return [(one.state, one.action, one.due) for one in found if one.zone == ZONE]

    due = (clock.today() + DAYS) if crossing.due_at else None
    assert told(asker) == [("接收方办理中", "", due)]
    defect = messages.Defect(kind="field", code="application_reason", text="请写明迁往何处")
    town.peer.say(
        town.partner, crossing.key, "supplement_asked", messages.SupplementAsked(defects=(defect,), at=clock.now())
    )
    assert told(asker) == [("待补正", "去补正", due)]
    assert told(stranger) == []


def test_the_calendar_says_when_the_other_city_has_to_decide_to_those_who_see_it(town: Town) -> None:
    held(town)
    first, last = clock.today(), clock.today() + 2 * DAYS
    told = {
        who: [one.url for one in agenda.between(first, last, town[who], zone=ZONE)]
        for who in ("asker", "clerk", "stranger")
    }
    number = Crossing.objects.get().number
    assert told == {
        "asker": [f"/crossregion/mine/{number}/"],
        "clerk": [f"/crossregion/cases/{number}/"],
        "stranger": [],
    }
    assert list(agenda.between(first, last, AnonymousUser(), zone=ZONE)) == []


def test_open_data_list_what_this_city_does_for_people_of_others(town: Town) -> None:
    rows = {row["code"]: row for row in Client().get("/open-data/crossregion-items.json").json()}
    assert set(rows) == set(
        Opening.objects.filter(closed_at__isnull=True, item__current__isnull=False).values_list("item_id", flat=True)
    )
    assert (rows["hall.hukou_move"]["proxy"], rows["hall.hukou_move"]["online"]) == (True, False)
    partners.close_item(Opening.objects.get(item_id="hall.hukou_move"), account=None)
    assert "hall.hukou_move" not in {row["code"] for row in Client().get("/open-data/crossregion-items.json").json()}


def test_an_item_is_open_to_all_cities_once_on_every_engine(town: Town) -> None:
    item = Item.objects.get(pk="hall.medical_abroad")
    before = Opening.objects.get(item=item)
    again = partners.open_item(item, ["proxy"], account=None)
    assert (again.pk, again.modes) == (before.pk, ["proxy"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Opening.objects.create(item=item, modes=["online"], opened_at=clock.now())
    for _ in range(2):
        partners.open_item(item, ["online"], account=None, partner=town.partner)
    with pytest.raises(IntegrityError), transaction.atomic():
        Opening.objects.create(item=item, partner=town.partner, modes=["online"], opened_at=clock.now())
    assert Opening.objects.filter(item=item, closed_at__isnull=True).count() == 2
