"""Who stands surety for what, and whether banks may look at him now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import clock
from yizhantong.zones.finance import access
from yizhantong.zones.finance.models import Authorisation, Guarantor, Listing


@dataclass(frozen=True, slots=True)
class Guarantee:
    """One guarantor of one need; ``until`` is when his last authorisation in force ends (None: there is none)."""

    row: Guarantor
    until: dt.datetime | None

    @property
    def waits(self) -> bool:
        """Tell whether the guarantor is still asked to authorise: banks cannot see him, and the need goes on."""
        return self.until is None and self.row.listing.state != Listing.State.CLOSED


def mine(account: Account) -> QuerySet[Guarantor]:
    """Return what the person behind the account stands surety for, newest first; nothing for accounts without a person."""
    rows = Guarantor.objects.select_related("person", "listing__case", "listing__enterprise").order_by("-id")
    return rows.filter(person=access.person_of(account)) if access.person_of(account) is not None else rows.none()


def guarantees(rows: Sequence[Guarantor] | QuerySet[Guarantor]) -> list[Guarantee]:
    """Return guarantors with whether they authorised, in one more query."""
    found, now = list(rows), clock.now()
    given = Authorisation.objects.filter(
        listing__in={one.listing_id for one in found}, person__in={one.person_id for one in found},
        withdrawn_at__isnull=True, valid_from__lte=now, valid_until__gt=now,
    ).order_by("valid_until")  # fmt: skip
    until = {(one.listing_id, one.person_id): one.valid_until for one in given}
    return [Guarantee(one, until.get((one.listing_id, one.person_id))) for one in found]
