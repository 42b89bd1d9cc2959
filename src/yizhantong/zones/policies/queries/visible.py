"""Who sees which documents and cards.

* Everybody sees documents that are or were in force, and cards that are online.
* Who may edit or publish policies sees besides what is drafted within the reach of the permission.
"""

from __future__ import annotations

from django.db.models import Prefetch, Q, QuerySet

from yizhantong.kernel.access import policy
from yizhantong.zones.policies.models import PolicyCard, PolicyDocument

EDIT, PUBLISH, ZONE = "policies.edit", "policies.publish", "policies"
STATE = PolicyDocument.State
PUBLIC = (STATE.EFFECTIVE, STATE.AMENDED, STATE.REPEALED, STATE.EXPIRED)


def documents(account: policy.Account) -> QuerySet[PolicyDocument]:
    """Return the documents that the account may see."""
    wanted = Q(state__in=PUBLIC)
    for permission in (EDIT, PUBLISH):
        found = policy.reach(account, permission, ZONE)
        if found.everywhere:
            return PolicyDocument.objects.all()
        wanted |= Q(division__in=found.divisions) | Q(issuer__in=found.agencies)
    return PolicyDocument.objects.filter(wanted)


def cards(account: policy.Account) -> QuerySet[PolicyCard]:
    """Return the cards that the account may see."""
    online = Q(state=PolicyCard.State.PUBLISHED, document__state__in=PUBLIC)
    if not (policy.may(account, EDIT, zone=ZONE) or policy.may(account, PUBLISH, zone=ZONE)):
        return PolicyCard.objects.filter(online)
    return PolicyCard.objects.filter(online | Q(document__in=documents(account).values("pk")))


def with_cards(account: policy.Account) -> QuerySet[PolicyDocument]:
    """Return the documents with the cards that the account may see of them (``seen``)."""
    seen = cards(account).select_related("item", "unit", "stacking").order_by("position", "id")
    return (
        documents(account)
        .select_related("issuer", "supersedes")
        .prefetch_related(Prefetch("cards", queryset=seen, to_attr="seen"))
    )


def may_edit(account: policy.Account, document: PolicyDocument) -> bool:
    """Tell whether the account may write the document and its cards."""
    return policy.reach(account, EDIT, ZONE).includes(document.issuer_id, document.division_id)


def may_publish(account: policy.Account, document: PolicyDocument) -> bool:
    """Tell whether the account may approve the document; whether it wrote it is another question."""
    return policy.reach(account, PUBLISH, ZONE).includes(document.issuer_id, document.division_id)
