"""Subsidies go to recognised people, one instalment after the other."""

from __future__ import annotations

import datetime as dt

import pytest

from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.zones.talent.actions import facts as actions
from yizhantong.zones.talent.models import Post, Recognition, Subsidy
from yizhantong.zones.talent.queries import facts as queries

pytestmark = pytest.mark.django_db

DAY = dt.date(2020, 3, 2)
BY = {"account": None, "source": "test"}


def recognise(city: SampleCity, number: str = "RC-1", category: str = "E", **changed: object) -> object:
    given = {"talent": "T-000007", "valid_until": dt.date(2021, 3, 1), "on": DAY} | changed
    talent = given.pop("talent")
    return actions.recognise(number, talent, city.organisations("enterprise")[0], category, **given, **BY)


def test_instalments_count_up_and_carry_the_class_then_in_force(sample_city: SampleCity) -> None:
    recognise(sample_city)
    actions.pay_subsidy("T-000007", "living", 600_000, on=dt.date(2020, 6, 1), **BY)
    recognise(sample_city, "RC-2", "D", on=dt.date(2020, 9, 1))
    actions.pay_subsidy("T-000007", "living", 1_200_000, on=dt.date(2020, 12, 1), **BY)
    actions.pay_subsidy("T-000007", "housing", 2_000_000, on=dt.date(2020, 12, 1), **BY)
    paid = [(fact.kind, fact.instalment, fact.category) for fact in Subsidy.objects.all()]
    assert paid == [("living", 1, "E"), ("living", 2, "D"), ("housing", 1, "D")]
    assert queries.instalments("T-000007", "living") == 2


@pytest.mark.parametrize("day", [dt.date(2020, 3, 1), dt.date(2021, 3, 2)])
def test_nobody_is_paid_outside_the_recognition(sample_city: SampleCity, day: dt.date) -> None:
    recognise(sample_city)
    with pytest.raises(LedgerError) as refused:
        actions.pay_subsidy("T-000007", "living", 600_000, on=day, **BY)
    assert refused.value.code == "talent.not_recognised"
    assert not Subsidy.objects.exists()


def test_who_was_never_recognised_is_not_paid(sample_city: SampleCity) -> None:
    with pytest.raises(LedgerError) as refused:
        actions.pay_subsidy("T-000404", "living", 600_000, on=DAY, **BY)
    assert refused.value.code == "talent.not_recognised"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"talent": "李明"}, "人才代码"),
        ({"category": "G"}, "人才类别"),
        ({"valid_until": dt.date(2020, 3, 1)}, "有效期至"),
    ],
)
def test_bad_recognitions_are_refused_by_field(sample_city: SampleCity, changed: dict[str, str], field: str) -> None:
    with pytest.raises(LedgerError) as refused:
        recognise(sample_city, **changed)
    assert refused.value.field == field
    assert not Recognition.objects.exists()


@pytest.mark.parametrize(("openings", "pay", "field"), [(0, 300_000, "招聘人数"), (1, -1, "月薪下限")])
def test_a_post_has_openings_and_no_negative_pay(sample_city: SampleCity, openings: int, pay: int, field: str) -> None:
    employer = sample_city.organisations("enterprise")[0]
    with pytest.raises(LedgerError) as refused:
        actions.publish_post("GW-1", employer, "化验员", education="any", openings=openings, pay_fen=pay, on=DAY, **BY)
    assert refused.value.field == field
    actions.publish_post("GW-1", employer, "化验员", education="any", openings=2, pay_fen=300_000, on=DAY, **BY)
    assert Post.objects.get().openings == 2
