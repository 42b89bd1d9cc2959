"""What the pages of the zone share: who asks, tabs, how refusals are shown; and the tabs of packages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.items.errors import ItemError
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.web.casework import refusals
from yizhantong.zones.onething.loading import ZONE

P = ParamSpec("P")
REFUSALS = (*(one for one in refusals.REFUSALS if one is not policy.Refused), LedgerError)
"""What pages show at its place; a missing permission is the error page's."""
HANDLING = ("cases.view", "cases.intake", "cases.handle", "cases.decide", "cases.assign", "cases.supervise")
EDITING = ("items.edit", "items.publish")


def me(request: HttpRequest) -> User:
    """Return the signed-in account."""
    assert isinstance(request.user, User)
    return request.user


def _may(account: Any, names: tuple[str, ...]) -> bool:
    return any(policy.reach(account, name, ZONE) for name in names)


def handles(account: Any) -> bool:
    """Tell whether the account has to do with packages on their way, as an official."""
    return bool(getattr(account, "is_staff", False)) and _may(account, HANDLING)


def edits(account: Any) -> bool:
    """Tell whether the account writes or publishes packages."""
    return _may(account, EDITING)


def tabs(request: HttpRequest, listed: Iterable[tuple[str, Any, bool]]) -> list[dict[str, Any]]:
    """Return the tabs that are wanted, from their addresses' names and labels; the one with the longest address that leads here is marked."""
    shown = [(reverse(f"onething:{name}"), label) for name, label, wanted in listed if wanted]
    inside = max((url for url, _label in shown if request.path.startswith(url)), key=len, default="")
    return [{"url": url, "label": label, "here": url == inside} for url, label in shown]


def show(request: HttpRequest, template: str, context: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """Render a page with the tabs of who looks."""
    desk, editor = handles(request.user), edits(request.user)
    listed = [
        ("home", _("一件事套餐"), True), ("gains", _("减负成效"), True), ("enrolment", _("入学报名"), True),
        ("desk", _("办理中的套餐"), desk), ("editor", _("编辑套餐"), editor),
    ]  # fmt: skip
    base = {
        "tabs": tabs(request, listed),
        "face": "desk" if desk or editor else "hall",
        "edits": editor,
        "handles": desk,
    }
    return render(request, f"onething/{template}", base | (context or {}), status=status)


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
    except (*REFUSALS, policy.Refused) as error:
        messages.error(request, sentence(error))
    else:
        messages.success(request, said)
    return HttpResponseRedirect(back)


def sentence(error: Exception) -> str:
    """Return what a refusal says; of a content all that is wrong."""
    findings = getattr(error, "findings", None) if isinstance(error, ItemError) else None
    return ";".join(finding.sentence for finding in findings) if findings else refusals.of(error).sentence
