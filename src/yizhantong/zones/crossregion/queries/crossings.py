"""Crossings as pages and API show them, and the items of other cities that can be asked for."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from django.db.models import Count, Q, QuerySet

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.cases.models import Case
from yizhantong.zones.crossregion.access import visible
from yizhantong.zones.crossregion.models import Crossing, Direction, Incoming, Outgoing, Partner, PartnerItem
from yizhantong.zones.crossregion.protocol.machine import ENDED
from yizhantong.zones.crossregion.queries.line import line

ACTIVE = Partner.State.ACTIVE
OVER = [str(stage) for stage in ENDED]


def offers(wanted: str = "", mode: str = "") -> QuerySet[PartnerItem]:
    """Return the items of active cities that can be asked for, by city and name."""
    found = (
        PartnerItem.objects.filter(open=True, partner__state=ACTIVE)
        .select_related("partner")
        .order_by("partner__code", "name", "id")
    )
    if wanted:
        found = found.filter(
            Q(name__icontains=wanted) | Q(partner__name__icontains=wanted) | Q(agency__icontains=wanted)
        )
    return found.filter(modes__icontains=f'"{mode}"') if mode else found


def searched(rows: QuerySet[Crossing], wanted: str) -> QuerySet[Crossing]:
    """Return the crossings of a number, of ours or theirs, or of an item's name."""
    return rows.filter(
        Q(number__icontains=wanted)
        | Q(other_number__icontains=wanted)
        | Q(case__number=wanted)
        | Q(item_name__icontains=wanted)
    )


def counts(account: Account) -> dict[str, int]:
    """Return how many wait for what, in one query."""
    sent, received = Q(direction=Direction.SENT), Q(direction=Direction.RECEIVED)
    return visible(account).order_by().aggregate(
        sent=Count("pk", filter=sent & ~Q(stage__in=OVER)), received=Count("pk", filter=received & ~Q(stage__in=OVER)),
        unsigned=Count("pk", filter=sent & Q(stage="sent")), supplement=Count("pk", filter=sent & Q(stage="supplement")),
        decided=Count("pk", filter=sent & Q(stage="decided")),
        back=Count("pk", filter=sent & Q(stage__in=["refused", "returned"]) & ~Q(case__state=Case.State.CLOSED)),
    )  # fmt: skip


def shown(crossing: Crossing) -> dict[str, Any]:
    """Return what the page of a crossing shows."""
    others = (
        Crossing.objects.filter(case=crossing.case).exclude(pk=crossing.pk)
        if crossing.case_id
        else Crossing.objects.none()
    )
    case_open = crossing.case is not None and crossing.case.state != Case.State.CLOSED
    live = crossing.stage in ("held", "supplement")
    sent = crossing.direction == Direction.SENT
    back = sent and crossing.stage in ("refused", "returned") and case_open
    latest = not sent or crossing.case_id is None or not others.filter(pk__gt=crossing.pk).exists()
    return {
        "crossing": crossing, "case_of": crossing.case, "line": line(crossing), "files": list(crossing.files.all()), "spans": spans(crossing),
        "stations": [{**each, "at": dt.datetime.fromisoformat(each["at"])} for each in crossing.stations],
        "others": list(others.select_related("partner").order_by("id")), "out": list(crossing.outgoing.order_by("sequence")),
        "incoming": list(crossing.incoming.order_by("sequence")), "outcome": outcome(crossing),
        "can": {
            "deliver": sent and crossing.stage == "decided", "return": not sent and live, "again": back and latest, "answer": back and latest,
            "withdraw": sent and case_open and crossing.stage in ("sent", "held", "supplement"),
        },
    }  # fmt: skip


def outcome(crossing: Crossing) -> str:
    """Return how it ended, as people read it."""
    return str(Case.Outcome(crossing.outcome).label) if crossing.outcome else ""


def spans(crossing: Crossing) -> list[dict[str, Any]]:
    """Return who answered from when to when, by the names of the cities."""
    from yizhantong.zones.crossregion.config import own_name

    names = {crossing.role: own_name(), "receiver" if crossing.role == "sender" else "sender": crossing.partner.name}
    at = dt.datetime.fromisoformat
    return [
        {"who": names[holder], "since": at(since), "until": at(until) if until else None} for holder, since, until in crossing.spans
    ]  # fmt: skip


def waiting() -> dict[str, int]:
    """Return how many messages wait to be sent, to be processed, or were refused."""
    return {
        "out": Outgoing.objects.filter(state="waiting").count(), "refused": Outgoing.objects.filter(state="refused").count(),
        "in": Incoming.objects.filter(state="waiting").count(),
    }  # fmt: skip


def fresh_key() -> str:
    """Return a key under which a request is taken in once, however often the button is pressed."""
    return f"crossregion-{secrets.token_hex(16)}"
