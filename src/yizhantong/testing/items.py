"""Published items for tests of other rooms: said briefly, made through the same checks as real ones.

::

    version = published_item("demo.permit", form=("title", "request"), flow=steps("review", "decide"))
    ready = content_of(version.pk)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from yizhantong.kernel.access.models import User
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.divisions.models import Division
from yizhantong.kernel.items import actions, checking
from yizhantong.kernel.items import content as contents
from yizhantong.kernel.items.dictionary import load_elements
from yizhantong.kernel.items.models import DataElement, Item, ItemVersion
from yizhantong.kernel.parties.models import Organisation

WRITER = "演示编写人"
PUBLISHER = "演示审定人"


def steps(*codes: str, **attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a flow of steps one after the other, with the attributes of some of them by code."""
    return {"kind": "seq", "children": [step(code, **attributes.get(code, {})) for code in codes]}


def step(code: str, name: str = "", **attributes: Any) -> dict[str, Any]:
    """Return one step."""
    return {"kind": "step", "code": code, "name": name or code, "attributes": attributes}


def document(
    form: Sequence[str | Mapping[str, Any]] = (), flow: Mapping[str, Any] | None = None, **parts: Any
) -> dict[str, Any]:
    """Return the document of a content; ``form`` are element codes (required) or whole fields, in one section."""
    fields = [{"element": field, "required": True} if isinstance(field, str) else dict(field) for field in form]
    guide = {"by_law": "《演示办法》第一条(演示)"} | dict(parts.pop("guide", {}))
    sections = [{"code": "main", "title": "申请信息", "fields": fields}] if fields else []
    return contents.write(
        contents.read({"guide": guide, "form": sections, "flow": dict(flow or steps("review", "decide")), **parts})
    )


def published_item(
    code: str,
    *,
    agency: Organisation | None = None,
    name: str = "",
    zone: str = "hall",
    kind: str = Item.Kind.APPLICATION,
    number: int = 1,
    **parts: Any,
) -> ItemVersion:
    """Publish a version of an item, making the item when it is new; ``parts`` as of :func:`document`.

    The city must be loaded; the dictionary is loaded when it is empty. Raises ContentError for a content that is not sound.
    """
    if not DataElement.objects.exists():
        load_elements()
    office = agency or Organisation.objects.filter(kind=Organisation.Kind.AGENCY).order_by("pk").first()
    assert office is not None, "load the city's agencies first"
    made = document(**parts)
    checking.require(made, kind=kind)
    item, _ = Item.objects.get_or_create(
        code=code,
        defaults={
            "name": name or f"演示事项 {code}",
            "zone": zone,
            "kind": kind,
            "agency": office,
            "division": Division.objects.get(pk=tree.root()),
            "demonstration": True,
        },
    )
    writer, _ = User.objects.get_or_create(username=WRITER, defaults={"demonstration": True})
    publisher, _ = User.objects.get_or_create(username=PUBLISHER, defaults={"demonstration": True})
    version = ItemVersion.objects.create(
        item=item, number=number, state=ItemVersion.State.PUBLISHED, content=made, digest=actions.digest_of(made),
        written_by=writer, published_by=publisher, published_at=clock.now(), valid_from=clock.today(),
    )  # fmt: skip
    actions.put_in_force(version)
    return version
