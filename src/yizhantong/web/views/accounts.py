"""Signing in and out, the second factor, one's own account, and the language."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.parties.models import Mandate
from yizhantong.web import second_factor as factor

WRONG = _("动态码不对或已过期,请核对手机时间后输入新的动态码")
USED = _("这个动态码刚刚用过,每个动态码只能用一次,请等下一个动态码(至多 30 秒)")


class SignIn(LoginView):
    """Name and password; staff go on to the second factor."""

    template_name = "web/accounts/login.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the accounts of the sample city, where there is one."""
        context = super().get_context_data(**kwargs)
        context["province"] = settings.YZT_OIDC_NAME if settings.YZT_OIDC_ISSUER else ""
        if clock.demonstration_day() is not None:
            context["samples"] = _samples()
        return context


def _samples() -> QuerySet[User]:
    """Return the sample city's accounts that can sign in, with what they are; ``asks`` says who acts for an enterprise."""
    acting = Mandate.objects.filter(person=OuterRef("person"))
    able = (
        User.objects.filter(demonstration=True)
        .exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
        .exclude(password="")
    )
    return able.annotate(asks=Exists(acting)).prefetch_related("grants__role").order_by("id")


class SignOut(LogoutView):
    """End the session; one that began at a provider of identities ends there too."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sign out and go on."""
        from yizhantong.web.views import sign_on

        token = request.session.get(sign_on.TOKEN)
        answer = super().post(request, *args, **kwargs)
        elsewhere = sign_on.leave(token) if token else None
        return HttpResponseRedirect(elsewhere) if elsewhere else answer


class ChangePassword(PasswordChangeView):
    """Change one's password."""

    template_name = "web/accounts/password.html"
    success_url = reverse_lazy("web:account")

    def form_valid(self, form: Any) -> HttpResponse:
        """Say so."""
        messages.success(self.request, _("密码已更改"))
        return super().form_valid(form)


class CodeForm(forms.Form):
    """Six digits."""

    code = forms.RegexField(
        r"^\s*\d{6}\s*$",
        label=_("动态码"),
        error_messages={"invalid": _("动态码是 6 位数字")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 8}),
    )


@login_required
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Set up or ask for the second factor."""
    user = request.user
    assert isinstance(user, User)
    after = safe_next(request)
    if not factor.is_due(request):
        return HttpResponseRedirect(after)
    device = factor.device_of(user)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        code = form.cleaned_data["code"].strip()
        used = factor.used_just_now(device, code)
        if factor.confirm(request, device, code):
            return HttpResponseRedirect(after)
        form.add_error("code", USED if used else WRONG)
    context = {"form": form, "device": device, "next": after, "hint": factor.demonstration_code(user, device)}
    if not device.confirmed:
        context |= {"picture": factor.setup_picture(device), "key": factor.setup_key(device)}
    return render(request, "web/accounts/second_factor.html", context)


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Show one's own account: roles, scopes and what they allow."""
    assert isinstance(request.user, User)
    grants = request.user.grants.select_related("role", "division")
    context = {
        "grants": grants,
        "administers": any(policy.may(request.user, f"accounts.{duty}") for duty in ("system", "security")),
        "audits": policy.may(request.user, "accounts.audit"),
    }
    return render(request, "web/accounts/me.html", context)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Set the language, for the browser and for the account."""
    chosen = request.POST.get("language", "")
    response = HttpResponseRedirect(safe_next(request))
    if check_for_language(chosen) and chosen in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=365 * 86400, samesite="Lax", httponly=True)
        if isinstance(request.user, User):
            User.objects.filter(pk=request.user.pk).update(language=chosen)
    return response


def safe_next(request: HttpRequest) -> str:
    """Return where the request wants to go on to within this site, else the front page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return reverse("web:front")
