"""Make the three items by which requests for other cities come in, open the items that the city's folder names, make the first key."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from yizhantong.kernel.divisions import city, tree
from yizhantong.kernel.items import checking, elements
from yizhantong.kernel.items import content as contents
from yizhantong.kernel.items.actions import digest_of
from yizhantong.kernel.items.load import publish_as_demonstration
from yizhantong.kernel.items.models import DataElement, Item
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.crossregion import config, keys
from yizhantong.zones.crossregion.actions import partners
from yizhantong.zones.crossregion.actions.casework import TRANSFER
from yizhantong.zones.crossregion.models import Mode, Opening

ELEMENTS = {
    "crossregion_city": {"name": "办理地城市", "name_en": "City that decides", "kind": "text", "max_length": 80},
    "crossregion_matter": {"name": "通办事项", "name_en": "Matter", "kind": "text", "max_length": 120},
}


@transaction.atomic
def load() -> int:
    """Write data elements, items and openings; return how many versions were published anew. Can be repeated."""
    keys.own()
    if not city.folder().joinpath(*config.FILE.split("/")).is_file():
        return 0
    rows = [DataElement(code=code, **said) for code, said in ELEMENTS.items()]
    DataElement.objects.bulk_create(
        rows, update_conflicts=True, update_fields=["name", "name_en", "kind", "max_length"], unique_fields=["code"]
    )
    elements.forget()
    said = config.said()
    count = sum(_item(mode, said) for mode in config.SEND)
    if not Opening.objects.exists():
        for row in said.get("open", []):
            item = Item.objects.filter(pk=row["item"], current__isnull=False).first()
            if item is not None:
                partners.open_item(item, row["modes"], account=None)
    return count


def _item(mode: str, said: dict[str, Any]) -> int:
    label = str(Mode(mode).label)
    agency = Organisation.objects.get(pk=said["agency"])
    item, _made = Item.objects.update_or_create(
        code=config.SEND[mode],
        defaults={
            "zone": config.ZONE, "kind": Item.Kind.APPLICATION, "agency": agency, "division_id": tree.root(), "name": f"跨区通办:{label}",
        },
    )  # fmt: skip
    content = contents.write(checking.require(content_of(label, said), kind=Item.Kind.APPLICATION))
    digest = digest_of(content)
    if item.current is not None and item.current.digest == digest:
        return 0
    newest = item.versions.order_by("-number").first()
    publish_as_demonstration(item, content, newest.number + 1 if newest else 1)
    return 1


def content_of(label: str, said: dict[str, Any]) -> dict[str, Any]:
    """Return the content of the item of one mode: handed over within a working day, then as the other city decides."""
    step = {
        "kind": "review",
        "office": "accountable",
        "permission": "cases.handle",
        "limit": {"amount": said["transfer_days"], "unit": "workday"},
    }
    return {
        "guide": {
            "summary": f"{label}:在本市申请,由外地城市办理", "by_law": f"{said['law']}", "audience": ["person", "organisation"], "area": "provinces",
            "visits": 0 if label == "全程网办" else 1, "online_depth": 4, "result_name": "外地城市的办理结果", "words": ["跨省通办", "异地办理", "跨区通办"],
        },
        "form": [{"code": "matter", "title": "通办事项", "fields": [
            {"element": "crossregion_city", "required": True}, {"element": "crossregion_matter", "required": True},
        ]}],
        "flow": {"kind": "step", "code": TRANSFER, "name": "转出并取得对方签收", "attributes": step},
        "limits": {}, "options": {"intake": False, "transferable": False, "disputable": False, "answer": True},
    }  # fmt: skip
