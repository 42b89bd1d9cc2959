"""Handing a child in: the form of the item, a draft before the opening, one submission from the opening on."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases import queries as case_queries
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items.forms import ItemForm, open_data, prefill
from yizhantong.kernel.items.models import Item
from yizhantong.web.casework import refusals
from yizhantong.web.views.hall.apply import form_sections
from yizhantong.zones.onething.enrolment.access import ITEM
from yizhantong.zones.onething.enrolment.actions import intake
from yizhantong.zones.onething.enrolment.models import Season
from yizhantong.zones.onething.enrolment.pages.common import PHASES, REFUSALS, me, published, show


@login_required
@require_http_methods(["GET", "POST"])
def form(request: HttpRequest, code: str) -> HttpResponse:
    """Show the form; keep it as a draft, or take it and lead to the receipt."""
    season, account = published(code), me(request)
    refusal: refusals.Refusal | None
    if account.person is None:
        refusal = refusals.Refusal(_("报名须由监护人以个人账号提交,请先完成实名认证"), "enrolment.not_a_person")
        return show(request, "apply.html", {"season": season, "refusal": refusal, "sections": []}, status=422)
    ready, draft, refusal = intake.current_version().ready, _draft(request), None
    known = prefill(ready, account.person)
    if request.method == "POST":
        filled = ItemForm(ready, request.POST, known)
        if request.POST.get("later"):
            return _kept(request, season, draft, filled)
        if filled.is_valid():
            try:
                row = intake.receive(
                    season, filled.document, account=account, key=request.POST.get("key", "")[:64] or uuid.uuid4().hex
                )
            except REFUSALS as error:
                refusal = refusals.of(error)
            else:
                if draft is not None:
                    cases.discard(draft, account)
                return HttpResponseRedirect(reverse("onething:enrolment-receipt", args=[row.receipt]))
    else:
        given = open_data(ready, draft.data) if draft is not None else {}
        filled = ItemForm(
            ready,
            None,
            known,
            initial={"enrolment_district": season.division_id, "enrolment_stage": season.stage} | given,
        )
    context = _context(request, season, filled) | {"refusal": refusal, "draft": draft}
    return show(request, "apply.html", context, status=422 if filled.errors or refusal else 200)


def _context(request: HttpRequest, season: Season, filled: ItemForm) -> dict[str, Any]:
    phase = season.phase(clock.now())
    return {
        "season": season, "form": filled, "sections": form_sections(filled), "phase": phase, "label": PHASES[phase],
        "key": request.POST.get("key") or uuid.uuid4().hex,
    }  # fmt: skip


def _draft(request: HttpRequest) -> Case | None:
    number = (request.POST.get("draft") or request.GET.get("draft", "")).replace("\x00", "")
    rows = case_queries.mine(me(request)).filter(item_id=ITEM, state=Case.State.DRAFT)
    return rows.filter(number=number).select_related("version").first() if number else None


def _kept(request: HttpRequest, season: Season, draft: Case | None, filled: ItemForm) -> HttpResponse:
    """Keep what is right of the form as a draft."""
    good = {code: value for code, value in filled.values.items() if value is not None and code in filled.visible}
    account = me(request)
    assert account.person is not None
    try:
        if draft is None:
            draft = cases.draft(Item.objects.get(pk=ITEM), applicant=account.person, account=account, data=good)
        else:
            cases.save_draft(draft, good, account)
    except REFUSALS as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("onething:enrolment-season", args=[season.code]))
    messages.success(request, _("已存为草稿,报名开始后再提交;报名先后不影响录取"))
    return HttpResponseRedirect(f"{reverse('onething:enrolment-apply', args=[season.code])}?draft={draft.number}")
