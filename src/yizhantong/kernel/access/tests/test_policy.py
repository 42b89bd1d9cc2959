"""Permissions reach as far as the grants that carry them, and no further."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import Grant, Role, Token, User
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.divisions.load import load_city

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(db: None) -> User:
    load_city()
    Role.objects.create(code="clerk", name="台账员", permissions=["ledger.record", "ledger.view"])
    return User.objects.create_user("somebody", password="not-a-simple-one")


def give(account: User, **values: object) -> Grant:
    account.__dict__.pop("_yzt_grants", None)
    return Grant.objects.create(user=account, role_id="clerk", **values)


def test_without_a_grant_nothing_is_allowed(account: User) -> None:
    assert not policy.may(account, "ledger.record")
    assert not policy.may(AnonymousUser(), "ledger.record")


def test_a_grant_over_a_division_covers_all_that_it_manages_and_nothing_else(account: User) -> None:
    give(account, scope="division", division_id="JZ-BH")
    assert policy.may(account, "ledger.record", "210711071")
    assert not policy.may(account, "ledger.record", "210711")
    assert not policy.may(account, "ledger.record", "2107")


def test_a_grant_over_the_city_covers_everything_but_only_its_own_permissions(account: User) -> None:
    give(account, scope="city")
    assert policy.may(account, "ledger.record", "210781")
    assert not policy.may(account, "ledger.import", "210781")


def test_a_grant_for_one_zone_does_not_reach_another(account: User) -> None:
    give(account, scope="city", zone="waters")
    assert policy.may(account, "ledger.record", zone="waters")
    assert not policy.may(account, "ledger.record", zone="villages")


def test_grants_hold_on_their_days_only(account: User) -> None:
    today = clock.today()
    give(account, scope="city", valid_to=today - dt.timedelta(days=1))
    give(account, scope="city", valid_from=today + dt.timedelta(days=1))
    assert not policy.may(account, "ledger.view")
    give(account, scope="city", valid_from=today, valid_to=today)
    assert policy.may(account, "ledger.view")


def test_own_and_agency_scopes_cover_no_division(account: User) -> None:
    give(account, scope="own")
    give(account, scope="agency")
    assert not policy.may(account, "ledger.view")


def test_an_inactive_account_may_nothing(account: User) -> None:
    give(account, scope="city")
    account.is_active = False
    assert not policy.may(account, "ledger.view")


def test_a_refusal_names_the_permission_and_whom_to_ask(account: User) -> None:
    with pytest.raises(policy.Refused, match="安全管理员") as caught:
        policy.check(account, "ledger.record", "210781")
    assert caught.value.code == "access.refused"


def test_a_division_scope_without_division_is_refused_by_the_database(account: User) -> None:
    with pytest.raises(IntegrityError):
        give(account, scope="division")


def test_of_a_token_only_the_digest_is_kept(account: User) -> None:
    token, key = Token.issue(account, "统计接口")
    assert key not in str(token.__dict__)
    assert Token.objects.get(digest=Token.digest_of(key)) == token
