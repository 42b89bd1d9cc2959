"""Seasons for everybody: which there are, which school serves an address, the lottery's proof, statistics without personal data."""

from __future__ import annotations

import datetime as dt
import time
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Count, Max, QuerySet
from django.utils import timezone

from yizhantong.kernel.access.policy import Account
from yizhantong.zones.onething.enrolment import lottery, terms
from yizhantong.zones.onething.enrolment.access import manages
from yizhantong.zones.onething.enrolment.actions.seasons import catchments_of, participants
from yizhantong.zones.onething.enrolment.catchments import read
from yizhantong.zones.onething.enrolment.models import Batch, Child, Placement, School, Season

FRESH = 2.0
FEW = 5
"""Counts below this are not published: few enough to guess who it is."""


def public() -> QuerySet[Season]:
    """Return the seasons that were published, newest first."""
    return (
        Season.objects.exclude(state=Season.State.DRAFT)
        .select_related("division", "office")
        .order_by("-opens_at", "pk")
    )


def standing(code: str) -> Season | None:
    """Return a published season, looked up at most every two seconds: for what thousands ask for in the same minute."""
    if connection.in_atomic_block:
        return public().filter(code=code).first()
    return _standing(connection.settings_dict["NAME"], code, int(time.monotonic() / FRESH))


@lru_cache(maxsize=64)
def _standing(_database: str, code: str, _slot: int) -> Season | None:
    return public().filter(code=code).first()


def results_by(now: dt.datetime) -> dt.date | None:
    """Return the day by which all results are published of the seasons that are open, coming, or still to be published; None without such."""
    day = timezone.localtime(now).date()
    going = Batch.objects.filter(season__state=Season.State.PUBLISHED, publishes_on__gte=day)
    last: dt.date | None = going.aggregate(last=Max("publishes_on"))["last"]
    return last


def visible_to(account: Account) -> list[Season]:
    """Return published seasons, and the drafts that the account manages."""
    drafts = [
        one
        for one in Season.objects.filter(state=Season.State.DRAFT).select_related("division", "office")
        if manages(account, one)
    ]
    return [*drafts, *public()]


def schools_for(season: Season, text: str) -> list[School]:
    """Return the schools that serve an address as a parent writes it; none: not found, or it lacks the number."""
    codes = catchments_of(season).schools_of(read(text))
    return list(School.objects.filter(season=season, code__in=codes))


def lottery_of(season: Season) -> dict[str, Any]:
    """Return what anybody needs to compute every lot: before the list is fixed the commitment, then the codes, then the seed."""
    revealed = season.revealed_at is not None
    codes = sorted(participants_fixed(season)) if season.listed else []
    return {
        "commitment": season.commitment, "listed": season.listed, "seed": season.seed if revealed else "", "codes": codes,
        "fits": revealed and lottery.fits(season.seed, season.commitment), "formula": "SHA-256(seed|listed|code)",
    }  # fmt: skip


def participants_fixed(season: Season) -> list[str]:
    """Return the codes of the list as it was fixed: those who left since are still on it."""
    return list(
        Child.objects.filter(season=season, case__submitted_at__lte=season.closes_at)
        .values_list("code", flat=True)
        .distinct()
    ) or participants(season)


def statistics(season: Season) -> list[dict[str, Any]]:
    """Return places, applications and placements of every school; small numbers are given as None."""
    asked = dict(
        Child.objects.filter(season=season)
        .exclude(state=Child.State.ENDED)
        .values_list("school__code")
        .annotate(number=Count("id"))
    )
    standing = Placement.objects.filter(
        batch__season=season, batch__state=Batch.State.PUBLISHED, state__in=["offered", "confirmed"]
    )
    placed = dict(standing.values_list("school__code").annotate(number=Count("id")))
    return [
        {"code": row.code, "name": row.name, "places": row.places, "asked": _shown(asked.get(row.code, 0)), "placed": _shown(placed.get(row.code, 0))}
        for row in School.objects.filter(season=season)
    ]  # fmt: skip


def by_category(season: Season) -> list[dict[str, Any]]:
    """Return applications by category, in the order of the rules."""
    counted = dict(
        Child.objects.filter(season=season)
        .exclude(state=Child.State.ENDED)
        .values_list("category")
        .annotate(number=Count("id"))
    )
    return [
        {"code": each.code, "name": each.name, "number": _shown(counted.get(each.code, 0))}
        for each in terms.read(season.rules).categories
    ]


def _shown(number: int) -> int | None:
    return number if number == 0 or number >= FEW else None
