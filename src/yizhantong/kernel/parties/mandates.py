"""Who acts for whom today: the one place that says what a mandate in force is."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from yizhantong.kernel.parties.models import Mandate

IN_FORCE = "withdrawn_at IS NULL AND valid_from <= %s AND (valid_to IS NULL OR valid_to >= %s)"
"""The same as :func:`in_force` in SQL, for statements that are run thousands of times; takes the day twice."""


def in_force(today: dt.date, zone: str | None = None) -> QuerySet[Mandate]:
    """Return the mandates in force on a day; with ``zone``, those that reach into it."""
    rows = Mandate.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=today), valid_from__lte=today, withdrawn_at__isnull=True
    )
    return rows if zone is None else rows.filter(zone__in=("", zone))
