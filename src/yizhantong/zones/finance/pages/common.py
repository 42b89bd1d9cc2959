"""What the pages share: who asks, the tabs for each side of the market, how refusals are shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
from yizhantong.kernel.cases.people import mandated
from yizhantong.kernel.figures import figure
from yizhantong.kernel.figures.declare import Figure
from yizhantong.kernel.figures.queries import values
from yizhantong.kernel.figures.values import Value
from yizhantong.kernel.items.errors import ItemError
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.zones.finance import access
from yizhantong.zones.finance.models import Guarantor

P = ParamSpec("P")
REFUSALS = (CaseError, ItemError, LedgerError)
FIRM, BANK, OFFICE, PERSON, ALL = "firm", "bank", "office", "person", "all"


@dataclass(frozen=True, slots=True)
class Tab:
    """One entry of the zone's own navigation and for which side of the market it is."""

    name: str
    label: Any
    sides: frozenset[str]


def _tab(name: str, label: Any, *sides: str) -> Tab:
    return Tab(f"finance:{name}", label, frozenset(sides))


TABS = (
    _tab("home", _("概览"), ALL),
    _tab("needs", _("我的融资"), FIRM),
    _tab("products", _("信贷产品"), ALL),
    _tab("authorisations", _("数据授权"), FIRM, PERSON),
    _tab("guarantees", _("我的担保"), PERSON),
    _tab("desk", _("银行工作台"), BANK),
    _tab("pool", _("需求池"), BANK),
    _tab("own-products", _("本行产品"), BANK),
    _tab("files", _("放款文件"), BANK),
    _tab("listings", _("需求撮合"), OFFICE),
    _tab("approvals", _("产品审定"), OFFICE),
    _tab("statistics", _("统计"), OFFICE, BANK),
    _tab("events", _("对接会"), FIRM, BANK, OFFICE),
)


def me(request: HttpRequest) -> User:
    """Return the signed-in account."""
    assert isinstance(request.user, User)
    return request.user


def sides(request: HttpRequest) -> set[str]:
    """Return on which sides of the market the account stands."""
    found = {ALL}
    if not request.user.is_authenticated:
        return found
    if access.manages(request.user):
        found.add(OFFICE)
    if access.bank_of(request.user) is not None:
        found.add(BANK)
    if mandated(request.user, access.ZONE):
        found.add(FIRM)
    if Guarantor.objects.filter(person=access.person_of(request.user)).exists():
        found.add(PERSON)
    return found


def show(request: HttpRequest, template: str, context: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """Render a page with the tabs of who looks."""
    who = sides(request)
    shown = [(reverse(tab.name), tab.label) for tab in TABS if tab.sides & who]
    inside = [url for url, _label in shown[1:] if request.path.startswith(url)] or [shown[0][0]]
    tabs = [{"url": url, "label": label, "here": url == max(inside, key=len)} for url, label in shown]
    desk = bool(who & {BANK, OFFICE})
    base = {"tabs": tabs, "sides": who, "face": "desk" if desk else "hall"}
    return render(request, f"finance/{template}", base | (context or {}), status=status)


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


def done(request: HttpRequest, said: Any, to: str) -> HttpResponse:
    """Go on after a form was taken."""
    messages.success(request, said)
    return HttpResponseRedirect(to)


def taken(form: forms.Form, change: Callable[[dict[str, Any]], Any]) -> Any:
    """Do what a valid form asks and return what it gives; a refusal goes to its field, or above the form, and gives None."""
    if not form.is_valid():
        return None
    try:
        return change(form.cleaned_data)
    except REFUSALS as error:
        said = getattr(error, "field", "")
        name = next((name for name in (said, said.removesuffix("_fen")) if name in form.fields), None)
        form.add_error(name, getattr(error, "sentence", str(error)))
        return None


def form_page(
    request: HttpRequest, form: forms.Form, title: Any, back: str, *, button: Any = "", **more: Any
) -> HttpResponse:
    """Show a form as a page of its own; errors at the fields and in a summary."""
    context = {"form": form, "title": title, "back": back, "button": button or _("保存")} | more
    return show(request, "form.html", context, status=422 if form.errors else 200)


def shown_figures(codes: Sequence[str]) -> list[tuple[Figure, Value]]:
    """Return figures with their values of today, in that order."""
    found = values(codes)
    return [(figure(code), found[code]) for code in codes]
