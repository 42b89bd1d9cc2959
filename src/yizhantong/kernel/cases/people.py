"""Who acts for the asker of a case, and whom to tell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import Grant, User
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger.statements import Statement
from yizhantong.kernel.parties.mandates import IN_FORCE
from yizhantong.kernel.parties.models import Mandate


def acts_for(
    account: policy.Account | None, organisation: str | None, person: int | None, zone: str | None = None
) -> bool:
    """Tell whether the account is the person, or holds a mandate of the organisation that is in force today.

    With ``zone`` the mandate must reach into that zone.
    """
    if not isinstance(account, User) or not account.is_active or account.person_id is None:
        return False
    if organisation is None:
        return account.person_id == person
    return organisation in mandated(account, zone)


def mandated(account: policy.Account | None, zone: str | None = None) -> frozenset[str]:
    """Return the organisations (GB 32100) for which the account acts today; with ``zone``, those for which it may there."""
    return frozenset(firm for firm, only in mandates_of(account) if zone is None or only in ("", zone))


def mandates_of(account: policy.Account | None) -> frozenset[tuple[str, str]]:
    """Return the organisations for which the account acts today, each with the zone of the mandate ("" is all)."""
    if not isinstance(account, User) or account.person_id is None:
        return frozenset()
    key = (account.person_id, clock.today())
    read = _READ.get()
    if read is not None and key in read:
        return read[key]
    found = frozenset((row[0], row[1]) for row in _MANDATES.rows([key[0], key[1], key[1]]))
    if read is not None:
        read[key] = found
    return found


@contextmanager
def reading() -> Iterator[None]:
    """Ask for the mandates of each person once within the block, which only reads: a page that many rooms fill."""
    token = _READ.set({})
    try:
        yield
    finally:
        _READ.reset(token)


Mandates = frozenset[tuple[str, str]]
_READ: ContextVar[dict[tuple[int, dt.date], Mandates] | None] = ContextVar("yizhantong_mandates_read", default=None)


Asking = tuple[str, tuple[Any, ...]]
"""A condition on accounts ``t`` with its parameters: those who ask for a case. The same for cases that the same people ask for."""


def asking(case: Case) -> Asking:
    """Return who asks for a case: the person's own account, those with a mandate, and who filed it on behalf."""
    params: tuple[Any, ...]
    if case.person_id is not None:
        condition, params = "t.person_id = %s", (case.person_id,)
    else:
        today = clock.today()
        condition, params = f"t.person_id IN ({_HOLDERS})", (case.organisation_id, case.zone, today, today)
    if case.filed_by_id is not None and case.channel == Case.Channel.BEHALF:
        condition, params = f"{condition} OR t.id = %s", (*params, case.filed_by_id)
    return f"t.is_active AND ({condition})", params


def askers(case: Case) -> list[int]:
    """Return the accounts of those who ask for a case."""
    return accounts_of(asking(case))


def accounts_of(who: Asking) -> list[int]:
    """Return the accounts of those who ask."""
    condition, params = who
    return [row[0] for row in _askers(condition).rows(params)]


@lru_cache(maxsize=8)
def _askers(condition: str) -> Statement:
    return Statement(f'SELECT t.id FROM "{User._meta.db_table}" AS t WHERE {condition} ORDER BY t.id')


_MANDATES = Statement(
    f'SELECT organisation_id, zone FROM "{Mandate._meta.db_table}" WHERE person_id = %s AND {IN_FORCE}'
)
_HOLDERS = (
    f"SELECT person_id FROM \"{Mandate._meta.db_table}\" WHERE organisation_id = %s AND zone IN ('', %s) AND {IN_FORCE}"
)


def officials(office: str, permissions: tuple[str, ...]) -> list[User]:
    """Return the accounts of an office with one of these permissions there (few, as offices go)."""
    return able(staff_of([office]), office, permissions)


def staff_of(offices: Iterable[str]) -> list[User]:
    """Return the officials of some offices who hold any grant today, with their grants: one query."""
    today = clock.today()
    found: dict[int, tuple[User, list[Grant]]] = {}
    held = Grant.objects.filter(
        policy.current(today), user__agency_id__in=list(offices), user__is_staff=True, user__is_active=True
    )
    for grant in held.select_related("user", "role").order_by("user_id", "id"):
        found.setdefault(grant.user_id, (grant.user, []))[1].append(grant)
    for user, grants in found.values():
        policy.remember(user, today, grants)
    return [user for user, _grants in found.values()]


def able(staff: Iterable[User], office: str, permissions: tuple[str, ...]) -> list[User]:
    """Return those of an office with one of these permissions there."""
    return [
        user for user in staff
        if user.agency_id == office and any(policy.reach(user, name).includes(office) for name in permissions)
    ]  # fmt: skip
