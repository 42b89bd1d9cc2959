"""The page that describes the API: made on the server from its own OpenAPI description, without scripts."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI

_TITLES = {
    "figures": _("数据"), "snapshots": _("发布的数据"), "ledgers": _("台账"), "facts": _("记录"), "files": _("导入与导出"),
    "checks": _("核稿"), "verification": _("验证"), "divisions": _("行政区划"), "items": _("事项"), "filing": _("申请"),
    "cases": _("办件"), "handling": _("办理"), "casefiles": _("材料"), "notices": _("消息"), "search": _("检索"),
}  # fmt: skip


def docs(request: HttpRequest, api: NinjaAPI) -> HttpResponse:
    """Show every operation with its parameters, bodies and answers."""
    schema = api.get_openapi_schema()
    groups: dict[str, list[dict[str, Any]]] = {tag: [] for tag in _TITLES}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            tag = operation.get("tags", ["other"])[0]
            groups.setdefault(tag, []).append(_operation(path, method, operation))
    named = [(tag, _TITLES.get(tag) or _title(tag), rows) for tag, rows in groups.items()]
    shapes = [
        (name, shape.get("description", ""), _properties(shape))
        for name, shape in sorted(schema["components"]["schemas"].items())
    ]
    context = {
        "info": schema["info"],
        "groups": named,
        "shapes": shapes,
        "server": request.build_absolute_uri("/")[:-1],
    }
    return render(request, "web/api/docs.html", context)


def _title(tag: str) -> Any:
    """Return the name of a group that is a zone's own."""
    return apps.get_app_config(tag).verbose_name if tag in settings.ZONES else tag


def _operation(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    summary: str = operation["summary"]
    answers = [item for status, item in operation["responses"].items() if status.startswith("2")]
    content = answers[0].get("content", {})
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": gettext(summary),
        "description": operation.get("description", ""),
        "signed_in": {} not in operation["security"],
        "parameters": [
            {"name": item["name"], "where": item["in"], "required": item["required"], "kind": kind_of(item["schema"])}
            for item in operation["parameters"]
        ],
        "body": [
            (media, kind_of(item["schema"])) for media, item in operation.get("requestBody", {}).get("content", {}).items()
        ],
        "gives": [(media, kind_of(item["schema"])) for media, item in content.items()],
    }  # fmt: skip


def _properties(shape: dict[str, Any]) -> list[dict[str, Any]]:
    required = shape.get("required", [])
    return [
        {"name": name, "kind": kind_of(item), "required": name in required}
        for name, item in shape.get("properties", {}).items()
    ]


def kind_of(schema: dict[str, Any]) -> str:
    """Return a JSON schema as people say it: ``string(date)``, ``FactOut[]``, ``a | b``."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "enum" in schema:
        return " | ".join(str(item) for item in schema["enum"])
    if "const" in schema:
        return str(schema["const"])
    for both in ("anyOf", "oneOf"):
        if both in schema:
            return " | ".join(kind_of(item) for item in schema[both])
    kind = schema.get("type", "any")
    if kind == "array":
        return f"{kind_of(schema.get('items', {}))}[]"
    said = " | ".join(kind) if isinstance(kind, list) else str(kind)
    return f"{said}({schema['format']})" if "format" in schema else said
