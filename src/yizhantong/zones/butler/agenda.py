"""What butlers put on the city's calendar: the visits that they have to make, each for its own butler only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from yizhantong.kernel.access.policy import Account
from yizhantong.web.agenda import Deadline, deadlines
from yizhantong.zones.butler.access import butler_of
from yizhantong.zones.butler.queries import visits

MOST = 500


@deadlines("butler")
def due(first: dt.date, last: dt.date, account: Account) -> Iterator[Deadline]:
    """Yield the visits of the account's butler that fall due."""
    butler = butler_of(account)
    if butler is None:
        return
    for member in visits.due_for(butler, last).filter(due_on__gte=first)[:MOST]:
        assert member.due_on is not None
        title = _("走访 %(name)s") % {"name": member.enterprise.name}
        url = reverse("butler:visits")
        whose = member.enterprise.name
        yield Deadline(
            member.due_on, title, url, "butler", "visit", whose=whose, uid=f"visit-{member.pk}-{member.due_on}"
        )
