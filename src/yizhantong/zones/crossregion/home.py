"""What goes on in other cities for somebody: each request on its way, what the other city lacks, results that are still to be handed out.

The case here of such a request stands on my space by itself; what stands there from this room is where it is and what is asked of the asker.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.parties.models import Organisation, Person
from yizhantong.web.casework.parties import Party
from yizhantong.web.home import Thing, things
from yizhantong.zones.crossregion.access import visible
from yizhantong.zones.crossregion.config import ZONE
from yizhantong.zones.crossregion.models import Crossing, Direction
from yizhantong.zones.crossregion.queries.crossings import OVER

S = Crossing.Stage
MOST = 100


@things(ZONE)
def elsewhere(account: Account, parties: Sequence[Party]) -> Iterator[Thing]:
    """Yield the requests of these parties that are on their way in another city."""
    rows = visible(account).filter(_asked_by(parties), direction=Direction.SENT).exclude(stage__in=OVER)
    for one in rows.select_related("case__organisation", "case__person")[:MOST]:
        yield Thing(
            title=f"{one.partner.name}:{one.item_name}", state=str(one.get_stage_display()), zone=ZONE, due=due_of(one),
            url=reverse("crossregion:mine-one", args=[one.number]), action=_("去补正") if one.stage == S.SUPPLEMENT else "",
            whose=one.asker, case=one.case.number,
        )  # fmt: skip


def due_of(crossing: Crossing) -> dt.date | None:
    """Return the day on which the other city has to decide, as it has told; None where it has not, or its part is over."""
    if crossing.due_at is None or crossing.stage not in (S.HELD, S.SUPPLEMENT):
        return None
    return timezone.localtime(crossing.due_at).date()


def _asked_by(parties: Sequence[Party]) -> Q:
    firms = [party.applicant.pk for party in parties if isinstance(party.applicant, Organisation)]
    people = [party.applicant.pk for party in parties if isinstance(party.applicant, Person)]
    return Q(case__organisation_id__in=firms) | Q(case__person_id__in=people)
