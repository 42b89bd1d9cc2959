"""What the pages share: who asks, the tabs, how refusals are shown, pages of lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.files.errors import FileError
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.web.paging import page_of as page_of
from yizhantong.zones.butler.access import butler_of, enterprises_acted_for, management
from yizhantong.zones.butler.models import Butler

P = ParamSpec("P")
REFUSALS = (LedgerError, CaseError, FileError)


@dataclass(frozen=True, slots=True)
class Tab:
    """One entry of the zone's own navigation and whom it is for."""

    name: str
    label: Any
    audience: str


TABS = (
    Tab("butler:home", _("概览"), "all"),
    Tab("butler:enterprises", _("我的企业"), "butler"),
    Tab("butler:visits", _("走访"), "butler manager"),
    Tab("butler:appeals", _("诉求"), "all"),
    Tab("butler:butlers", _("管家调配"), "manager"),
    Tab("butler:plans", _("走访计划"), "manager"),
    Tab("butler:escalations", _("逐级提请"), "staff"),
    Tab("butler:reviews", _("无法解决复核"), "manager"),
    Tab("butler:satisfaction", _("评价"), "manager"),
    Tab("butler:knowledge", _("知识库"), "all"),
)


def me(request: HttpRequest) -> User:
    """Return the signed-in account."""
    assert isinstance(request.user, User)
    return request.user


def audience(request: HttpRequest) -> set[str]:
    """Return what the account is to the service: ``manager``, ``butler``, ``enterprise``, ``staff``."""
    found = {"all"}
    if management(request.user):
        found.add("manager")
    if butler_of(request.user) is not None:
        found.add("butler")
    if request.user.is_authenticated and me(request).is_staff:
        found.add("staff")
    if request.user.is_authenticated and enterprises_acted_for(request.user).exists():
        found.add("enterprise")
    return found


def show(request: HttpRequest, template: str, context: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """Render a page with the zone's tabs."""
    who = audience(request)
    tabs = []
    for tab in TABS:
        if who & set(tab.audience.split()):
            url = reverse(tab.name)
            here = request.path == url if tab.name == "butler:home" else request.path.startswith(url)
            tabs.append({"url": url, "label": tab.label, "here": here})
    return render(request, f"butler/{template}", {"tabs": tabs, "who": who} | (context or {}), status=status)


def the_butler_asking(request: HttpRequest) -> Butler:
    """Return the butler who asks; refuse everyone else."""
    from yizhantong.zones.butler.access import the_butler

    return the_butler(request.user)


def refusing(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Require a sign-in; show a refusal that no form took as a page that says what is wrong."""

    @login_required
    @wraps(view)
    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except REFUSALS as error:
            return render(request, "web/errors/problem.html", {"problem": error}, status=409)

    return answer  # type: ignore[return-value]


def doing(request: HttpRequest, change: Callable[[], Any], said: Any, back: str) -> HttpResponse:
    """Do one thing by a button, and return to a page that says what became of it."""
    try:
        change()
    except REFUSALS as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return HttpResponseRedirect(back)


def refuse_at(form: forms.BaseForm, error: Exception, fields: dict[str, str]) -> None:
    """Show a refusal at the form's field whose Chinese name it gives, else above the form."""
    name = fields.get(getattr(error, "field", "") or "", getattr(error, "field", "") or "")
    form.add_error(name if name in form.fields else None, getattr(error, "sentence", str(error)))
