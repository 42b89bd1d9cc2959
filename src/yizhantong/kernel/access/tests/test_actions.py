"""Accounts and grants change only by the administrator whose duty it is; nobody administers himself."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from yizhantong.kernel.access import actions, policy
from yizhantong.kernel.access.actions import AccessError
from yizhantong.kernel.access.models import Grant, Role, User
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.divisions.load import load_city

pytestmark = pytest.mark.django_db
PASSWORD = "long-enough-and-odd"
RIGHTS = {
    "system-admin": ["accounts.system"],
    "security-admin": ["accounts.security"],
    "audit-admin": ["accounts.audit"],
    "clerk": ["ledger.record"],
}


@pytest.fixture(autouse=True)
def roles(db: None) -> dict[str, Role]:
    load_city()
    return {code: Role.objects.create(code=code, name=code, permissions=given) for code, given in RIGHTS.items()}


def account(name: str, *held: str) -> User:
    made = User.objects.create_user(name, password=PASSWORD)
    for code in held:
        Grant.objects.create(user=made, role_id=code, scope="city")
    return made


@pytest.fixture
def system() -> User:
    return account("system", "system-admin")


@pytest.fixture
def security() -> User:
    return account("security", "security-admin")


def code_of(call: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises((AccessError, policy.Refused)) as refused:
        call(*args, **kwargs)
    return str(refused.value.code)


def test_the_system_administrator_makes_accounts_without_any_right(system: User) -> None:
    made = actions.create_account(system, "newcomer", PASSWORD, display_name="新人", staff=True)
    assert made.check_password(PASSWORD)
    assert made.is_staff
    assert not made.grants.exists()


@pytest.mark.parametrize(
    ("name", "password", "code"),
    [
        ("system", PASSWORD, "access.name_taken"),
        ("SYSTEM", PASSWORD, "access.name_taken"),
        ("new comer!", PASSWORD, "access.invalid"),
        ("newcomer", "1234567890", "access.invalid"),
        ("newcomer", "newcomer", "access.invalid"),
    ],
)
def test_a_wrong_account_is_refused_and_nothing_is_left_behind(
    system: User, name: str, password: str, code: str
) -> None:
    before = User.objects.count()
    assert code_of(actions.create_account, system, name, password, display_name="", staff=True) == code
    assert User.objects.count() == before


def test_each_administrator_keeps_to_his_own_duty(system: User, security: User, roles: dict[str, Role]) -> None:
    clerk = account("clerk")
    assert code_of(actions.grant, system, clerk, roles["clerk"]) == "access.refused"
    assert code_of(actions.create_account, security, "x", PASSWORD, display_name="", staff=False) == "access.refused"
    assert code_of(actions.set_active, security, clerk, False) == "access.refused"
    given = actions.grant(security, clerk, roles["clerk"])
    assert code_of(actions.revoke, system, given) == "access.refused"


def test_nobody_administers_himself(system: User, security: User, roles: dict[str, Role]) -> None:
    assert code_of(actions.grant, security, security, roles["clerk"]) == "access.oneself"
    assert code_of(actions.set_active, system, system, False) == "access.oneself"
    assert code_of(actions.reset_password, system, system, PASSWORD) == "access.oneself"


@pytest.mark.parametrize("second", ["security-admin", "audit-admin"])
def test_no_account_holds_two_duties(security: User, roles: dict[str, Role], second: str) -> None:
    one = account("one", "system-admin")
    assert code_of(actions.grant, security, one, roles[second]) == "access.duties_apart"
    assert code_of(actions.grant, security, one, roles[second], valid_from=dt.date(2999, 1, 1)) == "access.duties_apart"


def test_a_duty_may_follow_another_that_has_ended(security: User, roles: dict[str, Role]) -> None:
    one = account("one")
    first = actions.grant(security, one, roles["system-admin"])
    actions.revoke(security, first)
    actions.grant(security, one, roles["audit-admin"])
    assert policy.may(one, "accounts.audit")


def test_a_grant_over_a_division_reaches_what_it_manages_until_it_is_revoked(
    security: User, roles: dict[str, Role]
) -> None:
    one = account("one")
    given = actions.grant(security, one, roles["clerk"], division="210781")
    assert policy.may(one, "ledger.record", "210781")
    assert not policy.may(one, "ledger.record", "210702")
    actions.revoke(security, given)
    again = User.objects.get(pk=one.pk)
    assert not policy.may(again, "ledger.record", "210781")
    given.refresh_from_db()
    assert given.valid_to == clock.today() - dt.timedelta(days=1)


def test_impossible_scopes_and_days_are_refused(security: User, roles: dict[str, Role]) -> None:
    one, day = account("one"), clock.today()
    assert code_of(actions.grant, security, one, roles["clerk"], division="999999") == "access.unknown_division"
    days = {"valid_from": day, "valid_to": day - dt.timedelta(days=1)}
    assert code_of(actions.grant, security, one, roles["clerk"], **days) == "access.days"


def test_a_shut_account_may_nothing(system: User, security: User, roles: dict[str, Role]) -> None:
    one = account("one", "clerk")
    actions.set_active(system, one, False)
    again = User.objects.get(pk=one.pk)
    assert not policy.may(again, "ledger.record")
    actions.set_active(system, one, True)
    assert policy.may(User.objects.get(pk=one.pk), "ledger.record")
