"""One of my cases: where it stands, and what its asker may do now, each as a form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import actions, hooks, lookup, queries, rules
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, CaseRating
from yizhantong.kernel.items import catalogue
from yizhantong.kernel.items.forms import ItemForm, open_data, shown
from yizhantong.kernel.items.models import Item
from yizhantong.web.casework import flows, materials, refusals
from yizhantong.web.casework.ratings import ASPECTS, RATINGS, rating_of
from yizhantong.web.casework.refusals import REFUSALS
from yizhantong.web.casework.stations import next_action, stations, zone_action
from yizhantong.web.views.hall.apply import form_sections, me

FRESH = "fresh_query_password"
"""Where the session keeps a query password from the form to the page that shows it, once."""
ASKED = ("new_password", "supplement", "give_material", "withdraw", "dispute", "rate", "rate_again", "write", "confirm")


@login_required
@require_http_methods(["GET", "POST"])
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Show one of my cases; a form sends ``operation``, and a refusal is shown beside it."""
    account = me(request)
    found = own_case(account, number)
    refusal = None
    if request.method == "POST":
        operation = request.POST.get("operation", "")
        if operation not in DOING:
            raise Http404
        try:
            said = DOING[operation](found.case, request, account)
        except REFUSALS as error:
            refusal = refusals.of(error, operation)
            found = own_case(account, number)
        else:
            messages.success(request, said)
            return HttpResponseRedirect(reverse("web:my-case", args=[number]))
    return render(
        request, "web/hall/my_case.html", _context(found, account, refusal, request), status=422 if refusal else 200
    )


def own_case(account: User, number: str) -> queries.CasePage:
    """Return a case of which the account is the asker (or filed it for him); 404 otherwise, drafts have their own pages."""
    missing = Http404(_("没有这个办件,或它不是您的"))
    try:
        found = queries.case_page(account, number)
    except CaseError as error:
        raise missing from error
    if not found.relations & {"applicant", "agent"} or found.case.state == Case.State.DRAFT:
        raise missing
    return found


def _context(
    kept: queries.CasePage, account: User, refusal: refusals.Refusal | None, request: HttpRequest
) -> dict[str, Any]:
    found, steps = kept.case, kept.steps
    ready = catalogue.content_of(found.version_id)
    given = sorted((row for row in kept.materials if not row.replaced), key=lambda row: row.pk)
    may = {operation: rules.may(account, operation, found).ok for operation in ASKED}
    may["dispute"] &= found.item.kind != Item.Kind.PACKAGE  # its parts carry the results, and the disputes
    data = open_data(ready, found.data)
    form = None
    if may["supplement"]:
        posted = request.POST if refusal and refusal.operation == "supplement" else None
        form = ItemForm(ready, posted, initial=data)
    panels = [panel for one in hooks.of(found.zone, found.item.kind) for panel in one.asker_panels(found)]
    shown_by_zone = any(panel.get("parts") for _template, panel in panels)
    asks = may["supplement"] or may["give_material"]
    return {
        "case": found, "ready": ready, "stations": stations(found, steps, ready.flow), "next": zone_action(found) or next_action(found, given, steps),
        "sections": shown(ready, data, reveal=True), "materials": given, "may": may, "refusal": refusal,
        "rows": materials.rows_of(found, account, given) if asks else [],
        "talk": [each for each in kept.talk if each["what"] == "message" and not each["internal"]],
        "papers": kept.papers, "parent": kept.parent, "parts": [] if shown_by_zone else kept.parts, "panels": panels, "form": form, "form_sections": form_sections(form) if form else [],
        "supplement": max(kept.supplements, key=lambda row: row.ordinal, default=None), "ratings": RATINGS, "aspects": ASPECTS,
        "procedure": next((row for row in kept.procedures if row.ended_at is None), None),
        "flow_url": flows.address(ready), "flow_steps": flows.stops(ready, steps),
        "password": request.session.pop(FRESH, {}).get(found.number, "") if FRESH in request.session else "",
        "dispute": getattr(found, "dispute", None), "operation": request.POST.get("operation", ""), "posted": request.POST,
    }  # fmt: skip


def _new_password(found: Case, request: HttpRequest, account: User) -> str:
    request.session[FRESH] = {found.number: lookup.new_password(found, account)}
    return _("新的查询密码在下面,原来的已作废")


def _supplement(found: Case, request: HttpRequest, account: User) -> str:
    ready = catalogue.content_of(found.version_id)
    form = ItemForm(ready, request.POST)
    form.is_valid()
    actions.supplement(found, data=form.values, account=account)
    return _("补正已提交")


def _give(found: Case, request: HttpRequest, account: User) -> str:
    materials.give(found, request, account)
    return _("材料已提交")


def _withdraw(found: Case, request: HttpRequest, account: User) -> str:
    actions.withdraw(found, request.POST.get("reason", "").strip(), account)
    return _("申请已撤回")


def _dispute(found: Case, request: HttpRequest, account: User) -> str:
    actions.dispute(found, request.POST.get("reason", "").strip(), account)
    return _("异议已提出,办件重新办理")


def _rate(found: Case, request: HttpRequest, account: User) -> str:
    actions.rate(
        found, rating_of(request), comment=request.POST.get("comment", "").strip(), aspects=request.POST.getlist("aspects"),
        account=account, channel=CaseRating.Channel.WEB,
    )  # fmt: skip
    return _("谢谢您的评价")


def _rate_again(found: Case, request: HttpRequest, account: User) -> str:
    actions.rate_again(found, rating_of(request), account=account)
    return _("谢谢您的再次评价;原评价保留不变")


def _write(found: Case, request: HttpRequest, account: User) -> str:
    actions.write(found, request.POST.get("text", "").strip(), account=account)
    return _("留言已送出")


def _confirm(found: Case, request: HttpRequest, account: User) -> str:
    solved = request.POST.get("solved") == "1"
    actions.confirm(found, solved=solved, reason=request.POST.get("reason", "").strip(), account=account)
    return _("已确认办理结果") if solved else _("已告诉办理单位,办件继续办理")


DOING: dict[str, Callable[[Case, HttpRequest, User], str]] = {
    "new_password": _new_password,
    "supplement": _supplement,
    "give_material": _give,
    "withdraw": _withdraw,
    "dispute": _dispute,
    "rate": _rate,
    "rate_again": _rate_again,
    "write": _write,
    "confirm": _confirm,
}
