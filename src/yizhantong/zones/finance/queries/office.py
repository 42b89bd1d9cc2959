"""The office's list of needs: what is asked of it, and its rows."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Count, Q, QuerySet

from yizhantong.zones.finance.models import Engagement, Listing

LONGEST = 60


def asked(given: Mapping[str, str], state: str = "") -> tuple[str, str]:
    """Return the state and the words that a page's address asks for; ``state`` stands where it names none."""
    return given.get("state", state), given.get("q", "").strip().replace("\x00", "")[:LONGEST]


def listings(state: str, words: str) -> QuerySet[Listing]:
    """Return the needs in a state (any, where there is no such state) with these words in name or number, each with ``deals`` going on."""
    rows = Listing.objects.select_related("case", "enterprise")
    if state in Listing.State.values:
        rows = rows.filter(state=state)
    if words:
        rows = rows.filter(Q(enterprise__name__icontains=words) | Q(case__number__startswith=words))
    return rows.annotate(deals=Count("engagements", ~Q(engagements__state__in=Engagement.ENDED)))
