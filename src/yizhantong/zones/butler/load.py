"""Make the kinds of appeals items that cases can be filed against: one item for each kind of the city's ``butler/`` folder.

Run on every preparation of the database. A content that has not changed makes no new version; one that has is published as the next
version, by the platform, and cases on their way keep theirs.
"""

from __future__ import annotations

import copy
from typing import Any

from django.db import transaction

from yizhantong.kernel.access.models import User
from yizhantong.kernel.divisions import city, clock, tree
from yizhantong.kernel.items import checking, elements
from yizhantong.kernel.items import content as contents
from yizhantong.kernel.items.actions import digest_of, put_in_force
from yizhantong.kernel.items.models import DataElement, Item, ItemVersion
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
    writer, publisher = _platform("writer", "平台载入(编写)"), _platform("publisher", "平台载入(审定)")
    version = ItemVersion.objects.create(
        item=item, written_by=writer, published_by=publisher, number=newest.number + 1 if newest else 1, state=ItemVersion.State.PUBLISHED, content=content,
        digest=digest, published_at=clock.now(), submitted_at=clock.now(), valid_from=clock.today(),
    )  # fmt: skip
    put_in_force(version)
    return 1


def _platform(part: str, name: str) -> User:
    """Return one of the two accounts that stand for a city's files: nobody can sign in with them."""
    user, made = User.objects.get_or_create(
        username=f"platform-items-{part}", defaults={"display_name": name, "is_active": False}
    )
    if made:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user
