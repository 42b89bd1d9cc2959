"""What the editor's form shows: rows with what is wrong at each, what can be chosen, and what the document would make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.items import catalogue, elements
from yizhantong.kernel.items.elements import Element
from yizhantong.kernel.items.errors import ContentError, Finding
from yizhantong.kernel.items.forms import ItemForm
from yizhantong.kernel.items.models import Item, ItemVersion
from yizhantong.web.builder import drafts
from yizhantong.web.builder.conditions import JOINERS, OPERATOR_LABELS
from yizhantong.web.views.hall.apply import form_sections
from yizhantong.zones.onething.assembling import merged
from yizhantong.zones.onething.loading import ZONE, parts_of, short
from yizhantong.zones.onething.models.facts import Package
from yizhantong.zones.onething.pages.editor_form import rows_of
from yizhantong.zones.onething.queries import packages, shown
from yizhantong.zones.onething.queries.packages import Preview
from yizhantong.zones.onething.spec import PackageSpec

MODES = (("parallel", _("同时办")), ("series", _("接着上一项办")))
KINDS = (("promised", _("承诺时限")), ("statutory", _("法定时限")))
AUDIENCES = (("person", _("个人")), ("organisation", _("企业和单位")))
MEASURES = {
    "days": _("时限(工作日)"),
    "materials": _("材料(份)"),
    "steps": _("环节(个)"),
    "visits": _("跑动(次)"),
    "fields": _("字段(项)"),
}
ASKABLE = ("boolean", "choice")
SHOWN = ("questions", "parts", "cosigners")


class HasDraft(Protocol):
    """What the view needs of a draft."""

    item: Item
    version: ItemVersion
    document: dict[str, Any]
    findings: list[Finding]
    typed: dict[str, Any]
    refused: bool


def names_of(document: Mapping[str, Any], tree: Mapping[str, Any] | None = None) -> dict[str, Element]:
    """Return what conditions can be about, by name: the questions first, then the fields of the parts' forms."""
    questions: list[Any] = [*document.get("questions", ())]
    parts: list[Any] = [*document.get("parts", ())]
    for source in (tree or {}).get("questions") or []:
        questions.append(source)
    for source in (tree or {}).get("parts") or []:
        parts.append(source)
    found = (elements.find(str(row.get("element", ""))) for row in questions if isinstance(row, Mapping))
    made = {element.name: element for element in found if element is not None}
    codes = {str(row.get("item", "")) for row in parts if isinstance(row, Mapping)}
    return made | {element.name: element for element in _fields(codes) if element.name not in made}


def _fields(codes: set[str]) -> Iterator[Element]:
    versions = (
        Item.objects.filter(pk__in=codes, current__isnull=False).order_by("pk").values_list("current_id", flat=True)
    )
    for version in versions:
        for _spec, element in catalogue.content_of(version).fields.values():
            yield element


def context_of(draft: HasDraft) -> dict[str, Any]:
    """Return the form and what stands beside it."""
    document, names = draft.document, names_of(draft.document)
    seen, findings = _seen(draft)
    asked = [row.get("element") for row in document.get("questions", ())]
    conflicts = list(seen.made.conflicts) if seen is not None else []
    rows = {name: rows_of(document, name, names, findings, draft.typed) for name in SHOWN}
    form = ItemForm(seen.ready) if seen is not None and seen.ready is not None else None
    known = sorted({element.code: element for element in names.values()}.values(), key=lambda element: element.name)
    return rows | {
        "draft": draft, "document": document, "item": draft.item, "version": draft.version, "refused": draft.refused,
        "fingerprint": drafts.seen_of(draft.version.content), "before": document.get("before") or {}, "guide": {"visits": 1} | (document.get("guide") or {}),
        "answers": _answers(document, asked), "materials": _materials(seen, conflicts), "conflicts": conflicts,
        "elsewhere": [one for one in findings if not one.place.startswith(SHOWN)], "findings": findings, "seen": seen,
        "ready": seen is not None and seen.made.ready, "gains": seen.gains if seen else None,
        "lanes": shown.lanes(seen.made.spec, parts_of(seen.made.spec)) if seen is not None and form else None,
        "sections": form_sections(form) if form else [], "form": form, "known": known, "names": names,
        "asked": [name for name, element in names.items() if element.code in asked],
        "others": [name for name, element in names.items() if element.code not in asked and element.kind in ASKABLE],
        "with_choices": [element for element in names.values() if element.choices],
        "askable": sorted((e for e in elements.dictionary().values() if e.kind in ASKABLE), key=lambda element: element.name),
        "items": _items(), "modes": MODES, "operators": OPERATOR_LABELS, "joiners": JOINERS, "kinds": KINDS, "audiences": AUDIENCES,
        "measures": [(code, label, (document.get("before") or {}).get(code)) for code, label in MEASURES.items()],
        "counted": Package.choices,
    }  # fmt: skip


def _seen(draft: HasDraft) -> tuple[Preview | None, list[Finding]]:
    """Return what the document would make, and all that is wrong with it."""
    if not draft.document.get("parts"):
        return None, list(draft.findings)
    try:
        seen = packages.preview(draft.item, draft.document)
    except ContentError as error:
        return None, [*draft.findings, *(one for one in error.findings if one not in draft.findings)]
    return seen, [*draft.findings, *(one for one in seen.made.findings if one not in draft.findings)]


def _answers(document: Mapping[str, Any], asked: list[Any]) -> list[dict[str, Any]]:
    given = (document.get("before") or {}).get("answers") or {}
    made = []
    for code in asked:
        element = elements.find(str(code))
        if element is None:
            continue
        choices = [("true", _("是")), ("false", _("否"))] if element.kind == "boolean" else list(element.choices)
        value = given.get(code, "")
        made.append({
            "code": code, "name": element.name, "choices": choices,
            "value": str(value).lower() if isinstance(value, bool) else value,
        })  # fmt: skip
    return made


def _materials(seen: Preview | None, conflicts: list[Any]) -> list[dict[str, Any]]:
    """Return the parts' materials with the identity by which each is merged; those in conflict first."""
    if seen is None:
        return []
    spec: PackageSpec = seen.made.spec
    try:
        parts = parts_of(spec)
    except ContentError:
        return []
    rows: list[dict[str, Any]] = []
    for one in merged(spec, parts):
        told = [each for each in conflicts if each.place == f"materials.{one.key}"]
        for part, each in one.sources:
            source = f"{part.spec.code}.{each.code}"
            rows.append({
                "place": len(rows), "source": source, "name": each.name, "part": part.ready.name, "own": each.code,
                "key": spec.materials.get(source, ""), "conflicts": told, "shared": len(one.sources) > 1, "register": each.register,
            })  # fmt: skip
    return rows


def _items() -> list[tuple[str, str]]:
    """Return the items that can be parts: what is in force and no package, of this zone and of the hall."""
    rows = Item.objects.filter(zone__in=[ZONE, "hall"], kind=Item.Kind.APPLICATION, current__isnull=False)
    listed = rows.select_related("agency").order_by("zone", "code").only("code", "name", "agency__name")
    return [(item.pk, f"{item.name}({short(item.agency.name)})") for item in listed]
