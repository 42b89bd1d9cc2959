"""The city's divisions are those of the official lists, and the tree rolls them up by managing unit."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from django.utils import timezone

from yizhantong.kernel.divisions import city, clock, tree
from yizhantong.kernel.divisions.load import load_city
from yizhantong.kernel.divisions.models import City, Division, DivisionCode

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def loaded(db: None) -> City:
    return load_city()


def test_the_city_has_the_divisions_of_the_official_list_and_two_zones() -> None:
    levels = Counter(Division.objects.values_list("level", flat=True))
    assert levels == {"province": 1, "city": 1, "county": 7, "zone": 2, "township": 104, "village": 1414}


def test_nine_managing_units_of_which_the_zones_have_no_national_code() -> None:
    units = tree.units()
    assert len(units) == 9
    zones = [unit.code for unit in units if unit.level == "zone"]
    assert zones == ["JZ-BH", "JZ-SS"]
    assert not DivisionCode.objects.filter(division_id__in=zones).exists()


def test_a_zone_manages_its_townships_which_keep_their_statutory_parent() -> None:
    assert tree.unit_of("210711071") == "JZ-BH"
    assert "210711071" in tree.subtree("JZ-BH")
    assert "210711071" not in tree.subtree("210711")
    assert tree.rollup("county")["210711071"] == "210711"


def test_managed_subtrees_cut_the_city_into_parts_without_overlap() -> None:
    parts = [tree.subtree(unit.code) for unit in tree.units()]
    assert sum(map(len, parts)) == len(frozenset().union(*parts))
    assert frozenset().union(*parts) | {"2107"} == tree.subtree("2107")


def test_every_code_is_kept_with_its_source_and_days() -> None:
    codes = DivisionCode.objects.filter(division_id="210711071").values_list("code", flat=True)
    assert set(codes) == {"210711071000", "210711010000"}
    old = DivisionCode.objects.get(code="210725000000", name="北镇满族自治县")
    assert old.division_id == "210782"
    assert (old.valid_from, old.valid_to) == (dt.date(1989, 1, 1), dt.date(1994, 12, 31))
    assert not DivisionCode.objects.filter(source="").exists()


def test_loading_twice_changes_nothing() -> None:
    before = (Division.objects.count(), DivisionCode.objects.count())
    load_city()
    assert (Division.objects.count(), DivisionCode.objects.count()) == before


def test_an_unknown_division_has_no_subtree() -> None:
    assert tree.subtree("999999") == frozenset()


def test_a_missing_table_is_named(settings: object) -> None:
    with pytest.raises(city.CityFolderError, match=r"nothing\.csv"):
        city.table("nothing.csv")


def test_the_clock_of_a_sample_city_stands_on_its_day_and_runs_by_the_hour(loaded: City) -> None:
    loaded.demonstration_day = dt.date(2021, 8, 16)
    loaded.save()
    assert clock.today() == dt.date(2021, 8, 16)
    real, shown = timezone.localtime(timezone.now()), timezone.localtime(clock.now())
    assert abs((shown.hour * 60 + shown.minute) - (real.hour * 60 + real.minute)) in (0, 1, 1439)


def test_the_clock_of_a_real_city_is_the_servers() -> None:
    assert abs(clock.now() - timezone.now()) < dt.timedelta(seconds=5)


def test_a_day_ends_at_midnight_of_the_citys_time_zone() -> None:
    assert clock.end_of(dt.date(2021, 8, 16)) == dt.datetime(2021, 8, 16, 16, tzinfo=dt.UTC)
