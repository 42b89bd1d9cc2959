"""What the shell shows of this zone: in my space what suits my enterprises, beside an item the card that it was made for."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.parties.models import Organisation
from yizhantong.web.casework.origins import Origin, tells_origin
from yizhantong.web.casework.parties import Party
from yizhantong.web.casework.suits import Suggestion, suggests
from yizhantong.zones.policies.models import PolicyCard
from yizhantong.zones.policies.queries import eligibility

ENTERPRISES = 3
EACH = 3


@suggests("policies")
def fitting(account: Account, parties: Sequence[Party]) -> list[Suggestion]:
    """Return the best policies that match each enterprise for which the account asks; two queries."""
    firms = [party.applicant for party in parties if isinstance(party.applicant, Organisation)][:ENTERPRISES]
    if not firms:
        return []
    cards = list(eligibility.offered())
    subjects = eligibility.subjects_of(firms)
    found = []
    for firm in firms:
        matched = [suit for suit in eligibility.suits_of(subjects[firm.pk], cards) if suit.state == "match"]
        found += [
            Suggestion(suit.card.title, reverse("policies:card", args=[suit.card.number]), _("条件都符合"), firm.name)
            for suit in matched[:EACH]
        ]
    return found


@tells_origin("policies")
def card_of(item: Item) -> Origin | None:
    """Return the card that an item was made for, once everybody may see it."""
    card = PolicyCard.objects.filter(item=item, state=PolicyCard.State.PUBLISHED).first()
    return Origin(card.title, reverse("policies:card", args=[card.number])) if card is not None else None
