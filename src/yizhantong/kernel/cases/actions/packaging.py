"""Packages (一件事): one case is handled as several, its parts, each with its own law, clock, office and ending.

    parent accepted → fork → parts … each ends on its own → finish_children_step, or conclude_parent

Which parts there are, in what order, and what it means that one was refused is for the zone of the package to say, by the hooks
``on_accepted``, ``on_child_accepted`` and ``on_child_closed`` of the parent. The kernel keeps that a parent does not end before
its parts, that what a part has ended in stands whatever becomes of the others, and that whoever takes the parent back takes
back what is still open of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from yizhantong.kernel.access import policy
from yizhantong.kernel.cases import checks, materials, numbers, rules, store
from yizhantong.kernel.cases import parts as siblings
from yizhantong.kernel.cases.actions.accepting import ask_intake, begin_handling
from yizhantong.kernel.cases.actions.ending import conclude
from yizhantong.kernel.cases.actions.stepping import finish
from yizhantong.kernel.cases.engine import Change, Event, State, change, held, refusing, write_together
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.leaving import leaving
from yizhantong.kernel.cases.models import Case, CaseMaterial, CaseStep
from yizhantong.kernel.cases.pinned import pinned
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.items.sealed import seal_data

Outcome = Case.Outcome
MOST_PARTS = 24


@dataclass(frozen=True, slots=True)
class Part:
    """What a case is to be handled as, among others: an item, with what the asker gave for it.

    ``version`` is the version of the item that it is held to (None: the one in force), which also says the item where ``item`` is None;
    ``data`` is its form in clear,
    ``materials`` as for :func:`~yizhantong.kernel.cases.actions.file`, ``office`` who answers for it (None: the item's agency),
    ``key`` its name within the package, kept as ``details["part"]`` with the zone's own ``details``. ``accepted``: it is accepted
    with the package (一次受理) and its clock starts now; otherwise its office takes it in first, where the item has an intake.
    """

    item: Item | None
    key: str
    data: Mapping[str, Any] = field(default_factory=dict)
    version: int | None = None
    materials: Sequence[Mapping[str, Any]] = ()
    office: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    accepted: bool = False


def fork(parent: Case, parts: Sequence[Part], *, account: policy.Account | None, source: str = "") -> list[Case]:
    """Make and submit parts of an accepted case, all or none, in few statements; return them in the order given.

    A part has the applicant, division, channel and filing account of its parent, and the query password where the parent's is
    still known. Its number, version, law, clock, office and flow are its own. The asker is told of the parent only.
    May be called again while the parent is open (parts that come after others); the same ``key`` twice is refused.

    Raises :class:`CaseError`: ``cases.not_a_package``, ``cases.wrong_state``, ``cases.part_key``, ``cases.part_item``, and what
    submitting a case raises, with ``details["part"]``.
    """
    kept = held(parent)
    with refusing(parent, account), transaction.atomic(savepoint=kept is None), leaving():
        whole = store.locked(parent.pk) if kept is None else parent
        rules.check(account, "fork", whole)
        _refuse_parts(whole, parts)
        source = source or f"case:{whole.number}"
        works = [_part(whole, part, account, source, parent.query_password) for part in parts]
        if kept is not None and kept.parts is not None:
            kept.parts += [work.case for work in works]
        write_together(works)
    return [work.case for work in works]


def _refuse_parts(parent: Case, parts: Sequence[Part]) -> None:
    if pinned(parent.version_id).kind != Item.Kind.PACKAGE:
        raise CaseError("cases.not_a_package", f"办件 {parent.number} 的事项不是一件事套餐,不能分办")
    taken = (earlier.details.get("part", "") for earlier in siblings.of(parent))
    keys = Counter([*taken, *(part.key for part in parts)])
    twice = sorted(key for key, count in keys.items() if count > 1)
    if twice or "" in keys:
        raise CaseError("cases.part_key", f"分办的代码不能为空或重复:{'、'.join(twice) or '空'}", keys=twice)
    if not parts or len(keys) > MOST_PARTS:
        raise CaseError("cases.part_key", f"一件事可分办 1 至 {MOST_PARTS} 件,请核对", most=MOST_PARTS)
    unpublished = [part.item.name if part.item else part.key for part in parts if _version_of(part) is None]
    versions = [pinned(version) for part in parts if (version := _version_of(part)) is not None]
    nested = [version.name for version in versions if version.kind == Item.Kind.PACKAGE]
    if nested or unpublished:
        why = "套餐不能再含套餐" if nested else "尚未发布或已停用"
        raise CaseError("cases.part_item", f"不能分办“{'、'.join(nested or unpublished)}”:{why}")


def _version_of(part: Part) -> int | None:
    return part.version or (part.item.current_id if part.item is not None else None)


def _part(parent: Case, part: Part, account: policy.Account | None, source: str, password: str) -> Change:
    """Return the change that makes a part; nothing is written yet."""
    version = pinned(_version_of(part) or 0)
    if part.item is not None and version.item != part.item.pk:
        raise CaseError("cases.part_item", f"版本 {part.version} 不是“{part.item.name}”的版本", part=part.key)
    now = clock.now()
    case = store.blank(
        Case, number=numbers.draw(clock.today()), item_id=version.item, version_id=version.version, zone=version.zone,
        parent_id=parent.pk, title=version.name, organisation_id=parent.organisation_id, person_id=parent.person_id,
        channel=parent.channel, division_id=parent.division_id, filed_by_id=parent.filed_by_id, created_at=now,
        details={**part.details, "part": part.key},
    )  # fmt: skip
    case._state.fields_cache["parent"] = parent
    work = Change(case, account, source, new=True)
    try:
        _submit(work, part, password)
    except CaseError as error:
        error.details.setdefault("part", part.key)
        raise
    return work


def _submit(work: Change, part: Part, password: str) -> None:
    case, version = work.case, work.version
    clean = checks.form(version, part.data, work.account)
    given = [materials.row(work, **entry) for entry in part.materials]
    checks.materials(version, clean, given)
    for each in work.hooks:
        each.check_submit(case, clean)
    modes = {row.mode for row in given}
    work.set(
        data=seal_data(version.ready, clean), state=State.SUBMITTED, submitted_at=work.now,
        office_id=part.office or version.agency, office_since=work.now,
        query_digest=numbers.digest_of(case.number, password) if password else "",
        deferred=CaseMaterial.Mode.DEFERRED in modes, committed=CaseMaterial.Mode.COMMITTED in modes,
    )  # fmt: skip
    case.query_password = password
    for row in given:
        work.add(row)
    work.event(Event.SUBMITTED)
    work.hooked("on_submitted", case)
    if part.accepted or not version.options.intake:
        begin_handling(work, accepted_at=work.now, event=Event.ACCEPTED, quiet=True)
    else:
        ask_intake(work)


# --- the parent's ending ---------------------------------------------------------------------------------------------


def finish_children_step(parent: Case, step: str, outcome: str = "pass", opinion: str = "", *,
                         account: policy.Account | None = None, details: Mapping[str, Any] | None = None,
                         source: str = "") -> Case:  # fmt: skip
    """Complete the open step that waits for the parts; the parent's flow goes on.

    Where the flow ends with it, so does the parent, as :func:`ending_of` says. Refused (``cases.parts_open``) while a part is
    open; ``cases.own_step`` for a step of another kind. Called from a hook of the parent, it is a part of the change that the
    hook follows: what refuses one refuses both.
    """
    with change(parent, "join", account, source, step=step, finishing=(outcome[:24], opinion), goes_on=True) as work:
        _refuse_kind(work.step)
        siblings.refuse_open(work)
        finish(work, work.step, outcome, opinion, dict(details or {}))
    return parent


def conclude_parent(parent: Case, *, outcome: str, reason: str, law: str = "", account: policy.Account | None = None,
                    source: str = "") -> Case:  # fmt: skip
    """End the parent with what the zone says: ``granted``, ``refused`` (with its law) or ``partial``, each with the reason.

    Its step that waits for the parts is done by it; others that are open end with the case. Refused (``cases.parts_open``) while
    a part is open.
    """
    if outcome not in (Outcome.GRANTED, Outcome.REFUSED, Outcome.PARTIAL):
        raise CaseError("cases.outcome", f"“{outcome}”不是套餐的结果,可用:granted、refused、partial", field="outcome")
    with change(parent, "join", account, source, goes_on=True) as work:
        siblings.refuse_open(work)
        step = store.finish_open(
            work.case, siblings.STEP, outcome=str(outcome), opinion=reason[:1000], by=work.by, at=work.now, kind=True
        )
        if step is not None:
            work.event(Event.STEP, step=step.code, outcome=str(outcome), office=step.office_id)
        conclude(work, {"outcome": Outcome(outcome), "reason": reason, "law": law})
    return parent


def _refuse_kind(step: CaseStep) -> None:
    if step.kind != siblings.STEP:
        raise CaseError("cases.own_step", f"“{step.name}”不是等待各事项办结的环节,请用相应的操作", step=step.code)
