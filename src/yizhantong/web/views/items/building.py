"""One tab of the builder: shown, saved as one types, changed by the buttons beside its rows, undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yizhantong.foundation.calendar import CalendarError
from yizhantong.foundation.flow import FlowError
from yizhantong.foundation.rules import FeelError
from yizhantong.kernel.items import actions, checking, differences, elements, queries
from yizhantong.kernel.items import content as contents
from yizhantong.kernel.items.catalogue import make_ready
from yizhantong.kernel.items.content import Condition
from yizhantong.kernel.items.errors import ContentError, Finding, ItemError
from yizhantong.kernel.items.forms import ItemForm
from yizhantong.kernel.items.matching import dry_run
from yizhantong.kernel.items.matching.rules import LABELS, State
from yizhantong.kernel.items.models import DataElement, Item, ItemVersion
from yizhantong.kernel.parties import vocabulary
from yizhantong.web.builder import drafts
from yizhantong.web.builder.nested import nested
from yizhantong.web.builder.new_element import NewElement
from yizhantong.web.builder.operations import operate
from yizhantong.web.builder.tabs import Tab, tabs_of
from yizhantong.web.views.items.shared import account_of, asked, draft_of, linked

SHOWN_STATES: tuple[State, ...] = ("match", "near", "unknown", "person", "no")


@dataclass
class Page:
    """What one answer shows: the document as it is, or as it was posted when it could not be kept."""

    item: Item
    version: ItemVersion
    tab: Tab
    document: dict[str, Any]
    findings: list[Finding]
    posted: Mapping[str, Any] | None = None
    refused: bool = False


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str, tab: str) -> HttpResponse:
    """Show a tab, or take what was filled in."""
    item = asked(request, code)
    version = draft_of(item)
    if version is None:
        messages.error(request, _("没有可编辑的草稿,请先新建一版"))
        return redirect("web:item", code)
    if not queries.may_edit(request.user, item):
        return redirect("web:item-version", code, version.number)
    found = next((known for known in tabs_of(item.kind) if known.code == tab), None)
    if found is None:
        raise Http404(_("没有这一页"))
    if request.method == "POST" and found.apply is not None:
        return _take(request, item, version, found)
    findings = checking.check(version.content, kind=item.kind)
    page = Page(item, version, found, version.content, findings, {"q": request.GET.get("q", "")})
    return _show(request, page)


def _take(request: HttpRequest, item: Item, version: ItemVersion, tab: Tab) -> HttpResponse:
    """Keep what was posted; on a refusal show it again with what is wrong."""
    posted = nested(request.POST)
    do = str(posted.get("do", ""))
    page = Page(item, version, tab, version.content, [], posted)
    try:
        if do == "new-element":
            do = _new_element(posted)
        operate(posted, do)
        assert tab.apply is not None
        page.document = tab.apply(version.content, posted)
        page.findings = drafts.save(request, version, page.document, str(posted.get("seen", "")))
        page.document, page.posted = version.content, None
    except ContentError as error:
        page.findings, page.refused = error.findings, True
    except ItemError as error:
        page.findings, page.refused = [Finding(error.code, error.sentence, error.place)], True
    if request.POST.get("autosave"):
        return _status(request, page)
    if request.headers.get("HX-Request") or page.refused:
        return _show(request, page)
    if do in ("", "save"):
        messages.success(request, _("已保存"))
    return redirect(request.path)


def _new_element(posted: Mapping[str, Any]) -> str:
    """Enter a new data element, and return what the button that adds it would say."""
    form = NewElement(dict(posted.get("new") or {}))
    if not form.is_valid():
        said = ";".join(
            f"{form.fields[name].label}:{''.join(map(str, errors))}" for name, errors in form.errors.items()
        )
        raise ItemError("items.bad_element", said, "form")
    made: DataElement = form.save()
    return f"add:form.{form.cleaned_data['section']}:{made.code}"


def _show(request: HttpRequest, page: Page) -> HttpResponse:
    template = (
        "web/items/builder.html" if page.tab.swap and request.headers.get("HX-Request") else "web/items/edit.html"
    )
    context = _context(request, page) | page.tab.context(page.document, page.item, page.posted)
    context |= _SHOWING.get(page.tab.code, _nothing)(request, page)
    return render(
        request, template, context, status=422 if page.refused and not request.headers.get("HX-Request") else 200
    )


def _status(request: HttpRequest, page: Page) -> HttpResponse:
    return render(request, "web/items/status.html", _context(request, page) | {"swapped": True})


def _context(request: HttpRequest, page: Page) -> dict[str, Any]:
    tabs = tabs_of(page.item.kind)
    own = [finding for finding in page.findings if page.tab.owns(finding) or page.refused]
    return {
        "editable": page.tab.apply is not None, "item": page.item, "version": page.version, "tab": page.tab, "document": page.document, "refused": page.refused,
        "tabs": [(tab, sum(map(tab.owns, page.findings))) for tab in tabs], "findings": linked(page.item, page.findings),
        "own": linked(page.item, own), "seen": drafts.seen_of(page.version.content),
        "undoable": len(drafts.remembered(request, page.version)),
    }  # fmt: skip


def _nothing(_request: HttpRequest, _page: Page) -> dict[str, Any]:
    return {}


def _preview(request: HttpRequest, page: Page) -> dict[str, Any]:
    """The form as an applicant sees it, with the values tried."""
    data = request.POST if request.method == "POST" else None
    try:
        ready = make_ready(contents.read(page.document), page.item, page.version)
    except (ItemError, FlowError, FeelError, CalendarError) as error:
        return {"problem": str(error)}
    form = ItemForm(ready, data)
    groups = [
        (section, [{"field": field, "required": form.required_now(field.name)} for field in fields])
        for section, fields in form.groups
    ]
    return {
        "form": form,
        "groups": groups,
        "materials": ready.asked(form.values),
        "limits": ready.limits,
        "tried": data,
    }


def _trial(_request: HttpRequest, page: Page) -> dict[str, Any]:
    """All enterprises against the conditions, those on values of the form left out."""
    conditions = contents.read(page.document).conditions
    left: list[Condition] = []
    taken: list[Condition] = []
    for condition in conditions:
        try:
            known = checking.names_in(condition.rule or "true", vocabulary.NAMES) <= vocabulary.NAMES | {
                checking.PERSON
            }
        except FeelError as error:
            return {"problem": f"“{condition.text}”:{error}"}
        (taken if known else left).append(condition)
    run = dry_run(taken)
    counts = [(state, _(LABELS[state]), getattr(run, state), run.examples[state]) for state in SHOWN_STATES]
    return {"run": run, "counts": counts, "left": left, "taken": taken}


def _submit(_request: HttpRequest, page: Page) -> dict[str, Any]:
    current = page.item.current
    return {"changes": differences.changes(current.content if current else None, page.document) if current else []}


_SHOWING = {"preview": _preview, "trial": _trial, "submit": _submit}


@login_required
@require_POST
def undo(request: HttpRequest, code: str) -> HttpResponse:
    """Take the last change back."""
    item = asked(request, code)
    version = draft_of(item)
    if version is None or not drafts.undo(request, version):
        messages.info(request, _("没有可以撤销的修改"))
    tab = request.POST.get("tab", "guide")
    return redirect("web:item-edit", code, tab if any(known.code == tab for known in tabs_of(item.kind)) else "guide")


@login_required
@require_POST
def submit(request: HttpRequest, code: str) -> HttpResponse:
    """Hand the draft over for approval."""
    item = asked(request, code)
    version = draft_of(item)
    if version is None:
        return redirect("web:item", code)
    try:
        actions.submit(version, account_of(request))
    except ItemError as error:
        messages.error(request, error.sentence)
        return redirect("web:item-edit", code, "submit")
    drafts.forget(request, version)
    messages.success(request, _("已提交审定,由另一位有审定权限的人发布"))
    return redirect("web:item", code)


@login_required
@require_GET
def rule(request: HttpRequest) -> JsonResponse:
    """Tell whether a rule of a flow can be read, and whether its names are known."""
    text = request.GET.get("rule", "")[:2000]
    known = elements.names() | vocabulary.NAMES | {checking.STEPS}
    try:
        unknown = sorted(checking.names_in(text, known) - known) if text.strip() else []
    except FeelError as error:
        return JsonResponse({"ok": False, "sentence": str(error)})
    if unknown:
        return JsonResponse({"ok": False, "sentence": _("不认识的名称:") + "、".join(unknown)})
    return JsonResponse({"ok": True, "sentence": _("可以读懂")})
