"""What is read of items, and by whom.

* Everybody sees items that have a version in force (suspended ones too, marked as such).
* Who may edit or publish sees besides those within the reach of the permission, drafts included.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from yizhantong.kernel.access import policy
from yizhantong.kernel.items.errors import ItemError
from yizhantong.kernel.items.models import Item, ItemVersion

EDIT = "items.edit"
PUBLISH = "items.publish"


def visible_to(account: policy.Account) -> QuerySet[Item]:
    """Return the items that the account may see."""
    return Item.objects.filter(Q(current__isnull=False) | _within(account, EDIT) | _within(account, PUBLISH))


def manageable_by(account: policy.Account) -> QuerySet[Item]:
    """Return the items that the account may edit or publish."""
    return Item.objects.filter(_within(account, EDIT) | _within(account, PUBLISH))


def published() -> QuerySet[Item]:
    """Return the items that can be applied for: in force and not suspended."""
    return Item.objects.filter(current__isnull=False, suspended="")


def item(code: str) -> Item:
    """Return an item with its version in force; raise :class:`ItemError` ``items.unknown_item``."""
    found = Item.objects.select_related("current", "agency", "division").filter(pk=code).first()
    if found is None:
        raise ItemError("items.unknown_item", f"没有代码为“{code}”的事项,请核对代码")
    return found


def versions(code: str) -> QuerySet[ItemVersion]:
    """Return the versions of an item, newest first."""
    return ItemVersion.objects.filter(item_id=code).select_related("written_by", "published_by").order_by("-number")


def may_edit(account: policy.Account, of: Item) -> bool:
    """Tell whether the account may write versions of the item."""
    return policy.reach(account, EDIT, of.zone).includes(of.agency_id, of.division_id)


def may_publish(account: policy.Account, of: Item) -> bool:
    """Tell whether the account may publish versions of the item; whether it wrote them is another question."""
    return policy.reach(account, PUBLISH, of.zone).includes(of.agency_id, of.division_id)


def _within(account: policy.Account, permission: str) -> Q:
    wanted = Q(pk__in=[])
    for zone in sorted(policy.zones_of(account, permission)):
        found = policy.reach(account, permission, zone)
        if not found:
            continue
        inside = ~Q(pk__in=[]) if found.everywhere else Q(division__in=found.divisions) | Q(agency__in=found.agencies)
        wanted |= inside & Q(zone=zone) if zone else inside
    return wanted
