"""The city's items and rules load once, and again without a change."""

from __future__ import annotations

import pytest

from yizhantong.kernel.items.models import Item
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.zones.talent import load
from yizhantong.zones.talent.config import settings
from yizhantong.zones.talent.errors import TalentError
from yizhantong.zones.talent.models import RuleSet

pytestmark = pytest.mark.django_db


def test_items_are_published_once(sample_city: SampleCity) -> None:
    assert load.load() == 6
    assert load.load() == 0
    assert Item.objects.filter(zone="talent", current__isnull=False).count() == 6
    assert list(RuleSet.objects.values_list("year", "version")) == [(2019, 1), (2021, 1)]
    assert all("待核" in rules.source for rules in RuleSet.objects.all())


def test_a_published_rule_set_is_not_changed_in_place(sample_city: SampleCity) -> None:
    load.load()
    year = settings().years[-1]
    RuleSet.objects.filter(year=year.year).update(digest="0" * 64)
    with pytest.raises(TalentError) as refused:
        load.load()
    assert refused.value.code == "talent.rules_changed"
