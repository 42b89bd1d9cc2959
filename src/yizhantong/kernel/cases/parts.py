"""The parts of a case that is handled as several (一件事), as its own change meets them.

Whoever holds the lock of the parent holds still its parts: each change of a part takes the parent's lock first.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from yizhantong.foundation.calendar import Segment
from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import clockwork, people, store
from yizhantong.kernel.cases.beside import Asked, gather
from yizhantong.kernel.cases.engine import Change, Event, Held, State, held, write_together
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.leaving import current
from yizhantong.kernel.cases.models import Case, CaseStep, ClockSegment, PublicNotice, SpecialProcedure
from yizhantong.kernel.items.models import Item

Outcome = Case.Outcome
STEP = "children"
"""The kind of the step that waits for the parts."""
_OPEN = "parent_id = %s AND state NOT IN ('draft', 'closed') ORDER BY id"
DONE = frozenset({Outcome.GRANTED, Outcome.ANSWERED})
"""Endings by which a part was done."""
_REFUSALS = frozenset({Outcome.REFUSED, Outcome.NOT_ACCEPTED})
_TOLD = (
    "id", "number", "item_id", "version_id", "zone", "parent_id", "title", "state", "outcome", "result", "reason", "law",
    "office_id", "details",
)  # fmt: skip
"""What is read of each part when one of them ends; the rest is fetched when somebody asks for it."""
_ENDED_WITH = {Outcome.WITHDRAWN: "随主办件撤回", Outcome.TERMINATED: "随主办件终止"}


def read_for_ending(work: Change) -> None:
    """Read by one statement what an ending asks for: clocks, the parts among which the case is or which it has, whom to tell."""
    case = work.case
    if case.pk is None or work.held.segments is not None:
        return
    whole = case.parent if case.parent is not None else case if has_parts(work) else None
    whom = {people.asking(each): None for each in (case, case.parent) if each is not None}
    clocks = Asked(ClockSegment, "t.case_id IN (%s, %s)", [case.pk, case.parent_id or case.pk])
    among = Asked(Case, "t.parent_id = %s", [whole.pk], _TOLD) if whole is not None else None
    accounts = [Asked(User, condition, params, ("id",)) for condition, params in whom]
    rows, *told = gather(clocks, *accounts, *([among] if among is not None else []))
    for asking, found in zip(whom, told, strict=False):
        current().askers[asking] = [account.pk for account in found]
    work.held.segments = _clock(rows, case)
    if whole is case:
        work.held.parts = told[-1]
    elif whole is not None:
        work.parent = Held(whole, [case if part.pk == case.pk else part for part in told[-1]], _clock(rows, whole))


def _clock(rows: Iterable[ClockSegment], case: Case) -> list[Segment]:
    """Return the clock of one of several cases."""
    own = sorted((row for row in rows if row.case_id == case.pk), key=lambda row: (row.start, row.pk))
    return [Segment(row.start, row.end, row.kind, row.reason) for row in own]  # type: ignore[arg-type]


def has_parts(work: Change) -> bool:
    """Tell whether the case is one that may have parts by now."""
    return work.case.accepted_at is not None and work.version.kind == Item.Kind.PACKAGE


def of(case: Case) -> list[Case]:
    """Return the parts of a case, in the order in which they were made; read once while a change holds the case."""
    kept = held(case)
    if kept is None:
        return _read(case)
    if kept.parts is None:
        kept.parts = _read(case)
    return kept.parts


def _read(case: Case) -> list[Case]:
    return store.rows(Case, "parent_id = %s ORDER BY id", [case.pk], _TOLD)


def refuse_open(work: Change) -> None:
    """Refuse to end a case while a part of it is open: ``cases.parts_open``, with their numbers."""
    waiting = [part for part in of(work.case) if part.state != State.CLOSED] if has_parts(work) else []
    if waiting:
        names = "、".join(f"{part.title}({part.number})" for part in waiting)
        text = f"办件 {work.case.number} 还有 {len(waiting)} 个事项没有办结:{names};请待其办结"
        raise CaseError("cases.parts_open", text, parts=[part.number for part in waiting])


def end_open(work: Change, outcome: str, reason: str, law: str) -> None:
    """End what is open of a package that was withdrawn or terminated, once that is written; parts that have ended stand.

    A handful of statements for all of them; each has its fact, and its zone and the parent's follow. The asker is told once, of
    the parent.
    """
    works = [Change(part, work.account, work.source) for part in _open(work.case)]
    end_sides([work.case.pk, *(each.case.pk for each in works)], work.now)
    if works:
        _end_together(work, works, outcome, reason, law)
    for hook in work.hooks:
        hook.on_children_ended(work.case, [each.case for each in works])


def _end_together(work: Change, works: list[Change], outcome: str, reason: str, law: str) -> None:
    days, keys = _days_used(works), [each.case.pk for each in works]
    CaseStep.objects.filter(case_id__in=keys, done_at__isnull=True).update(
        done_at=work.now, outcome="ended", opinion="随主办件结束"
    )
    for each in works:
        case, late = each.case, each.case.due_at is not None and work.now > each.case.due_at
        case._state.fields_cache["parent"] = work.case
        each.set(
            state=State.CLOSED, outcome=str(outcome), reason=f"{_ENDED_WITH[Outcome(outcome)]}:{reason}"[:500],
            law=law[:200], closed_at=work.now, marking="", stopped=False, handler_id=None,
        )  # fmt: skip
        each.event(Event.CLOSED, outcome=str(outcome), duration=min(days[case.pk], 32767), in_time=not late)
        each.hooked("on_closed", case)
    write_together(works)


def ended_with_parent(part: Case) -> bool:
    """Tell whether a part ended because the case that it is a part of was withdrawn or terminated."""
    parent = part.parent
    return parent is not None and parent.outcome in _ENDED_WITH and part.closed_at == parent.closed_at


def end_sides(cases: Sequence[int], at: dt.datetime) -> None:
    """End the special procedures and public notices that still run of cases which end before they are decided."""
    SpecialProcedure.objects.filter(case_id__in=cases, ended_at__isnull=True).update(ended_at=at, result="随办件结束")
    PublicNotice.objects.filter(case_id__in=cases, ended_at__isnull=True).update(ended_at=at)


def _open(case: Case) -> list[Case]:
    """Return the parts that are open, locked."""
    return store.rows(Case, _OPEN + (" FOR UPDATE" if connection.features.has_select_for_update else ""), [case.pk])


def _days_used(works: list[Change]) -> dict[int, int]:
    """Return by case the working days that the clocks have counted, which stop now."""
    now, keys = works[0].now, [work.case.pk for work in works]
    stored: dict[int, list[Segment]] = defaultdict(list)
    for row in ClockSegment.objects.filter(case_id__in=keys).order_by("start", "id"):
        stored[row.case_id].append(Segment(row.start, row.end or max(now, row.start), row.kind, row.reason))  # type: ignore[arg-type]
    return {key: clockwork.days_used(stored[key], now) for key in keys}


@dataclass(frozen=True, slots=True)
class Ending:
    """What a parent's parts make of it: an outcome with its reason, and for a refusal the law."""

    outcome: str
    reason: str
    law: str = ""


def ending_of(ended: Iterable[Case]) -> Ending:
    """Return the ending that parts which have all ended give their parent: granted, refused, or partial.

    Granted when all were done, refused when none was (with the law of the first refusal among them), else partial; terminated
    when none was done and none refused (all were withdrawn or terminated). The reason names what was not done, with its own.
    """
    listed = list(ended)
    failed = [part for part in listed if part.outcome not in DONE]
    if not failed:
        return Ending(Outcome.GRANTED, f"{len(listed)} 个事项全部办结")
    reason = ";".join(
        f"{part.title}{Outcome(part.outcome).label}" + (f":{part.reason}" if part.reason else "") for part in failed
    )[:500]
    if len(failed) < len(listed):
        done = "、".join(part.title for part in listed if part.outcome in DONE)
        return Ending(Outcome.PARTIAL, f"已办成:{done}。未办成:{reason}"[:500])
    law = next((part.law for part in failed if part.law and part.outcome in _REFUSALS), "")
    return Ending(Outcome.REFUSED if law else Outcome.TERMINATED, reason, law)
