"""What is on its way in this zone and is no case: signatures that others owe a draft, or that this person is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils import timezone

from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account
from yizhantong.web.casework.parties import Party
from yizhantong.web.home import Thing, things
from yizhantong.zones.onething.queries.things import signatures

MOST = 50


@things("onething")
def signing(account: Account, parties: Sequence[Party]) -> Iterator[Thing]:
    """Yield the signatures that wait, those asked of the person himself among what waits for him; one query."""
    if not isinstance(account, User) or not any(party.audience == "person" for party in parties):
        return
    for number, one in enumerate(signatures(account)):
        if number >= MOST:
            return
        yield Thing(
            title=one.title, state=one.state, url=one.url, zone="onething", action=one.action,
            due=timezone.localtime(one.due).date(),
        )  # fmt: skip
