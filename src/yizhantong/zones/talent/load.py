"""Make the zone's services items that cases can be filed against, and keep the rules of recognition by year.

Run on every preparation of the database. A content that has not changed makes no new version; one that has is published as the next
version, and cases on their way keep theirs. A rule set is never changed: other rules are another version of the year.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import transaction

from yizhantong.kernel.divisions import city, clock, tree
from yizhantong.kernel.items import checking, elements
from yizhantong.kernel.items import content as contents
from yizhantong.kernel.items.actions import digest_of
from yizhantong.kernel.items.dictionary import load_elements
from yizhantong.kernel.items.load import publish_as_demonstration
from yizhantong.kernel.items.models import DataElement, Item
from yizhantong.zones.talent.config import YearRules, settings
from yizhantong.zones.talent.errors import TalentError
from yizhantong.zones.talent.models import RuleSet

FILE = "talent/items.toml"
STEP = ("kind", "permission", "veto")


@transaction.atomic
def load() -> int:
    """Write data elements, items and rule sets; return how many versions of items were published anew."""
    document = city.settings_of(FILE)
    if not DataElement.objects.filter(pk="person_name").exists():
        load_elements()
    rows = [DataElement(code=code, **said) for code, said in document["elements"].items()]
    fields = ["name", "name_en", "kind", "max_length", "choices", "minimum", "maximum", "unit"]
    DataElement.objects.bulk_create(rows, update_conflicts=True, update_fields=fields, unique_fields=["code"])
    elements.forget()
    for year in settings().years:
        keep_rules(year)
    return sum(_load_item(row) for row in document["items"])


def keep_rules(given: YearRules) -> RuleSet:
    """Keep a rule set once; the same version with other rules is ``talent.rules_changed``."""
    document = given.rules.model_dump(mode="json")
    digest = hashlib.sha256(json.dumps(document, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    kept, _made = RuleSet.objects.get_or_create(
        year=given.year, version=given.version,
        defaults={"source": given.source, "document": document, "digest": digest, "published_at": clock.now()},
    )  # fmt: skip
    if kept.digest != digest:
        text = f"{given.year} 年第 {given.version} 版认定规则已发布,不能修改;请另加一个版本"
        raise TalentError("talent.rules_changed", text)
    return kept


def content_of(row: dict[str, Any]) -> dict[str, Any]:
    """Return the content of one item of the city's file; ContentError when the file does not make one."""
    guide = {
        "summary": row["summary"], "by_law": row["by_law"], "audience": row["audience"], "result_name": row["result"], "online": True,
        "online_depth": 4, "visits": 0, "words": row["words"], "themes": row["themes"], "task_type": row["task_type"], "consult": "人力资源和社会保障部门",
        "result_kind": "certificate" if row["result"].endswith("证书") else "other",
    }  # fmt: skip
    document = {
        "guide": guide,
        "form": [{"code": "main", "title": "申请信息", "fields": [_field(code) for code in row["form"]]}],
        "materials": [
            {"code": code, "name": name, "order": place} for place, (code, name) in enumerate(row.get("materials", []))
        ],
        "flow": {"kind": "seq", "children": [_node(step, row["by_law"]) for step in row["flow"]]},
        "limits": {
            "promised": {"amount": row["promised"], "unit": "workday", "source": "演示时限,待核"},
            "acceptance_days": 3,
        },
        "options": {"intake": True, "disputable": True, "public_notice_days": row.get("public_notice_days")},
    }
    return contents.write(checking.require(document, kind=Item.Kind.APPLICATION))


def _field(code: str) -> dict[str, Any]:
    return {"element": code.rstrip("!"), "required": code.endswith("!")}


def _node(step: dict[str, Any], law: str) -> dict[str, Any]:
    attributes = {"kind": "review", **{name: step[name] for name in STEP if name in step}}
    if attributes.get("veto") or attributes["kind"] == "decision":
        attributes["law"] = law
    node = {"kind": "step", "code": step["code"], "name": step["name"], "attributes": attributes}
    if "when" not in step:
        return node
    return {"kind": "choice", "branches": [{"condition": step["when"], "node": node}], "otherwise": None}


def _load_item(row: dict[str, Any]) -> int:
    item, _made = Item.objects.update_or_create(
        code=f"talent.{row['code']}",
        defaults={
            "zone": "talent", "kind": Item.Kind.APPLICATION, "agency_id": settings().office, "division_id": tree.root(), "name": row["name"],
        },
    )  # fmt: skip
    content = content_of(row)
    if item.current is not None and item.current.digest == digest_of(content):
        return 0
    newest = item.versions.order_by("-number").first()
    publish_as_demonstration(item, content, newest.number + 1 if newest else 1)
    return 1
