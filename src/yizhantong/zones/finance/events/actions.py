"""What changes in a matching event before its timetable: opened, invited, answered, called off.

``account`` is who does it (None: the platform). Every change locks the event's row, so that a timetable is never computed
from answers that change under it. All raise :class:`FinanceError` or ``Refused`` and then leave nothing behind.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.finance import access
from yizhantong.zones.finance.errors import FinanceError
from yizhantong.zones.finance.events import notices
from yizhantong.zones.finance.models import Invitation, Listing, MatchEvent, Wish

State = MatchEvent.State
OPEN = (State.DRAFT, State.INVITING, State.PLANNED)
MOST_WISHES = 10
MOST_TABLES = 200


@dataclass(frozen=True, slots=True)
class Given:
    """What an event is: day and time, ``slots`` of ``minutes`` with ``pause`` between, rooms as (name, tables)."""

    title: str
    place: str
    day: dt.date
    begins: dt.time
    minutes: int
    pause: int
    slots: int
    rooms: tuple[tuple[str, int], ...]
    most: int
    answer_until: dt.date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """How a participant answers: wishes are invitations of the other side, best first; ``free`` None: every slot."""

    wishes: tuple[int, ...] = ()
    free: frozenset[int] | None = None
    seats: int = 1
    most: int | None = None
    listing: int | None = None
    who: str = ""


@transaction.atomic
def create(given: Given, *, account: Account | None) -> MatchEvent:
    """Open an event as a draft."""
    access.check_manages(account)
    _check(given)
    user = access.user_of(account)
    return MatchEvent.objects.create(
        **_columns(given), host=user.agency if user else None, created_at=clock.now(), created_by=user
    )


@transaction.atomic
def change(event: MatchEvent, given: Given, *, account: Account | None) -> MatchEvent:
    """Change what an event is, as long as nobody was told a timetable; a computed one is given up."""
    access.check_manages(account)
    found = locked(event, *OPEN)
    _check(given)
    for name, value in _columns(given).items():
        setattr(found, name, value)
    if found.state == State.PLANNED:
        found.state = State.INVITING
        found.talks.all().delete()
    for invitation in found.invitations.exclude(free=None):
        invitation.free = sorted(slot for slot in invitation.free or () if slot < found.slots)
        invitation.save(update_fields=["free"])
    found.save()
    return found


def _check(given: Given) -> None:
    tables = sum(count for _name, count in given.rooms)
    names = [name for name, _count in given.rooms]
    day_end = dt.datetime.combine(given.day, given.begins) + dt.timedelta(
        minutes=given.slots * (given.minutes + given.pause)
    )
    wrong = (
        (given.day < clock.today(), "day", "日期已过,请选择今天或以后的日期"),
        (given.answer_until > given.day, "answer_until", "回执截止日应不晚于对接会当天"),
        (not 1 <= given.slots <= 60, "slots", "场次数应为 1 至 60"),
        (not 5 <= given.minutes <= 240, "minutes", "每场应为 5 至 240 分钟"),
        (day_end.date() != given.day, "slots", "全部场次应在当天结束,请减少场次或提早开始"),
        (not 1 <= tables <= MOST_TABLES or min(count for _n, count in given.rooms) < 1, "rooms", f"洽谈桌应为 1 至 {MOST_TABLES} 张,每个会场至少一张"),
        (len(set(names)) != len(names), "rooms", "会场名称不能重复"),
        (given.most < 1, "most", "每家企业至少安排一场"),
    )  # fmt: skip
    for bad, field, text in wrong:
        if bad:
            raise FinanceError("finance.event_invalid", text, field=field)


def _columns(given: Given) -> dict[str, object]:
    names = ("title", "place", "day", "begins", "minutes", "pause", "slots", "most", "answer_until", "note")
    rooms = [{"name": name, "tables": count} for name, count in given.rooms]
    return {name: getattr(given, name) for name in names} | {"rooms": rooms}


@transaction.atomic
def invite(event: MatchEvent, organisations: Iterable[Organisation], *, account: Account | None) -> list[Invitation]:
    """Invite enterprises and banks that are not invited yet, and tell them."""
    access.check_manages(account)
    found = locked(event, *OPEN)
    known = set(found.invitations.values_list("organisation_id", flat=True))
    made = []
    for organisation in organisations:
        if organisation.kind not in Invitation.Side.values:
            raise FinanceError("finance.event_party", f"{organisation.name}既不是企业也不是银行,不能邀请")
        if organisation.pk in known:
            continue
        known.add(organisation.pk)
        made.append(
            Invitation.objects.create(
                event=found, organisation=organisation, side=organisation.kind, invited_at=clock.now()
            )
        )
    if made and found.state == State.DRAFT:
        found.state = State.INVITING
        found.save(update_fields=["state"])
    for invitation in made:
        notices.invited(invitation)
    return made


@transaction.atomic
def answer(invitation: Invitation, reply: Reply | None, *, reason: str = "", account: Account | None) -> Invitation:
    """Accept with wishes and times (again, to change them), or decline (``reply`` None) with a reason.

    The participant answers itself until the day named; the office may answer for it until the timetable is published.
    """
    check_party(invitation, account)
    event = locked(invitation.event, *OPEN)
    if not access.manages(account) and clock.today() > event.answer_until:
        text = f"回执已于 {event.answer_until} 截止,请联系主办单位"
        raise FinanceError("finance.event_answers_closed", text)
    found = Invitation.objects.select_for_update().get(pk=invitation.pk)
    found.answered_at, found.answered_by = clock.now(), access.user_of(account)
    found.wishes.all().delete()
    if reply is None:
        found.state, found.reason, found.free, found.listing = (
            Invitation.State.DECLINED,
            reason.strip()[:200],
            None,
            None,
        )
        found.save()
        return found
    targets = _targets(found, reply.wishes)
    found.state, found.reason = Invitation.State.ACCEPTED, ""
    found.free = _slots(event, reply.free)
    found.seats = _seats(found, event, reply.seats)
    found.most = reply.most if reply.most is None or reply.most > 0 else None
    found.listing = _listing(found, reply.listing)
    found.who = reply.who.strip()[:60]
    found.save()
    Wish.objects.bulk_create(Wish(invitation=found, target=t, rank=rank) for rank, t in enumerate(targets, 1))
    return found


def _targets(invitation: Invitation, wishes: Sequence[int]) -> list[Invitation]:
    if len(set(wishes)) != len(wishes):
        raise FinanceError("finance.event_wish_twice", "同一单位只能选一次,请重新选择", field="wishes")
    if len(wishes) > MOST_WISHES:
        raise FinanceError("finance.event_wishes", f"最多选 {MOST_WISHES} 个", field="wishes")
    others = Invitation.objects.filter(event_id=invitation.event_id).exclude(side=invitation.side)
    known = others.exclude(state__in=[Invitation.State.DECLINED, Invitation.State.LEFT]).in_bulk(list(wishes))
    if len(known) != len(wishes):
        raise FinanceError("finance.event_wish_unknown", "所选单位未参加本次对接会,请刷新后重新选择", field="wishes")
    return [known[pk] for pk in wishes]


def _slots(event: MatchEvent, free: frozenset[int] | None) -> list[int] | None:
    if free is None or free == frozenset(range(event.slots)):
        return None
    if not free or not free <= set(range(event.slots)):
        raise FinanceError("finance.event_slots", "请至少选择一个可以参加的场次", field="free")
    return sorted(free)


def _seats(invitation: Invitation, event: MatchEvent, seats: int) -> int:
    if invitation.side == Invitation.Side.ENTERPRISE:
        return 1
    if not 1 <= seats <= event.tables:
        raise FinanceError("finance.event_seats", f"同时洽谈桌数应为 1 至 {event.tables}", field="seats")
    return seats


def _listing(invitation: Invitation, listing: int | None) -> Listing | None:
    if listing is None or invitation.side == Invitation.Side.BANK:
        return None
    found = Listing.objects.filter(pk=listing, enterprise_id=invitation.organisation_id).first()
    if found is None or found.state not in (Listing.State.POOL, Listing.State.DEALING):
        raise FinanceError("finance.event_listing", "请选择本企业已发布、尚未结束的融资需求", field="listing")
    return found


@transaction.atomic
def call_off(event: MatchEvent, reason: str, *, account: Account | None) -> MatchEvent:
    """Call an event off, and tell all who were invited and did not decline."""
    access.check_manages(account)
    found = locked(event, *OPEN, State.PUBLISHED)
    if not reason.strip():
        raise FinanceError("finance.event_reason", "请写明取消的原因,将告知全部参会单位", field="reason")
    found.state, found.reason = State.CALLED_OFF, reason.strip()[:200]
    found.save(update_fields=["state", "reason"])
    found.talks.exclude(state="cancelled").update(state="cancelled")
    asked = found.invitations.filter(state__in=[Invitation.State.INVITED, Invitation.State.ACCEPTED])
    for invitation in asked.select_related("event", "organisation"):
        notices.called_off(invitation)
    return found


def locked(event: MatchEvent, *states: str) -> MatchEvent:
    """Return the event's row, locked; ``finance.event_state`` unless it is in one of the states."""
    found = MatchEvent.objects.select_for_update(of=("self",)).get(pk=event.pk)
    if found.state not in states:
        text = f"{found.title}现为“{found.get_state_display()}”,不能这样办理;请刷新后查看"
        raise FinanceError("finance.event_state", text, state=found.state)
    return found


def check_party(invitation: Invitation, account: Account | None) -> None:
    """Refuse whoever neither is the participant nor runs the event."""
    if access.manages(account):
        return
    if invitation.side == Invitation.Side.BANK:
        access.check_works_for(account, invitation.organisation_id)
    else:
        access.check_acts(account, invitation.organisation_id)
