"""What is on its way in the zone and is not a case: signatures that others are asked for, or that this person is asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock
from yizhantong.zones.onething import cosigning
from yizhantong.zones.onething.models import Cosignature


@dataclass(frozen=True, slots=True)
class Waiting:
    """One signature that is waited for: ``mine`` when the account is asked to sign, else it waits for somebody else's."""

    title: str
    state: str
    due: dt.datetime
    url: str
    action: str
    mine: bool


def signatures(account: User) -> Iterator[Waiting]:
    """Yield the signatures that wait for the account or that its drafts wait for, soonest to expire first."""
    index = account.person.identity_index if account.person_id is not None and account.person is not None else ""
    asked = Q(identity_index=index) & ~Q(identity_index="")
    rows = Cosignature.objects.filter(
        asked | Q(invited_by=account),
        state=Cosignature.State.WAITING,
        expires_at__gt=clock.now(),
        case__state=Case.State.DRAFT,
    )
    for row in rows.select_related("case").order_by("expires_at"):
        mine = bool(index) and row.identity_index == index
        url = cosigning.path_of(row) if mine else f"{reverse('web:draft-check', args=[row.case.number])}#cosigners"
        yield Waiting(
            f"{row.case.title}({row.label})", _("待签署"), row.expires_at, url, _("去签署") if mine else _("查看"), mine
        )
