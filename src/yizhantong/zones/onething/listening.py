"""What the zone does when an item is published: a package must be what its parts make of it, and a new part makes packages stale."""

from __future__ import annotations

from yizhantong.kernel.items.models import Item, ItemVersion
from yizhantong.kernel.items.signals import when
from yizhantong.zones.onething import notices
from yizhantong.zones.onething.actions import editing
from yizhantong.zones.onething.loading import ZONE
from yizhantong.zones.onething.queries import packages


def published(item: Item, version: ItemVersion) -> None:
    """Refuse a package that was not assembled; tell the leads of packages whose part this is."""
    if item.kind == Item.Kind.PACKAGE:
        if item.zone == ZONE:
            editing.check(version)
        return
    for each in packages.containing(item):
        notices.stale(each, item, version.number)


def listen() -> None:
    """Hear of what is published; called once when the app is ready."""
    when("published")(published)
