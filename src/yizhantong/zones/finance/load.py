"""Make the need an item that cases can be filed against, from the city's ``finance/need.toml``; run on every preparation.

A content that has not changed makes no new version; one that has is published as the next version, and needs on their way
keep theirs.
"""

from __future__ import annotations

import copy

from django.db import transaction

from yizhantong.kernel.divisions import city, tree
from yizhantong.kernel.items import checking, elements
from yizhantong.kernel.items import content as contents
from yizhantong.kernel.items.actions import digest_of
from yizhantong.kernel.items.load import publish_as_demonstration
from yizhantong.kernel.items.models import DataElement, Item

FILE = "finance/need.toml"
PARTS = ("guide", "form", "flow", "limits", "options")
NEED = "finance.need"
"""The code of the item against which needs are filed."""


@transaction.atomic
def load() -> int:
    """Write data elements and the item; return how many versions were published anew."""
    document = copy.deepcopy(city.settings_of(FILE))
    rows = [DataElement(code=code, **said) for code, said in document["elements"].items()]
    DataElement.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["code"],
        update_fields=["name", "name_en", "kind", "unit", "choices", "max_length", "minimum", "maximum"],
    )  # fmt: skip
    elements.forget()
    item, _made = Item.objects.update_or_create(
        code=document["code"],
        defaults={
            "zone": "finance", "kind": Item.Kind.APPLICATION, "agency_id": document["agency"], "division_id": tree.root(),
            "name": document["name"],
        },
    )  # fmt: skip
    content = contents.write(checking.require({name: document[name] for name in PARTS}, kind=Item.Kind.APPLICATION))
    if item.current is not None and item.current.digest == digest_of(content):
        return 0
    newest = item.versions.order_by("-number").first()
    publish_as_demonstration(item, content, newest.number + 1 if newest else 1)
    return 1
