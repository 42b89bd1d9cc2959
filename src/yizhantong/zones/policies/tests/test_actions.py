"""A policy pays while it stands in the register, an enterprise once a year."""

from __future__ import annotations

import datetime as dt

import pytest

from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.zones.policies import actions, queries
from yizhantong.zones.policies.models import Payment, Policy

pytestmark = pytest.mark.django_db

DAY = dt.date(2021, 3, 1)
BY = {"account": None, "source": "test"}


def publish(city: SampleCity, **changed: object) -> object:
    given = {
        "document": "示政办发〔2021〕12号", "level": "city", "area": "science", "policy_class": "apply",
        "online_apply": True, "online_approve": True, "valid_until": dt.date(2026, 3, 1), "on": DAY,
    } | changed  # fmt: skip
    document = given.pop("document")
    return actions.publish_policy(
        "ZC-1", "研发投入后补助(演示)", document, city.organisations("agency")[0], **given, **BY
    )


def pay(city: SampleCity, year: int = 2021, amount: int = 5_000_000, on: dt.date = dt.date(2021, 5, 6)) -> object:
    return actions.pay("ZC-1", city.organisations("enterprise")[0], amount, year=year, on=on, **BY)


def test_a_policy_in_the_register_pays_and_gives_its_class(sample_city: SampleCity) -> None:
    publish(sample_city)
    payment = pay(sample_city)
    assert isinstance(payment, Payment)
    assert (payment.policy_class, payment.amount_fen, payment.sign) == ("apply", 5_000_000, 1)


def test_the_same_enterprise_policy_and_year_is_paid_once(sample_city: SampleCity) -> None:
    publish(sample_city)
    pay(sample_city)
    with pytest.raises(LedgerError) as refused:
        pay(sample_city, amount=1)
    pay(sample_city, year=2020)
    assert refused.value.code == "ledger.key_taken"
    assert Payment.objects.count() == 2


def test_a_withdrawn_policy_pays_no_more(sample_city: SampleCity) -> None:
    publish(sample_city)
    actions.withdraw_policy("ZC-1", on=dt.date(2021, 6, 30), reason="废止", **BY)
    assert queries.policy("ZC-1") is None
    with pytest.raises(LedgerError) as refused:
        pay(sample_city)
    with pytest.raises(LedgerError) as again:
        actions.withdraw_policy("ZC-1", on=dt.date(2021, 6, 30), reason="废止", **BY)
    assert refused.value.code == again.value.code == "policies.not_in_register"


def test_a_notice_pays_nothing(sample_city: SampleCity) -> None:
    publish(sample_city, policy_class="notice", online_apply=False, online_approve=False)
    with pytest.raises(LedgerError) as refused:
        pay(sample_city)
    assert refused.value.code == "policies.pays_nothing"


def test_money_is_not_paid_before_publication(sample_city: SampleCity) -> None:
    publish(sample_city)
    with pytest.raises(LedgerError) as refused:
        pay(sample_city, on=dt.date(2021, 2, 28))
    assert refused.value.code == "policies.paid_before_published"


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_and_less_is_no_payment(sample_city: SampleCity, amount: int) -> None:
    publish(sample_city)
    with pytest.raises(LedgerError) as refused:
        pay(sample_city, amount=amount)
    assert refused.value.field == "兑现金额"
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"policy_class": "automatic"}, "policies.not_applied_for", "类别"),
        ({"valid_until": dt.date(2021, 2, 1)}, "policies.validity", "有效期至"),
        ({"document": "示政办发[2021]12号"}, None, "发文字号"),
        ({"document": "示政办发〔21〕12号"}, None, "发文字号"),
        ({"policy_class": "gift"}, "ledger.choice", "类别"),
    ],
)
def test_bad_policies_are_refused_by_field(
    sample_city: SampleCity, changed: dict[str, object], code: str | None, field: str
) -> None:
    with pytest.raises(LedgerError) as refused:
        publish(sample_city, **changed)
    assert refused.value.field == field
    assert code is None or refused.value.code == code
    assert not Policy.objects.exists()
