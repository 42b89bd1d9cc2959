"""What a package saves, against numbers worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from yizhantong.kernel.items.catalogue import Ready, make_ready
from yizhantong.kernel.items.models import Item
from yizhantong.zones.onething.assembling import assemble
from yizhantong.zones.onething.gains import MIXED, Gain, Gains, gains, percent
from yizhantong.zones.onething.merging import PartOf
from yizhantong.zones.onething.queries import packages
from yizhantong.zones.onething.spec import read
from yizhantong.zones.onething.tests.conftest import Town
from yizhantong.zones.onething.tests.making import field, make_elements, material, part

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _elements(db: None) -> None:
    make_elements()


def measured(parts: list[PartOf], **more: Any) -> Gains:
    spec = read({"counts_as": "birth", "parts": [each.spec.model_dump() for each in parts], **more})
    ready: Ready = make_ready(
        assemble(spec, parts), Item(code="package.t", name="一件事", zone="onething", kind="package")
    )
    return gains(spec, parts, ready)


def two(**more: Any) -> list[PartOf]:
    """Two parts by hand: 3 + 5 days, 3 + 2 materials of which one is common and one in a register, 2 + 2 fields of which one is common."""
    one = part(
        "a", [field("e0", required=True), field("e1")], days=3, guide={"visits": 2},
        materials=[material("identity", "身份证", register="person:identity"), material("deed"), material("photo")], **more,
    )  # fmt: skip
    other = part(
        "b",
        [field("e0"), field("e2")],
        days=5,
        guide={"visits": 1},
        materials=[material("identity", "身份证"), material("map")],
        **more,
    )
    return [one, other]


def test_forty_six_to_ten_is_78_26_percent() -> None:
    assert Gain("materials", 46, 10).rate == Decimal(36) / 46
    assert Gain("materials", 46, 10).rate_text == "78.26%"
    ten = part("a", materials=[material(f"m{number}") for number in range(10)])
    found = measured([ten], before={"materials": 46})
    assert (found.of("materials").before, found.of("materials").after, found.of("materials").rate_text) == (
        46,
        10,
        "78.26%",
    )


def test_every_measure_of_a_small_package() -> None:
    found = measured(two())
    counted = {row.code: (row.before, row.after, row.rate_text) for row in found.rows}
    assert counted == {
        "days": (8, 5, "37.50%"),  # one after the other before, side by side now
        "materials": (5, 4, "20.00%"),
        "steps": (6, 3, "50.00%"),  # apply, decide and fetch for each before; answer, fill in, receive now
        "visits": (3, 1, "66.67%"),  # once, unless the package's guide says otherwise
        "fields": (4, 3, "25.00%"),
    }  # fmt: skip
    assert (found.shared, found.due, found.shared_text) == (1, 4, "25.00%")
    assert [row.note for row in found.rows] == [""] * 5
    assert "承诺时限相加" in found.definition


def test_in_series_the_time_is_the_sum_and_nothing_is_saved() -> None:
    one, other = two()
    other = PartOf(other.spec.model_copy(update={"mode": "series"}), other.ready, other.agency, other.agency_name)
    days = measured([one, other]).of("days")
    assert (days.before, days.after, days.rate_text) == (8, 8, "0.00%")


def test_limits_of_the_law_before_are_never_compared_with_promises_without_a_label() -> None:
    both = {"limits": {"promised": {"amount": 4, "unit": "workday", "source": "待核"},
                       "statutory": {"amount": 20, "unit": "workday", "law": "《办法》第九条"}}}  # fmt: skip
    parts = two(**both)
    promised = measured(parts).of("days")
    assert (promised.before, promised.after, promised.note) == (8, 4, "")
    lawful = measured(parts, before={"limit_kind": "statutory"})
    assert (lawful.of("days").before, lawful.of("days").after) == (40, 4)
    assert lawful.of("days").note == str(MIXED)
    assert "法定时限" in lawful.of("days").note
    assert "承诺时限" in lawful.of("days").note
    assert {row.note for row in lawful.rows if row.code != "days"} == {""}
    given = measured(parts, before={"limit_kind": "statutory", "days": 60}).of("days")
    assert (given.before, given.note) == (60, str(MIXED))


def test_only_the_parts_of_the_typical_situation_count_on_both_sides() -> None:
    one, other = two()
    other = PartOf(
        other.spec.model_copy(update={"when": "情形甲 = true"}), other.ready, other.agency, other.agency_name
    )
    more = {"questions": [{"element": "q0"}]}
    without = measured([one, other], before={"answers": {"q0": False}, "situation": "不办第二项"}, **more)
    assert {row.code: (row.before, row.after) for row in without.rows if row.code != "fields"} == {
        "days": (3, 3), "materials": (3, 3), "steps": (3, 3), "visits": (2, 1),
    }  # fmt: skip
    assert without.situation == "不办第二项"
    both = measured([one, other], before={"answers": {"q0": True}}, **more)
    assert (both.of("days").before, both.of("materials").before) == (8, 5)


def test_more_than_before_is_said_as_it_is_and_nothing_before_has_no_rate() -> None:
    assert Gain("fields", 10, 12).rate_text == "-20.00%"
    assert Gain("visits", 0, 0).rate is None
    assert Gain("visits", 0, 1).rate_text == "—"
    assert percent(Decimal("0.333333")) == "33.33%"
    assert percent(Decimal("0.00005")) == "0.01%", "halves go up"


def test_the_gains_of_the_city_s_birth_package_are_those_counted_by_hand(town: Town) -> None:
    current = town.item().current
    assert current is not None
    found = packages.gains_of(current)
    loaded = packages.package(current.pk)
    assert [each.days for each in loaded.listed] == [1, 1, 1, 2, 1]
    days = found.of("days")
    assert (days.before, days.after) == (6, 4), "1+1+1+2+1 before; certificate, household, card now"
    assert days.rate_text == "33.33%"
    assert found.situation == "婚生,参加医保并申领社保卡"
    assert found.of("materials").after == found.due == len(loaded.ready.content.materials)
    assert found.shared == sum(1 for each in loaded.ready.content.materials if each.register)
