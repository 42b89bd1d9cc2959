"""One door for every change of a case: lock, permission, transition, writing, facts, notices, hooks; all or nothing.

Every action is a function of ``actions`` that opens a :class:`Change`::

    with change(case, "extend", account, source) as now:
        now.set(extension=amount)
        now.event(Event.EXTENDED)

On entry the case is locked (the case that it is a part of before it, so that the parts of a case follow each other) and
``rules.check`` asked; on leaving without an error the case's row is written once, then the rows beside it, the facts, and what
was asked to follow (:meth:`Change.then`: notices, papers, hooks). The object that the caller holds afterwards shows the case as
it was written. Changes of several cases that belong together are written by the same few statements (:func:`write_together`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from yizhantong.foundation.calendar import CalendarError
from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import clockwork, hooks, rules, store
from yizhantong.kernel.cases.errors import CaseError, RuleUnknown
from yizhantong.kernel.cases.figures import EVENTS
from yizhantong.kernel.cases.models import Case, CaseEvent, CaseStep, Transfer
from yizhantong.kernel.cases.pinned import Pinned, pinned
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger import actions as ledger_actions
from yizhantong.kernel.ledger.audit import audit
from yizhantong.kernel.ledger.models import AuditEvent

Event = CaseEvent.Event
State = Case.State


@dataclass(slots=True)
class Held:
    """A case that a running change holds locked while hooks follow it, with its parts once somebody has asked for them."""

    case: Case
    parts: list[Case] | None = None


_HELD: ContextVar[tuple[Held, ...]] = ContextVar("held", default=())


@contextmanager
def holding(case: Case) -> Iterator[None]:
    """Have ``case`` held, as it was just written, for the length of the block."""
    token = _HELD.set((*_HELD.get(), Held(case)))
    try:
        yield
    finally:
        _HELD.reset(token)


def held(case: Case) -> Held | None:
    """Return what is known of this very object while a running change holds it."""
    return next((each for each in reversed(_HELD.get()) if each.case is case), None)


class Change:
    """One change of one case on its way; made by :func:`change` and :func:`creation` only."""

    def __init__(self, case: Case, account: policy.Account | None, source: str, *, new: bool = False) -> None:
        self.case = case
        self.account = account
        self.by = account.pk if isinstance(account, User) else None
        self.source = (source or (f"form:{account.username}" if isinstance(account, User) else "system"))[:64]
        self.now = clock.now()
        self.new = new
        self.version: Pinned = pinned(case.version_id)
        self.opened_step: CaseStep | None = None
        self._values: dict[str, Any] = {}
        self._opened: list[CaseStep] = []
        self._beside: list[models.Model] = []
        self._events: list[dict[str, Any]] = []
        self._then: list[Callable[[], object]] = []

    @property
    def today(self) -> dt.date:
        """Return the day of the change."""
        return timezone.localtime(self.now).date()

    @property
    def step(self) -> CaseStep:
        """Return the open step that the operation is about."""
        assert self.opened_step is not None
        return self.opened_step

    @property
    def hooks(self) -> list[hooks.CaseHooks]:
        """Return what zones have to say of this case."""
        return hooks.of(self.case.zone, self.version.kind)

    def set(self, **values: Any) -> None:
        """Set columns of the case; they are written once, when the change ends."""
        self._values.update(values)
        for name, value in values.items():
            setattr(self.case, name, value)

    def open(self, code: str, name: str, kind: str, office: str, *, permission: str = rules.HANDLE,
             due_at: dt.datetime | None = None, waits_for: str = "office", **details: Any) -> CaseStep:  # fmt: skip
        """Open a step; its row is written when the change ends."""
        step = store.blank(
            CaseStep, case_id=self.case.pk, code=code, name=name, kind=kind, zone=self.case.zone, office_id=office,
            waits_for=waits_for, permission=permission, opened_at=self.now, due_at=due_at,
            sort_at=due_at or self.case.due_at or clockwork.END_OF_TIME, details=details,
        )  # fmt: skip
        step._state.fields_cache["case"] = self.case
        self._opened.append(step)
        return step

    def add(self, row: models.Model) -> None:
        """Add a row that belongs to the case (it has a ``case``); it is written when the change ends."""
        self._beside.append(row)

    def event(self, event: str, *, step: str = "", outcome: str = "", office: str | None = None, **more: Any) -> None:
        """Record a fact of what happens, as the case stands when the change ends."""
        self._events.append({"event": str(event), "step": step, "outcome": outcome, "office_id": office, **more})

    def then(self, work: Callable[[], object]) -> None:
        """Do ``work`` after everything is written, still within the transaction."""
        self._then.append(work)

    @property
    def rows(self) -> list[models.Model]:
        """Return the rows beside the case that are to be written."""
        return [*self._opened, *self._beside]

    @property
    def facts(self) -> list[dict[str, Any]]:
        """Return what is to be recorded."""
        return [self._fact(each) for each in self._events]

    def write(self) -> None:
        """Write everything, in the order: case, rows beside it, facts, what follows."""
        write_together([self])

    @property
    def values(self) -> dict[str, Any]:
        """Return the columns of the case that are to be written."""
        return self._values

    def follow(self) -> None:
        """Do what was asked to follow, and what that asks for in turn."""
        with holding(self.case):
            for work in self._then:
                work()

    def _fact(self, given: dict[str, Any]) -> dict[str, Any]:
        case = self.case
        return {
            "division_id": case.division_id, "occurred_on": self.today, "number": case.number, "zone": case.zone,
            "item_code": case.item_id, "channel": case.channel, "result": "", "duration": 0, "in_time": True,
            **given, "office_id": given["office_id"] or case.office_id,
        }  # fmt: skip


def write_together(works: Sequence[Change]) -> None:
    """Write changes of several cases, by one statement for each kind of row; they have the same author, source and moment."""
    store.insert_all([work.case for work in works if work.new])
    _write_cases([work for work in works if not work.new])
    beside: dict[type[models.Model], list[models.Model]] = {}
    for work in works:
        for row in work.rows:
            row.__dict__["case_id"] = work.case.pk
            beside.setdefault(type(row), []).append(row)
    for rows in beside.values():
        store.insert_all(rows)
    facts = [fact for work in works for fact in work.facts]
    if facts:
        ledger_actions.append(EVENTS, facts, recorded_by=works[0].by, source=works[0].source)
    for work in works:
        work.follow()


def _write_cases(works: Sequence[Change]) -> None:
    if len(works) > 1 and all(work.values == works[0].values for work in works):
        Case.objects.filter(pk__in=[work.case.pk for work in works]).update(**works[0].values)
        return
    for work in works:
        if work.values:
            store.update(work.case, work.values)


@contextmanager
def refusing(case: Case, account: policy.Account | None) -> Iterator[None]:
    """Let a refusal leave its trace once its transaction is taken back: a rule that cannot be evaluated is an audit fact."""
    try:
        yield
    except RuleUnknown as error:
        _alarm(case, account, error)
        raise
    except CalendarError as error:
        raise CaseError(error.code, error.sentence) from error


@contextmanager
def change(
    case: Case, operation: str, account: policy.Account | None, source: str = "", *, step: str = "",
    transfer: Transfer | None = None, finishing: tuple[str, str] | None = None, kind: str = "", goes_on: bool = False,
) -> Iterator[Change]:  # fmt: skip
    """Lock the case, ask whether ``operation`` may be done, and write what the block decides.

    ``step`` is the code of an open step of which the operation is asked; with ``finishing`` (outcome and opinion) its end is
    written right away, to be taken back with everything else if it may not be; ``kind`` is the kind of step then, and ``step``
    what a refusal names where none is open. Raises :class:`CaseError` and ``Refused``; then nothing was written, and ``case`` is
    as it was. A rule that cannot be evaluated is an audit fact besides.

    ``goes_on``: where a running change holds this very object, the change is a part of that one, and a refusal refuses both.
    """
    inner = goes_on and held(case) is not None
    with refusing(case, account), transaction.atomic(savepoint=not inner):
        work = Change(case if inner else store.locked(case.pk), account, source)
        found = _step_of(work, step, finishing, kind) if step or kind else None
        if (step or kind) and found is None:
            raise _without_step(work.case, operation, account, step or _last_of(work.case, kind))
        rules.check(account, operation, work.case, found, transfer)
        work.opened_step = found
        yield work
        work.write()
    if not inner:
        _show(case, work.case)


def tell_parent(work: Change, what: str) -> None:
    """Have the zone of the case of which this one is a part follow (``on_child_accepted``, ``on_child_closed``), after all else."""
    case = work.case
    if case.parent_id is None:
        return

    def follow() -> None:
        parent = case.parent
        assert parent is not None
        with holding(parent):
            for each in hooks.of(parent.zone, pinned(parent.version_id).kind):
                getattr(each, what)(parent, case)

    work.then(follow)


def _step_of(work: Change, code: str, finishing: tuple[str, str] | None, kind: str) -> CaseStep | None:
    if finishing is None:
        return store.open_step(work.case, code)
    outcome, opinion = finishing
    return store.finish_open(
        work.case, kind or code, outcome=outcome, opinion=opinion, by=work.by, at=work.now, kind=bool(kind)
    )


def _last_of(case: Case, kind: str) -> str:
    """Return the code of the last step of that kind that was done ("" where there was none)."""
    done = CaseStep.objects.filter(case_id=case.pk, kind=kind).order_by("-id").values_list("code", flat=True)
    return done.first() or ""


@contextmanager
def creation(case: Case, account: policy.Account | None, source: str = "") -> Iterator[Change]:
    """Write a new case as the block decides; whether it may be filed has been asked before."""
    with refusing(case, account), transaction.atomic():
        work = Change(case, account, source, new=True)
        yield work
        work.write()


def _without_step(case: Case, operation: str, account: policy.Account | None, step: str) -> Exception:
    """Return why a step that is not open cannot be worked on; only to those who may see the case."""
    for asked in ("see", "see_draft"):
        if account is None or rules.may(account, asked, case).ok:
            return not_open(case, step)
    refused = rules.may(account, operation, case).error
    return refused or not_open(case, step)


def not_open(case: Case, code: str) -> CaseError:
    """Return why a step cannot be worked on: it was done (by whom, when), or it was never opened."""
    if not code:
        return CaseError("cases.no_decision", f"办件 {case.number} 还没有到作出决定的环节,请先办完前面的环节")
    done = (
        CaseStep.objects.filter(case_id=case.pk, code=code).select_related("done_by", "office").order_by("-id").first()
    )
    if done is None or done.done_at is None:
        text = f"办件 {case.number} 没有待办的环节“{code}”;请刷新后查看"
        return CaseError("cases.no_step", text, step=code)
    who = str(done.done_by) if done.done_by else "系统"
    when = timezone.localtime(done.done_at)
    text = f"“{done.name}”已由{done.office.name}{who}于 {when:%Y-%m-%d %H:%M} 办结,请刷新后查看"
    return CaseError(
        "cases.already_done", text, step=code, by=who, by_id=done.done_by_id, at=done.done_at, outcome=done.outcome
    )


def text_of(value: str, field: str, label: str, *, most: int = 500) -> str:
    """Return a text that must be given, or refuse it."""
    found = value.strip()
    if not found:
        raise CaseError("cases.missing", f"请填写{label}", field=field)
    if len(found) > most:
        raise CaseError("cases.too_long", f"{label}最多 {most} 字,现为 {len(found)} 字", field=field)
    return found


_COLUMNS = tuple(field.attname for field in Case._meta.concrete_fields)
_RELATED = tuple((field.name, field.attname) for field in Case._meta.concrete_fields if field.is_relation)


def _show(held: Case, written: Case) -> None:
    """Let the caller's object show what was written (and what it had fetched beside it no more, where that changed)."""
    shown, fresh = held.__dict__, written.__dict__
    for name, attname in _RELATED:
        if shown.get(attname) != fresh[attname]:
            held._state.fields_cache.pop(name, None)
    for attname in _COLUMNS:
        shown[attname] = fresh[attname]
    held.query_password = written.query_password


def _alarm(case: Case, account: policy.Account | None, error: RuleUnknown) -> None:
    details = {key: str(value)[:300] for key, value in error.details.items()}
    audit(
        account,
        AuditEvent.Event.REFUSED,
        f"case:{case.number}",
        result=AuditEvent.Result.FAILED,
        code=error.code,
        **details,
    )
