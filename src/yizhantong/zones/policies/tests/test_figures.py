"""The sample's figures are the page's, and its ledgers hang together."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from yizhantong.zones.policies.models import Payment, Policy

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def found(shown: Callable[[str], dict[str, str]]) -> dict[str, str]:
    """The zone's figures over its whole sample, as they are shown."""
    return shown("policies")


def test_the_page_finds_its_figure(found: dict[str, str]) -> None:
    assert found["online"] == "31项"


def test_the_classes_of_policies_add_up(found: dict[str, str]) -> None:
    assert (found["apply_class"], found["automatic"], found["notice"], found["in_force"]) == (
        "34项", "9项", "23项", "66项",
    )  # fmt: skip
    assert found["online_share"] == "91.2%"


def test_withdrawn_policies_and_last_years_payments_are_left_out(found: dict[str, str]) -> None:
    assert Policy.objects.filter(sign=-1).count() == 3
    assert Payment.objects.filter(year=2020).count() == 260
    assert (found["payments"], found["paid"]) == ("412笔", "8640.00万元")


def test_payments_are_made_under_published_policies_that_pay(found: dict[str, str]) -> None:
    policies = {row.number: row for row in Policy.objects.filter(sign=1)}
    for payment in Payment.objects.all():
        policy = policies[payment.policy_number]
        assert policy.policy_class == payment.policy_class != "notice"
        assert policy.occurred_on <= payment.occurred_on <= policy.valid_until
