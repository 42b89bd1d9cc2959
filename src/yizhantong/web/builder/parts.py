"""The tabs that every item has: how what was posted becomes part of the document, and what their templates need."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.items import elements
from yizhantong.kernel.items.models import DataElement, Item
from yizhantong.kernel.parties.models import Organisation
from yizhantong.web.builder.errors import Finding, TabError

Document = dict[str, Any]
Posted = Mapping[str, Any]

TASK_TYPES = (
    ("01", _("行政许可")), ("05", _("行政征收")), ("06", _("行政给付")), ("07", _("行政裁决")), ("08", _("行政确认")), ("09", _("行政奖励")),
    ("10", _("其他行政权力")), ("20", _("公共服务")), ("03", _("行政处罚")), ("04", _("行政强制")),
)  # fmt: skip
LEVELS = (("1", _("国家级")), ("2", _("省级")), ("3", _("市级")), ("4", _("县级")), ("5", _("乡级")), ("6", _("村级")))
DEPTHS = (("1", _("信息发布")), ("2", _("网上预审")), ("3", _("网上受理或办理")), ("4", _("全程网办")))
AREAS = (
    ("", _("不通办")), ("nation", _("全国")), ("provinces", _("跨省")), ("province", _("全省")), ("city", _("全市")), ("counties", _("跨县")),
)  # fmt: skip
DEPARTMENTS = (("legal", _("法定机关")), ("authorised", _("授权组织")), ("entrusted", _("受委托组织")))
RESULTS = (("certificate", _("证照")), ("approval", _("批文")), ("other", _("其他结果")))
AUDIENCES = (("person", _("自然人")), ("organisation", _("法人和其他组织")))
THEMES = (
    ("birth", _("生育收养")), ("school", _("上学")), ("work", _("就业创业")), ("home", _("住房户籍")), ("marriage", _("婚姻")),
    ("health", _("医疗")), ("security", _("社会保障")), ("opening", _("开办企业")), ("running", _("经营许可")), ("change", _("变更")),
    ("staff", _("用工")), ("innovation", _("科技创新")), ("project", _("工程建设")), ("closing", _("注销退出")),
)  # fmt: skip
CHANNELS = (("window", _("窗口")), ("online", _("网上")), ("express", _("快递")))
NEEDS = (("required", _("必要")), ("optional", _("非必要")), ("deferrable", _("容缺后补")))
ORIGINALS = (("original", _("原件")), ("copy", _("复印件")), ("electronic", _("电子件")))
SOURCES = (("applicant", _("申请人自备")), ("government", _("政府部门核发")), ("other", _("其他来源")))
UNITS = (("workday", _("工作日")), ("day", _("自然日")), ("hour", _("小时")))
LISTED = 30


# --- guide ----------------------------------------------------------------------------------------------------------


def apply_guide(document: Document, posted: Posted) -> Document:
    """Take the guide; spoken words and joint agencies are typed with marks between them."""
    guide = dict(posted.get("guide") or {})
    for name in ("words", "joint_agencies"):
        if isinstance(guide.get(name), str):
            text = guide[name].replace(",", "、").replace(",", "、").replace(" ", "、")
            guide[name] = [part for part in text.split("、") if part]
    guide.setdefault("fees", [])
    guide.setdefault("questions", [])
    return document | {"guide": document.get("guide", {}) | guide}


def guide_context(document: Document, item: Item, _posted: Posted | None) -> dict[str, Any]:
    """Return the choices of the guide."""
    return {
        "themes": THEMES, "task_types": TASK_TYPES, "levels": LEVELS, "depths": DEPTHS, "areas": AREAS, "departments": DEPARTMENTS,
        "results": RESULTS, "audiences": AUDIENCES, "channels": CHANNELS,
        "words": "、".join(document.get("guide", {}).get("words", [])),
        "joint": "、".join(document.get("guide", {}).get("joint_agencies", [])),
    }  # fmt: skip


# --- form -----------------------------------------------------------------------------------------------------------


def apply_form(document: Document, posted: Posted) -> Document:
    """Take the sections with their fields."""
    sections = []
    for section in posted.get("form") or []:
        fields = section.get("fields")
        sections.append({**section, "fields": fields if isinstance(fields, list) else []})
    return document | {"form": sections}


def form_context(document: Document, item: Item, posted: Posted | None) -> dict[str, Any]:
    """Return the sections with the element of each field, and what a search for elements found."""
    used = {field.get("element") for section in document.get("form", []) for field in section.get("fields", [])}
    sections = [
        {
            **section,
            "rows": [{**field, "known": elements.find(str(field.get("element", "")))} for field in section["fields"]],
        }
        for section in document.get("form", [])
    ]
    asked = str((posted or {}).get("q", ""))
    return {
        "sections": sections, "kinds": DataElement.Kind.choices, "q": asked, "used": used,
        "found": search_elements(asked, used), "names": sorted(row["known"].name for s in sections for row in s["rows"] if row["known"]),
    }  # fmt: skip


def search_elements(text: str, used: set[Any]) -> list[elements.Element]:
    """Return elements whose name, code or English name has the text (all words of it), those not on the form yet."""
    words = text.lower().split()
    found = [
        element for element in elements.dictionary().values()
        if element.code not in used
        and all(word in f"{element.name} {element.code} {element.name_en}".lower() for word in words)
    ]  # fmt: skip
    return sorted(found, key=lambda element: (len(element.name), element.name))[:LISTED] if words else []


# --- materials ------------------------------------------------------------------------------------------------------


def apply_materials(document: Document, posted: Posted) -> Document:
    """Take the materials; their order is that of the page."""
    rows = [{**row, "order": place} for place, row in enumerate(posted.get("materials") or [], 1)]
    return document | {"materials": rows}


def materials_context(_document: Document, _item: Item, _posted: Posted | None) -> dict[str, Any]:
    """Return the choices of materials."""
    registers = sorted({element.register for element in elements.dictionary().values() if element.register})
    return {"needs": NEEDS, "originals": ORIGINALS, "sources": SOURCES, "registers": registers}


# --- flow -----------------------------------------------------------------------------------------------------------


def apply_flow(document: Document, posted: Posted) -> Document:
    """Take the flow as the editor's JSON."""
    try:
        flow = json.loads(str(posted.get("flow", "")))
    except json.JSONDecodeError as error:
        sentence = f"流程的 JSON 第 {error.lineno} 行读不出,请改正"
        raise TabError([Finding("items.bad_flow", sentence, "flow")]) from error
    if not isinstance(flow, dict):
        raise TabError([Finding("items.bad_flow", "流程应是一个 JSON 对象", "flow")])
    return document | {"flow": flow}


def flow_context(document: Document, item: Item, posted: Posted | None) -> dict[str, Any]:
    """Return what the flow editor needs."""
    agencies = Organisation.objects.filter(kind=Organisation.Kind.AGENCY).order_by("name").values("uscc", "name")
    offices = [{"code": row["uscc"], "name": row["name"]} for row in agencies]
    shown = (posted or {}).get("flow")
    text = shown if isinstance(shown, str) else json.dumps(document.get("flow", {}), ensure_ascii=False, indent=2)
    return {"flow_document": text, "offices": offices}


# --- limits and options ---------------------------------------------------------------------------------------------

_OPTIONAL = ("supplement_days", "deferral_days", "extension_days")


def apply_limits(document: Document, posted: Posted) -> Document:
    """Take limits and options; an empty amount is "no limit"."""
    limits = dict(posted.get("limits") or {})
    for name in ("statutory", "promised"):
        limit = limits.get(name)
        if not isinstance(limit, dict) or not str(limit.get("amount", "")).strip():
            limits[name] = None
    for name in _OPTIONAL:
        limits[name] = limits.get(name) or None
    options = dict(posted.get("options") or {})
    options["public_notice_days"] = options.get("public_notice_days") or None
    return document | {"limits": limits, "options": document.get("options", {}) | options}


def limits_context(_document: Document, _item: Item, _posted: Posted | None) -> dict[str, Any]:
    """Return the choices of limits and the options that are yes or no."""
    flags = (
        ("immediate", _("即办件:当场办结,不走补正")), ("intake", _("受理前先由窗口收件核对")), ("deferral", _("允许容缺受理(次要材料后补)")),
        ("rating", _("办结后请申请人评价")), ("transferable", _("可以移送其他机关")), ("disputable", _("申请人可以提出一次异议")),
        ("confirm", _("由申请人确认办结")), ("answer", _("以答复办结(诉求、咨询)")),
    )  # fmt: skip
    return {"units": UNITS, "flags": flags}
