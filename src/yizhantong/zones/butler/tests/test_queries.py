"""Who sees which appeals: officials those of their divisions, the public none by enterprise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from pytest_django import DjangoAssertNumQueries

from yizhantong.kernel.access.models import Grant, Role, User
from yizhantong.kernel.divisions import tree
from yizhantong.kernel.ledger.queries import columns_for
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.butler import actions, queries
from yizhantong.zones.butler.figures import APPEALS

pytestmark = pytest.mark.django_db

BY = {"account": None, "source": "test"}


@pytest.fixture
def enterprise(sample_city: SampleCity) -> Organisation:
    """An enterprise with three appeals: one open, one closed, one taken back."""
    found, agency = sample_city.organisations("enterprise")[0], sample_city.organisations("agency")[0]
    for number in ("SQ-1", "SQ-2", "SQ-3"):
        given = {"kind": "land", "channel": "window", "subject": "用地指标", "on": dt.date(2021, 6, 1)}
        actions.accept_appeal(number, found, agency, **given, **BY)
    actions.close_appeal("SQ-2", "explained", on=dt.date(2021, 6, 2), **BY)
    actions.take_back_appeal("SQ-3", reason="重复受理", **BY)
    return found


@pytest.fixture
def official(sample_city: SampleCity) -> Callable[[str | None], User]:
    """Return a maker of officials who see ledgers, everywhere (None) or in one division."""

    def make(division: str | None) -> User:
        user = User.objects.create(username=f"official-{division}", is_staff=True)
        role = Role.objects.create(code=f"viewer-{division}", name="查看", permissions=["ledger.view"])
        scope = Grant.Scope.DIVISION if division else Grant.Scope.CITY
        Grant.objects.create(user=user, role=role, scope=scope, division_id=division)
        return user

    return make


def _numbers(account: User | AnonymousUser, enterprise: Organisation) -> list[str]:
    return [fact.number for fact in queries.open_appeals(account, enterprise.uscc)]


def test_an_official_sees_what_is_open_in_his_divisions(
    enterprise: Organisation, official: Callable[[str | None], User], sample_city: SampleCity
) -> None:
    unit = tree.unit_of(enterprise.division_id)
    elsewhere = next(other.code for other in sample_city.units if other.code != unit)
    assert _numbers(official(None), enterprise) == ["SQ-1"]
    assert _numbers(official(unit), enterprise) == ["SQ-1"]
    assert _numbers(official(elsewhere), enterprise) == []


def test_a_closing_taken_back_opens_the_appeal(
    enterprise: Organisation, official: Callable[[str | None], User]
) -> None:
    actions.take_back_outcome("SQ-2", reason="误登", **BY)
    assert _numbers(official(None), enterprise) == ["SQ-1", "SQ-2"]


def test_the_public_does_not_learn_whose_an_appeal_is(enterprise: Organisation) -> None:
    assert _numbers(AnonymousUser(), enterprise) == []
    shown = {column.field.name for column in columns_for(AnonymousUser(), APPEALS) if not column.masked}
    assert "诉求类别" in shown
    assert not shown & {"企业", "诉求事项"}


def test_the_list_takes_one_query_for_the_facts(
    enterprise: Organisation,
    official: Callable[[str | None], User],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    account = official(None)
    with django_assert_max_num_queries(4):
        assert _numbers(account, enterprise) == ["SQ-1"]
