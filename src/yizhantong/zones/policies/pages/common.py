"""What the zone's pages share: who may enter, how a refusal of an action is told, which enterprise one acts for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.people import mandated
from yizhantong.kernel.items.errors import ItemError
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.parties.models import Organisation
from yizhantong.kernel.parties.profile import ProfileError

ZONE = "policies"
REFUSALS = (CaseError, ItemError, LedgerError, ProfileError)
DESK = (
    "policies.edit", "policies.publish", "policies.budget", "policies.pay", "cases.handle", "cases.decide", "cases.view",
)  # fmt: skip
SIZE = 30


def account(request: HttpRequest) -> User:
    """Return the signed-in account (pages that need one are behind ``login_required``)."""
    return cast(User, request.user)


def staff(request: HttpRequest, *permissions: str) -> User:
    """Return the account when it is staff with one of the permissions in this zone; raise ``Refused`` otherwise."""
    user = account(request)
    if not user.is_staff or not any(policy.may(user, name, zone=ZONE) for name in permissions or DESK):
        raise policy.Refused((permissions or DESK)[0])
    return user


def attempt(request: HttpRequest, said: Any, action: Callable[[], Any]) -> bool:
    """Run an action and tell what became of it above the next page; return whether it was done."""
    try:
        action()
    except REFUSALS as error:
        messages.error(request, str(error))
        return False
    messages.success(request, said)
    return True


def fill(form: forms.Form, action: Callable[[], Any]) -> Any:
    """Run an action for a valid form; a refusal goes to its field, or to the form as a whole, and gives None."""
    try:
        return action()
    except REFUSALS as error:
        field = getattr(error, "field", "") or getattr(error, "place", "")
        form.add_error(field if field in form.fields else None, str(error))
        return None


def back(to: str) -> HttpResponseRedirect:
    """Return the way back after a change."""
    return HttpResponseRedirect(to)


def enterprises(request: HttpRequest) -> list[Organisation]:
    """Return the enterprises for which the account acts today."""
    codes = mandated(request.user, "policies")
    return list(Organisation.objects.filter(pk__in=codes).order_by("name")) if codes else []


def chosen(request: HttpRequest, own: list[Organisation]) -> Organisation | None:
    """Return the enterprise that the address names among one's own, else the first."""
    wanted = request.GET.get("enterprise") or request.POST.get("enterprise") or ""
    return next((one for one in own if one.pk == wanted), own[0] if own else None)


def page_of(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    """Return one page of a list; filters survive paging by ``query`` of :func:`query_of`."""
    return Paginator(rows, SIZE).get_page(request.GET.get("page"))


def query_of(request: HttpRequest) -> str:
    """Return what the address asks besides the page."""
    asked = request.GET.copy()
    asked.pop("page", None)
    return asked.urlencode()
