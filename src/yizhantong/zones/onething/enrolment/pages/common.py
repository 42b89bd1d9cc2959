"""What the pages share: who asks, the tabs, how refusals are shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.files.errors import FileError
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.zones.onething.enrolment.access import check_manages, is_manager
from yizhantong.zones.onething.enrolment.models import Season
from yizhantong.zones.onething.enrolment.queries import seasons as queries

P = ParamSpec("P")
REFUSALS = (CaseError, LedgerError, FileError)
PHASES = {"draft": "编制中", "coming": "即将开始", "open": "报名中", "over": "报名已截止", "closed": "已结束"}


def me(request: HttpRequest) -> User:
    """Return the signed-in account."""
    assert isinstance(request.user, User)
    return request.user


def show(request: HttpRequest, template: str, context: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """Render a page with enrolment's tabs."""
    listed = [
        ("enrolment", _("招生批次"), True),
        ("enrolment-mine", _("我的报名"), request.user.is_authenticated),
        ("enrolment-desk", _("招生管理"), is_manager(request.user)),
    ]
    tabs = [
        {"url": (url := reverse(f"onething:{name}")), "label": label, "here": request.path == url}
        for name, label, wanted in listed
        if wanted
    ]
    return render(
        request, f"onething/enrolment/{template}", {"tabs": tabs, "now": clock.now()} | (context or {}), status=status
    )


def published(code: str) -> Season:
    """Return a published season; 404 otherwise."""
    found = queries.standing(code)
    if found is None:
        raise Http404(_("没有这个招生批次"))
    return found


def managed(request: HttpRequest, code: str) -> Season:
    """Return a season that the account manages; 404, or ``Refused``."""
    found = Season.objects.select_related("division", "office").filter(code=code).first()
    if found is None:
        raise Http404(_("没有这个招生批次"))
    check_manages(request.user, found)
    return found


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


def doing(request: HttpRequest, change: Callable[[], Any], said: str, back: str) -> HttpResponse:
    """Do one thing by a button, and return to a page that says what became of it."""
    try:
        change()
    except REFUSALS as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return HttpResponseRedirect(back)
