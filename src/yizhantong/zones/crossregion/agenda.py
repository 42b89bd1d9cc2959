"""Days that matter between cities, for the city's calendar: when the other city has to decide, and when we have to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import clock
from yizhantong.web.agenda import Deadline, deadlines
from yizhantong.zones.crossregion.access import handles, visible
from yizhantong.zones.crossregion.config import ZONE
from yizhantong.zones.crossregion.models import Crossing, Direction

S = Crossing.Stage
MOST = 500


@deadlines(ZONE)
def decisions(first: dt.date, last: dt.date, account: Account) -> Iterator[Deadline]:
    """Yield by when requests between cities have to be decided, as far as the account sees them."""
    since, until = clock.end_of(first - dt.timedelta(days=1)), clock.end_of(last)
    page = "crossregion:case" if handles(account) else "crossregion:mine-one"
    rows = visible(account).filter(stage__in=[S.HELD, S.SUPPLEMENT], due_at__gte=since, due_at__lt=until)
    for one in rows.select_related("case__organisation", "case__person").order_by("due_at", "pk")[:MOST]:
        assert one.due_at is not None
        sent = one.direction == Direction.SENT
        words = _("%(city)s应办结:%(item)s") if sent else _("应办结%(city)s转来的:%(item)s")
        yield Deadline(
            timezone.localtime(one.due_at).date(), words % {"city": one.partner.name, "item": one.item_name},
            reverse(page, args=[one.number]), ZONE, "case",
            whose=one.asker,
        )  # fmt: skip
