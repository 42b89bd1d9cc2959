"""What the zone's pages share: who asks, the tabs, how a refusal of an action is told."""

from __future__ import annotations

from collections.abc import Callable
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
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.people import mandated
from yizhantong.kernel.files.errors import FileError
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.talent.actions.common import MANAGE, SCORE, manages

P = ParamSpec("P")
REFUSALS = (CaseError, LedgerError, FileError)
TABS = (
    ("index", _("人才服务"), "all"), ("posts", _("招聘岗位"), "all"), ("fairs", _("招聘会"), "all"), ("stations", _("大师工作站"), "all"),
    ("rules", _("认定标准"), "all"), ("mine", _("我的人才服务"), "person"), ("resume", _("我的简历"), "person"), ("employer", _("用人单位"), "employer"),
    ("scoring", _("现场评审"), "expert"), ("desk", _("经办"), "officer"),
)  # fmt: skip
DESK = (
    ("desk", _("待办")), ("desk-talents", _("人才名册")), ("desk-checks", _("年度核查")), ("desk-money", _("补贴发放")),
    ("desk-housing", _("人才公寓")), ("desk-posts", _("岗位管理")), ("desk-stations", _("工作站评审")), ("desk-fairs", _("办招聘会")), ("desk-exams", _("技能考试")),
    ("desk-experts", _("专家库")),
)  # fmt: skip
UNDER = {
    "post": "posts", "fair": "fairs", "station": "stations", "sheet": "scoring", "candidates": "employer", "candidate": "employer", "desk-talent": "desk-talents",
    "desk-batch": "desk-money", "desk-estate": "desk-housing", "desk-review": "desk-stations",
}  # fmt: skip
"""Under which tab a page stands that has none of its own."""


def me(request: HttpRequest) -> User:
    """Return the signed-in account (pages that need one are behind a sign-in)."""
    assert isinstance(request.user, User)
    return request.user


def audience(request: HttpRequest) -> set[str]:
    """Return what the account is to the service: ``person``, ``employer``, ``expert``, ``officer``."""
    found = {"all"}
    if not request.user.is_authenticated:
        return found
    if me(request).person_id is not None:
        found.add("person")
    if mandated(request.user):
        found.add("employer")
    if policy.may(request.user, SCORE, zone="talent"):
        found.add("expert")
    if me(request).is_staff and manages(request.user):
        found.add("officer")
    return found


def show(request: HttpRequest, template: str, context: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """Render a page with the zone's tabs, and at the desk with the desk's."""
    who = audience(request)
    name = (request.resolver_match.url_name or "") if request.resolver_match else ""
    here = UNDER.get(name, name)
    desk = here.startswith("desk")
    tabs = [
        {"url": reverse(f"talent:{code}"), "label": label, "here": code == ("desk" if desk else here)}
        for code, label, whose in TABS
        if whose in who
    ]
    desks = (
        [{"url": reverse(f"talent:{code}"), "label": label, "here": code == here} for code, label in DESK]
        if desk
        else []
    )
    face = {"face": "desk"} if desk else {}
    return render(
        request,
        f"talent/{template}",
        {"tabs": tabs, "desks": desks, "who": who} | face | (context or {}),
        status=status,
    )


def officers(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let only who manages the talent service in."""

    @login_required
    @wraps(view)
    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if "officer" not in audience(request):
            raise policy.Refused(MANAGE)
        return view(request, *args, **kwargs)

    return answer  # type: ignore[return-value]


def doing(request: HttpRequest, change: Callable[[], Any], said: Any, back: str) -> HttpResponse:
    """Do one thing by a button, and return to a page that says what became of it; ``said`` may be made of what was done."""
    done = attempt(request, change, said, back)
    if isinstance(done, str):
        messages.error(request, done)
        return HttpResponseRedirect(back)
    return done


def attempt(request: HttpRequest, change: Callable[[], Any], said: Any, back: str) -> HttpResponse | str:
    """Do what a form asks, and lead back; a refusal is returned as its sentence, to be shown with what was typed."""
    try:
        done = change()
    except REFUSALS as error:
        return str(error)
    messages.success(request, said(done) if callable(said) else said)
    return HttpResponseRedirect(back)


def employers(request: HttpRequest) -> list[Organisation]:
    """Return the organisations for which the account acts today, by name."""
    return list(Organisation.objects.filter(pk__in=mandated(request.user)).order_by("name"))
