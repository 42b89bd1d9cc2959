"""Items in and out: as JSON (whole), and as XLSX in the fields of the national exchange tables.

JSON: ``{"format": "yizhantong-items/1", "items": [{code, name, zone, kind, agency, division, …, content}]}``; ``content`` is a
document of :mod:`~yizhantong.kernel.items.content`. XLSX: one sheet per exchange table (:data:`SHEETS`), and one more with what
the tables have no field for, so that nothing is lost on the way out and in.

An import is checked as a whole first: with one finding, nothing is written. What is imported becomes drafts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from yizhantong.foundation.codes import items as item_codes
from yizhantong.foundation.codes.errors import CodeError
from yizhantong.kernel.access import policy
from yizhantong.kernel.divisions import tree
from yizhantong.kernel.divisions.models import Division
from yizhantong.kernel.items import actions, checking, workbook
from yizhantong.kernel.items.errors import ContentError, Finding, ItemError
from yizhantong.kernel.items.models import CatalogueEntry, Item, ItemVersion
from yizhantong.kernel.parties.models import Organisation

FORMAT = "yizhantong-items/1"
MAX_BYTES = 20_000_000
FIELDS = (
    "code",
    "name",
    "zone",
    "kind",
    "agency",
    "division",
    "catalogue",
    "task_code",
    "handling_code",
    "demonstration",
)
"""What is told of an item beside its content."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One item of a file with what is wrong with it."""

    document: Mapping[str, Any]
    findings: tuple[Finding, ...]

    @property
    def code(self) -> str:
        """The item's code, or empty."""
        return str(self.document.get("code", ""))


def as_document(version: ItemVersion) -> dict[str, Any]:
    """Return an item with one of its versions as a document."""
    item = version.item
    return {
        "code": item.code, "name": item.name, "zone": item.zone, "kind": item.kind, "agency": item.agency_id,
        "division": item.division_id, "catalogue": item.catalogue_id or "", "task_code": item.task_code,
        "handling_code": item.handling_code, "demonstration": item.demonstration, "version": version.number,
        "content": version.content,
    }  # fmt: skip


def export_json(versions: Iterable[ItemVersion]) -> bytes:
    """Return items as a JSON file (UTF-8)."""
    document = {"format": FORMAT, "items": [as_document(version) for version in versions]}
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def export_xlsx(versions: Iterable[ItemVersion]) -> bytes:
    """Return items as a workbook in the exchange fields."""
    rows = list(versions)
    names = dict(Organisation.objects.filter(pk__in={v.item.agency_id for v in rows}).values_list("pk", "name"))
    return workbook.write([as_document(version) for version in rows], names)


def read_file(data: bytes) -> list[dict[str, Any]]:
    """Return the items of a JSON or XLSX file. Errors: ``items.too_large``, ``items.bad_file``, ``items.bad_format``."""
    if len(data) > MAX_BYTES:
        raise ItemError("items.too_large", f"文件超过 {MAX_BYTES // 1_000_000} MB,请分批导入")
    if data[:2] == b"PK":
        return workbook.read(data)
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise ItemError("items.bad_file", f"文件既不是 XLSX,也不是能读的 JSON:{error}") from error
    listed = document.get("items") if isinstance(document, dict) else None
    if not isinstance(document, dict) or document.get("format") != FORMAT or not isinstance(listed, list):
        raise ItemError("items.bad_format", f"文件应有 format“{FORMAT}”和 items 列表,请用本系统导出的格式")
    return [entry if isinstance(entry, dict) else {} for entry in listed]


def check(documents: Sequence[Mapping[str, Any]]) -> list[Checked]:
    """Check all items of a file; the place of a finding is within the item."""
    seen: set[str] = set()
    found = []
    for document in documents:
        findings = [
            *_heads(document),
            *checking.check(document.get("content") or {}, kind=str(document.get("kind", ""))),
        ]
        code = str(document.get("code", ""))
        if code in seen:
            findings.append(Finding("items.duplicate_code", f"文件里“{code}”出现了两次", "code"))
        seen.add(code)
        found.append(Checked(document, tuple(findings)))
    return found


def _heads(document: Mapping[str, Any]) -> list[Finding]:
    found = [
        Finding("items.missing", "这一项必须填写", name)
        for name in ("code", "name", "agency")
        if not document.get(name)
    ]
    if document.get("kind") not in Item.Kind.values:
        found.append(Finding("items.bad_field", f"可用的种类是 {'、'.join(Item.Kind.values)}", "kind"))
    if document.get("agency") and not Organisation.objects.filter(pk=document["agency"]).exists():
        found.append(Finding("items.unknown_agency", f"没有代码为“{document['agency']}”的实施主体", "agency"))
    if document.get("division", tree.root()) not in tree.branches():
        found.append(Finding("items.unknown_division", f"没有代码为“{document['division']}”的区划", "division"))
    catalogue = document.get("catalogue")
    if catalogue and not CatalogueEntry.objects.filter(pk=catalogue).exists():
        found.append(Finding("items.unknown_catalogue", f"基本目录里没有“{catalogue}”", "catalogue"))
    for name in ("task_code", "handling_code"):
        try:
            if document.get(name):
                item_codes.validate(str(document[name]))
        except CodeError as error:
            found.append(Finding(error.code, str(error), name))
    return found


@transaction.atomic
def import_items(data: bytes, account: policy.Account) -> list[ItemVersion]:
    """Write the items of a file as drafts, new items being entered; all of them or none.

    Raises :class:`ContentError` with every finding (places begin with the item's code), ItemError, Refused.
    """
    checked = check(read_file(data))
    findings = [
        Finding(finding.code, finding.sentence, f"{entry.code}:{finding.place}")
        for entry in checked
        for finding in entry.findings
    ]
    if findings:
        raise ContentError(findings)
    return [_write(entry.document, account) for entry in checked]


def _write(document: Mapping[str, Any], account: policy.Account) -> ItemVersion:
    item = Item.objects.filter(pk=document["code"]).first()
    if item is None:
        item = actions.create_item(account=account, **entry_fields(document))
    version = actions.draft(item, account)
    actions.save(version, document["content"], account)
    return version


def entry_fields(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of ``create_item`` from a checked document."""
    return {
        "code": document["code"], "name": document["name"], "zone": document.get("zone") or "hall", "kind": document["kind"],
        "agency": Organisation.objects.get(pk=document["agency"]),
        "division": Division.objects.get(pk=document.get("division") or tree.root()),
        "catalogue_id": document.get("catalogue") or None, "task_code": document.get("task_code", ""),
        "handling_code": document.get("handling_code", ""), "demonstration": bool(document.get("demonstration")),
    }  # fmt: skip
