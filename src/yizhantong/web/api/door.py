"""Before any operation: methods, parameters nobody declared, type and size of the body; after it: headers.

HEAD answers as GET without content, OPTIONS and 405 name the methods (RFC 9110, 9.3.7 and 15.5.6). A parameter that an operation
does not know is refused: ``asof=2021-08-16`` must not silently give today's value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from ninja.operation import Operation, PathView

from yizhantong.web.api import problems
from yizhantong.web.api.problems import Fault, Problem

MULTIPART_OVERHEAD = 1024 * 1024
View = Callable[..., HttpResponseBase]


def guarded(view: View, path_view: PathView | None = None) -> View:
    """Return a view with everything of this module around it; without ``path_view`` it takes GET alone."""
    operations = {method: item for item in path_view.operations for method in item.methods} if path_view else {}
    methods = tuple(operations) or ("GET",)
    allowed = ", ".join(_with_common(methods))

    def door(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        asked = request.method or ""
        if asked == "OPTIONS":
            return HttpResponse(status=204, headers={"Allow": allowed})
        method = "GET" if asked == "HEAD" else asked
        if method not in methods:
            detail = _("这个地址不支持 %(method)s,可用:%(allowed)s") % {"method": asked[:20], "allowed": allowed}
            return Problem(405, "api.method", detail, headers={"Allow": allowed}).response()
        try:
            _check(request, operations.get(method), kwargs)
        except Problem as problem:
            return problem.response()
        request.method = method
        try:
            response = view(request, **kwargs)
        except Exception as error:
            response = problems.handle(request, error)
        finally:
            request.method = asked
        return _finished(request, response)

    door.csrf_exempt = True  # type: ignore[attr-defined]  # the session is checked in auth, tokens need no CSRF
    return door


def unknown(request: HttpRequest, **_kwargs: Any) -> HttpResponse:
    """Answer an address below ``/api/`` that does not exist."""
    detail = _("没有这个地址:%(path)s;全部接口见 /api/v1/docs") % {"path": request.path[:200]}
    return Problem(404, "api.unknown_address", detail).response()


unknown.csrf_exempt = True  # type: ignore[attr-defined]


def _with_common(methods: Iterable[str]) -> list[str]:
    found = sorted(set(methods))
    return [*found, *(["HEAD"] if "GET" in found else []), "OPTIONS"]


def _check(request: HttpRequest, operation: Operation | None, kwargs: dict[str, Any]) -> None:
    texts = [*kwargs.values(), *request.GET.keys(), *(value for values in request.GET.lists() for value in values[1])]
    if any("\x00" in text for text in texts if isinstance(text, str)):
        raise Problem(422, "api.invalid", _("地址中含有空字符(%00),请去掉"))
    _parameters(request, names_of(operation) if operation else set())
    if operation is not None:
        _body(request, operation)


def names_of(operation: Operation) -> set[str]:
    """Return the names of the query parameters that an operation declares."""
    models = [model for model in operation.models if model.__ninja_param_source__ == "query"]
    return {name for model in models for name in model.__ninja_flatten_map__}


def _parameters(request: HttpRequest, known: set[str]) -> None:
    strange = sorted(set(request.GET) - known)
    if strange:
        said = _("没有这个参数;可用:%(known)s") % {"known": "、".join(sorted(known)) or _("无")}
        faults = [Fault(said, "api.unknown_parameter", name[:100]) for name in strange[:20]]
        raise Problem(400, "api.unknown_parameter", _("有这个接口不认识的参数"), faults)


def _body(request: HttpRequest, operation: Operation) -> None:
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if length > settings.YZT_IMPORT_MAX_BYTES + MULTIPART_OVERHEAD:
        raise Problem(413, "api.too_large", _("请求正文过大,请分成几次提交"))
    wanted = content_types(operation)
    given = (request.content_type or "").lower()
    if length and wanted and given not in wanted:
        detail = _("不支持 Content-Type“%(given)s”,可用:%(wanted)s") % {
            "given": given[:60],
            "wanted": "、".join(wanted),
        }
        raise Problem(415, "api.content_type", detail)


def content_types(operation: Operation) -> tuple[str, ...]:
    """Return the types of body that an operation takes; none when it takes no body."""
    declared = (operation.openapi_extra or {}).get("requestBody", {}).get("content", {})
    if declared:
        return tuple(declared)
    sources = {model.__ninja_param_source__ for model in operation.models}
    if "file" in sources:
        return ("multipart/form-data",)
    return ("application/json",) if "body" in sources else ()


def _finished(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    patch_vary_headers(response, ("Authorization", "Cookie"))
    account = getattr(request, "auth", None)
    if account is not None and account.is_authenticated:
        response["Cache-Control"] = "private, no-store"
    return response
