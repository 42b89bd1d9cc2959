"""Who acts for enterprises today."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from yizhantong.kernel.access.models import User
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.parties.models import Mandate


def mandates(organisations: Collection[str]) -> QuerySet[Mandate]:
    """Return the mandates of these enterprises that are in force today."""
    today = clock.today()
    current = Q(valid_to__isnull=True) | Q(valid_to__gte=today)
    return Mandate.objects.filter(current, valid_from__lte=today, organisation__in=organisations)


def accounts(organisations: Collection[str]) -> QuerySet[User]:
    """Return the accounts of the people who act for these enterprises today."""
    return User.objects.filter(person__in=mandates(organisations).values("person"), is_active=True)
