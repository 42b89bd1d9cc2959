"""Make enrolment's item and data elements from the city's ``onething/enrolment.json``; run on every preparation of the database."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from django.db import transaction

from yizhantong.kernel.divisions import city, tree
from yizhantong.kernel.items import checking, elements
from yizhantong.kernel.items import content as contents
from yizhantong.kernel.items.actions import digest_of
from yizhantong.kernel.items.dictionary import load_elements
from yizhantong.kernel.items.load import publish_as_demonstration
from yizhantong.kernel.items.models import DataElement, Item
from yizhantong.zones.onething.enrolment.access import ITEM, ZONE

FILE = "enrolment.json"


@lru_cache(maxsize=4)
def _read(path: str) -> dict[str, Any]:
    from pathlib import Path

    found: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
    return found


def document() -> dict[str, Any] | None:
    """Return the city's file; None for a city that enrols elsewhere."""
    path = city.folder().joinpath("onething", FILE)
    return _read(str(path)) if path.is_file() else None


@transaction.atomic
def load() -> int:
    """Write data elements and the item; return how many versions were published anew. Can be repeated."""
    given = document()
    if given is None:
        return 0
    if elements.find("child_identity") is None:
        load_elements()
    rows = [DataElement(code=code, **said) for code, said in given["elements"].items()]
    DataElement.objects.bulk_create(
        rows,
        update_conflicts=True,
        update_fields=["name", "name_en", "kind", "choices", "personal"],
        unique_fields=["code"],
    )
    elements.forget()
    said = given["item"]
    item, _made = Item.objects.update_or_create(
        code=ITEM,
        defaults={
            "zone": ZONE, "kind": Item.Kind.APPLICATION, "agency_id": said["agency"], "division_id": tree.root(), "name": said["name"],
            "demonstration": True,
        },
    )  # fmt: skip
    content = contents.write(checking.require(said["content"], kind=Item.Kind.APPLICATION))
    if item.current is not None and item.current.digest == digest_of(content):
        return 0
    newest = item.versions.order_by("-number").first()
    publish_as_demonstration(item, content, newest.number + 1 if newest else 1)
    return 1
