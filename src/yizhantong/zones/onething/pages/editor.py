"""The editor of packages, for officers who do not program: questions, items in their order, who signs, what was before.

What is saved is assembled at once; beside the form stand the merged form as an applicant sees it, the promise and the gain.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yizhantong.kernel.access import policy
from yizhantong.kernel.divisions import tree
from yizhantong.kernel.divisions.models import Division
from yizhantong.kernel.items import actions as item_actions
from yizhantong.kernel.items import queries as items
from yizhantong.kernel.items.errors import ContentError, Finding, ItemError
from yizhantong.kernel.items.forms import ItemForm
from yizhantong.kernel.items.models import Item, ItemVersion
from yizhantong.kernel.parties.models import Organisation
from yizhantong.web.builder import drafts
from yizhantong.web.builder.nested import nested
from yizhantong.web.builder.operations import operate
from yizhantong.web.views.hall.apply import form_sections
from yizhantong.zones.onething.actions import editing
from yizhantong.zones.onething.errors import OnethingError
from yizhantong.zones.onething.loading import ZONE, parts_of
from yizhantong.zones.onething.pages import editor_form
from yizhantong.zones.onething.pages.common import doing, edits, me, refusing, show
from yizhantong.zones.onething.pages.editor_view import context_of, names_of
from yizhantong.zones.onething.pages.packages import PREFIX
from yizhantong.zones.onething.queries import packages, shown
from yizhantong.zones.onething.spec import KEY

State = ItemVersion.State
WAITING = (State.DRAFT, State.SUBMITTED)
NEW: Mapping[str, Any] = {
    "counts_as": "birth",
    "questions": [],
    "parts": [],
    "cosigners": [],
    "before": {},
    "materials": {},
}


class NewPackage(forms.Form):
    """A package to be: its code, its name, who leads it."""

    code = forms.SlugField(
        label=gettext_lazy("代码"), max_length=32, help_text=gettext_lazy("小写字母、数字和连字符,如 retire")
    )
    name = forms.CharField(label=gettext_lazy("套餐名称"), max_length=120, help_text=gettext_lazy("如“退休一件事”"))
    agency = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("牵头部门"))

    def __init__(self, account: policy.Account, *args: Any) -> None:
        super().__init__(*args)
        agencies = Organisation.objects.filter(kind=Organisation.Kind.AGENCY).order_by("name")
        found = policy.reach(account, items.EDIT, ZONE)
        if not found.everywhere:
            agencies = agencies.filter(Q(division__in=found.divisions) | Q(pk__in=found.agencies))
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]
        self.fields["agency"].initial = getattr(account, "agency_id", None)


@refusing
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """List the packages that the account may edit or publish, with those that wait and those that have gone stale."""
    _check(request)
    rows = list(packages.manageable_by(me(request)))
    waiting = ItemVersion.objects.filter(item__in=rows, state__in=WAITING).defer("content")
    by_item = {version.item_id: version for version in waiting}
    listed = [
        {"item": item, "code": item.pk.removeprefix(PREFIX), "version": by_item.get(item.pk),
         "stale": packages.stale(item.current) if item.current is not None else [], "may_edit": items.may_edit(me(request), item)}
        for item in rows
    ]  # fmt: skip
    return show(
        request, "editor/index.html", {"rows": listed, "may_new": bool(policy.reach(me(request), items.EDIT, ZONE))}
    )


def _check(request: HttpRequest) -> None:
    if not edits(request.user):
        raise policy.Refused(items.EDIT)


@refusing
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter a package and open its first draft."""
    account = me(request)
    if not policy.reach(account, items.EDIT, ZONE):
        raise policy.Refused(items.EDIT)
    form = NewPackage(account, request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = editing.create(
                given["code"], name=given["name"], agency=given["agency"], division=Division.objects.get(pk=tree.root()),
                account=account, demonstration=given["agency"].demonstration,
            )  # fmt: skip
        except ItemError as error:
            form.add_error(error.place if error.place in form.fields else None, error.sentence)
        else:
            editing.draft(made, account)
            return HttpResponseRedirect(reverse("onething:editor-edit", args=[given["code"]]))
    return show(request, "editor/new.html", {"form": form}, status=422 if form.errors else 200)


def asked(request: HttpRequest, code: str) -> Item:
    """Return a package that the account may edit or publish; anything else is not found."""
    _check(request)
    found = packages.manageable_by(me(request)).select_related("division").filter(pk=f"{PREFIX}{code}").first()
    if found is None:
        raise Http404(_("没有这个套餐,或者您无权管理"))
    return found


def waiting_of(item: Item) -> ItemVersion | None:
    """Return the draft or submitted version of a package, or None."""
    found = items.versions(item.pk).filter(state__in=WAITING).first()
    if found is not None:
        found.item = item
    return found


@refusing
@require_GET
def one(request: HttpRequest, code: str) -> HttpResponse:
    """Show a package with its versions, what has gone stale, what waits for publication, and what it saves."""
    item, account = asked(request, code), me(request)
    version = waiting_of(item)
    document = version.content.get("benefit", {}).get(KEY) if version is not None else None
    problem, seen = "", None
    if document is not None:
        try:
            seen = packages.preview(item, document)
        except ContentError as error:
            problem = error.sentence
    context = {
        "item": item, "code": code, "version": version, "versions": items.versions(item.pk).defer("content")[:20],
        "stale": packages.stale(item.current) if item.current is not None else [], "seen": seen, "problem": problem,
        "lanes": shown.lanes(seen.made.spec, parts_of(seen.made.spec)) if seen is not None and seen.ready else None,
        "may_edit": items.may_edit(account, item), "may_publish": items.may_publish(account, item),
        "own": version is not None and version.written_by_id == account.pk,
    }  # fmt: skip
    return show(request, "editor/package.html", context)


# --- editing --------------------------------------------------------------------------------------------------------


@dataclass
class Draft:
    """A draft at hand: the document shown, what is wrong, how conditions were typed, whether it was refused."""

    item: Item
    version: ItemVersion
    document: dict[str, Any]
    findings: list[Finding] = field(default_factory=list)
    typed: dict[str, Any] = field(default_factory=dict)
    refused: bool = False


def _draft(request: HttpRequest, code: str) -> Draft:
    item = asked(request, code)
    if not items.may_edit(me(request), item):
        raise policy.Refused(items.EDIT, item.division_id)
    version = waiting_of(item)
    if version is None or version.state != State.DRAFT:
        raise OnethingError(
            "onething.no_draft", _("这个套餐没有可以修改的草稿;请先在套餐页新建一版,或收回已提交的一版")
        )
    document = version.content.get("benefit", {}).get(KEY)
    return Draft(item, version, dict(document) if isinstance(document, dict) else dict(NEW))


@refusing
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Show the draft's form; take what was posted, saying at its place what is still wrong."""
    draft = _draft(request, code)
    if request.method == "POST":
        draft = _posted(request, draft)
        if not draft.refused:
            _save(request, draft)
        if not draft.refused and not request.headers.get("HX-Request"):
            messages.success(request, _("已保存"))
            return HttpResponseRedirect(reverse("onething:editor-edit", args=[code]) + _anchor(request))
    context = context_of(draft) | {"code": code, "saved": request.method == "POST" and not draft.refused}
    return show(request, "editor/edit.html", context, status=422 if draft.refused else 200)


def _anchor(request: HttpRequest) -> str:
    name = request.POST.get("do", "").partition(":")[2].partition(".")[0]
    return f"#{name}" if name in ("questions", "parts", "cosigners") else ""


def _posted(request: HttpRequest, draft: Draft) -> Draft:
    tree_ = nested(request.POST)
    operate(tree_, request.POST.get("do", ""))
    taken = editor_form.take(tree_, draft.document, names_of(draft.document, tree_))
    draft.document, draft.findings, draft.typed = taken.document, taken.problems, taken.typed
    draft.refused = bool(taken.problems)
    return draft


def _save(request: HttpRequest, draft: Draft) -> None:
    try:
        seen = request.POST.get("seen", "")
        if seen and seen != drafts.seen_of(draft.version.content):
            raise drafts.ChangedMeanwhile
        editing.save(draft.version, draft.document, me(request))
    except ContentError as error:
        draft.findings, draft.refused = error.findings, True
    except ItemError as error:
        draft.findings, draft.refused = [Finding(error.code, error.sentence)], True


@refusing
@require_POST
def side(request: HttpRequest, code: str) -> HttpResponse:
    """Show what the form as it is typed would make; nothing is kept."""
    draft = _posted(request, _draft(request, code))
    return render(request, "onething/editor/side.html", context_of(draft) | {"code": code})


@refusing
@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest, code: str) -> HttpResponse:
    """Show the merged form as an applicant sees it, to be tried; nothing is kept."""
    item = asked(request, code)
    version = waiting_of(item) or item.current
    document = version.content.get("benefit", {}).get(KEY) if version is not None else None
    if document is None:
        raise OnethingError("onething.no_spec", _("套餐还没有填写情形和事项,请先编辑并保存"))
    seen = packages.preview(item, document)
    form = ItemForm(seen.ready, request.POST if request.method == "POST" else None) if seen.ready else None
    context = {
        "item": item, "code": code, "seen": seen, "form": form, "tried": request.method == "POST",
        "sections": form_sections(form) if form else [], "materials": seen.ready.asked(form.values) if seen.ready and form else [],
    }  # fmt: skip
    return show(request, "editor/preview.html", context)


# --- handing over ---------------------------------------------------------------------------------------------------


@refusing
@require_POST
def act(request: HttpRequest, code: str, what: str) -> HttpResponse:
    """Begin a version, assemble it anew, hand it over, send it back, publish it."""
    item, account = asked(request, code), me(request)
    if what in ("draft", "reassemble"):
        said = _("已按各事项现行版本重新合并,请核对后提交") if what == "reassemble" else _("已建立新的一版")
        change = (
            (lambda: _reassembled(item, account)) if what == "reassemble" else (lambda: editing.draft(item, account))
        )
        return doing(
            request,
            change,
            said,
            reverse("onething:editor-edit", args=[code]) if items.may_edit(account, item) else _page(code),
        )
    version = waiting_of(item)
    if version is None:
        raise Http404(_("没有草稿或待审定的一版"))
    remark = request.POST.get("remark", "")
    ways: dict[str, tuple[Callable[[], Any], str]] = {
        "submit": (lambda: editing.submit(version, account), _("已提交,请另一位有审定权限的人发布")),
        "send-back": (lambda: item_actions.send_back(version, remark, account), _("已退回修改")),
        "publish": (lambda: editing.publish(version, account), _("已发布,新的申请按这一版办理")),
    }
    if what not in ways:
        raise Http404
    change, said = ways[what]
    return doing(request, change, said, _page(code))


def _page(code: str) -> str:
    return reverse("onething:editor-package", args=[code])


def _reassembled(item: Item, account: policy.Account) -> None:
    """Make a draft of the package from the parts as they are in force now."""
    version = editing.draft(item, account)
    document = version.content.get("benefit", {}).get(KEY)
    if not isinstance(document, dict):
        raise OnethingError("onething.no_spec", _("套餐还没有填写情形和事项,请先编辑并保存"))
    editing.save(version, document, account)
