"""One order of locks for everything that changes a need: its case, its listing, then the dealing of one bank.

Cases are locked by the kernel before its hooks are asked; whoever begins at a bank's dealing locks the case first as well,
so that two who meet never wait for each other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import transaction

from yizhantong.foundation.calendar import Limit, Segment
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.cases import store
from yizhantong.kernel.divisions import calendar, clock
from yizhantong.zones.finance import access, machine
from yizhantong.zones.finance.errors import FinanceError
from yizhantong.zones.finance.models import Engagement, EngagementEvent, Listing

WORKING = ("taken", "contacted", "diligence", "granted", "signed", "drawn", "overdue")
"""States in which a bank deals with a need."""


def lock(case: int) -> Listing:
    """Lock a need, its case first; within a transaction."""
    held = store.locked(case)
    listing = Listing.objects.select_for_update().get(pk=case)
    listing.case = held
    return listing


@dataclass
class Dealing:
    """One change of a bank's dealing on its way."""

    engagement: Engagement
    listing: Listing
    code: str
    before: str
    account: Account | None
    now: dt.datetime
    note: str = ""
    _listing_fields: set[str] = field(default_factory=set)

    @property
    def today(self) -> dt.date:
        """Return the day of the change."""
        return clock.today()

    def of_listing(self, **values: object) -> None:
        """Set columns of the need."""
        for name, value in values.items():
            setattr(self.listing, name, value)
        self._listing_fields.update(values)

    def write(self) -> None:
        """Write dealing, event and need."""
        self.engagement.save()
        EngagementEvent.objects.create(
            engagement=self.engagement, code=self.code, before=self.before, after=self.engagement.state, at=self.now,
            by=access.user_of(self.account), note=self.note[:300],
        )  # fmt: skip
        if (self.before in WORKING) != (self.engagement.state in WORKING):
            self.of_listing(state=settled_state(self.listing))
        if self._listing_fields:
            self.listing.save(update_fields=sorted(self._listing_fields))


@contextmanager
def dealing(engagement: Engagement, code: str, account: Account | None) -> Iterator[Dealing]:
    """Lock a dealing, ask whether the account may do that to it now, and write what the block decides; all or nothing."""
    with transaction.atomic():
        listing = lock(engagement.listing_id)
        held = Engagement.objects.select_for_update(of=("self",)).select_related("bank").get(pk=engagement.pk)
        held.listing = listing
        row = machine.check(account, code, held)
        work = Dealing(held, listing, code, held.state, account, clock.now())
        if row.after is not None:
            held.state = row.after
        if held.state in Engagement.ENDED:
            held.ended_at = work.now
        yield work
        work.write()
    for each in Engagement._meta.concrete_fields:
        setattr(engagement, each.attname, getattr(held, each.attname))
    engagement.listing = listing


def settled_state(listing: Listing) -> str:
    """Return the state of a need as its dealings say: a bank deals with it, or it waits in the pool."""
    if listing.state not in (Listing.State.POOL, Listing.State.DEALING):
        return listing.state
    working = Engagement.objects.filter(listing=listing, state__in=WORKING).exists()
    return Listing.State.DEALING if working else Listing.State.POOL


def working_days(days: int, since: dt.datetime) -> dt.datetime:
    """Return the end of business of the working day that many days after ``since``."""
    found = calendar.due(Limit(days, "workday"), [Segment(since, None, "run")])
    assert found is not None
    return found


def text_of(value: str, field: str, label: str, *, most: int = 300) -> str:
    """Return a text that must be given, or refuse it (``finance.missing``, ``finance.too_long``)."""
    found = value.strip()
    if not found:
        raise FinanceError("finance.missing", f"请填写{label}", field=field)
    if len(found) > most:
        raise FinanceError("finance.too_long", f"{label}最多 {most} 字,现为 {len(found)} 字", field=field)
    return found


def positive(amount_fen: int, label: str, field: str = "amount_fen") -> None:
    """Refuse an amount that is none (``finance.amount``)."""
    if amount_fen <= 0 or amount_fen > 10**14:
        raise FinanceError("finance.amount", f"{label}应大于 0,请核对", field=field)
