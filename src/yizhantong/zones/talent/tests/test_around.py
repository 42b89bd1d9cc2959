"""What the zone says to the rest of the platform: things on their way, the calendar, open data, suggestions, the API, by the clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from yizhantong.kernel.parties.models import Organisation
from yizhantong.web.casework.parties import acting_for
from yizhantong.zones.talent import agenda, home, opendata
from yizhantong.zones.talent.actions import fairs, hiring, housing, recognition, stations
from yizhantong.zones.talent.pages.my_space import fitting
from yizhantong.zones.talent.tests.conftest import DAY, Town
from yizhantong.zones.talent.tests.test_hiring import SOON, candidate, vacancy
from yizhantong.zones.talent.tests.test_housing import estate, waiting
from yizhantong.zones.talent.tests.test_stations import applied, experts

pytestmark = pytest.mark.django_db
Browse = Callable[..., Client]


def test_things_on_their_way_for_both_sides(town: Town) -> None:
    who, _place = waiting(town)
    town.subsidy(who)
    housing.offer_next(estate()[0], account=None)
    made, (other, resume) = vacancy(town), candidate(town)
    hiring.invite(made, resume, account=town["agent"])
    mine = [(one.action, one.due) for one in home.own(who, acting_for(who))]
    assert mine[0] == ("接受或放弃", dt.date(2021, 8, 23))
    assert len(mine) == 4
    assert [one.action for one in home.own(other, acting_for(other))] == ["同意或谢绝"]
    hiring.apply(made, resume, account=other)
    assert [one.action for one in home.hiring(town["agent"], acting_for(town["agent"]))] == ["答复应聘者"]
    assert list(home.own(town["nobody"], [])) == list(home.hiring(town["other"], acting_for(town["other"]))) == []
    experts(town, 3)
    stations.ask_experts(applied(town), account=None)
    assert len(list(home.reviews(town["expert1"], []))) == 1


def test_the_calendar_shows_fairs_to_all_and_one_s_own_to_oneself(town: Town) -> None:
    start = timezone.make_aware(dt.datetime(2021, 9, 1, 9))
    fairs.plan(
        "演示招聘会", "体育馆", division=Organisation.objects.all()[0].division_id, starts_at=start, ends_at=start + dt.timedelta(hours=2),
        booths=1, capacity=1, account=None,
    )  # fmt: skip
    days = (DAY, DAY + dt.timedelta(days=30))
    assert [one.title for one in agenda.public(*days, town["nobody"])] == ["演示招聘会"]
    made, (who, resume) = vacancy(town), candidate(town)
    hiring.interview(hiring.apply(made, resume, account=who), SOON, "一楼", account=town["agent"])
    assert [one.day for one in agenda.own(*days, who)] == [dt.date(2021, 8, 20)]
    assert list(agenda.own(*days, town["agent"])) == []
    recognition.open_rechecks(DAY.year, account=None)
    assert list(agenda.office(*days, town["stranger"])) == []


def test_open_data_holds_posts_and_no_person(town: Town) -> None:
    made, (who, resume) = vacancy(town), candidate(town)
    hiring.apply(made, resume, account=who)
    rows = list(opendata._rows())
    assert [row[0] for row in rows] == [made.number]
    assert who.person.name not in str(rows)


def test_what_suits_a_person_is_suggested(town: Town) -> None:
    made, (who, _resume) = vacancy(town), candidate(town)
    assert made.title in [one.title for one in fitting(who, acting_for(who))]
    town.recognised(who)
    assert fitting(who, acting_for(who))[0].url == reverse("web:service", args=["talent.subsidy"])


def test_the_api_gives_posts_to_all_and_one_s_own_to_oneself(town: Town, browse: Browse) -> None:
    made, (who, _resume) = vacancy(town), candidate(town)
    town.recognised(who)
    town.subsidy(who)
    base = "/api/v1/talent"
    with CaptureQueriesContext(connection) as asked:
        answer = browse().get(f"{base}/posts").json()
    assert [one["number"] for one in answer["items"]] == [made.number]
    assert len(asked) <= 4
    assert browse().get(f"{base}/posts/none").status_code == 404
    assert browse().get(f"{base}/mine").status_code == 401
    mine = browse(who).get(f"{base}/mine").json()
    assert (mine["category"], len(mine["instalments"]), mine["place"]) == ("E", 3, 0)
    assert browse(town["nobody"]).get(f"{base}/mine").status_code == 404
