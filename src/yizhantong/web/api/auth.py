"""Who asks: a program by its token, a person by the session of the browser, or the public."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.throttling import SimpleRateThrottle
from ninja.utils import check_csrf

from yizhantong.kernel.access.models import Token, User
from yizhantong.kernel.access.policy import Account
from yizhantong.web.api.problems import Problem, sign_in_first
from yizhantong.web.api.tokens import bearer
from yizhantong.web.second_factor import is_due

SAFE = ("GET", "HEAD", "OPTIONS")
SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "接口密钥,由 yzt accounts token 签发"},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "sessionid",
        "description": "浏览器会话;写操作另需 X-CSRFToken",
    },
}
SIGNED_IN: list[dict[str, list[str]]] = [{"bearer": []}, {"session": []}]
ANYONE: list[dict[str, list[str]]] = [{}, *SIGNED_IN]


def anyone(request: HttpRequest) -> Account:
    """Return who asks; the public too. A token or session that is given must be good."""
    header = request.headers.get("Authorization", "")
    if header:
        return _by_token(request, header)
    return _by_session(request)


def signed_in(request: HttpRequest) -> Account:
    """Return who asks; :class:`Problem` 401 for the public."""
    account = anyone(request)
    if not account.is_authenticated:
        raise sign_in_first()
    return account


def source_of(request: HttpRequest) -> str:
    """Return what a fact recorded through this request names as its source (at most 64 characters)."""
    token: Token | None = getattr(request, "token", None)
    name = f"{token.pk}:{token.name}" if token is not None else str(account_of(request))
    return f"api:{name}"[:64]


def account_of(request: HttpRequest) -> Account:
    """Return the account that ``anyone`` or ``signed_in`` found."""
    account: Account = request.auth  # type: ignore[attr-defined]
    return account


def _by_token(request: HttpRequest, header: str) -> User:
    scheme, _space, key = header.partition(" ")
    key = key.strip()
    if scheme.lower() != "bearer" or not key or len(key) > 200:
        raise sign_in_first()
    token = bearer(key)
    if token is None:
        problem = sign_in_first()
        problem.code, problem.detail = "access.bad_token", _("接口密钥无效、已过期,或账号已停用,请重新签发")
        raise problem
    request.token = token  # type: ignore[attr-defined]
    return token.user


def _by_session(request: HttpRequest) -> User | AnonymousUser:
    user = request.user
    if not isinstance(user, User):
        return AnonymousUser()
    if is_due(request):
        raise Problem(403, "access.second_factor", _("本次登录还没有通过第二因素验证,请先在网页上完成"))
    if request.method not in SAFE and check_csrf(request) is not None:
        raise Problem(403, "access.csrf", _("缺少有效的 X-CSRFToken,请从页面重新取得后再提交"))
    return user


class PublicThrottle(SimpleRateThrottle):
    """Bounds how often one address of the public may ask what is costly; accounts are not bounded."""

    scope = "public"

    def get_cache_key(self, request: HttpRequest) -> str | None:
        """Return the key of the address, or None for an account. Headers that anyone can invent are not believed."""
        account: Any = getattr(request, "auth", None)
        if account is not None and account.is_authenticated:
            return None
        return f"api-throttle-{self.rate}-{request.META.get('REMOTE_ADDR', '')}".replace("/", "-")


PUBLIC_RATE = "600/m"


def costly() -> PublicThrottle:
    """Return the bound for operations that compute much."""
    return PublicThrottle(PUBLIC_RATE)
