"""The one door through which cases are read; lists, pages, counts, search and lookups all start at :func:`visible_to`.

What an account sees:

* who asks: his own cases and those of the organisations for which he holds a mandate today, drafts included;
* who filed for others (counter, on behalf, batch): those cases, drafts included;
* officials with ``cases.view`` (or another permission of cases over an agency): what their reach covers by division, by accountable
  office, or by an office that has or had a step in it; drafts never.

Lists go by keys, never by offset, and counts stop at a cap, so that no page is slower at a million cases than at a thousand.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import parts as siblings
from yizhantong.kernel.cases import rules, sight
from yizhantong.kernel.cases.beside import Beside
from yizhantong.kernel.cases.clockwork import light_of
from yizhantong.kernel.cases.engine import held
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import (
    Addition,
    Case,
    CaseEvent,
    CaseMaterial,
    CaseStep,
    ClockSegment,
    Message,
    PublicNotice,
    SpecialProcedure,
    SupervisionOrder,
    Supplement,
    Tenure,
    Transfer,
)  # fmt: skip
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.files.models import Issued
from yizhantong.kernel.items.models import Item

PAGE = 25
CAP = 1000
"""Counts above this are told as "more than"."""
_BESIDE_LIST = ("office", "organisation", "person", "parent")
_UNSHOWN = ("parent__data", "parent__details")
"""What a list leaves where it is: it names the package that a case is a part of, and nothing more of it."""


def visible_to(account: policy.Account | None) -> QuerySet[Case]:
    """Return the cases that the account may see (see the module); None is the platform and sees all."""
    cases = Case.objects.all()
    if account is None:
        return cases
    return _of(cases, sight.reasons(account) if isinstance(account, User) and account.is_active else [])


def mine(account: policy.Account) -> QuerySet[Case]:
    """Return the cases that the account asks for, drafts included, newest first."""
    seen = sight.own(account) if isinstance(account, User) and account.is_active else []
    return _of(Case.objects.all(), seen).select_related(*_BESIDE_LIST).defer(*_UNSHOWN).order_by("-id")


def _of(cases: QuerySet[Case], reasons: Sequence[sight.Reason]) -> QuerySet[Case]:
    if not reasons:
        return cases.none()
    return cases.filter(reduce(or_, (reason.condition for reason in reasons)))


# --- pages by keys ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: its rows, and the key after which the next begins (None: there is none)."""

    rows: list[Any]
    next: str | None


def count(rows: QuerySet[Any], cap: int = CAP) -> int:
    """Return how many rows there are, at most ``cap`` + 1 (which says "more than")."""
    return rows.order_by()[: cap + 1].count()


def cases(account: policy.Account | None, *, after: str | None = None, size: int = PAGE, **filters: Any) -> Page:
    """Return visible cases, newest first, filtered by columns (``state``, ``office_id``, ``zone``, ``item_id``, ``division_id`` …).

    They are found by their ids first, the newest for each reason to see them (:mod:`yizhantong.kernel.cases.sight`).
    """
    last = None if after is None else int(after)
    if account is None:
        found = Case.objects.filter(**filters)
        found = found if last is None else found.filter(pk__lt=last)
        rows = list(found.select_related(*_BESIDE_LIST).defer(*_UNSHOWN).order_by("-id")[: size + 1])
    else:
        seen = sight.reasons(account) if isinstance(account, User) and account.is_active else []
        ids = sight.newest(seen, filters, last, size + 1)
        rows = (
            list(Case.objects.filter(pk__in=ids).select_related(*_BESIDE_LIST).defer(*_UNSHOWN).order_by("-id"))
            if ids
            else []
        )
    return Page(rows[:size], str(rows[size - 1].pk) if len(rows) > size else None)


def todo(account: policy.Account, *, after: str | None = None, size: int = PAGE, whose: str = "all", light: str = "",
         now: dt.datetime | None = None, **filters: Any) -> Page:  # fmt: skip
    """Return the open steps that the account may do, by due moment: "my list".

    ``whose``: ``all`` of the office, ``mine`` claimed by or assigned to the account, ``free`` claimed by nobody. ``light``: ``red``
    (late), ``yellow`` (due within a day). Further filters are columns of the step or, by ``case__``, of the case.
    """
    found = open_steps(account)
    found = found.filter(**filters) if filters else found
    if whose != "all" and isinstance(account, User):
        found = found.filter(handler_id=account.pk) if whose == "mine" else found.filter(handler__isnull=True)
    if light and now is not None:
        found = (
            found.filter(sort_at__lt=now)
            if light == "red"
            else found.filter(sort_at__gte=now, sort_at__lt=now + dt.timedelta(days=1))
        )
    if after is not None:
        moment, _, number = after.rpartition("_")
        sort_at = dt.datetime.fromisoformat(moment)
        found = found.filter(Q(sort_at__gt=sort_at) | Q(sort_at=sort_at, pk__gt=int(number)), sort_at__gte=sort_at)
    rows = list(
        found.select_related("case", "case__organisation", "case__person", "case__parent", "handler")
        .defer(*(f"case__{name}" for name in _UNSHOWN))
        .order_by("sort_at", "id")[: size + 1]
    )
    last = rows[size - 1] if len(rows) > size else None
    return Page(rows[:size], f"{last.sort_at.isoformat()}_{last.pk}" if last else None)


def open_steps(account: policy.Account) -> QuerySet[CaseStep]:
    """Return the open steps of the account's office that wait for an official and ask for a permission that he has there."""
    steps = CaseStep.objects.filter(done_at__isnull=True, waits_for=CaseStep.WaitsFor.OFFICE)
    if not isinstance(account, User) or not account.is_active or not account.is_staff or account.agency_id is None:
        return steps.none()
    allowed = Q(pk__in=[])
    held = [(zone, name) for name in policy.PERMISSIONS for zone in policy.zones_of(account, name)]
    for zone in sorted({zone for zone, _name in held}):
        allowed |= _doable(account, zone, sorted(name for its_zone, name in held if its_zone == zone))
    return steps.filter(allowed, office_id=account.agency_id)


def _doable(account: User, zone: str, permissions: list[str]) -> Q:
    everywhere, divided = [], Q(pk__in=[])
    for name in permissions:
        reach = policy.reach(account, name, zone)
        if reach.includes(account.agency_id) or reach.everywhere:
            everywhere.append(name)
        elif reach.divisions:
            divided |= Q(permission=name, case__division_id__in=reach.divisions)
    found = Q(permission__in=everywhere) | divided if everywhere else divided
    return Q(zone=zone) & found if zone else found


# --- one case on one page ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Relative:
    """A case that another one is a part of, or a part of it: its own page may be opened by who ``sees`` it."""

    case: Case
    sees: bool
    light: str


@dataclass(frozen=True)
class CasePage:
    """A case with everything beside it, as the account may see it; empty where there is nothing or it may not be seen."""

    case: Case
    relations: frozenset[str]
    light: str
    steps: list[CaseStep]
    materials: list[CaseMaterial]
    segments: list[ClockSegment]
    talk: list[dict[str, Any]]
    supplements: list[Supplement]
    procedures: list[SpecialProcedure]
    notices: list[PublicNotice]
    transfers: list[Transfer]
    orders: list[SupervisionOrder]
    events: list[CaseEvent]
    """The newest first."""
    papers: list[Issued]
    parent: Relative | None = None
    """The package that the case is a part of."""
    parts: Sequence[Relative] = ()
    """The parts of a package, with who answers for each and how far it is: whoever sees the package is told that much."""

    @property
    def open_steps(self) -> list[CaseStep]:
        """Return the steps that are open."""
        return [step for step in self.steps if step.done_at is None]


def by_number(account: policy.Account | None, number: str) -> Case:
    """Return a visible case by its number, or raise ``cases.unknown`` (the same for one that is not visible)."""
    found = visible_to(account).filter(number=number).first()
    if found is None:
        raise unknown(number)
    return found


def parts(parent: Case) -> list[Case]:
    """Return the parts of a case with their offices and items, in the order in which they were made; open to who sees the case.

    In a hook that follows a change of a part, what the change has read of them already.
    """
    if held(parent) is not None:
        return siblings.of(parent)
    return list(Case.objects.filter(parent_id=parent.pk).select_related("office", "item").order_by("id"))


def unknown(number: str) -> CaseError:
    """Return the refusal of a number that is nobody's, or not this account's to see."""
    return CaseError("cases.unknown", f"没有编号为 {number} 的办件,或当前账号无权查看", number=number)


def case_page(account: policy.Account | None, number: str) -> CasePage:
    """Return a visible case with what stands beside it, in at most 6 queries (8 of a package or its part); raise ``cases.unknown``.

    Askers do not see internal messages, transfers that were only asked, or supervision orders. What was read here,
    :func:`rules.may` does not ask the database again for this case and account.
    """
    reasons = sight.reasons(account) if isinstance(account, User) and account.is_active else []
    found = Case.objects.filter(number=number) if account is None else _of(Case.objects.filter(number=number), reasons)
    case = found.select_related(
        "item", "organisation", "person", "office", "handler", "division", "filed_by", "dispute", "rectification",
        "rectification__office",
    ).first()  # fmt: skip
    if case is None:
        raise unknown(number)
    rows = Beside(case)
    steps, transfers = rows.of(CaseStep), rows.of(Transfer)
    acting = sight.asks(reasons, case)
    if isinstance(account, User):
        asked = frozenset(row.receiver_id for row in transfers if row.state == Transfer.State.ASKED)
        rules.remember(case, rules.Standing(account.pk, acting, frozenset(step.office_id for step in steps), asked))
    parent, parts = _relatives(account, case, reasons)
    asking = acting or (account is not None and not getattr(account, "is_staff", False))
    return CasePage(
        case=case, relations=_relations(account, case, steps, asking), light=light_of(case, clock.now()), steps=steps,
        materials=sorted(rows.of(CaseMaterial), key=lambda row: (row.code, row.pk)),
        segments=sorted(rows.of(ClockSegment), key=lambda row: (row.start, row.pk)),
        talk=_talk(rows, internal=not asking), supplements=rows.of(Supplement), procedures=rows.of(SpecialProcedure),
        notices=rows.of(PublicNotice), transfers=[] if asking else transfers, orders=[] if asking else rows.of(SupervisionOrder),
        events=[] if asking else rows.of(CaseEvent)[::-1], papers=sorted(rows.of(Issued), key=lambda row: (row.issued_at, row.pk)),
        parent=parent, parts=parts,
    )  # fmt: skip


def _relatives(
    account: policy.Account | None, case: Case, reasons: Sequence[sight.Reason]
) -> tuple[Relative | None, list[Relative]]:
    """Return the parent of a case and its parts, in two queries; in none for a case that has neither."""
    if case.parent_id is None and case.item.kind != Item.Kind.PACKAGE:
        return None, []
    kin = Case.objects.filter(Q(parent_id=case.pk) | Q(pk=case.parent_id)).select_related("office")
    found = list(kin.defer("data", "details").order_by("id"))
    seen = {each.pk for each in found}
    if account is not None:
        seen = set(_of(Case.objects.filter(pk__in=seen), reasons).values_list("pk", flat=True)) if found else set()
    now = clock.now()
    made = [Relative(each, each.pk in seen, light_of(each, now)) for each in found]
    parent = next((each for each in made if each.case.pk == case.parent_id), None)
    if parent is not None:
        case._state.fields_cache["parent"] = parent.case
    return parent, [each for each in made if each is not parent]


def _relations(account: policy.Account | None, case: Case, steps: list[CaseStep], asking: bool) -> frozenset[str]:
    if not isinstance(account, User):
        return frozenset()
    found = {"applicant"} if asking and account.person_id is not None else set()
    if case.filed_by_id == account.pk and case.channel in sight.AGENT:
        found.add("agent")
    if account.is_staff and account.agency_id is not None:
        found |= {"office"} if account.agency_id == case.office_id else set()
        found |= {"step_office"} if any(step.office_id == account.agency_id for step in steps) else set()
    if account.pk in {step.handler_id for step in steps if step.done_at is None}:
        found.add("handler")
    for name, permission in (("supervisor", rules.SUPERVISE), ("superior", rules.RULE), ("reader", rules.VIEW)):
        reach = policy.reach(account, permission, case.zone)
        reaches = (
            reach.covers(case.division_id) if name == "superior" else reach.includes(case.office_id, case.division_id)
        )
        found |= {name} if account.is_staff and reaches else set()
    return frozenset(found)


def _talk(rows: Beside, *, internal: bool) -> list[dict[str, Any]]:
    """Return messages and additions as ``{"what", "id", "text", "at", "by_id", "by", "internal", "asker", "file"}``, oldest first."""
    found: list[dict[str, Any]] = [
        {"what": "message", "id": row.pk, "text": row.text, "at": row.written_at, "by_id": row.written_by_id,
         "by": str(row.written_by or ""), "internal": row.internal, "asker": row.from_applicant, "file": None}
        for row in rows.of(Message) if internal or not row.internal
    ]  # fmt: skip
    found += [
        {"what": "addition", "id": row.pk, "text": row.text, "at": row.added_at, "by_id": row.added_by_id,
         "by": str(row.added_by or ""), "internal": False, "asker": False, "file": row.file}
        for row in rows.of(Addition)
    ]  # fmt: skip
    return sorted(found, key=lambda each: each["at"])


def joint_state(steps: Sequence[CaseStep]) -> str:
    """Return how joint handling stands, computed from the steps of the offices: ``none``, ``open``, ``done`` or ``failed``."""
    joint = [step for step in steps if step.kind == "joint"]
    if not joint:
        return "none"
    if any(step.done_at is None for step in joint):
        return "open"
    return "failed" if any(step.outcome == "fail" for step in joint) else "done"


def tenures(case: Case) -> list[Tenure]:
    """Return which offices answered for a case, from when to when."""
    return list(Tenure.objects.filter(case_id=case.pk).select_related("office").order_by("since", "id"))


def running_notices() -> QuerySet[PublicNotice]:
    """Return the public notices that run today, for everybody to read; the latest first."""
    today = clock.today()
    rows = PublicNotice.objects.filter(ended_at__isnull=True, first_day__lte=today, last_day__gte=today)
    return rows.select_related("case", "case__office").order_by("-last_day", "-id")
