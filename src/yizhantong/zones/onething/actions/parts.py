"""One submission, several cases: which parts open, follow, are lost, and how the whole ends. Asked by the hooks, inside their transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases import hooks
from yizhantong.kernel.cases.models import Case, CaseMaterial
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items.sealed import open_data
from yizhantong.zones.onething import entering, ordering
from yizhantong.zones.onething.actions import unfit
from yizhantong.zones.onething.assembling import STEP, key_of, taking_part
from yizhantong.zones.onething.errors import OnethingError
from yizhantong.zones.onething.loading import ZONE, Loaded, package
from yizhantong.zones.onething.merging import PartOf
from yizhantong.zones.onething.models import PackagePart
from yizhantong.zones.onething.spec import predecessors, within

State = PackagePart.State
STATE_OF = {
    Case.Outcome.GRANTED: State.GRANTED, Case.Outcome.ANSWERED: State.GRANTED, Case.Outcome.REFUSED: State.REFUSED,
    Case.Outcome.NOT_ACCEPTED: State.REFUSED, Case.Outcome.WITHDRAWN: State.WITHDRAWN, Case.Outcome.TERMINATED: State.FAILED,
}  # fmt: skip
"""What becomes of a part by the outcome of its case."""
_MOVED = ["state", "reason", "child", "opened_at", "ended_at"]
"""What is written of a part when its state changes."""
UNUSABLE = (CaseMaterial.State.REJECTED, CaseMaterial.State.DUE)


def required_parts(loaded: Loaded, data: Mapping[str, Any]) -> list[str]:
    """Return the parts that take part for these answers; raise ``onething.no_part`` when there is none."""
    found = taking_part(loaded.spec, loaded.ready, data)
    if not found:
        raise OnethingError("onething.no_part", "按所填情形没有需要办理的事项,请核对情形问题的答案")
    return found


def check_parts(case: Case, loaded: Loaded, data: Mapping[str, Any]) -> None:
    """Refuse a package of which a part would be refused that opens at once: what its zone asks of it is asked before anybody has work.

    Raises as :func:`required_parts`, and what the parts' own zones raise.
    """
    chosen = required_parts(loaded, data)
    order = within(predecessors(loaded.spec), chosen)
    for code in (each for each in chosen if not order[each]):
        ready = loaded.parts[code].ready
        part = Case(
            item_id=ready.item_code, version_id=ready.version_id, zone=ready.zone, title=ready.name, division_id=case.division_id,
            person_id=case.person_id, organisation_id=case.organisation_id, channel=case.channel,
        )  # fmt: skip
        for hook in hooks.of(ready.zone, ready.kind):
            hook.check_submit(part, own_data(loaded.parts[code], data))


def begin(parent: Case) -> list[Case]:
    """Write down the parts of a package's case that was accepted, and open those that wait for nobody."""
    loaded = package(parent.version_id)
    data = open_data(loaded.ready, parent.data)
    chosen = required_parts(loaded, data)
    order = within(predecessors(loaded.spec), chosen)
    rows = {
        code: PackagePart(
            case=parent, code=code, position=place, item_id=(of := loaded.parts[code]).spec.item, version_id=of.ready.version_id,
            title=of.ready.name, required=of.spec.required, after=list(order[code]),
        )
        for place, code in enumerate(chosen)
    }  # fmt: skip
    made = follow(parent, rows, loaded)
    PackagePart.objects.bulk_create(rows.values())
    return made


def follow(parent: Case, rows: Mapping[str, PackagePart], loaded: Loaded) -> list[Case]:
    """Open what can be opened now, and write off what never will be; ``rows`` say so afterwards, and are for the caller to write.

    A package that waits for a supplement opens nothing: its form may change; :func:`catch_up` follows the answer.
    """
    found = ordering.moves(_states(rows), {code: row.after for code, row in rows.items()})
    for code, because in found.lost.items():
        row, lost = rows[code], rows[because]
        label = State(lost.state).label
        row.state, row.ended_at = State.NOT_OPENED, clock.now()
        row.reason = f"前置事项“{lost.title}”{label},本事项未启动"
    if parent.state != Case.State.ACCEPTED or not found.opened:
        return []
    agencies = {loaded.parts[code].agency for code in rows}
    counted = {"package": loaded.spec.counts_as, "agencies": len(agencies)}
    return _open(parent, [rows[code] for code in found.opened], loaded, counted, rows)


def _open(
    parent: Case, rows: list[PackagePart], loaded: Loaded, details: Mapping[str, Any], every: Mapping[str, PackagePart]
) -> list[Case]:
    data = open_data(loaded.ready, parent.data)
    needed = {row.code: needs(loaded, row.code, data) for row in rows}
    given: list[CaseMaterial] = []
    if any(needed.values()):
        own, elsewhere = _materials(parent, every)
        rows, given = unfit.usable(parent, every, rows, loaded, needed, own, elsewhere)
    if not rows:
        return []
    asked = [
        cases.Part(
            item=None, version=row.version_id, key=row.code, data=own_data(loaded.parts[row.code], data),
            materials=list(own_materials(loaded, loaded.parts[row.code], data, given)), accepted=True,
            details=details,
        )
        for row in rows
    ]  # fmt: skip
    made = cases.fork(parent, asked, account=None, source=f"case:{parent.number}")
    for row, child in zip(rows, made, strict=True):
        row.state, row.child, row.opened_at, row.reason = State.OPEN, child, clock.now(), ""
    entering.accepted((child for child in made if child.zone == ZONE), f"case:{parent.number}")
    return made


def _materials(parent: Case, rows: Mapping[str, PackagePart]) -> tuple[list[CaseMaterial], list[CaseMaterial]]:
    """Return what stands of the package's own materials, and all that its parts were given; one query."""
    cases_of = [parent.pk, *(row.child_id for row in rows.values() if row.child_id is not None)]
    listed = CaseMaterial.objects.filter(case_id__in=cases_of).select_related("file").order_by("id")
    own = [each for each in listed if each.case_id == parent.pk and not each.replaced]
    return own, [each for each in listed if each.case_id != parent.pk]


def needs(loaded: Loaded, code: str, data: Mapping[str, Any]) -> dict[str, bool]:
    """Return the package's keys of the materials that a part asks for, and whether it needs them."""
    asked = loaded.parts[code].ready.asked(own_data(loaded.parts[code], data))
    return {key_of(loaded.spec, code, each.code): needed for each, needed in asked}


def own_data(part: PartOf, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a part's own form holds of the package's data: what that form shows."""
    own = {code: data[code] for code in part.ready.fields if code in data}
    visible = part.ready.visible(own)
    return {code: value for code, value in own.items() if code in visible}


def own_materials(
    loaded: Loaded, part: PartOf, data: Mapping[str, Any], given: Iterable[CaseMaterial]
) -> Iterable[dict[str, Any]]:
    """Yield how a part's materials are given, from those of the package; what a register has for one part it has for all."""
    by_key: dict[str, list[CaseMaterial]] = {}
    for row in given:
        if row.state != CaseMaterial.State.REJECTED:
            by_key.setdefault(row.code, []).append(row)
    merged = {each.code: each for each in loaded.ready.content.materials}
    for each, _needed in part.ready.asked(own_data(part, data)):
        key = key_of(loaded.spec, part.spec.code, each.code)
        rows = by_key.get(key, [])
        for row in rows:
            if row.mode == CaseMaterial.Mode.DEFERRED and each.need != "deferrable":
                continue
            if row.mode == CaseMaterial.Mode.COMMITTED and not each.commitment:
                continue
            yield {
                "code": each.code,
                "mode": row.mode,
                "file": row.file,
                "remark": row.remark,
                "trust": row.trust,
                "due_on": row.due_on,
            }
        if not rows and not each.register and merged[key].register:
            yield {"code": each.code, "mode": CaseMaterial.Mode.REGISTER, "remark": "由其他事项的共享数据提供"}


def child_closed(parent: Case, child: Case) -> None:
    """Follow the ending of a part: open what waited for it, write off what waited in vain, end the whole when all has ended."""
    rows = _rows(parent)
    row = next((each for each in rows.values() if each.child_id == child.pk), None)
    if row is None:
        return
    before = _states(rows)
    _end(row, child)
    if parent.state != Case.State.CLOSED:
        follow(parent, rows, package(parent.version_id))
    _write_changed(rows, before)
    if parent.state != Case.State.CLOSED:
        _conclude(parent, rows)


def ended_together(parent: Case, children: Iterable[Case]) -> None:
    """Follow the ending of all parts that were open of a package that was withdrawn or terminated, and write off what still waits."""
    rows, ended = _rows(parent), {child.pk: child for child in children}
    before, label = _states(rows), Case.Outcome(parent.outcome).label
    for row in rows.values():
        if row.child_id in ended:
            _end(row, ended[row.child_id])
        elif row.state == State.WAITING:
            row.state, row.reason, row.ended_at = State.NOT_OPENED, f"主办件{label},本事项未启动", clock.now()
    _write_changed(rows, before)


def _rows(parent: Case) -> dict[str, PackagePart]:
    return {row.code: row for row in PackagePart.objects.filter(case_id=parent.pk).order_by("position")}


def _end(row: PackagePart, child: Case) -> None:
    row.state, row.reason, row.ended_at = STATE_OF[Case.Outcome(child.outcome)], child.reason, child.closed_at


def _write_changed(rows: Mapping[str, PackagePart], before: Mapping[str, str]) -> None:
    """Write the rows that are in another state than before, by one statement."""
    changed = [row for code, row in rows.items() if row.state != before[code]]
    if changed:
        PackagePart.objects.bulk_create(changed, update_conflicts=True, unique_fields=["id"], update_fields=_MOVED)


def child_reopened(child: Case) -> None:
    """Follow the reopening of a part after a dispute: it is on its way again, and so are those that were lost by it."""
    row = PackagePart.objects.filter(child_id=child.pk).select_related("case").first()
    if row is None:
        return
    row.state, row.reason, row.ended_at = State.OPEN, "", None
    row.save(update_fields=["state", "reason", "ended_at"])
    if row.case.state == Case.State.CLOSED:
        return
    again, rows = {row.code}, list(PackagePart.objects.filter(case_id=row.case_id).order_by("position"))
    changed = True
    while changed:
        found = {each.code for each in rows if each.state == State.NOT_OPENED and again.intersection(each.after)}
        changed = not found <= again
        again |= found
    waiting = PackagePart.objects.filter(case_id=row.case_id, state=State.NOT_OPENED, code__in=again)
    waiting.update(state=State.WAITING, reason="", ended_at=None)


@transaction.atomic
def catch_up(parent_id: int) -> bool:
    """Do what a package could not while it waited for a supplement: open parts, end the whole; tell whether there was anything."""
    parent = Case.objects.select_for_update(of=("self",)).get(pk=parent_id)
    rows = {row.code: row for row in PackagePart.objects.filter(case_id=parent_id).order_by("position")}
    if parent.state != Case.State.ACCEPTED or not rows:
        return False
    before = _states(rows)
    opened = follow(parent, rows, package(parent.version_id))
    _write_changed(rows, before)
    return _conclude(parent, rows) or bool(opened)


def behind() -> list[int]:
    """Return the packages for which :func:`catch_up` has something to do, by their cases' keys."""
    states: dict[int, dict[str, str]] = {}
    order: dict[int, dict[str, list[str]]] = {}
    rows = PackagePart.objects.filter(case__state=Case.State.ACCEPTED).order_by("case_id", "position")
    for key, code, state, after in rows.values_list("case_id", "code", "state", "after"):
        states.setdefault(key, {})[code] = state
        order.setdefault(key, {})[code] = after
    return [
        key for key, now in states.items() if ordering.ended(now) or ordering.moves(now, order[key]).opened
    ]  # fmt: skip


def _conclude(parent: Case, rows: Mapping[str, PackagePart]) -> bool:
    states = _states(rows)
    if parent.state != Case.State.ACCEPTED or not ordering.ended(states):
        return False
    how = ordering.outcome(states, {code: row.required for code, row in rows.items()})
    refused = [row for row in rows.values() if row.state == State.REFUSED and row.child is not None]
    law = next((row.child.law for row in refused if row.child is not None and row.child.law), "")
    if how == "refused" and not law:
        cases.finish_children_step(parent, STEP, "pass", told(rows.values()))
    else:
        cases.conclude_parent(parent, outcome=how, reason=told(rows.values()), law=law if how == "refused" else "")
    return True


def told(rows: Iterable[PackagePart]) -> str:
    """Return the sum of a package in words: what was done, what was not and why; at most 500 characters."""
    listed = list(rows)
    done = [row.title for row in listed if row.state == State.GRANTED]
    undone = [
        f"{row.title}{State(row.state).label}" + (f"({row.reason.rstrip('。')})" if row.reason else "")
        for row in listed if row.state != State.GRANTED
    ]  # fmt: skip
    said = [f"已办成 {len(done)} 项:{'、'.join(done)}"] if done else []
    said += [f"未办成 {len(undone)} 项:{';'.join(undone)}"] if undone else []
    return "。".join(said)[:500]


def _states(rows: Mapping[str, PackagePart]) -> dict[str, str]:
    return {code: row.state for code, row in rows.items()}


def refuse_changed(parent: Case, data: Mapping[str, Any]) -> None:
    """Refuse a change of shared data that some part has accepted already: that part must be supplemented itself.

    ``data`` is the new form in clear. What only parts that still wait will ask for may change; they open with the new data.
    Raises ``onething.shared_field`` with the fields and the parts in ``details``.
    """
    loaded = package(parent.version_id)
    before = open_data(loaded.ready, parent.data)
    changed = {code for code in {*before, *data} if before.get(code) != data.get(code)}
    if not changed:
        return
    rows = list(PackagePart.objects.filter(case_id=parent.pk))
    opened = [row for row in rows if row.child_id is not None]
    used = {row.title: changed & loaded.parts[row.code].ready.fields.keys() for row in opened}
    used = {title: codes for title, codes in used.items() if codes}
    if used:
        codes = sorted(set().union(*used.values()))
        names = "、".join(loaded.ready.fields[code][1].name for code in codes)
        text = f"“{names}”已被{'、'.join(used)}受理,不能在主办件里更改;请向该事项的办理单位申请补正"
        raise OnethingError("onething.shared_field", text, field=codes[0], fields=codes, parts=list(used))
    if rows and set(taking_part(loaded.spec, loaded.ready, data)) != {row.code for row in rows}:
        raise OnethingError(
            "onething.situation_fixed", "受理后不能再改变情形(会增减要办的事项);需要改变请撤回后重新申请"
        )
