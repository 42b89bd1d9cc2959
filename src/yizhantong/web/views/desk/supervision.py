"""Supervision: lights that were lit, orders, feedback, appeals, lifting; and the mending of bad ratings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import actions, queries, rules
from yizhantong.kernel.cases.models import Rectification, SupervisionOrder
from yizhantong.web.casework import refusals
from yizhantong.web.casework.people import applicant_name
from yizhantong.web.casework.refusals import REFUSALS
from yizhantong.web.views.desk.forms import text
from yizhantong.web.views.desk.todo import worker

SIZE = 30
STATES = SupervisionOrder.State
LIVING = (STATES.OPEN, STATES.ANSWERED, STATES.APPEALED)
VIEWS = {
    "living": gettext_lazy("未结"), "open": gettext_lazy("待反馈"), "appealed": gettext_lazy("申诉中"), "all": gettext_lazy("全部"),
}  # fmt: skip


class Words(forms.Form):
    """What is said about an order or a bad rating."""

    said = text(gettext_lazy("内容"), 1000, 3)


@login_required
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Show the lights and orders that the account may see, the newest first."""
    account = worker(request)
    view = request.GET.get("view", "living")
    rows = _visible(account)
    shown = rows if view == "all" else rows.filter(state__in=LIVING if view not in STATES.values else [view])
    if request.GET.get("light") in SupervisionOrder.Light.values:
        shown = shown.filter(light=request.GET["light"])
    after = request.GET.get("after", "")
    if after.isdecimal() and len(after) < 19:
        shown = shown.filter(pk__lt=int(after))
    found = list(shown.select_related("case__organisation", "case__person", "office").order_by("-pk")[: SIZE + 1])
    context = {
        "orders": [(order, applicant_name(order.case, account=account)) for order in found[:SIZE]], "view": view, "views": VIEWS.items(),
        "after": found[SIZE - 1].pk if len(found) > SIZE else None, "light": request.GET.get("light", ""),
        "lamps": _lamps(rows),
    }  # fmt: skip
    return render(request, "web/desk/supervision.html", context)


def _visible(account: User) -> QuerySet[SupervisionOrder]:
    return SupervisionOrder.objects.filter(case__in=queries.visible_to(account).values("pk"))


def _lamps(rows: QuerySet[SupervisionOrder]) -> list[tuple[str, Any, int, bool]]:
    """Return for each light how many orders live, counted up to the cap."""
    found = []
    for code, name in SupervisionOrder.Light.choices:
        n = queries.count(rows.filter(light=code, state__in=LIVING))
        found.append((code, name, min(n, queries.CAP), n > queries.CAP))
    return found


@login_required
@require_http_methods(["GET", "POST"])
def order(request: HttpRequest, number: int) -> HttpResponse:
    """Show one order, and what may be done with it."""
    account = worker(request)
    found = (
        _visible(account)
        .filter(pk=number)
        .select_related("case__office", "case__organisation", "case__person", "office", "answered_by", "settled_by")
        .first()
    )
    if found is None:
        raise Http404(_("没有这张督办单,或它不在您的范围内"))
    form, refusal, asked = Words(request.POST or None), None, request.POST.get("what", "")
    if request.method == "POST":
        run = ORDERS.get(asked)
        if run is None:
            raise Http404(_("没有这种操作"))
        if form.is_valid():
            try:
                run(found, form.cleaned_data["said"], account)
            except REFUSALS as error:
                refusal = refusals.of(error, asked)
            else:
                messages.success(request, _("已办理"))
                return HttpResponseRedirect(reverse("web:supervision-order", args=[number]))
    may = {what: rules.may(account, what, found.case).ok and found.state in FROM[what] for what in ORDERS}
    context = {
        "order": found,
        "form": form,
        "refusal": refusal,
        "may": may,
        "asked": asked,
        "applicant": applicant_name(found.case, account=account),
    }
    return render(request, "web/desk/order.html", context, status=422 if refusal or form.errors else 200)


FROM = {
    "answer_order": (STATES.OPEN, STATES.APPEALED), "appeal_order": (STATES.OPEN, STATES.ANSWERED), "lift_order": LIVING,
    "close_order": (STATES.ANSWERED, STATES.APPEALED),
}  # fmt: skip
ORDERS: dict[str, Callable[[SupervisionOrder, str, User], object]] = {
    "answer_order": lambda order, said, account: actions.answer_order(order, feedback=said, account=account),
    "appeal_order": lambda order, said, account: actions.appeal_order(order, reason=said, account=account),
    "lift_order": lambda order, said, account: actions.lift_order(order, reason=said, account=account),
    "close_order": lambda order, said, account: actions.close_order(order, remark=said, account=account),
}


@login_required
@require_GET
def ratings(request: HttpRequest) -> HttpResponse:
    """Show bad ratings on their way to being mended, those due first."""
    account = worker(request)
    rows = Rectification.objects.filter(case__in=queries.visible_to(account).values("pk"))
    if request.GET.get("view") != "all":
        rows = rows.filter(state__in=[Rectification.State.OPEN, Rectification.State.CHECKED])
    found = list(rows.select_related("case__organisation", "case__person", "office").order_by("due_on", "pk")[:200])
    context = {
        "rows": [(row, applicant_name(row.case, account=account)) for row in found],
        "view": request.GET.get("view", ""),
    }
    return render(request, "web/desk/ratings.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def rating(request: HttpRequest, number: int) -> HttpResponse:
    """Show one bad rating: call back and check, mend, or exclude after review; the rating stays as it was given."""
    account = worker(request)
    rows = Rectification.objects.filter(case__in=queries.visible_to(account).values("pk"))
    found = (
        rows.filter(pk=number)
        .select_related("case__office", "case__organisation", "case__person", "office", "settled_by")
        .first()
    )
    if found is None:
        raise Http404(_("没有这条整改记录,或它不在您的范围内"))
    form, refusal, asked = Words(request.POST or None), None, request.POST.get("what", "")
    if request.method == "POST":
        run = MENDING.get(asked)
        if run is None:
            raise Http404(_("没有这种操作"))
        if form.is_valid():
            try:
                run(found, form.cleaned_data["said"], account)
            except REFUSALS as error:
                refusal = refusals.of(error, asked)
            else:
                messages.success(request, _("已办理"))
                return HttpResponseRedirect(reverse("web:rectification", args=[number]))
    may = {what: rules.may(account, what, found.case).ok for what in MENDING}
    context = {
        "row": found,
        "form": form,
        "refusal": refusal,
        "may": may,
        "asked": asked,
        "applicant": applicant_name(found.case, account=account),
    }
    return render(request, "web/desk/rating.html", context, status=422 if refusal or form.errors else 200)


MENDING: dict[str, Callable[[Rectification, str, User], object]] = {
    "call_back": lambda row, said, account: actions.call_back(row.case, findings=said, account=account),
    "mend": lambda row, said, account: actions.mend(row.case, measures=said, account=account),
    "exclude_rating": lambda row, said, account: actions.exclude_rating(row.case, reason=said, account=account),
}
