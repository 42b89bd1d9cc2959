"""What another city is told of this one: who it is, by which keys it signs, and which items are open to it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Q

from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items import catalogue
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.crossregion import config, keys
from yizhantong.zones.crossregion.models import Opening, Partner
from yizhantong.zones.crossregion.protocol.messages import VERSIONS


def introduction() -> dict[str, Any]:
    """Return what people hand to another city to be registered there."""
    agency = Organisation.objects.get(pk=config.said()["agency"])
    code, name = agency.pk, agency.name
    if config.renamed():
        from yizhantong.zones.crossregion.actions.partners import demonstration_office

        code, name = demonstration_office(config.own_code()), f"{config.own_name()}政务服务局(演示)"
    return {
        "code": config.own_code(), "name": config.own_name(), "base_url": settings.YZT_ADDRESS, "versions": list(VERSIONS),
        "office": {"uscc": code, "name": name}, "keys": [key.announced() for key in keys.own()],
    }  # fmt: skip


def hello(partner: Partner) -> dict[str, Any]:
    """Return the answer to a hello: the introduction, the city's moment, and the list of open items for that city."""
    return introduction() | {"now": clock.now().isoformat(), "items": open_items(partner)}


def openings(partner: Partner | None = None) -> list[Opening]:
    """Return what is open, to all or (``partner``) to one city, an item once: what is said of the city itself goes before."""
    found = Opening.objects.filter(closed_at__isnull=True, item__current__isnull=False, item__suspended="")
    if partner is not None:
        found = found.filter(Q(partner=partner) | Q(partner__isnull=True))
    rows = list(found.select_related("item__agency", "item__current", "partner").order_by("item_id", "-partner_id"))
    if partner is None:
        return rows
    own = {row.item_id for row in rows if row.partner_id is not None}
    return [row for row in rows if row.partner_id is not None or row.item_id not in own]


def open_items(partner: Partner) -> list[dict[str, Any]]:
    """Return the list of open items with forms and materials, as partners keep it."""
    return [item_of(row) for row in openings(partner)]


def item_of(row: Opening) -> dict[str, Any]:
    """Return one open item as partners keep it."""
    current = row.item.current
    assert current is not None
    ready = catalogue.content_of(current.pk)
    content = ready.content
    limit = content.limits.promised or content.limits.statutory
    return {
        "code": row.item_id, "name": row.item.name, "version": f"{current.number}.0", "modes": row.modes,
        "audience": list(content.guide.audience), "agency": row.item.agency.name, "limit": limit.text if limit else "",
        "fields": [_field(field, element) for field, element in ready.fields.values()],
        "materials": [{"code": spec.code, "name": spec.name, "need": spec.need} for spec in content.materials if not spec.required_if],
    }  # fmt: skip


def _field(field: Any, element: Any) -> dict[str, Any]:
    said = {
        "code": element.code,
        "name": element.name,
        "kind": element.kind,
        "required": field.required,
        "help": field.help,
    }
    return said | ({"choices": [list(each) for each in element.choices]} if element.choices else {})
