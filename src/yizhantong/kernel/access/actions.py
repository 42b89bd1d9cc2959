"""What changes of accounts and grants, each by the administrator whose duty it is (GB/T 22239-2019, level 3: three apart).

The system administrator makes accounts and shuts them; the security administrator gives and takes roles; the audit
administrator only reads. Nobody administers himself, and no account may hold two of the three duties.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterable
from typing import Concatenate, ParamSpec, TypeVar

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.acting import acting_as
from yizhantong.kernel.access.models import Grant, Role, User
from yizhantong.kernel.divisions import clock, tree

Given = ParamSpec("Given")
Made = TypeVar("Made")
DUTIES = frozenset({"accounts.system", "accounts.security", "accounts.audit"})


class AccessError(Exception):
    """A change of accounts or grants is refused; ``code`` is stable, ``field`` names the field it is about, or is empty."""

    def __init__(self, code: str, sentence: str, field: str = "") -> None:
        self.code = f"access.{code}"
        self.sentence = sentence
        self.field = field
        super().__init__(sentence)


def _action(change: Callable[Concatenate[User, Given], Made]) -> Callable[Concatenate[User, Given], Made]:
    """Run a change in one transaction, with its first argument known as the one who acts."""

    @functools.wraps(change)
    def run(by: User, /, *args: Given.args, **kwargs: Given.kwargs) -> Made:
        with transaction.atomic(), acting_as(by):
            return change(by, *args, **kwargs)

    return run


@_action
def create_account(by: User, username: str, password: str, *, display_name: str, staff: bool) -> User:
    """Make an account without any role; it gets its second factor at its first sign-in when it is staff."""
    policy.check(by, "accounts.system")
    if User.objects.filter(username__iexact=username).exists():
        raise AccessError("name_taken", f"账号 {username} 已存在,请换一个", "username")
    made = User(username=username, display_name=display_name, is_staff=staff)
    try:
        User.username_validator(username)
        validate_password(password, made)
    except ValidationError as error:
        field = "username" if getattr(error, "code", "") == "invalid" else "password"
        raise AccessError("invalid", ";".join(error.messages), field) from error
    made.set_password(password)
    made.save()
    return made


@_action
def set_active(by: User, account: User, active: bool) -> None:
    """Shut an account, or open it again; its sessions and keys work no more while it is shut."""
    policy.check(by, "accounts.system")
    _not_oneself(by, account)
    locked = User.objects.select_for_update().get(pk=account.pk)
    locked.is_active = active
    locked.save(update_fields=["is_active"])


@_action
def reset_password(by: User, account: User, password: str) -> None:
    """Give an account a new password, which its owner should change at once."""
    policy.check(by, "accounts.system")
    _not_oneself(by, account)
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise AccessError("invalid", ";".join(error.messages), "password") from error
    account.set_password(password)
    account.save(update_fields=["password"])


@_action
def grant(
    by: User,
    account: User,
    role: Role,
    *,
    division: str | None = None,
    zone: str = "",
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
) -> Grant:
    """Give a role over the whole city or over one division, for some days or without end."""
    policy.check(by, "accounts.security")
    _not_oneself(by, account)
    if division is not None and division not in tree.branches():
        raise AccessError("unknown_division", f"没有代码为“{division}”的区划", "division")
    if valid_from and valid_to and valid_to < valid_from:
        raise AccessError("days", "终止日早于起始日", "valid_to")
    User.objects.select_for_update().get(pk=account.pk)
    _keep_apart(account, role)
    scope = Grant.Scope.DIVISION if division else Grant.Scope.CITY
    return Grant.objects.create(
        user=account, role=role, scope=scope, division_id=division, zone=zone, valid_from=valid_from, valid_to=valid_to
    )


@_action
def revoke(by: User, given: Grant) -> None:
    """Take a role away from today on; the grant stays on record as ended."""
    policy.check(by, "accounts.security")
    _not_oneself(by, given.user)
    locked = Grant.objects.select_for_update().get(pk=given.pk)
    yesterday = clock.today() - dt.timedelta(days=1)
    locked.valid_from = min(locked.valid_from, yesterday) if locked.valid_from else None
    locked.valid_to = min(locked.valid_to, yesterday) if locked.valid_to else yesterday
    locked.save(update_fields=["valid_from", "valid_to"])


def _not_oneself(by: User, account: User) -> None:
    if by.pk == account.pk:
        raise AccessError("oneself", "不能管理自己的账号,请由另一位管理员办理")


def _keep_apart(account: User, role: Role) -> None:
    """Refuse a role that would give an account two of the three duties, on any day."""
    ended = clock.today()
    grants = account.grants.exclude(valid_to__lt=ended).select_related("role")
    held = _duties(item.role for item in grants) | _duties([role])
    if len(held) > 1:
        raise AccessError("duties_apart", "系统、安全、审计三种管理职责不能由同一个账号兼任(GB/T 22239-2019)", "role")


def _duties(roles: Iterable[Role]) -> set[str]:
    return {permission for role in roles for permission in role.permissions if permission in DUTIES}
