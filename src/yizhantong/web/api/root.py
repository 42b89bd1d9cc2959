"""The API put together: its operations, how they are described, and what stands around each of them."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from yizhantong.web.api import (
    appointments,
    casefiles,
    cases,
    checks,
    divisions,
    facts,
    figures,
    files,
    filing,
    handling,
    items,
    ledgers,
    notices,
    opendata,
    problems,
    proofs,
    search,
    snapshots,
    verify,
)
from yizhantong.web.api.auth import anyone
from yizhantong.web.api.docs import docs
from yizhantong.web.api.door import guarded, unknown
from yizhantong.web.api.openapi import completed
from yizhantong.web.api.parsing import CompactRenderer, StrictParser

ABOUT = """城市一站通平台的开放接口。数据、公开台账与事项目录人人可读;申请、办理、登记、导入、核稿与发布需要接口密钥(`Authorization: Bearer …`)或已登录的会话。
金额以分、质量以千克、长度以米存储;`text` 与 `raw` 是精确值。列表以 `after` 翻页。出错一律是 RFC 9457 的 problem details。"""


class PlatformAPI(NinjaAPI):
    """Ninja's API with our door around every view, our page of documentation, and one shape of errors."""

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        """Return the description, completed."""
        return completed(super().get_openapi_schema(**given))

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Return the name of the operation's function, with its zone's before it for those of zones."""
        function = operation.view_func
        zone = function.__module__.removeprefix("yizhantong.zones.").partition(".")[0]
        return f"{zone}_{function.__name__}" if zone in settings.ZONES else function.__name__

    def on_exception(self, request: HttpRequest, exc: Any) -> HttpResponse:
        """Answer whatever an operation raised."""
        return problems.handle(request, exc)

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        found: list[URLResolver | URLPattern] = [
            path("docs", guarded(partial(docs, api=self)), name="docs"),
            path("openapi.json", guarded(partial(description, api=self)), name="openapi-json"),
        ]
        for bound in self._get_bound_routers():
            views = [view for view in bound.path_operations.values() for _operation in view.operations]
            for pattern, view in zip(bound.urls_paths(bound.prefix), views, strict=True):
                pattern.callback = guarded(pattern.callback, view)
                found.append(pattern)
        return [*found, path("", unknown, name="api-root"), re_path(r"^.*$", unknown)]


def description(request: HttpRequest, api: PlatformAPI) -> HttpResponse:
    """Return the OpenAPI description."""
    return api.create_response(request, api.get_openapi_schema(), status=200)


api = PlatformAPI(
    title="一站通开放接口",
    version="1.0.0",
    description=ABOUT,
    docs_url=None,
    urls_namespace="api",
    auth=anyone,
    parser=StrictParser(),
    renderer=CompactRenderer(),
)
_ROOMS = (
    figures, snapshots, ledgers, facts, files, checks, proofs, divisions, verify, notices, opendata, appointments, search, items, filing, cases, handling,
    casefiles,
)  # fmt: skip
for _room in _ROOMS:
    api.add_router("", _room.router)
for _zone in settings.ZONES:
    if find_spec(f"yizhantong.zones.{_zone}.api"):
        api.add_router(f"/{_zone}", import_module(f"yizhantong.zones.{_zone}.api").router)
