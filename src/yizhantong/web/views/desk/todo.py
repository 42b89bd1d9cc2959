"""My list: open steps by due light, narrowed, claimed, done in batches where that is safe; and all cases that I may see."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Refused
from yizhantong.kernel.cases import actions, numbers, queries
from yizhantong.kernel.cases.models import Case, CaseStep
from yizhantong.kernel.cases.pinned import pinned
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items import queries as items
from yizhantong.web.casework import lights, refusals
from yizhantong.web.casework.page import OWN
from yizhantong.web.casework.people import applicant_name
from yizhantong.web.casework.refusals import REFUSALS
from yizhantong.web.context import works
from yizhantong.web.views.hall.apply import me
from yizhantong.web.zones import ZONES

SIZE = 30
MOST_AT_ONCE = 100
WHOSE = {"all": gettext_lazy("本单位"), "mine": gettext_lazy("我的"), "free": gettext_lazy("待领取")}
LIGHTS = {"red": gettext_lazy("红灯"), "yellow": gettext_lazy("黄灯"), "green": gettext_lazy("绿灯")}
BATCHES = {"claim": gettext_lazy("领取"), "accept": gettext_lazy("受理"), "pass": gettext_lazy("通过")}
STATES = {"open": gettext_lazy("在办"), "closed": gettext_lazy("已办结"), "": gettext_lazy("全部")}


@dataclass(frozen=True, slots=True)
class Row:
    """One open step of the list."""

    step: CaseStep
    light: lights.Light
    applicant: str
    mine: bool
    claimable: bool
    acceptable: bool
    passable: bool


@login_required
@require_GET
def todo(request: HttpRequest) -> HttpResponse:
    """Show my list."""
    account = worker(request)
    asked = {name: request.GET.get(name, "").strip() for name in ("whose", "light", "zone", "item", "q")}
    asked["whose"] = asked["whose"] if asked["whose"] in WHOSE else "all"
    asked["light"] = asked["light"] if asked["light"] in LIGHTS else ""
    now = clock.now()
    try:
        page = queries.todo(
            account, after=request.GET.get("after") or None, size=SIZE, whose=asked["whose"], now=now,
            **_filters(asked), **_lit(asked["light"], account, now),
        )  # fmt: skip
    except (ValueError, OverflowError) as error:
        raise Http404(_("翻页标记无法识别,请从第一页看起")) from error
    kept = {name: value for name, value in asked.items() if value and (name, value) != ("whose", "all")}
    context = {
        "rows": [_row(step, account, now) for step in page.rows], "after": page.next, "asked": asked, "query": urlencode(kept),
        "whose": _tabs(account, asked["whose"]), "lights": LIGHTS.items(), "zones": ZONES, "narrowed": bool(kept),
        "items": list(items.published().filter(agency=account.agency_id).order_by("name").values_list("code", "name")[:200]),
        "batches": BATCHES.items(),
    }  # fmt: skip
    return render(request, "web/desk/todo.html", context)


def worker(request: HttpRequest) -> User:
    """Return an official who has to do with cases; anybody else is refused."""
    account = me(request)
    if not works(request):
        raise Refused("cases.view")
    return account


def _tabs(account: User, chosen: str) -> list[tuple[str, Any, bool]]:
    return [(code, name, code == chosen) for code, name in WHOSE.items()]


def _filters(asked: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if asked["zone"]:
        found["zone"] = asked["zone"][:32]
    if asked["item"]:
        found["case__item_id"] = asked["item"][:48]
    text = asked["q"].replace("\x00", "")[:60]
    if numbers.is_valid(text):
        found["case__number"] = text
    elif text.isdecimal():
        found["case__number__startswith"] = text
    elif text:
        found["case_id__in"] = _named(text).values("pk")
    return found


def _lit(light: str, account: User, now: dt.datetime) -> dict[str, Any]:
    """Return the filter of one light: among the office's open steps, which an index holds together."""
    if not light:
        return {}
    open_ones = CaseStep.objects.filter(lights.lit(light, now), office_id=account.agency_id, done_at__isnull=True)
    return {"pk__in": open_ones.values("pk")}


def _named(text: str) -> Any:
    """Return the cases whose asker or title holds a text."""
    asks = Q(organisation__name__contains=text) | Q(person__name=text) | Q(title__contains=text)
    return Case.objects.filter(asks)


def _row(step: CaseStep, account: User, now: Any) -> Row:
    flowing = step.kind not in OWN
    spec = pinned(step.case.version_id).steps.get(step.code) if flowing else None
    mine = step.handler_id in (None, account.pk)
    return Row(
        step=step, light=lights.of_step(step, now), applicant=applicant_name(step.case, account=account), mine=step.handler_id == account.pk,
        claimable=step.handler_id is None, acceptable=step.kind == "intake" and mine,
        passable=flowing and mine and step.kind != "decision" and spec is not None and "pass" in spec.outcomes,
    )  # fmt: skip


@login_required
@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """Show all cases that the account may see, the newest first."""
    account = worker(request)
    asked = {name: request.GET.get(name, "").strip().replace("\x00", "") for name in ("state", "zone", "q", "light")}
    try:
        page = queries.cases(account, after=request.GET.get("after") or None, size=SIZE, **_case_filters(asked))
    except (ValueError, OverflowError) as error:
        raise Http404(_("翻页标记无法识别,请从第一页看起")) from error
    now = clock.now()
    context = {
        "rows": [(case, lights.of_case(case, now), applicant_name(case, account=account)) for case in page.rows], "after": page.next,
        "asked": asked, "query": urlencode({name: value for name, value in asked.items() if value}), "zones": ZONES,
        "states": STATES.items(),
    }  # fmt: skip
    return render(request, "web/desk/cases.html", context)


def _case_filters(asked: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if asked["state"] == "closed":
        found["state"] = Case.State.CLOSED
    elif asked["state"] == "open":
        found["state__in"] = [Case.State.SUBMITTED, Case.State.SUPPLEMENT, Case.State.ACCEPTED]
    if asked["zone"]:
        found["zone"] = asked["zone"][:32]
    text = asked["q"][:60]
    if numbers.is_valid(text):
        found["number"] = text
    elif text.isdecimal():
        found["number__startswith"] = text
    elif text:
        found["pk__in"] = _named(text).values("pk")
    return found


@login_required
@require_POST
def batch(request: HttpRequest) -> HttpResponse:
    """Do one thing with several steps: first a page that asks, then each by itself, with a report of each."""
    account = worker(request)
    what = request.POST.get("what", "")
    if what not in BATCHES:
        raise Http404(_("没有这种批量操作"))
    chosen = [int(pk) for pk in request.POST.getlist("step") if pk.isdecimal() and len(pk) < 19][:MOST_AT_ONCE]
    steps = list(
        queries.open_steps(account)
        .filter(pk__in=chosen)
        .select_related("case__organisation", "case__person", "handler")
        .order_by("sort_at", "id")
    )
    opinion = request.POST.get("opinion", "").strip()
    context = {"what": what, "label": BATCHES[what], "opinion": opinion, "gone": len(chosen) - len(steps)}
    if not request.POST.get("sure"):
        return render(
            request, "web/desk/batch.html", context | {"rows": [_row(step, account, clock.now()) for step in steps]}
        )
    report = [(step, applicant_name(step.case, account=account), _one(what, step, opinion, account)) for step in steps]
    done = sum(refusal is None for _step, _name, refusal in report)
    return render(request, "web/desk/batch.html", context | {"report": report, "done": done})


def _one(what: str, step: CaseStep, opinion: str, account: User) -> refusals.Refusal | None:
    """Do it with one step; each is a transaction of its own, so one that is refused holds up no other."""
    try:
        if what == "claim":
            actions.claim(step, account)
        elif what == "accept":
            actions.accept(step.case, account=account)
        else:
            actions.complete_step(step.case, step.code, outcome="pass", opinion=opinion, account=account)
    except REFUSALS as error:
        return refusals.of(error)
    return None
