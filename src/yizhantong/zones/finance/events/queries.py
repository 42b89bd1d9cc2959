"""What is read of matching events, and by whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.cases.people import mandated
from yizhantong.kernel.divisions import calendar
from yizhantong.web.calendars import Event as Entry
from yizhantong.zones.finance import access
from yizhantong.zones.finance.events.planning import of_party, standing
from yizhantong.zones.finance.models import Invitation, MatchEvent, Talk, Wish


def mine(account: Account) -> list[str]:
    """Return the organisations whose invitations are the account's: its bank, or the enterprises for which it acts."""
    bank = access.bank_of(account)
    return [*mandated(account, access.ZONE), *([bank.pk] if bank is not None else [])]


def visible(account: Account) -> QuerySet[MatchEvent]:
    """Return the events that an account may see.

    * the finance office: all;
    * banks and enterprises: those to which they are invited, once they are (a draft invites nobody);
    * everyone else: none.
    """
    if access.manages(account):
        return MatchEvent.objects.all()
    asked = Invitation.objects.filter(event=OuterRef("pk"), organisation__in=mine(account))
    return MatchEvent.objects.filter(Exists(asked))


def counted(events: QuerySet[MatchEvent]) -> QuerySet[MatchEvent]:
    """Add to events how many enterprises and banks come, and how many meetings stand."""
    accepted = Q(invitations__state=Invitation.State.ACCEPTED)
    return events.annotate(
        firms=Count("invitations", accepted & Q(invitations__side="enterprise"), distinct=True),
        banks=Count("invitations", accepted & Q(invitations__side="bank"), distinct=True),
        meetings=Count("talks", ~Q(talks__state=Talk.State.CANCELLED), distinct=True),
    )


def invitations(event: MatchEvent, account: Account) -> QuerySet[Invitation]:
    """Return the invitations of an event that an account may see whole: the office all, others their own."""
    found = event.invitations.select_related("organisation", "listing__case", "event").prefetch_related(
        Prefetch("wishes", Wish.objects.select_related("target__organisation"))
    )
    return found if access.manages(account) else found.filter(organisation__in=mine(account))


def partners(invitation: Invitation) -> QuerySet[Invitation]:
    """Return whom a participant may wish to meet: the other side's, unless they declined.

    Banks see enterprises only after these accepted, which is their consent to be seen by the banks of the event.
    """
    others = Invitation.objects.filter(event_id=invitation.event_id).exclude(side=invitation.side)
    others = others.select_related("organisation__industry", "organisation__division", "listing")
    if invitation.side == Invitation.Side.BANK:
        return others.filter(state=Invitation.State.ACCEPTED).order_by("organisation__name")
    states = (Invitation.State.INVITED, Invitation.State.ACCEPTED)
    return others.filter(state__in=states).order_by("organisation__name")


def talks_for(event: MatchEvent, account: Account) -> list[Talk]:
    """Return the meetings that an account may see: the office all at any time, others their own once they are published."""
    talks = standing(event).select_related(
        "enterprise__organisation", "bank__organisation", "enterprise__listing__case", "engagement"
    )
    if access.manages(account):
        return list(talks)
    if event.state not in (MatchEvent.State.PUBLISHED, MatchEvent.State.HELD):
        return []
    own = mine(account)
    return list(talks.filter(Q(enterprise__organisation__in=own) | Q(bank__organisation__in=own)))


@dataclass(frozen=True, slots=True)
class Row:
    """One slot of the board: its number and times, and one cell for each table in order (None: free)."""

    slot: int
    begins: dt.time
    ends: dt.time
    cells: list[Talk | None]


@dataclass(frozen=True, slots=True)
class Board:
    """The whole timetable: names of the tables that are used, one row for each slot."""

    tables: list[str]
    rows: list[Row]


def board(event: MatchEvent, talks: Iterable[Talk]) -> Board:
    """Return the timetable as a grid of slots and tables."""
    placed = {(talk.slot, talk.table): talk for talk in talks}
    tables = sorted({table for _slot, table in placed})
    rows = [
        Row(slot, *event.times(slot), [placed.get((slot, table)) for table in tables]) for slot in range(event.slots)
    ]
    return Board([event.table_name(table) for table in tables], rows)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The day of one participant, for printing."""

    invitation: Invitation
    talks: list[Talk]


def sheets(event: MatchEvent, talks: list[Talk], account: Account) -> list[Sheet]:
    """Return the day of every participant that comes, banks first, by name."""
    coming = [one for one in invitations(event, account) if one.state == Invitation.State.ACCEPTED]
    coming.sort(key=lambda one: (one.side, one.organisation.name))
    return [Sheet(one, of_party(talks, one)) for one in coming]


def entries(event: MatchEvent, talks: Iterable[Talk], account: Account, *, host: str) -> list[Entry]:
    """Return meetings as entries of a calendar; each keeps its name (UID) however often it is fetched."""
    own = set(mine(account))
    return [_entry(event, talk, own, host) for talk in talks]


def _entry(event: MatchEvent, talk: Talk, own: set[str], host: str) -> Entry:
    begins, ends = event.times(talk.slot)
    zone = calendar.zone()
    firm, bank = talk.enterprise.organisation, talk.bank.organisation
    title = {(True, False): bank.name, (False, True): firm.name}.get((firm.pk in own, bank.pk in own))
    return Entry(
        uid=f"talk-{talk.pk}@{host}", title=f"{event.title}:{title or f'{firm.name} × {bank.name}'}",
        start=dt.datetime.combine(event.day, begins, zone), end=dt.datetime.combine(event.day, ends, zone),
        place=f"{event.place} {event.table_name(talk.table)}", url=f"/finance/events/{event.pk}/",
    )  # fmt: skip
