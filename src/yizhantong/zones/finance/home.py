"""What is on its way in this zone and is no case: credit that waits for a contract, loans that mature, authorisations that end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.parties.models import Organisation
from yizhantong.web.casework.parties import Party
from yizhantong.web.home import Thing, things
from yizhantong.zones.finance.models import Authorisation, Engagement
from yizhantong.zones.finance.queries import guarantees as guarantors
from yizhantong.zones.finance.queries import visible
from yizhantong.zones.finance.templatetags.finance import money

S = Engagement.State
SOON = dt.timedelta(days=30)
ENDING = dt.timedelta(days=7)
MOST = 200


@things("finance")
def dealings(account: Account, parties: Sequence[Party]) -> Iterator[Thing]:
    """Yield what banks do for the needs of these enterprises, and what is asked of the enterprise."""
    rows = visible.engagements(account).filter(listing__enterprise__in=_firms(parties))
    for one in rows.exclude(state__in=[S.PUSHED, *Engagement.ENDED])[:MOST]:
        action, due = _asked(one)
        yield Thing(
            title=f"{one.bank.name} {money(one.wanted_fen)}", state=str(S(one.state).label), zone="finance", action=action,
            url=f"/finance/needs/{one.listing.number}/", whose=one.listing.enterprise.name, due=due,
        )  # fmt: skip


@things("finance")
def authorisations(account: Account, parties: Sequence[Party]) -> Iterator[Thing]:
    """Yield authorisations that end within a week."""
    now = clock.now()
    rows = visible.authorisations(account).filter(withdrawn_at__isnull=True, organisation__in=_firms(parties))
    for one in rows.filter(valid_until__gt=now, valid_until__lt=now + ENDING)[:MOST]:
        last = timezone.localtime(one.valid_until - dt.timedelta(seconds=1)).date()
        yield Thing(
            title=_("数据授权:%(purpose)s") % {"purpose": Authorisation.Purpose(one.purpose).label}, state=_("即将到期"),
            url="/finance/authorisations/", zone="finance", action=_("重新授权"), due=last,
            whose=one.organisation.name if one.organisation else "",
        )  # fmt: skip


@things("finance")
def guarantees(account: Account, parties: Sequence[Party]) -> Iterator[Thing]:
    """Yield what somebody stands surety for in his own person and has not authorised yet."""
    if not any(party.audience == "person" for party in parties):
        return
    for one in guarantors.guarantees(guarantors.mine(account)[:MOST]):
        if one.waits:
            yield Thing(
                title=_("为%(firm)s的融资需求担保") % {"firm": one.row.listing.enterprise.name}, state=_("待您授权"), zone="finance",
                url=f"/finance/guarantees/{one.row.pk}/", action=_("授权银行查看"), whose=one.row.person.name,
            )  # fmt: skip


def _asked(one: Engagement) -> tuple[str, dt.date | None]:
    """Return what is asked of the enterprise now (empty: nothing), and by when."""
    if one.state == S.GRANTED:
        return _("与银行签约"), None
    if one.matures_on is None:
        return "", None
    near = one.state == S.OVERDUE or one.matures_on - clock.today() <= SOON
    return (_("还款或续贷") if near else ""), one.matures_on


def _firms(parties: Sequence[Party]) -> list[str]:
    return [party.applicant.pk for party in parties if isinstance(party.applicant, Organisation)]
