"""How anybody who has a case's number and query password learns how it stands: stations and days, no names, no opinions.

After so many wrong passwords in a row the number is locked for a while, for everybody; a wrong number answers as a wrong
password does, so that numbers cannot be found out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from yizhantong.kernel.access import policy
from yizhantong.kernel.cases import numbers, rules, settings, store
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, CaseStep, FailedLookup
from yizhantong.kernel.cases.pinned import pinned
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items.models import Item


@dataclass(frozen=True, slots=True)
class Station:
    """One stop of a case: its name, the office, when it was reached and left (None: it is there)."""

    name: str
    office: str
    since: dt.datetime
    until: dt.datetime | None


@dataclass(frozen=True, slots=True)
class PartProgress:
    """One part of a package: its own number, what it is, how it stands, the office, and its days."""

    number: str
    title: str
    state: str
    outcome: str
    office: str
    due_at: dt.datetime | None
    closed_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Progress:
    """What the public lookup tells; ``parts`` are those of a package that have begun, in their order."""

    number: str
    title: str
    state: str
    outcome: str
    office: str
    submitted_at: dt.datetime | None
    due_at: dt.datetime | None
    closed_at: dt.datetime | None
    stations: tuple[Station, ...]
    parts: tuple[PartProgress, ...] = ()


def progress(number: str, password: str) -> Progress:
    """Return how a case stands. Raises ``cases.lookup`` (number or password wrong) or ``cases.lookup_locked``."""
    number, password = number.strip(), password.strip()
    rule = settings.of("lookup")
    failed = FailedLookup.objects.filter(number=number[:32]).first()
    locked_until = failed.last_at + dt.timedelta(minutes=float(rule["minutes"])) if failed else None
    if (
        failed is not None
        and failed.count >= int(rule["tries"])
        and locked_until is not None
        and clock.now() < locked_until
    ):
        raise CaseError("cases.lookup_locked", f"查询密码多次不符,请 {rule['minutes']} 分钟后再试")
    case = None
    if numbers.is_valid(number):
        found = Case.objects.filter(number=number).exclude(state=Case.State.DRAFT)
        case = found.select_related("office").first()
    if case is None or not numbers.fits(number, password, case.query_digest):
        _failed(number[:32])
        raise CaseError("cases.lookup", "办件编号或查询密码不符,请核对收件凭证", field="password")
    if failed is not None:
        failed.delete()
    return _progress(case)


def _failed(number: str) -> None:
    now = clock.now()
    stale = now - dt.timedelta(minutes=float(settings.of("lookup")["minutes"]))
    with transaction.atomic():
        row, new = FailedLookup.objects.select_for_update().get_or_create(
            number=number, defaults={"count": 1, "last_at": now}
        )
        if not new:
            FailedLookup.objects.filter(pk=row.pk).update(
                count=1 if row.last_at < stale else F("count") + 1, last_at=now
            )


def forget_failed() -> int:
    """Delete wrong passwords of more than a day ago, by which nothing is locked any more; return how many numbers."""
    return FailedLookup.objects.filter(last_at__lt=clock.now() - dt.timedelta(days=1)).delete()[0]


def _progress(case: Case) -> Progress:
    steps = CaseStep.objects.filter(case_id=case.pk).select_related("office").order_by("id")
    stations = tuple(Station(step.name, step.office.name, step.opened_at, step.done_at) for step in steps)
    return Progress(
        case.number, case.title, case.state, case.outcome, case.office.name if case.office else "", case.submitted_at,
        case.due_at, case.closed_at, stations, tuple(_parts(case)),
    )  # fmt: skip


def _parts(case: Case) -> Iterator[PartProgress]:
    if pinned(case.version_id).kind != Item.Kind.PACKAGE:
        return
    rows = Case.objects.filter(parent_id=case.pk).select_related("office").order_by("id")
    for row in rows:
        office = row.office.name if row.office else ""
        yield PartProgress(row.number, row.title, row.state, row.outcome, office, row.due_at, row.closed_at)


def new_password(case: Case, account: policy.Account | None) -> str:
    """Give a case a new query password and return it; for who asks, or filed it for the asker."""
    with transaction.atomic():
        held = store.locked(case.pk)
        rules.check(account, "new_password", held)
        password = numbers.draw_password()
        store.update(held, {"query_digest": numbers.digest_of(held.number, password)})
    return password
