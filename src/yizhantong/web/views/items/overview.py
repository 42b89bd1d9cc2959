"""The list of items, one item with its versions, and a new item."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yizhantong.kernel.access import policy
from yizhantong.kernel.divisions.models import Division
from yizhantong.kernel.divisions.tree import root
from yizhantong.kernel.items import actions, exchange, queries
from yizhantong.kernel.items.errors import ItemError
from yizhantong.kernel.items.models import Item, ItemVersion
from yizhantong.kernel.parties.models import Organisation
from yizhantong.web.views.items.shared import account_of, asked, draft_of, version_of

PAGE = 50
STATES = (
    ("draft", gettext_lazy("有草稿")), ("submitted", gettext_lazy("待审定")), ("published", gettext_lazy("在用")),
    ("suspended", gettext_lazy("暂停")), ("none", gettext_lazy("未发布")),
)  # fmt: skip
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class NewItem(forms.Form):
    """A new item: name, code and who is accountable."""

    name = forms.CharField(label=gettext_lazy("事项名称"), max_length=120)
    code = forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9._-]*$", label=gettext_lazy("事项代码"), max_length=48,
        help_text=gettext_lazy("字母、数字和“.-_”,发布后不能更改"),
    )  # fmt: skip
    agency = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("实施主体"))

    def __init__(self, account: policy.Account, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        agencies = Organisation.objects.filter(kind=Organisation.Kind.AGENCY).order_by("name")
        found = policy.reach(account, queries.EDIT)
        if not found.everywhere:
            agencies = agencies.filter(Q(division__in=found.divisions) | Q(pk__in=found.agencies))
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]
        self.fields["agency"].initial = getattr(account, "agency_id", None)


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show the items that the account may edit or publish, by code, a page at a time."""
    if not any(policy.may(request.user, permission) for permission in (queries.EDIT, queries.PUBLISH)):
        raise policy.Refused(queries.EDIT)
    found = queries.manageable_by(request.user).select_related("agency", "current").order_by("code")
    text, state, after = (request.GET.get(name, "").strip() for name in ("q", "state", "after"))
    if text:
        found = found.filter(Q(name__icontains=text) | Q(code__icontains=text) | Q(agency__name__icontains=text))
    found = _in_state(found, state)
    rows = list(found.filter(code__gt=after)[: PAGE + 1] if after else found[: PAGE + 1])
    waiting = ItemVersion.objects.filter(item__in=[row.code for row in rows], state__in=["draft", "submitted"])
    open_ = {version.item_id: version for version in waiting.only("item_id", "number", "state")}
    context = {
        "rows": [(row, open_.get(row.code)) for row in rows[:PAGE]], "q": text, "state": state, "states": STATES,
        "more": rows[PAGE - 1].code if len(rows) > PAGE else "", "may_edit": policy.may(request.user, queries.EDIT),
        "narrowed": bool(text or state),
    }  # fmt: skip
    return render(request, "web/items/index.html", context)


def _in_state(found: QuerySet[Item], state: str) -> QuerySet[Item]:
    rows = {
        "draft": Q(versions__state="draft"), "submitted": Q(versions__state="submitted"),
        "published": Q(current__isnull=False, suspended=""), "suspended": ~Q(suspended=""), "none": Q(current__isnull=True),
    }  # fmt: skip
    return found.filter(rows[state]).distinct() if state in rows else found


@login_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Enter a new item and open its first draft."""
    policy.check(request.user, queries.EDIT)
    form = NewItem(request.user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        data = form.cleaned_data
        try:
            item = actions.create_item(
                data["code"], name=data["name"], agency=data["agency"], division=Division.objects.get(pk=root()),
                account=request.user, demonstration=data["agency"].demonstration,
            )  # fmt: skip
        except ItemError as error:
            form.add_error(error.place if error.place in form.fields else None, error.sentence)
        else:
            actions.draft(item, request.user)
            return redirect("web:item-edit", item.code, "guide")
    return render(request, "web/items/create.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_GET
def item(request: HttpRequest, code: str) -> HttpResponse:
    """Show one item with its versions and what can be done."""
    found = asked(request, code)
    context = {
        "item": found, "versions": list(queries.versions(code)), "draft": draft_of(found),
        "may_edit": queries.may_edit(request.user, found), "may_publish": queries.may_publish(request.user, found),
    }  # fmt: skip
    return render(request, "web/items/item.html", context)


@login_required
@require_POST
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """Open the draft, making a new version when there is none."""
    try:
        actions.draft(asked(request, code), request.user)
    except ItemError as error:
        messages.error(request, error.sentence)
        return redirect("web:item", code)
    return redirect("web:item-edit", code, "guide")


@login_required
@require_POST
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Suspend, resume or cancel an item."""
    found = asked(request, code)
    what = request.POST.get("what", "")
    try:
        if what == "suspend":
            actions.suspend(found, request.POST.get("reason", ""), account_of(request))
            messages.success(request, _("已暂停;在办的不受影响"))
        elif what == "resume":
            actions.resume(found, account_of(request))
            messages.success(request, _("已恢复受理"))
        elif what == "retire":
            actions.retire(found, account_of(request))
            messages.success(request, _("已取消;在办的继续按原版本办理"))
    except ItemError as error:
        messages.error(request, error.sentence)
    return redirect("web:item", code)


@login_required
@require_GET
def export(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Hand out one version as JSON, or as a workbook in the exchange fields."""
    version = version_of(asked(request, code), number)
    xlsx = request.GET.get("format") == "xlsx"
    content = exchange.export_xlsx([version]) if xlsx else exchange.export_json([version])
    response = HttpResponse(content, content_type=XLSX if xlsx else "application/json")
    name = f"{version.item.name}-v{number}.{'xlsx' if xlsx else 'json'}"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


@login_required
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Import a file of items as drafts: checked as a whole first."""
    policy.check(request.user, queries.EDIT)
    problems: list[object] = []
    file = request.FILES.get("file")
    if request.method == "POST":
        try:
            if file is None:
                raise ItemError("items.no_file", _("请选择一个文件"))
            made = exchange.import_items(file.read(exchange.MAX_BYTES + 1), request.user)
        except ItemError as error:
            problems = list(getattr(error, "findings", [error]))
        else:
            messages.success(request, _("已导入 %(count)s 项为草稿") % {"count": len(made)})
            return HttpResponseRedirect(reverse("web:items") + "?state=draft")
    return render(request, "web/items/upload.html", {"problems": problems}, status=422 if problems else 200)


__all__ = ["Item", "begin", "change", "create", "export", "index", "item", "upload"]
