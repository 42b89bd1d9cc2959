"""Who acts for enterprises today."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from yizhantong.kernel.access.models import User
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.parties.mandates import in_force
from yizhantong.kernel.parties.models import Mandate


def mandates(organisations: Collection[str]) -> QuerySet[Mandate]:
    """Return the mandates of these enterprises that are in force today."""
    return in_force(clock.today(), "policies").filter(organisation__in=organisations)


def accounts(organisations: Collection[str]) -> QuerySet[User]:
    """Return the accounts of the people who act for these enterprises today."""
    return User.objects.filter(person__in=mandates(organisations).values("person"), is_active=True)
