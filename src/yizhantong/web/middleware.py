"""What every answer carries, and what becomes of errors that rooms raise on purpose."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from yizhantong.kernel.access import policy
from yizhantong.kernel.figures.errors import FigureError
from yizhantong.kernel.ledger.audit import audit
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.kernel.notices import NoticeError
from yizhantong.web.dates import BadDay

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        f"form-action 'self' {settings.YZT_OIDC_ISSUER}".rstrip(),
        "frame-ancestors 'none'",
    )
)


class ChosenLanguage:
    """Speak the language that was chosen in this browser, or by this account, and Chinese until one was chosen.

    What a browser says it prefers does not decide.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in that language."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) or getattr(request.user, "language", "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.setdefault("Content-Language", language)
        return response


class ContentSecurityPolicy:
    """Allow nothing from other hosts and nothing inline."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the policy."""
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", POLICY)
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(self)")
        return response


class Refusals:
    """Show a refusal as a page that says what is missing and whom to ask; programs get problem details from the API."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn a refusal into a page, or into the sign-in page's suggestion for someone who is not signed in."""
        if isinstance(exception, policy.Refused):
            if request.user.is_authenticated:
                event, result = AuditEvent.Event.REFUSED, AuditEvent.Result.REFUSED
                audit(request.user, event, request.path, result=result, permission=exception.permission)
            return render(
                request,
                "web/errors/refused.html",
                {
                    "refusal": exception,
                    "permission": policy.PERMISSIONS.get(exception.permission, exception.permission),
                },
                status=403,
            )
        if isinstance(exception, BadDay | FigureError | NoticeError):
            return render(request, "web/errors/problem.html", {"problem": exception}, status=400)
        return None
