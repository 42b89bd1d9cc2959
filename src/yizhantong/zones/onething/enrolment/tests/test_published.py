"""A published season stands on the city's calendar and in the open data; a draft in neither."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from yizhantong.web import agenda, opendata
from yizhantong.zones.onething.enrolment.models import School, Season
from yizhantong.zones.onething.enrolment.tests.conftest import District

pytestmark = pytest.mark.django_db


def test_days_and_places_are_published_with_the_season(district: District) -> None:
    season = Season.objects.exclude(state=Season.State.DRAFT).order_by("pk")[0]
    closes = timezone.localtime(season.closes_at).date()
    month = (closes - dt.timedelta(days=60), closes + dt.timedelta(days=60))
    told = [each.title for each in agenda.between(*month, AnonymousUser(), zone="onething", kind="enrolment")]
    assert f"报名截止: {season.name}" in told
    held = opendata.dataset("schools")
    assert held is not None
    rows = opendata.objects(opendata.table(held))
    assert {row["school"] for row in rows if row["season"] == season.code} == set(
        School.objects.filter(season=season).values_list("code", flat=True)
    )
    assert all(row["asked"] is None or row["asked"] == 0 or row["asked"] >= 5 for row in rows)
    Season.objects.update(state=Season.State.DRAFT)
    assert agenda.between(*month, AnonymousUser(), zone="onething", kind="enrolment") == []
    assert opendata.table(held).rows == []
