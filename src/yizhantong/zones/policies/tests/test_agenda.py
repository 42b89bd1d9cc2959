"""Application windows of cards stand on the city's calendar for everybody, drafts for nobody."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser

from yizhantong.web import agenda
from yizhantong.zones.policies.models import PolicyCard
from yizhantong.zones.policies.tests.conftest import Office

pytestmark = pytest.mark.django_db
FIRST, LAST = dt.date(2021, 9, 1), dt.date(2021, 9, 30)


def test_a_cards_window_is_told_while_the_card_is_online(office: Office) -> None:
    card = PolicyCard.objects.filter(state=PolicyCard.State.PUBLISHED).order_by("pk")[0]
    PolicyCard.objects.exclude(pk=card.pk).update(window_start=None, window_end=None)
    PolicyCard.objects.filter(pk=card.pk).update(window_start=FIRST, window_end=FIRST)
    found = agenda.between(FIRST, LAST, AnonymousUser(), zone="policies")
    assert [(each.day, each.title.partition(":")[0]) for each in found] == [(FIRST, "申报开始"), (FIRST, "申报截止")]
    assert {each.url for each in found} == {f"/policies/cards/{card.number}/"}
    PolicyCard.objects.filter(pk=card.pk).update(state=PolicyCard.State.DRAFT)
    assert agenda.between(FIRST, LAST, AnonymousUser(), zone="policies") == []
