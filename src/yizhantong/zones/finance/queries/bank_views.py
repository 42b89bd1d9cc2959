"""Lists of needs as a bank sees them: what :func:`.visible.as_bank` says of one, for a whole page in two queries."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import clock
from yizhantong.zones.finance import access
from yizhantong.zones.finance.actions.looking import FITTING
from yizhantong.zones.finance.models import Authorisation, Engagement, Listing
from yizhantong.zones.finance.queries.visible import BankView, as_bank

REGISTRATION = "registration"
"""The group of data that holds the enterprise's name."""


def seen(listings: Sequence[Listing], account: Account) -> dict[int, BankView]:
    """Return what the account's bank may see of each need, by the need's key; its enterprise was fetched with it."""
    bank = access.bank_of(account)
    named = _named(listings, bank.pk) if bank is not None and listings else set()
    return {one.pk: as_bank(one, account, named=one.pk in named) for one in listings}


def _named(listings: Sequence[Listing], bank: str) -> set[int]:
    """Return the needs whose asker the bank may know now, by the same rules as a look (``looking.lookable``)."""
    now = clock.now()
    dealt = dict(
        Engagement.objects.filter(bank=bank, listing__in=listings)
        .exclude(state__in=Engagement.ENDED)
        .values_list("listing", "state")
    )
    rows = Authorisation.objects.filter(
        Q(listing__in=listings) | Q(listing__isnull=True), Q(every_bank=True) | Q(banks=bank),
        organisation__in=[one.enterprise_id for one in listings], withdrawn_at__isnull=True, valid_from__lte=now, valid_until__gt=now,
    )  # fmt: skip
    given: dict[str, list[Authorisation]] = {}
    for row in rows:
        if REGISTRATION in row.fields and row.organisation_id is not None:
            given.setdefault(row.organisation_id, []).append(row)
    return {
        one.pk
        for one in listings
        if any(_covers(row, one.pk, dealt.get(one.pk, "")) for row in given.get(one.enterprise_id, []))
    }


def _covers(row: Authorisation, listing: int, state: str) -> bool:
    """Tell whether an authorisation lets a bank in that state of its dealing ("": none yet) know who asks."""
    if row.listing_id not in (None, listing) or (not state and row.every_bank):
        return False
    return row.purpose in FITTING.get(state, set())
