"""Service items: the catalogue, the guide of one, its form as JSON Schema, its flow as BPMN, and what is known of an applicant."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import StringConstraints

from yizhantong.foundation.flow.bpmn import to_bpmn
from yizhantong.kernel.items import catalogue, forms, queries
from yizhantong.kernel.items.catalogue import Ready
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.search import queries as search
from yizhantong.web.api import lookups
from yizhantong.web.api.auth import SIGNED_IN, account_of, costly, signed_in
from yizhantong.web.api.formschema import schema_of
from yizhantong.web.api.schemas import Code, Party, Size

router = Router(tags=["items"])
Asked = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Uscc = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{18}$")]
MOST_HITS = 60
"""How many answers of the search a list is narrowed to."""
XML = {"responses": {200: {"description": "OK", "content": {"application/xml": {"schema": {"type": "string"}}}}}}


class OfficeOut(Schema):
    """An agency by its GB 32100 code."""

    code: str
    name: str


class ItemOut(Schema):
    """An item in force; ``suspended`` is why nothing can be filed now (empty: it can)."""

    code: str
    name: str
    zone: str
    kind: Literal["application", "policy", "appeal"]
    agency: OfficeOut
    division: str
    version: int
    suspended: str
    summary: str
    audience: list[str]
    online: bool


class ItemPage(Schema):
    """A page of items by code; ``after`` leads to the next one, empty on the last."""

    items: list[ItemOut]
    after: str


class LimitOut(Schema):
    """A limit with the law that sets it."""

    amount: int
    unit: Literal["workday", "day", "hour"]
    law: str
    source: str


class LimitsOut(Schema):
    """The limits; null is "no limit" (无法定时限), never 0. The clock runs against the promised one, else the statutory one."""

    statutory: LimitOut | None
    promised: LimitOut | None
    acceptance_days: int
    supplement_days: int | None
    deferral_days: int | None
    extension_days: int | None


class MaterialOut(Schema):
    """A material; ``required_if`` is FEEL over the form, ``in_register`` has it so that nobody brings it."""

    code: str
    name: str
    need: Literal["required", "optional", "deferrable"]
    required_if: str
    original: Literal["original", "copy", "electronic"]
    source: Literal["applicant", "government", "other"]
    in_register: str
    commitment: bool
    by_law: str
    standard: str
    max_files: int


class ConditionOut(Schema):
    """A condition of acceptance or eligibility: its text, and its FEEL ``rule`` unless a person judges it."""

    code: str
    text: str
    rule: str
    kind: Literal["rule", "person"]
    law: str


class FlowStepOut(Schema):
    """A step of the flow; the whole of it is at ``flow.bpmn``."""

    code: str
    name: str
    kind: str


class ItemDetail(ItemOut):
    """An item with everything that its guide tells; ``guide`` has the fields of the national exchange tables."""

    task_code: str
    handling_code: str
    valid_from: dt.date | None
    guide: dict[str, Any]
    limits: LimitsOut
    materials: list[MaterialOut]
    conditions: list[ConditionOut]
    steps: list[FlowStepOut]
    options: dict[str, Any]
    form: str
    flow: str


class KnownOut(Schema):
    """A value that a register or an earlier case knows, with its source and the day as of which it holds."""

    element: str
    name: str
    value: Any
    source: str
    as_of: dt.date | None


class KnownList(Schema):
    """What need not be asked again."""

    item: str
    version: int
    items: list[KnownOut]


@router.get("/items", response=ItemPage, throttle=costly(), summary="事项目录")
def list_items(
    request: HttpRequest,
    q: Asked | None = None,
    zone: Code | None = None,
    agency: Uscc | None = None,
    kind: Literal["application", "policy", "appeal"] | None = None,
    after: Code | None = None,
    size: Size = 50,
) -> dict[str, Any]:
    """Return items in force by code; ``q`` narrows them to the best answers of the search (which ``/search`` gives by rank)."""
    rows = queries.visible_to(account_of(request)).filter(current__isnull=False)
    wanted = {"zone": zone, "agency_id": agency, "kind": kind, "code__gt": after}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value is not None})
    if q is not None:
        hits = search.look(q, account=account_of(request), kinds=["item"], limit=MOST_HITS).hits
        rows = rows.filter(code__in=[hit.entry.key for hit in hits])
    found = list(rows.select_related("agency").order_by("code")[: size + 1])
    shown = [_short(item, catalogue.content_of(item.current_id or 0)) for item in found[:size]]
    return {"items": shown, "after": found[size - 1].code if len(found) > size else ""}


@router.get("/items/{code}", response=ItemDetail, summary="一个事项的办事指南")
def get_item(request: HttpRequest, code: Code) -> dict[str, Any]:
    """Return the version in force: guide, limits, materials, conditions, steps; where its form and its flow are."""
    item = lookups.item_in_force(code)
    ready = catalogue.content_of(item.current_id or 0)
    content = ready.content
    address = request.path.rstrip("/")
    return _short(item, ready) | {
        "task_code": item.task_code, "handling_code": item.handling_code,
        "valid_from": item.current.valid_from if item.current else None,
        "guide": content.guide.model_dump(mode="json"), "limits": content.limits.model_dump(mode="json"),
        "materials": [
            one.model_dump(mode="json") | {"in_register": one.register}
            for one in sorted(content.materials, key=lambda one: one.order)
        ],
        "conditions": [one.model_dump(mode="json") for one in content.conditions],
        "steps": [
            {"code": step.code, "name": step.name, "kind": step.attributes.get("kind") or "review"}
            for step in ready.flow.steps.values()
        ],
        "options": content.options.model_dump(mode="json"), "form": f"{address}/form", "flow": f"{address}/flow.bpmn",
    }  # fmt: skip


@router.get("/items/{code}/form", response=dict[str, Any], summary="事项的表单(JSON Schema)")
def get_form(request: HttpRequest, code: Code) -> dict[str, Any]:
    """Return the form of the version in force as JSON Schema 2020-12; what depends on other answers is in ``x-`` keywords."""
    ready = catalogue.content_of(lookups.item_in_force(code).current_id or 0)
    return schema_of(ready, request.path)


@router.get(
    "/items/{code}/flow.bpmn",
    throttle=costly(),
    openapi_extra=XML,
    url_name="item-flow",
    summary="事项的流程图(BPMN 2.0)",
)
def get_flow(request: HttpRequest, code: Code) -> HttpResponse:
    """Return the flow of the version in force with its layout."""
    ready = catalogue.content_of(lookups.item_in_force(code).current_id or 0)
    name = "flow-" + "".join(char if char.isalnum() else "-" for char in code)
    return HttpResponse(to_bpmn(ready.flow, name, ready.name), content_type="application/xml; charset=utf-8")


@router.get(
    "/items/{code}/prefill",
    response=KnownList,
    auth=signed_in,
    openapi_extra={"security": SIGNED_IN},
    summary="为申请人预填表单",
)
def get_prefill(request: HttpRequest, code: Code, applicant: Party) -> dict[str, Any]:
    """Return what is known of an applicant for this form: ``self``, or an organisation for which the account acts.

    Window staff (``cases.intake``) may ask for any organisation. Values are told in full: they are the asker's own.
    """
    item = lookups.item_in_force(code)
    ready = catalogue.content_of(item.current_id or 0)
    party = lookups.party(account_of(request), applicant, item.zone)
    known = [
        {
            "element": element, "name": ready.fields[element][1].name, "value": found.value, "source": str(found.source),
            "as_of": found.as_of,
        }
        for element, found in forms.prefill(ready, party).items()
    ]  # fmt: skip
    return {"item": item.code, "version": ready.number, "items": known}


def _short(item: Item, ready: Ready) -> dict[str, Any]:
    guide = ready.content.guide
    return {
        "code": item.code, "name": item.name, "zone": item.zone, "kind": item.kind, "division": item.division_id,
        "agency": {"code": item.agency_id, "name": item.agency.name}, "version": ready.number, "suspended": item.suspended,
        "summary": guide.summary, "audience": list(guide.audience), "online": guide.online,
    }  # fmt: skip
