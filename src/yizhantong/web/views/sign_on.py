"""Signing in with the province's sign-on: OpenID Connect by the authorization code flow with PKCE.

The library keeps state, nonce and verifier in the session and checks signature, issuer, audience, nonce and times of the ID
token; here stand what we ask of it, how its claims are read, and where one goes when it fails. Nothing of it is there unless
``YZT_OIDC_ISSUER`` is set.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import Any

from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.contrib import auth, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from joserfc.errors import JoseError
from requests.exceptions import RequestException

from yizhantong.kernel.access.sign_on import Identity, SignOnError, account_of
from yizhantong.kernel.ledger.audit import audit
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.web.views.accounts import safe_next

TOKEN, NEXT = "sign_on_token", "sign_on_next"
BACKEND = "django.contrib.auth.backends.ModelBackend"
TIMEOUT = 10
_LOG = logging.getLogger(__name__)


@lru_cache(maxsize=2)
def _client(issuer: str) -> Any:
    """Return the client of a provider; what it says of itself is fetched at its first use."""
    return OAuth().register(
        "province", client_id=settings.YZT_OIDC_CLIENT_ID, client_secret=settings.YZT_OIDC_CLIENT_SECRET,
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": settings.YZT_OIDC_SCOPES, "code_challenge_method": "S256", "timeout": TIMEOUT},
    )  # fmt: skip


def client() -> Any:
    """Return the client of the provider; 404 where none is set up."""
    if not settings.YZT_OIDC_ISSUER:
        raise Http404
    return _client(settings.YZT_OIDC_ISSUER)


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Go to the provider."""
    request.session[NEXT] = safe_next(request)
    asked = {"acr_values": " ".join(settings.YZT_OIDC_ACR)} if settings.YZT_OIDC_ACR else {}
    try:
        _same_issuer(client().load_server_metadata())
        answer: HttpResponse = client().authorize_redirect(request, _address("web:sign-on-callback"), **asked)
    except (RequestException, OAuthError, SignOnError, ValueError) as error:
        return _failed(request, error)
    return answer


@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """Come back from the provider: the account it vouches for is signed in."""
    after = request.session.pop(NEXT, "") or reverse("web:my")
    try:
        token = client().authorize_access_token(request)
        user, linked = account_of(_identity(token))
    except (OAuthError, JoseError, RequestException, SignOnError, KeyError, ValueError) as error:
        return _failed(request, error)
    auth.login(request, user, backend=BACKEND)
    request.session[TOKEN] = token["id_token"]
    if linked:
        audit(user, AuditEvent.Event.ACCOUNT, f"sign_on:{user.pk}", issuer=settings.YZT_OIDC_ISSUER)
        messages.success(request, _("已用统一身份认证登录,下次可直接使用"))
    return HttpResponseRedirect(after)


def leave(token: str) -> str | None:
    """Return where the provider's own session ends, for the ID token of a session; None where there is no such place."""
    if not settings.YZT_OIDC_ISSUER:
        return None
    try:
        made = client().create_logout_url(post_logout_redirect_uri=_address("web:front"), id_token_hint=token)
    except (RequestException, RuntimeError, ValueError) as error:
        _LOG.warning("sign-on: no end of session: %s", type(error).__name__)
        return None
    return str(made["url"])


def _identity(token: dict[str, Any]) -> Identity:
    """Return what the ID token and the provider's page about the person say, which must be of the same subject."""
    vouched = token.get("userinfo")
    if not vouched:
        raise SignOnError("sign_on.no_identity", _("统一身份认证没有返回身份令牌,请重试"))
    if settings.YZT_OIDC_ACR and vouched.get("acr") not in settings.YZT_OIDC_ACR:
        raise SignOnError("sign_on.level", _("您的统一身份认证级别不够,请先在统一身份认证平台完成实名认证再登录"))
    claims = dict(vouched)
    if client().load_server_metadata().get("userinfo_endpoint"):
        more = client().userinfo(token=token)
        if more.get("sub") != vouched["sub"]:
            raise SignOnError("sign_on.subject", _("统一身份认证返回的身份前后不一致,请重试"))
        claims |= dict(more)
    named = settings.YZT_OIDC_CLAIMS
    return Identity(
        issuer=settings.YZT_OIDC_ISSUER, subject=str(vouched["sub"]), name=str(claims.get(named["name"]) or ""),
        number=str(claims.get(named["identity"]) or ""), phone=str(claims.get(named["phone"]) or ""),
    )  # fmt: skip


def _same_issuer(metadata: dict[str, Any]) -> None:
    if metadata.get("issuer") != settings.YZT_OIDC_ISSUER:
        raise SignOnError("sign_on.issuer", _("统一身份认证的签发方与配置不符,请联系管理员"))


def _address(name: str) -> str:
    return str(settings.YZT_ADDRESS) + reverse(name)


def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    """Go back to the page of signing in and say why; nothing personal goes into the log."""
    if isinstance(error, SignOnError):
        code, text = error.code, error.sentence
    elif isinstance(error, OAuthError) and error.error == "access_denied":
        code, text = "sign_on.denied", _("您在统一身份认证页面取消了登录")
    elif isinstance(error, RequestException):
        code, text = "sign_on.unreachable", _("统一身份认证暂时连不上,请稍后再试,或用账号密码登录")
    else:
        code, text = "sign_on.failed", _("统一身份认证登录没有成功,请重新登录")
    _LOG.warning("sign-on failed: %s (%s)", code, type(error).__name__)
    audit(None, AuditEvent.Event.SIGN_IN_FAILED, "sign_on", result=AuditEvent.Result.REFUSED, code=code)
    messages.error(request, f"{text}({code})")
    return HttpResponseRedirect(reverse("web:login"))
