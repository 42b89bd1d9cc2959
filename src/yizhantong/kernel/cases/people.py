"""Who acts for the asker of a case, and whom to tell."""

from __future__ import annotations

from typing import Any

from django.db import connection

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.parties.models import Mandate


def acts_for(account: policy.Account | None, organisation: str | None, person: int | None) -> bool:
    """Tell whether the account is the person, or holds a mandate of the organisation that is in force today."""
    if not isinstance(account, User) or not account.is_active or account.person_id is None:
        return False
    if organisation is None:
        return account.person_id == person
    return organisation in mandated(account)


def mandated(account: policy.Account | None) -> frozenset[str]:
    """Return the organisations (GB 32100) for which the account acts today."""
    if not isinstance(account, User) or account.person_id is None:
        return frozenset()
    today = clock.today()
    with connection.cursor() as cursor:
        cursor.execute(_MANDATES, [account.person_id, today, today])
        return frozenset(row[0] for row in cursor.fetchall())


def askers(case: Case) -> list[int]:
    """Return the accounts of those who ask: the person's own, those with a mandate, and who filed it on behalf."""
    params: list[Any]
    if case.person_id is not None:
        asking, params = "person_id = %s", [case.person_id]
    else:
        asking, params = f"person_id IN ({_HOLDERS})", [case.organisation_id, (today := clock.today()), today]
    if case.filed_by_id is not None and case.channel == Case.Channel.BEHALF:
        asking, params = f"{asking} OR id = %s", [*params, case.filed_by_id]
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT id FROM "{User._meta.db_table}" WHERE is_active AND ({asking}) ORDER BY id', params)
        return [row[0] for row in cursor.fetchall()]


_MANDATES = (
    f'SELECT organisation_id FROM "{Mandate._meta.db_table}" '
    "WHERE person_id = %s AND valid_from <= %s AND (valid_to IS NULL OR valid_to >= %s)"
)
_HOLDERS = (
    f'SELECT person_id FROM "{Mandate._meta.db_table}" '
    "WHERE organisation_id = %s AND valid_from <= %s AND (valid_to IS NULL OR valid_to >= %s)"
)


def officials(office: str, permissions: tuple[str, ...]) -> list[User]:
    """Return the accounts of an office with one of these permissions there (few, as offices go)."""
    found = User.objects.filter(agency_id=office, is_staff=True, is_active=True).prefetch_related("grants__role")
    return [user for user in found if any(policy.reach(user, name).includes(office) for name in permissions)]
