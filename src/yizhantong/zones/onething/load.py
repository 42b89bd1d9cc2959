"""Make the city's packages and their parts items that cases can be filed against: the JSON files of its ``onething/`` folder.

Each file has ``elements`` (data elements of its own), ``items`` (parts: code, name, agency, content) and one ``package`` (code, name, lead
agency, specification). Run on every preparation of the database: a content that has not changed makes no new version; what officers
published themselves since is left alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from yizhantong.kernel.divisions import city, tree
from yizhantong.kernel.items import checking, elements
from yizhantong.kernel.items import content as contents
from yizhantong.kernel.items.actions import digest_of
from yizhantong.kernel.items.dictionary import load_elements
from yizhantong.kernel.items.errors import ContentError, ItemError
from yizhantong.kernel.items.load import WRITER, publish_as_demonstration
from yizhantong.kernel.items.models import DataElement, Item
from yizhantong.zones.onething.actions.editing import assembled
from yizhantong.zones.onething.enrolment import load as enrolment
from yizhantong.zones.onething.loading import ZONE

FOLDER = "onething"
PACKAGES = ("birth", "property", "school", "startup")
_ELEMENT = ("name", "name_en", "kind", "unit", "choices", "max_length", "minimum", "maximum", "personal")


@transaction.atomic
def load() -> int:
    """Load elements, parts and packages; return how many versions were published anew.

    Raises :class:`ItemError` ``onething.city_folder`` naming the file and all that is wrong with it.
    """
    load_elements()
    count = enrolment.load()
    for name in PACKAGES:
        path = city.folder().joinpath(FOLDER, f"{name}.json")
        if path.is_file():
            count += _load(name, json.loads(path.read_text(encoding="utf-8")))
    return count


def _load(name: str, document: Mapping[str, Any]) -> int:
    rows = [DataElement(code=code, **said) for code, said in document["elements"].items()]
    if rows:
        DataElement.objects.bulk_create(rows, update_conflicts=True, update_fields=_ELEMENT, unique_fields=["code"])
        elements.forget()
    count = 0
    for given in document["items"]:
        content = _right(name, given["code"], lambda given=given: checking.require(given["content"]))
        count += _publish(given, Item.Kind.APPLICATION, contents.write(content))
    given = document["package"]
    made = _right(name, given["code"], lambda: assembled(given["spec"]))
    wrong = [*made.findings, *(each.finding for each in made.conflicts if each.blocks)]
    if wrong or made.content is None:
        raise _refused(name, given["code"], ContentError(wrong))
    return count + _publish(given, Item.Kind.PACKAGE, contents.write(made.content))


def _right(name: str, code: str, made: Any) -> Any:
    try:
        return made()
    except ContentError as error:
        raise _refused(name, code, error) from error


def _refused(name: str, code: str, error: ContentError) -> ItemError:
    told = ";".join(f"{finding.place} {finding.sentence}" for finding in error.findings)
    return ItemError("onething.city_folder", f"城市数据 {FOLDER}/{name}.json 里的“{code}”有误:{told}")


def _publish(given: Mapping[str, Any], kind: str, content: dict[str, Any]) -> int:
    item, _made = Item.objects.get_or_create(
        code=given["code"],
        defaults={
            "zone": ZONE, "kind": kind, "agency_id": given["agency"], "division_id": tree.root(), "name": given["name"],
            "demonstration": True,
        },
    )  # fmt: skip
    newest = item.versions.order_by("-number").select_related("written_by").first()
    if newest is not None:
        ours = newest.written_by is not None and newest.written_by.username == WRITER
        if newest.digest == digest_of(content) or not ours:
            return 0
    publish_as_demonstration(item, content, newest.number + 1 if newest else 1)
    return 1
