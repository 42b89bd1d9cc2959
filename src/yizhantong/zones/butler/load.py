"""Make the kinds of appeals items that cases can be filed against: one item for each kind of the city's ``butler/`` folder.

Run on every preparation of the database. A content that has not changed makes no new version; one that has is published as the next
version, by the platform, and cases on their way keep theirs.
"""

from __future__ import annotations

import copy
from typing import Any

from django.db import transaction

from yizhantong.kernel.divisions import city, tree
from yizhantong.kernel.items import checking, elements
from yizhantong.kernel.items import content as contents
from yizhantong.kernel.items.actions import digest_of
from yizhantong.kernel.items.load import publish_as_demonstration
from yizhantong.kernel.items.models import DataElement, Item
from yizhantong.zones.butler.config import Kind, settings

FILE = "butler/items.toml"


@transaction.atomic
def load() -> int:
    """Write data elements and items; return how many versions were published anew."""
    document = copy.deepcopy(city.settings_of(FILE))
    rows = [DataElement(code=code, **said) for code, said in document["elements"].items()]
    DataElement.objects.bulk_create(
        rows, update_conflicts=True, update_fields=["name", "name_en", "kind", "max_length"], unique_fields=["code"]
    )
    elements.forget()
    return sum(_load_kind(kind, document) for kind in settings().kinds.values())


def content_of(kind: Kind, document: dict[str, Any]) -> dict[str, Any]:
    """Return the content of a kind's item; ContentError when the city's file does not make one."""
    parts = {name: document[name] for name in ("guide", "form", "flow", "options")}
    given = parts | {"limits": document["limits"][kind.limits]}
    return contents.write(checking.require(given, kind=Item.Kind.APPEAL))


def _load_kind(kind: Kind, document: dict[str, Any]) -> int:
    name = document["name"].format(label=kind.label)
    item, _made = Item.objects.update_or_create(
        code=kind.item,
        defaults={"zone": "butler", "kind": Item.Kind.APPEAL, "agency_id": kind.agency, "division_id": tree.root(), "name": name},
    )  # fmt: skip
    content = content_of(kind, document)
    digest = digest_of(content)
    if item.current is not None and item.current.digest == digest:
        return 0
    newest = item.versions.order_by("-number").first()
    publish_as_demonstration(item, content, newest.number + 1 if newest else 1)
    return 1
