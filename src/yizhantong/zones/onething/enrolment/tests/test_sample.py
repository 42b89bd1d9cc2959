"""The sample's season: played through the real actions, within its time, twice without doing twice."""

from __future__ import annotations

import pytest
from django.db.models import Count

from yizhantong.kernel.access.models import User
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.onething.enrolment import sample
from yizhantong.zones.onething.enrolment.models import Child, Placement, Season
from yizhantong.zones.onething.enrolment.tests.conftest import official

pytestmark = pytest.mark.django_db


def test_the_sample_has_a_season_that_is_over_and_one_that_is_open(
    sample_city: SampleCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sample, "CHILDREN", 60)
    document = sample.load.document()
    assert document is not None
    office = Organisation.objects.get(pk=document["item"]["agency"])
    for name in sample.OFFICERS:
        User.objects.filter(pk=official(name, office, "enrolment.manage").pk).update(username=name)
    made = sample.play(sample_city)
    assert made == 72
    assert sample.play(sample_city) == 0, "again it does nothing"
    past = Season.objects.get(stage="小学一年级")
    states = dict(Placement.objects.filter(batch__season=past).values_list("state").annotate(number=Count("id")))
    assert states["confirmed"] > 40
    assert Child.objects.filter(season=past, state="recheck").count() <= 2
    assert past.revealed_at is not None
    assert Child.objects.filter(season__stage="初中一年级").count() == 12
