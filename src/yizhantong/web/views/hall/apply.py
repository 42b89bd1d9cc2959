"""Applying: for whom, the form, the materials, the check, submission. A draft lies on the server from the first step on.

Going back in the browser, or sending twice, comes to the same draft, which is submitted once: the second time leads to the case.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import actions, hooks, queries
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.files import queries as files
from yizhantong.kernel.items import catalogue
from yizhantong.kernel.items.forms import ItemForm, open_data, prefill, shown
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.parties.models import Organisation, Person
from yizhantong.web import acting
from yizhantong.web.casework import materials, parties, refusals
from yizhantong.web.casework.refusals import REFUSALS
from yizhantong.web.views.hall.rating import code_of
from yizhantong.web.views.hall.services import found_item

STEPS = ("form", "materials", "check")


@login_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Choose for whom; a draft of the same item for the same party is gone on with."""
    item, account = found_item(code), me(request)
    ready = catalogue.content_of(item.current_id or 0)
    choices = parties.acting_for(account, item.zone)
    fitting = [party for party in choices if party.audience in ready.content.guide.audience]
    wanted = f"org:{request.GET['enterprise']}" if request.GET.get("enterprise") else acting.key_of(request)
    fitting.sort(key=lambda party: party.key != wanted)
    refusal = None
    if request.method == "POST":
        party = next((one for one in fitting if one.key == request.POST.get("for", "")), None)
        if party is None:
            refusal = refusals.Refusal(_("请选择为谁办理"), "web.no_applicant")
        else:
            try:
                case = _draft_of(account, item, party, fresh=bool(request.POST.get("fresh")))
            except REFUSALS as error:
                refusal = refusals.of(error)
            else:
                return HttpResponseRedirect(reverse("web:draft", args=[case.number]))
    context = {
        "item": item, "ready": ready, "choices": fitting, "known": bool(choices), "refusal": refusal,
        "drafts": queries.mine(account).filter(item=item, state=Case.State.DRAFT).select_related("organisation", "person"),
    }  # fmt: skip
    return render(request, "web/hall/apply_start.html", context, status=422 if refusal else 200)


def _draft_of(account: User, item: Item, party: parties.Party, fresh: bool) -> Case:
    mine = queries.mine(account).filter(item=item, state=Case.State.DRAFT, filed_by=account)
    field = "organisation" if party.audience == "organisation" else "person"
    earlier = mine.filter(**{field: party.applicant}).order_by("-id").first()
    if earlier is not None and not fresh:
        return earlier
    return begin(item, party.applicant, account, Case.Channel.ONLINE)


def begin(item: Item, applicant: Organisation | Person, account: User, channel: str, agent: str = "") -> Case:
    """Return a new draft in which everything stands that registers and earlier cases know."""
    known = prefill(catalogue.content_of(item.current_id or 0), applicant)
    data = {code: found.value for code, found in known.items()}
    return actions.draft(item, applicant=applicant, account=account, channel=channel, data=data, agent=agent)


@login_required
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, number: str) -> HttpResponse:
    """Fill in the form; what is filled in is kept even if it is not right yet."""
    account = me(request)
    case = found_draft(account, number)
    if isinstance(case, HttpResponse):
        return case
    ready = catalogue.content_of(case.version_id)
    known = prefill(ready, case.organisation or case.person)  # type: ignore[arg-type]
    refusal = None
    if request.method == "POST":
        form = ItemForm(ready, request.POST, known)
        refusal = _keep(case, ready, request, account)
        if refusal is None and (form.is_valid() or request.POST.get("later")):
            step = "web:drafts" if request.POST.get("later") else "web:draft-materials"
            return HttpResponseRedirect(reverse(step, args=[] if request.POST.get("later") else [number]))
    else:
        form = ItemForm(ready, None, known, initial=open_data(ready, case.data))
    context = {
        "case": case,
        "ready": ready,
        "form": form,
        "sections": form_sections(form),
        "refusal": refusal,
        "step": "form",
    }
    return render(request, "web/hall/apply_form.html", context, status=422 if form.errors or refusal else 200)


@login_required
@require_POST
def save(request: HttpRequest, number: str) -> JsonResponse:
    """Keep a draft while it is being filled in; say which fields are asked for now."""
    account = me(request)
    case = found_draft(account, number)
    if isinstance(case, HttpResponse):
        return JsonResponse({"code": "cases.not_a_draft"}, status=409)
    ready = catalogue.content_of(case.version_id)
    refusal = _keep(case, ready, request, account)
    if refusal is not None:
        return JsonResponse({"code": refusal.code, "sentence": refusal.sentence}, status=422)
    form = ItemForm(ready, request.POST, partial=True)
    return JsonResponse(
        {
            "saved": timezone.localtime().strftime("%H:%M"),
            "visible": sorted(form.visible),
            "required": sorted(code for code in form.visible if form.required_now(code)),
        }
    )


def _keep(case: Case, ready: catalogue.Ready, request: HttpRequest, account: User) -> refusals.Refusal | None:
    """Keep what is right of what was posted; wrong values stay in the browser's form, with their errors."""
    partial = ItemForm(ready, request.POST, partial=True)
    partial.is_valid()
    good = {code: value for code, value in partial.values.items() if value is not None and code in partial.visible}
    try:
        actions.save_draft(case, good, account)
    except REFUSALS as error:
        return refusals.of(error)
    return None


@login_required
@require_http_methods(["GET", "POST"])
def draft_materials(request: HttpRequest, number: str) -> HttpResponse:
    """Give the materials, one after the other; each is kept at once."""
    account = me(request)
    case = found_draft(account, number)
    if isinstance(case, HttpResponse):
        return case
    refusal = None
    if request.method == "POST":
        try:
            materials.give(case, request, account)
        except REFUSALS as error:
            refusal = refusals.of(error, request.POST.get("code", ""))
        else:
            return HttpResponseRedirect(
                f"{reverse('web:draft-materials', args=[number])}#m-{request.POST.get('code', '')}"
            )
    context = {
        "case": case, "rows": materials.rows_of(case, account), "refusal": refusal, "step": "materials",
        "content": catalogue.content_of(case.version_id).content, "panels": beside(case),
    }  # fmt: skip
    return render(request, "web/hall/apply_materials.html", context, status=422 if refusal else 200)


@login_required
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, number: str) -> HttpResponse:
    """Look everything over, and submit."""
    account = me(request)
    case = found_draft(account, number)
    if isinstance(case, HttpResponse):
        return case
    ready = catalogue.content_of(case.version_id)
    refusal = None
    if request.method == "POST" and request.POST.get("renew"):
        actions.renew_draft(case, account)
        return HttpResponseRedirect(reverse("web:draft", args=[number]))
    if request.method == "POST":
        if not request.POST.get("true"):
            refusal = refusals.Refusal(_("请先确认所填内容真实、准确"), "web.not_confirmed")
        else:
            try:
                submitted = actions.submit(case, account=account)
            except REFUSALS as error:
                refusal = refusals.of(error)
            else:
                remember_password(request, submitted)
                return HttpResponseRedirect(reverse("web:receipt", args=[number]))
    data = open_data(ready, case.data)
    form = ItemForm(ready, data)
    form.is_valid()
    rows = materials.rows_of(case, account)
    context = {
        "case": case, "ready": ready, "sections": shown(ready, data, reveal=True), "rows": rows, "step": "check",
        "missing": [row for row in rows if row.missing], "form": form, "refusal": refusal,
        "panels": beside(case),
    }  # fmt: skip
    return render(request, "web/hall/apply_check.html", context, status=422 if refusal else 200)


@login_required
@require_GET
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """Show number and query password; the password is shown in this session only."""
    case = (
        queries.mine(me(request))
        .filter(number=number)
        .exclude(state=Case.State.DRAFT)
        .select_related("item", "office")
        .first()
    )
    if case is None:
        raise Http404(_("没有这个办件"))
    password = request.session.get("query_passwords", {}).get(number, "")
    context = {"case": case, "password": password, "papers": files.issued_for("case", number), "rating": code_of(case)}
    return render(request, "web/hall/receipt.html", context)


@login_required
@require_GET
def drafts(request: HttpRequest) -> HttpResponse:
    """Show one's drafts, from whatever device."""
    rows = (
        queries.mine(me(request))
        .filter(state=Case.State.DRAFT)
        .select_related("item", "organisation", "person")
        .order_by("-id")
    )
    return render(request, "web/hall/drafts.html", {"drafts": rows[:50]})


@login_required
@require_POST
def discard(request: HttpRequest, number: str) -> HttpResponse:
    """Throw a draft away."""
    account = me(request)
    case = found_draft(account, number)
    if not isinstance(case, HttpResponse):
        try:
            actions.discard(case, account)
        except REFUSALS as error:
            messages.error(request, refusals.of(error).sentence)
        else:
            messages.success(request, _("草稿已删除"))
    return HttpResponseRedirect(reverse("web:drafts"))


def found_draft(account: User, number: str) -> Case | HttpResponse:
    """Return a draft of one's own; of a case that was submitted meanwhile, the way to it."""
    case = queries.mine(account).filter(number=number).select_related("item", "organisation", "person").first()
    if case is None:
        raise Http404(_("没有这份草稿,可能已经删除"))
    if case.state != Case.State.DRAFT:
        return HttpResponseRedirect(reverse("web:receipt", args=[number]))
    return case


def beside(case: Case) -> list[tuple[str, Any]]:
    """Return what the case's zone shows beside a draft: template and context."""
    return [panel for one in hooks.of(case.zone, case.item.kind) for panel in one.draft_panels(case)]


def form_sections(form: ItemForm) -> list[tuple[Any, list[dict[str, Any]]]]:
    """Return all sections with all fields: those that are not asked for now are there, hidden, for the script to show."""
    visible = form.visible
    return [
        (
            section,
            [
                {
                    "field": form[spec.element],
                    "hidden": spec.element not in visible,
                    "required": spec.required or (spec.element in visible and form.required_now(spec.element)),
                    "source": _source(form, spec.element),
                }
                for spec in section.fields
            ],
        )
        for section in form.ready.content.form
    ]


def _source(form: ItemForm, code: str) -> Any:
    """Return who knew a value, as long as it stands as it was known."""
    known = form.prefilled.get(code)
    return known if known is not None and form.values.get(code) == known.value else None


def remember_password(request: HttpRequest, case: Case) -> None:
    """Keep the query password for the receipt's page: the database holds only its digest."""
    password = getattr(case, "query_password", "")
    if password:
        request.session["query_passwords"] = {**request.session.get("query_passwords", {}), case.number: password}


def me(request: HttpRequest) -> User:
    """Return the account that asks; pages are behind ``login_required``."""
    assert isinstance(request.user, User)
    return request.user
