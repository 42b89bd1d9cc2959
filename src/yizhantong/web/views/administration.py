"""Accounts and grants, each for the administrator whose duty it is; every change is confirmed and audited."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yizhantong.kernel.access import actions, policy
from yizhantong.kernel.access.actions import AccessError
from yizhantong.kernel.access.models import Grant, Role, User
from yizhantong.kernel.divisions import clock, tree
from yizhantong.web.second_factor import forget_devices
from yizhantong.web.zones import ZONES

MOST = 200


class AccountForm(forms.Form):
    """A new account."""

    username = forms.CharField(label=gettext_lazy("账号"), max_length=150)
    display_name = forms.CharField(label=gettext_lazy("姓名"), max_length=64, required=False)
    password = forms.CharField(
        label=gettext_lazy("初始密码"), widget=forms.PasswordInput({"autocomplete": "new-password"})
    )
    staff = forms.BooleanField(label=gettext_lazy("工作人员(需要第二因素)"), required=False, initial=True)


class GrantForm(forms.Form):
    """A role over a scope, for some days."""

    role = forms.ModelChoiceField(Role.objects.order_by("code"), label=gettext_lazy("角色"))
    division = forms.ChoiceField(label=gettext_lazy("范围"), required=False)
    zone = forms.ChoiceField(label=gettext_lazy("专区"), required=False)
    valid_from = forms.DateField(label=gettext_lazy("起始日"), required=False, widget=forms.DateInput({"type": "date"}))
    valid_to = forms.DateField(label=gettext_lazy("终止日"), required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        places = [b for b in tree.branches().values() if b.level in ("county", "zone", "township")]
        self.fields["division"].choices = [("", _("全市")), *((b.code, b.name) for b in places)]  # type: ignore[attr-defined]
        self.fields["zone"].choices = [("", _("所有专区")), *((z.code, z.name) for z in ZONES)]  # type: ignore[attr-defined]


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show accounts, searched by name, to the system and the security administrator."""
    _either(request)
    wanted = request.GET.get("q", "").strip()
    accounts = User.objects.order_by("username").prefetch_related("grants__role", "grants__division")
    if wanted:
        accounts = accounts.filter(username__icontains=wanted) | accounts.filter(display_name__icontains=wanted)
    return render(
        request, "web/administration/index.html", _rights(request) | {"accounts": accounts[:MOST], "q": wanted}
    )


@login_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Make an account."""
    policy.check(request.user, "accounts.system")
    form = AccountForm(request.POST or None)
    if form.is_valid():
        try:
            made = actions.create_account(_me(request), **form.cleaned_data)
        except AccessError as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(request, _("已新增账号 %(name)s;角色由安全管理员授予") % {"name": made.username})
            return HttpResponseRedirect(reverse("web:administered", args=[made.pk]))
    return render(request, "web/administration/create.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest, number: int) -> HttpResponse:
    """Show one account; give it a role."""
    _either(request)
    found = get_object_or_404(User, pk=number)
    form = GrantForm(request.POST or None)
    if request.method == "POST":
        policy.check(request.user, "accounts.security")
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.grant(_me(request), found, data.pop("role"), **{**data, "division": data["division"] or None})
        except AccessError as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(request, _("已授权"))
            return HttpResponseRedirect(reverse("web:administered", args=[number]))
    grants = found.grants.select_related("role", "division").order_by("-id")
    context = _rights(request) | {"account": found, "grants": grants, "form": form, "day": clock.today()}
    return render(request, "web/administration/account.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Shut or open an account, give it a new password, or let its second factor be set up anew."""
    found = get_object_or_404(User, pk=number)
    what = request.POST.get("what", "")
    try:
        if what in ("shut", "open"):
            actions.set_active(_me(request), found, what == "open")
        elif what == "password":
            actions.reset_password(_me(request), found, request.POST.get("password", ""))
        elif what == "factor":
            forget_devices(_me(request), found)
        else:
            raise AccessError("unknown_change", _("没有这种操作"))
    except AccessError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已办理"))
    return HttpResponseRedirect(reverse("web:administered", args=[number]))


@login_required
@require_POST
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    """Take a role away."""
    given = get_object_or_404(Grant.objects.select_related("user"), pk=number)
    try:
        actions.revoke(_me(request), given)
    except AccessError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已收回"))
    return HttpResponseRedirect(reverse("web:administered", args=[given.user_id]))


def _either(request: HttpRequest) -> None:
    if not policy.may(request.user, "accounts.security"):
        policy.check(request.user, "accounts.system")


def _rights(request: HttpRequest) -> dict[str, bool]:
    return {
        "may_system": policy.may(request.user, "accounts.system"),
        "may_security": policy.may(request.user, "accounts.security"),
    }


def _me(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
