"""One door for every change of a case: lock, permission, transition, writing, facts, notices, hooks; all or nothing.

Every action is a function of ``actions`` that opens a :class:`Change`::

    with change(case, "extend", account, source) as now:
        now.set(extension=amount)
        now.event(Event.EXTENDED)

On entry the case is locked (the case that it is a part of before it, so that the parts of a case follow each other) and
``rules.check`` asked; on leaving without an error the case's row is written once, then the rows beside it; then hooks and what
else was asked to follow (:meth:`Change.then`); at last what leaves the case: facts, notices, papers. The object that the caller
holds afterwards shows the case as it was written. Changes of several cases that belong together are written by the same few
statements (:func:`write_together`), and so is what leaves all the cases of a change (:mod:`~yizhantong.kernel.cases.leaving`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from yizhantong.foundation.calendar import CalendarError, Segment
from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import clockwork, hooks, rules, settings, store
from yizhantong.kernel.cases.errors import CaseError, RuleUnknown
from yizhantong.kernel.cases.leaving import current, leaving
from yizhantong.kernel.cases.models import Case, CaseEvent, CaseStep, Transfer
from yizhantong.kernel.cases.pinned import Pinned, pinned
from yizhantong.kernel.cases.telling import Told
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger.actions import appended
from yizhantong.kernel.ledger.audit import audit
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.kernel.ledger.statements import Together

Event = CaseEvent.Event
State = Case.State


@dataclass(slots=True)
class Held:
    """A case that a running change holds locked, with what has been read of it meanwhile: its parts, its clock (with their cases)."""

    case: Case
    parts: list[Case] | None = None
    segments: list[Segment] | None = None


_HELD: ContextVar[tuple[Held, ...]] = ContextVar("held", default=())


@contextmanager
def holding(kept: Held) -> Iterator[None]:
    """Have a case held, as it was just written, for the length of the block."""
    token = _HELD.set((*_HELD.get(), kept))
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
        self.held = held(case) or Held(case)
        self.parent: Held | None = None
        self._values: dict[str, Any] = {}
        self._opened: list[CaseStep] = []
        self._beside: list[models.Model] = []
        self._events: list[dict[str, Any]] = []
        self._then: list[Callable[[], object]] = []
        self._told: list[Told] = []
        self._papers: list[str] = []

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
        return hooks.concerned(self.case, self.version.kind)

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

    def forget_opened(self) -> None:
        """Open nothing of what was to be opened so far: the case ends."""
        self._opened.clear()

    def add(self, row: models.Model) -> None:
        """Add a row that belongs to the case (it has a ``case``); it is written when the change ends."""
        self._beside.append(row)

    def event(self, event: str, *, step: str = "", outcome: str = "", office: str | None = None, **more: Any) -> None:
        """Record a fact of what happens, as the case stands when the change ends."""
        self._events.append({"event": str(event), "step": step, "outcome": outcome, "office_id": office, **more})

    def tell(self, title: str, body: str, *, needed: bool = False) -> None:
        """Tell those who ask, when the outermost change ends; ``needed`` when they have to do something."""
        self._told.append(Told(title, body, needed))

    def paper(self, paper: str) -> None:
        """Have a paper issued by a job, where the item's kind has papers (see :mod:`~yizhantong.kernel.cases.papers`)."""
        if self.version.kind in settings.of("papers")["kinds"]:
            self._papers.append(paper)

    def then(self, work: Callable[[], object]) -> None:
        """Do ``work`` after the case and the rows beside it are written, still within the transaction."""
        self._then.append(work)

    @property
    def rows(self) -> list[models.Model]:
        """Return the rows beside the case that are to be written."""
        return [*self._opened, *self._beside]

    def say(self) -> None:
        """Hand over what leaves the case as it stands now: facts, notices, papers."""
        said, case = current(), self.case
        said.facts += appended([self._fact(each) for each in self._events], recorded_by=self.by, source=self.source)
        said.told += [(case, told) for told in self._told]
        said.papers += [(case, paper) for paper in self._papers]

    def write(self) -> None:
        """Write everything, in the order: case, rows beside it, what follows, what leaves the case."""
        write_together([self])

    @property
    def values(self) -> dict[str, Any]:
        """Return the columns of the case that are to be written."""
        return self._values

    def hooked(self, what: str, *given: object) -> None:
        """Have the hooks that have something to say of it follow: ``what`` is the name of one of their methods, ``given`` is for it."""
        for each in self.hooks:
            if hooks.speaks(each, what):
                self.then(partial(getattr(each, what), *given))

    @property
    def follows(self) -> bool:
        """Tell whether something was asked to follow."""
        return bool(self._then)

    def follow(self) -> None:
        """Do what was asked to follow, and what that asks for in turn."""
        with holding(self.held):
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
    together = current().together
    store.insert_all([work.case for work in works if work.new])
    _write_cases([work for work in works if not work.new], together)
    beside: dict[type[models.Model], list[models.Model]] = {}
    for work in works:
        for row in work.rows:
            row.__dict__["case_id"] = work.case.pk
            beside.setdefault(type(row), []).append(row)
    if beside and any(work.case.state == State.CLOSED for work in works):
        together.run()  # the database ends all steps that are open when a case is closed
    for rows in beside.values():
        store.put_all(together, rows)
    for work in works:
        work.say()
    if any(work.follows for work in works):
        together.run()
        for work in works:
            work.follow()


def _write_cases(works: Sequence[Change], together: Together) -> None:
    if len(works) > 1 and all(work.values == works[0].values for work in works):
        Case.objects.filter(pk__in=[work.case.pk for work in works]).update(**works[0].values)
        return
    for work in works:
        if work.values:
            store.put_update(together, work.case, work.values)


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
    with refusing(case, account), transaction.atomic(savepoint=not inner), leaving():
        work = Change(case if inner else store.locked(case.pk), account, source)
        found = _step_of(work, step, finishing, kind) if step or kind else None
        if (step or kind) and found is None:
            raise _without_step(work.case, operation, account, step or _last_of(work.case, kind))
        rules.check(account, operation, work.case, found, transfer)
        work.opened_step = found
        with holding(work.held):
            yield work
        work.write()
    if not inner:
        _show(case, work.case)


def tell_parent(work: Change, what: str) -> None:
    """Have the zone of the case of which this one is a part follow (``on_child_accepted``, ``on_child_closed``), after all else."""
    case, parent = work.case, work.case.parent
    if parent is None:
        return
    concerned = hooks.concerned(parent, pinned(parent.version_id).kind)
    followers = [each for each in concerned if hooks.speaks(each, what)]

    def follow() -> None:
        with holding(work.parent or Held(parent)):
            for each in followers:
                getattr(each, what)(parent, case)

    if followers:
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
    with refusing(case, account), transaction.atomic(), leaving():
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
