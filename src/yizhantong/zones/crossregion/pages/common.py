"""What the pages share: who asks, the tabs, how refusals are shown."""

from __future__ import annotations

from collections.abc import Callable
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
from yizhantong.kernel.files import actions as files
from yizhantong.kernel.files.errors import FileError
from yizhantong.kernel.items.errors import ItemError
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.zones.crossregion.access import check, handles
from yizhantong.zones.crossregion.actions.sending import Wanted
from yizhantong.zones.crossregion.forms import PartForm

P = ParamSpec("P")
REFUSALS = (CaseError, ItemError, FileError, LedgerError)
TABS = (
    ("crossregion:home", _("概览"), "all"),
    ("crossregion:offers", _("外地可办事项"), "all"),
    ("crossregion:mine", _("我的通办"), "person"),
    ("crossregion:counter", _("窗口收件"), "clerk"),
    ("crossregion:cases", _("通办业务"), "clerk"),
    ("crossregion:mail", _("收发件"), "clerk"),
    ("crossregion:openings", _("本市开放事项"), "all"),
    ("crossregion:partners", _("通办城市"), "clerk"),
)


def me(request: HttpRequest) -> User:
    """Return the signed-in account."""
    assert isinstance(request.user, User)
    return request.user


def audience(request: HttpRequest) -> set[str]:
    """Return what the account is to this zone: ``clerk``, ``person``."""
    found = {"all"}
    if handles(request.user):
        found.add("clerk")
    if isinstance(request.user, User) and request.user.person_id is not None:
        found.add("person")
    return found


def show(request: HttpRequest, template: str, context: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """Render a page with the zone's tabs."""
    who = audience(request)
    tabs = []
    for name, label, whom in TABS:
        if whom in who:
            url = reverse(name)
            here = request.path == url if name == "crossregion:home" else request.path.startswith(url)
            tabs.append({"url": url, "label": label, "here": here})
    return render(request, f"crossregion/{template}", {"tabs": tabs, "who": who} | (context or {}), status=status)


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


def clerks_only(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let only those in who handle what goes between cities."""

    @wraps(view)
    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        check(request.user)
        return view(request, *args, **kwargs)

    return refusing(answer)  # type: ignore[arg-type]


def doing(request: HttpRequest, change: Callable[[], Any], said: Any, back: str) -> HttpResponse:
    """Do one thing by a button, and return to a page that says what became of it."""
    try:
        change()
    except REFUSALS as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return HttpResponseRedirect(back)


def refuse_at(form: forms.BaseForm, error: Exception) -> None:
    """Show a refusal at the form's field that it names, else above the form."""
    name = getattr(error, "field", "") or ""
    form.add_error(name if name in form.fields else None, getattr(error, "sentence", str(error)))


def wanted_of(form: PartForm, account: User, trust: str) -> Wanted:
    """Keep the files of a part and return it as the actions take it; ``trust`` B where a clerk has seen the originals."""
    kept = [
        (code, files.store(upload, account=account, name=upload.name or code, purpose="跨区通办", trust=trust))
        for code, upload in form.uploads()
    ]
    return Wanted(form.item, form.document, kept)
