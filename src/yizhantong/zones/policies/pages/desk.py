"""For officers: what waits, documents and cards from writing to four-eyes approval, matching counts and push."""

from __future__ import annotations

from typing import Any

from django.conf import settings as django_settings
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yizhantong.kernel.access import policy
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.files.kinds import TAKEN
from yizhantong.zones.policies.actions import automatic, cards, documents, pushing
from yizhantong.zones.policies.actions.attachments import EXPLAINING, Purpose
from yizhantong.zones.policies.forms import CardForm, DocumentForm, initial_of
from yizhantong.zones.policies.models import Application, AutomaticList, PolicyDocument
from yizhantong.zones.policies.pages.common import attempt, back, fill, page_of, query_of, staff
from yizhantong.zones.policies.queries import eligibility, overview, visible

EDITORS = ("policies.edit", "policies.publish")


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits for whom, and the budgets at a glance."""
    staff(request)
    return render(request, "policies/desk/home.html", overview.home())


@login_required
@require_GET
def document_list(request: HttpRequest) -> HttpResponse:
    """Show documents with their states, newest first."""
    staff(request, *EDITORS)
    rows = (
        visible.documents(request.user)
        .select_related("issuer")
        .annotate(count=Count("cards"))
        .order_by("-published_on", "-id")
    )
    if state := request.GET.get("state"):
        rows = rows.filter(state=state)
    if words := request.GET.get("q", "").strip():
        rows = rows.filter(Q(title__icontains=words) | Q(document__icontains=words))
    context = {
        "page": page_of(request, rows),
        "query": query_of(request),
        "states": PolicyDocument.State.choices,
        "asked": request.GET,
    }
    return render(request, "policies/desk/documents.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new_document(request: HttpRequest) -> HttpResponse:
    """Begin a document."""
    user = staff(request, "policies.edit")
    form = DocumentForm(request.POST or None, initial={"issuer": user.agency_id, "published_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        number, issuer = said.pop("document"), said.pop("issuer")
        made = fill(form, lambda: documents.draft_document(number, issuer=issuer, account=user, **said))
        if made is not None:
            return back(reverse("policies:desk-document", args=[made.pk]))
    status = 422 if form.is_bound else 200
    return render(
        request,
        "policies/desk/form.html",
        {"form": form, "title": _("起草政策文件"), "up": reverse("policies:desk-documents")},
        status=status,
    )


@login_required
@require_http_methods(["GET", "POST"])
def document(request: HttpRequest, number: int) -> HttpResponse:
    """Show a document to its officers; change, submit, approve, send back, end it."""
    user = staff(request, *EDITORS)
    rows = visible.documents(request.user).select_related("issuer", "written_by", "approved_by")
    found = get_object_or_404(rows, pk=number)
    here = reverse("policies:desk-document", args=[found.pk])
    initial = {name: getattr(found, name) for name in documents.FIELDS}
    saving = request.method == "POST" and request.POST.get("do") == "save"
    form = DocumentForm(request.POST if saving else None, initial=initial, existing=True)
    if saving:
        if form.is_valid():
            changed = {name: form.cleaned_data[name] for name in form.changed_data}
            if fill(form, lambda: documents.save_document(found, changed, account=user)) is not None:
                return back(here)
    elif request.method == "POST":
        remark = request.POST.get("remark", "")
        day = clock.today()
        work = {
            "submit": lambda: documents.submit_document(found, account=user),
            "approve": lambda: documents.approve_document(found, account=user),
            "send_back": lambda: documents.send_back(found, remark, account=user),
            "repealed": lambda: documents.end_document(found, "repealed", reason=remark, on=day, account=user),
        }.get(request.POST.get("do", ""))
        if work is not None:
            attempt(request, _("已办理"), work)
        return back(here)
    context = {
        "document": found, "form": form, "cards": found.cards.select_related("item", "budget").order_by("position", "id"),
        "may_edit": visible.may_edit(user, found), "may_publish": visible.may_publish(user, found),
        **_files_of(found, user),
    }  # fmt: skip
    return render(request, "policies/desk/document.html", context, status=422 if saving else 200)


def _files_of(document: PolicyDocument, user: policy.Account) -> dict[str, Any]:
    """Return a document's files, those that may be taken away, and what may be added now."""
    kept = list(document.attachments.order_by("id"))
    writing = document.state == PolicyDocument.State.DRAFT
    open_ones = [one for one in Purpose if writing or one in EXPLAINING] if visible.may_edit(user, document) else []
    removable = {one.pk for one in kept if one.purpose in open_ones}
    most = django_settings.YZT_FILE_MAX_BYTES // 1024 // 1024
    return {"attachments": kept, "removable": removable, "purposes": open_ones, "taken": TAKEN, "most": most}


@login_required
@require_http_methods(["GET", "POST"])
def new_card(request: HttpRequest, number: int) -> HttpResponse:
    """Add a card to a document."""
    user = staff(request, "policies.edit")
    found = get_object_or_404(visible.documents(request.user), pk=number)
    form = CardForm(request.POST or None, initial={"unit": found.issuer_id})
    if request.method == "POST" and form.is_valid():
        made = fill(form, lambda: cards.draft_card(found, account=user, benefit=form.benefit(), **form.values()))
        if made is not None:
            return back(reverse("policies:desk-card", args=[made.number]))
    up = reverse("policies:desk-document", args=[found.pk])
    return render(
        request,
        "policies/desk/form.html",
        {"form": form, "title": _("新建政策卡"), "up": up},
        status=422 if form.is_bound else 200,
    )


@login_required
@require_http_methods(["GET", "POST"])
def card(request: HttpRequest, number: str) -> HttpResponse:
    """Show a card to its officers; change it, make its item, push it, make an automatic list."""
    user = staff(request, *EDITORS, "cases.handle")
    rows = visible.cards(request.user).select_related("document", "item__current", "budget", "unit", "stacking")
    found = get_object_or_404(rows, number=number)
    here = reverse("policies:desk-card", args=[found.number])
    saving = request.method == "POST" and request.POST.get("do") == "save"
    form = CardForm(request.POST if saving else None, initial=initial_of(found))
    if saving:
        if (
            form.is_valid()
            and fill(form, lambda: cards.save_card(found, form.values(), account=user, benefit=form.benefit()))
            is not None
        ):
            return back(here)
    elif request.method == "POST":
        year = clock.today().year
        work = {
            "item": (_("事项草稿已建立,请到事项编辑中完善后提交审定"), lambda: cards.make_item(found, account=user)),
            "push": (_("已推送"), lambda: pushing.push(found, account=user)),
            "list": (_("名单已生成,请另一位经办人复核"), lambda: automatic.make_list(found, year, account=user)),
        }.get(request.POST.get("do", ""))
        if work is not None:
            attempt(request, *work)
        return back(here)
    counts = eligibility.counts([found]).get(found.pk) if found.item is not None and found.item.current_id else None
    context = {
        "card": found, "form": form, "counts": counts, "may_edit": visible.may_edit(user, found.document),
        "lists": found.lists.annotate(count=Count("candidates")).order_by("-id")[:20], "pushed": found.pushes.count(),
        "applications": Application.objects.filter(card=found).count(),
    }  # fmt: skip
    return render(request, "policies/desk/card.html", context, status=422 if saving else 200)


@login_required
@require_GET
def matching(request: HttpRequest) -> HttpResponse:
    """Show, for every card, how many of all enterprises match, nearly match, cannot be known: computed now, in one pass."""
    staff(request)
    rows = list(eligibility.offered().annotate(pushed=Count("pushes")).order_by("number"))
    counts = eligibility.counts(rows)
    may_push = policy.may(request.user, "policies.edit", zone="policies")
    return render(
        request, "policies/desk/matching.html", {"rows": [(one, counts[one.pk]) for one in rows], "may_push": may_push}
    )


@login_required
@require_http_methods(["GET", "POST"])
def automatic_list(request: HttpRequest, number: int) -> HttpResponse:
    """Show a list of an automatic card; strike enterprises off, check it, give it up."""
    user = staff(request, "cases.handle", "cases.view")
    found = get_object_or_404(AutomaticList.objects.select_related("card__budget", "made_by", "checked_by"), pk=number)
    if request.method == "POST":
        do, reason = request.POST.get("do", ""), request.POST.get("reason", "")
        if do == "check":
            attempt(
                request,
                _("已复核,资金和名额已预留,企业将收到确认消息"),
                lambda: automatic.check_list(found, account=user),
            )
        elif do == "drop":
            attempt(request, _("名单已作废"), lambda: automatic.drop_list(found, account=user))
        elif do == "remove":
            one = get_object_or_404(found.candidates, pk=request.POST.get("candidate"))
            attempt(request, _("已剔除"), lambda: automatic.remove(one, reason, account=user))
        return back(reverse("policies:desk-list", args=[found.pk]))
    rows = found.candidates.select_related("organisation", "application__case").order_by("id")
    total = sum(rows.exclude(state="removed").values_list("amount_fen", flat=True))
    return render(
        request, "policies/desk/list.html", {"list": found, "page": page_of(request, rows), "total": total, "query": ""}
    )


@login_required
@require_POST
def push(request: HttpRequest, number: str) -> HttpResponse:
    """Push a card to those who match."""
    user = staff(request, "policies.edit")
    found = get_object_or_404(eligibility.offered(), number=number)
    attempt(request, _("已推送给符合条件且未退订的企业"), lambda: pushing.push(found, account=user))
    return back(reverse("policies:desk-matching"))
