"""Verification: registers are compared with the form; what they do not show is re-checked at the counter, with a reason."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.cases.pinned import pinned
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items.sealed import open_data
from yizhantong.zones.onething.enrolment import identities, terms
from yizhantong.zones.onething.enrolment import notices as tell
from yizhantong.zones.onething.enrolment.access import check_manages
from yizhantong.zones.onething.enrolment.actions.seasons import catchments_of
from yizhantong.zones.onething.enrolment.errors import EnrolmentError
from yizhantong.zones.onething.enrolment.models import Child, School, Season
from yizhantong.zones.onething.enrolment.queries.registers import Asked, known_of
from yizhantong.zones.onething.enrolment.terms import Category
from yizhantong.zones.onething.enrolment.verification import Known, Verified, facts, keys_of, verify

GROUP = 20
"""Children of one transaction: a writer of SQLite keeps others waiting so long."""
State = Child.State


def verify_waiting(season: Season, account: User | None = None, limit: int = 1000, seconds: float = 600.0) -> int:
    """Compare the registers for children that wait, in groups; return how many were dealt with. Any number of workers may run it.

    It ends after so many seconds.
    """
    check_manages(account, season)
    done, until = 0, time.monotonic() + seconds
    while done < limit and time.monotonic() < until:
        with transaction.atomic():
            rows = Child.objects.filter(season=season, state=State.FILED).select_related("case").order_by("id")
            found = list(rows.select_for_update(of=("self",), skip_locked=True)[:GROUP] if _skips() else rows[:GROUP])
            _verify(season, found, account)
        done += len(found)
        if len(found) < GROUP:
            break
    return done


def _skips() -> bool:
    from django.db import connection

    return connection.features.has_select_for_update_skip_locked


def _verify(season: Season, children: list[Child], account: User | None) -> None:
    given = terms.read(season.rules)
    catchments, schools = catchments_of(season), {row.code: row for row in School.objects.filter(season=season)}
    forms = {child.pk: open_data(pinned(child.case.version_id).ready, child.case.data) for child in children}
    known = known_of([_asked(child, forms[child.pk]) for child in children], season.division_id)
    day = timezone.localtime(season.closes_at).date()
    for child in children:
        said = _facts(forms[child.pk], known[child.pk], catchments, day)
        found = verify(given, child.claimed, said, known[child.pk])
        _write(child, found, schools)
        cases.complete_step(
            child.case, "verify", outcome="met" if found.met else "recheck", opinion=";".join(found.reasons)[:1000],
            account=account, source="registers",
        )  # fmt: skip
        if not found.met:
            tell.recheck(child, found.materials)


def _asked(child: Child, form: Mapping[str, Any]) -> Asked:
    guardians = [form.get("person_identity"), form.get("second_guardian_identity")]
    return Asked(
        child.pk, child.child_index, tuple(identities.index(str(one)) for one in guardians if one),
        identities.index(str(form.get("sibling_identity") or "")),
    )  # fmt: skip


def _facts(form: Mapping[str, Any], known: Known, catchments: Any, day: Any) -> dict[str, Any]:
    import datetime as dt

    born = form.get("child_born_on")
    return facts(
        known,
        catchments,
        day,
        dt.date.fromisoformat(str(born)) if born else None,
        identities.born_on(str(form["child_identity"])),
    )


def _write(child: Child, found: Verified, schools: Mapping[str, School]) -> None:
    child.checks, child.reasons = [check.plain() for check in found.checks], list(found.reasons)
    child.school, child.keys = schools.get(found.school or ""), list(found.keys)
    child.category = found.category if found.met else ""
    child.state, child.verified_at = (State.VERIFIED if found.met else State.RECHECK), clock.now()
    child.save(update_fields=["checks", "reasons", "school", "keys", "category", "state", "verified_at"])


def settle_recheck(
    child: Child, account: User, *, category: str, school: str, opinion: str, seen: Mapping[str, Any] | None = None
) -> Child:
    """Settle a re-check at the counter: the papers show this category and school. ``opinion`` says which papers were seen.

    The order within the category is computed anew from the registers, over which goes what the papers show (``seen``: facts by name,
    such as 落户年数); what neither knows goes last.

    Raises ``enrolment.recheck`` (nothing to settle any more), ``enrolment.category``, ``enrolment.school``, or what cases refuse.
    """
    with transaction.atomic():
        held = Child.objects.select_for_update().get(pk=child.pk)
        check_manages(account, held.season)
        if held.state != State.RECHECK:
            raise EnrolmentError("enrolment.recheck", "这名学生的复核已经办结,请刷新后查看")
        given = terms.read(held.season.rules)
        if category not in {each.code for each in given.categories}:
            raise EnrolmentError("enrolment.category", "请选择核定的入学类别", field="category")
        found = School.objects.filter(season=held.season, code=school).first()
        if found is None:
            raise EnrolmentError("enrolment.school", "请选择对应学校", field="school")
        if not opinion.strip():
            raise EnrolmentError("enrolment.opinion", "请写明核对了哪些原件、认定的理由", field="opinion")
        held.category, held.school, held.state, held.verified_at = category, found, State.VERIFIED, clock.now()
        held.keys = list(_keys_at_counter(held, given.category(category), school, seen or {}))
        held.save(update_fields=["category", "school", "state", "keys", "verified_at"])
        cases.complete_step(held.case, "recheck", outcome="pass", opinion=opinion.strip(), account=account)
    return held


def _keys_at_counter(child: Child, category: Category, school: str, seen: Mapping[str, Any]) -> tuple[int, ...]:
    season, form = child.season, open_data(pinned(child.case.version_id).ready, child.case.data)
    known = known_of([_asked(child, form)], season.division_id)[child.pk]
    said = _facts(form, known, catchments_of(season), timezone.localtime(season.closes_at).date())
    return keys_of(category, {**said, "在读兄姐": school in known.siblings_at, **seen})


def refuse_recheck(child: Child, account: User, *, reason: str, law: str = "") -> Case:
    """End a case whose child does not belong to any category of this season: refused, with reason and law."""
    check_manages(account, child.season)
    if not reason.strip():
        raise EnrolmentError("enrolment.opinion", "请写明不符合条件的理由", field="opinion")
    return cases.complete_step(
        child.case,
        "recheck",
        outcome="fail",
        opinion=reason.strip(),
        account=account,
        details={"law": law} if law else {},
    )
