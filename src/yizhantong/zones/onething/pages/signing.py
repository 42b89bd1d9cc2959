"""The page behind a link to sign, for somebody without an account: who asks, exactly what is signed, yes or no.

Nothing of it is kept by browsers or found by search engines, and no other site learns the address.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yizhantong.web.casework import refusals
from yizhantong.web.casework.refusals import Refusal
from yizhantong.zones.onething import cosigning
from yizhantong.zones.onething.errors import OnethingError
from yizhantong.zones.onething.models import Cosignature

P = ParamSpec("P")
GONE = "onething.link_dead"
AT_FIELD = {"onething.signer_identity": "identity", "onething.no_reason": "reason"}


def _private(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    @wraps(view)
    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        made = view(request, *args, **kwargs)
        made["X-Robots-Tag"] = "noindex, nofollow"
        made["Referrer-Policy"] = "same-origin"
        return made

    return answer  # type: ignore[return-value]


@never_cache
@require_http_methods(["GET", "POST"])
@_private
def sign(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is asked; look at it in clear after the identity was checked, sign it, or decline with a reason."""
    try:
        row = cosigning.opened(token)
        if request.method == "GET":
            return _shown(request, row)
        return _done(request, token, row)
    except OnethingError as error:
        if error.code != GONE:
            raise
        return render(request, "onething/sign/dead.html", {"problem": error}, status=410)


def _done(request: HttpRequest, token: str, row: Cosignature) -> HttpResponse:
    do, identity = request.POST.get("do", ""), request.POST.get("identity", "").strip()[:32]
    try:
        if do == "decline":
            made = cosigning.decline(token, reason=request.POST.get("reason", ""))
            return render(request, "onething/sign/done.html", {"row": made})
        if do == "sign":
            made = cosigning.sign(token, digest=request.POST.get("digest", "")[:64], identity=identity)
            return render(request, "onething/sign/done.html", {"row": made})
        cosigning.identified(token, identity)
        return _shown(request, row, identity=identity)
    except OnethingError as error:
        if error.code == GONE:
            raise
        return _shown(request, row, refusal=refusals.of(error, do), identity="")


def _shown(request: HttpRequest, row: Cosignature, refusal: Refusal | None = None, identity: str = "") -> HttpResponse:
    asks = bool(row.identity_index)
    context: dict[str, Any] = {
        "row": row, "document": cosigning.shown(row, reveal=bool(identity)), "refusal": refusal, "asks_identity": asks,
        "known": bool(identity) or not asks, "identity": identity, "field": AT_FIELD.get(refusal.code, "") if refusal else "",
    }  # fmt: skip
    return render(request, "onething/sign/sign.html", context, status=422 if refusal else 200)
