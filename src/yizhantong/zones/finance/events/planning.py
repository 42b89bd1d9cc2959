"""The timetable of an event: computed, published, and mended when somebody does not come.

Before publication a new plan replaces the old one. Afterwards people rely on what they were told: a plan made again keeps
every meeting it can (:mod:`timetable`), and only those whose day changes are told. A told meeting that is given up stays on
record as cancelled.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import clock
from yizhantong.zones.finance import access
from yizhantong.zones.finance.errors import FinanceError
from yizhantong.zones.finance.events import notices, timetable
from yizhantong.zones.finance.events.actions import check_party, locked
from yizhantong.zones.finance.models import Invitation, MatchEvent, PlanRun, Talk, Wish

State = MatchEvent.State
SECONDS = 8.0
"""How long the solver may take; an event of 60 × 15 needs less than one."""


def standing(event: MatchEvent) -> QuerySet[Talk]:
    """Return the meetings of an event that are not cancelled, with their parties."""
    talks = Talk.objects.filter(event=event).exclude(state=Talk.State.CANCELLED)
    return talks.select_related("enterprise__organisation", "bank__organisation").order_by("slot", "table")


@transaction.atomic
def plan(event: MatchEvent, *, account: Account | None, seconds: float = SECONDS) -> PlanRun:
    """Compute the timetable of those who accepted; the numbers of the run are kept. Not after publication."""
    access.check_manages(account)
    found = locked(event, State.INVITING, State.PLANNED)
    accepted = _accepted(found)
    if {one.side for one in accepted} != set(Invitation.Side.values):
        raise FinanceError("finance.event_empty", "至少要有一家企业和一家银行回复参加,才能编排")
    run, made = _computed(found, accepted, (), account, "", seconds)
    found.talks.all().delete()
    _write(found, made)
    found.state = State.PLANNED
    _keep(found, run)
    return run


@transaction.atomic
def publish(event: MatchEvent, *, account: Account | None) -> MatchEvent:
    """Make the timetable binding, and tell every participant its own meetings."""
    access.check_manages(account)
    found = locked(event, State.PLANNED)
    found.state, found.published_at = State.PUBLISHED, clock.now()
    found.save(update_fields=["state", "published_at"])
    talks = list(standing(found))
    for invitation in _accepted(found):
        notices.timetable(invitation, of_party(talks, invitation))
    return found


@transaction.atomic
def leave(invitation: Invitation, reason: str, *, account: Account | None, seconds: float = SECONDS) -> PlanRun:
    """A participant does not come after all: its meetings end, the others' stay, free places are given out anew."""
    check_party(invitation, account)
    event = locked(invitation.event, State.PUBLISHED)
    found = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if found.state != Invitation.State.ACCEPTED or found.arrived_at is not None:
        raise FinanceError("finance.event_not_coming", "该单位没有待参加的洽谈,不能退出")
    if not reason.strip():
        raise FinanceError("finance.event_reason", "请写明退出的原因", field="reason")
    found.state, found.reason = Invitation.State.LEFT, reason.strip()[:200]
    found.save(update_fields=["state", "reason"])
    return _again(event, f"{found.organisation.name}退出", account, seconds)


@transaction.atomic
def reschedule(
    invitation: Invitation, free: Iterable[int], *, account: Account | None, seconds: float = SECONDS
) -> PlanRun:
    """A participant can come in other slots than it said: its meetings move where they must, the others' stay if they can."""
    access.check_manages(account)
    event = locked(invitation.event, State.PUBLISHED)
    found = Invitation.objects.select_for_update().get(pk=invitation.pk)
    slots = sorted(set(free))
    if found.state != Invitation.State.ACCEPTED:
        raise FinanceError("finance.event_not_coming", "该单位不参加本次对接会")
    if not slots or not set(slots) <= set(range(event.slots)):
        raise FinanceError("finance.event_slots", "请至少选择一个可以参加的场次", field="free")
    found.free = slots
    found.save(update_fields=["free"])
    return _again(event, f"{found.organisation.name}调整可参加场次", account, seconds)


def _again(event: MatchEvent, reason: str, account: Account | None, seconds: float) -> PlanRun:
    """Plan again from what was told; cancel what cannot stay, add what is new, tell whoever is concerned."""
    told = {_place(talk): talk for talk in standing(event)}
    held = [talk for talk in told.values() if talk.state != Talk.State.PLANNED]
    accepted = _accepted(event)
    run, made = _computed(event, accepted, told.values(), account, reason, seconds, fixed=held)
    kept = {_place(talk) for talk in made}
    gone = [talk for place, talk in told.items() if place not in kept]
    Talk.objects.filter(pk__in=[talk.pk for talk in gone]).update(state=Talk.State.CANCELLED, note=reason[:300])
    fresh = [talk for talk in made if _place(talk) not in told]
    _write(event, fresh)
    _keep(event, run)
    touched = {pk for talk in (*gone, *fresh) for pk in (talk.enterprise_id, talk.bank_id)}
    talks = list(standing(event))
    for invitation in accepted:
        if invitation.pk in touched:
            notices.timetable(invitation, of_party(talks, invitation), changed=True)
    return run


def _place(talk: Talk) -> tuple[int, int, int, int]:
    return talk.slot, talk.table, talk.enterprise_id, talk.bank_id


def _accepted(event: MatchEvent) -> list[Invitation]:
    found = event.invitations.filter(state=Invitation.State.ACCEPTED).select_related("organisation", "event")
    return list(found.order_by("pk"))


def _computed(
    event: MatchEvent, accepted: list[Invitation], told: Iterable[Talk], account: Account | None, reason: str,
    seconds: float, fixed: Iterable[Talk] = (),
) -> tuple[PlanRun, list[Talk]]:  # fmt: skip
    """Return the run (not saved) and its meetings (not saved)."""
    by_code = {_code(one.pk): one for one in accepted}
    parties = _parties(event, accepted)
    start = time.monotonic()
    made = timetable.plan(
        parties[Invitation.Side.ENTERPRISE], parties[Invitation.Side.BANK], slots=event.slots, tables=event.tables,
        held=[_meeting(talk) for talk in told], fixed=[m for m in map(_meeting, fixed) if {*m.pair} <= set(by_code)],
        seconds=seconds,
    )  # fmt: skip
    run = PlanRun(
        event=event, at=clock.now(), by=access.user_of(account), reason=reason[:200], talks=len(made.meetings),
        score=made.score, bound=made.bound, covered=made.covered, coverable=made.coverable, proved=made.proved,
        kept=made.kept, moved=made.moved, dropped=made.dropped, milliseconds=round(1000 * (time.monotonic() - start)),
    )  # fmt: skip
    talks = [
        Talk(event=event, slot=m.slot, table=m.table, enterprise=by_code[m.enterprise], bank=by_code[m.bank])
        for m in made.meetings
    ]
    return run, talks


def _parties(event: MatchEvent, accepted: list[Invitation]) -> dict[str, list[timetable.Party]]:
    coming = {one.pk for one in accepted}
    wishes: dict[int, list[str]] = {}
    for owner, target in (
        Wish.objects.filter(invitation__in=coming, target__in=coming)
        .values_list("invitation_id", "target_id")
        .order_by("invitation_id", "rank")
    ):
        wishes.setdefault(owner, []).append(_code(target))
    found: dict[str, list[timetable.Party]] = {side: [] for side in Invitation.Side.values}
    for one in accepted:
        most = min(one.most or event.most, event.most) if one.side == Invitation.Side.ENTERPRISE else one.most
        free = None if one.free is None else frozenset(slot for slot in one.free if slot < event.slots)
        found[one.side].append(timetable.Party(_code(one.pk), tuple(wishes.get(one.pk, ())), free, one.seats, most))
    return found


def _code(pk: int) -> str:
    """Return an invitation's code for the planner: in the order of the invitations."""
    return f"{pk:012d}"


def _meeting(talk: Talk) -> timetable.Meeting:
    return timetable.Meeting(talk.slot, talk.table, _code(talk.bank_id), _code(talk.enterprise_id))


def of_party(talks: Iterable[Talk], invitation: Invitation) -> list[Talk]:
    """Return the meetings of one participant, in order of time."""
    return [talk for talk in talks if invitation.pk in (talk.enterprise_id, talk.bank_id)]


def _write(event: MatchEvent, talks: Iterable[Talk]) -> None:
    Talk.objects.bulk_create(talks, batch_size=200)


def _keep(event: MatchEvent, run: PlanRun) -> None:
    run.save()
    event.score, event.bound, event.proved, event.planned_at = run.score, run.bound, run.proved, run.at
    event.save(update_fields=["state", "score", "bound", "proved", "planned_at"])
