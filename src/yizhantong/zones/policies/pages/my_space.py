"""What suits me, in my space: the policies whose conditions an asker's enterprises meet, best first."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.parties.models import Organisation
from yizhantong.web.casework.parties import Party
from yizhantong.web.casework.suits import Suggestion, suggests
from yizhantong.zones.policies.queries import eligibility

ENTERPRISES = 3
EACH = 3


@suggests("policies")
def fitting(account: Account, parties: Sequence[Party]) -> list[Suggestion]:
    """Return the best policies that match each enterprise for which the account asks."""
    firms = [party.applicant for party in parties if isinstance(party.applicant, Organisation)][:ENTERPRISES]
    if not firms:
        return []
    cards = list(eligibility.offered())
    found = []
    for firm in firms:
        matched = [suit for suit in eligibility.suits(firm.uscc, cards) if suit.state == "match"]
        found += [
            Suggestion(suit.card.title, reverse("policies:card", args=[suit.card.number]), _("条件都符合"), firm.name)
            for suit in matched[:EACH]
        ]
    return found
