"""Setting a season up: a new one after the pattern of the last, its dates and rules, schools with catchments as CSV, batches."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from yizhantong.kernel.access import policy
from yizhantong.zones.onething.enrolment import terms
from yizhantong.zones.onething.enrolment.access import MANAGE, ZONE
from yizhantong.zones.onething.enrolment.actions import seasons
from yizhantong.zones.onething.enrolment.catchments import LAST
from yizhantong.zones.onething.enrolment.errors import EnrolmentError
from yizhantong.zones.onething.enrolment.models import Season
from yizhantong.zones.onething.enrolment.pages.common import REFUSALS, managed, me, refusing, show

HEADS = ("学校代码", "学校名称", "学位数", "调剂顺序", "道路", "单双号", "起", "止", "小区")
SIDES = {"": "all", "全部": "all", "单号": "odd", "双号": "even"}


class SeasonForm(forms.ModelForm):  # type: ignore[type-arg]
    """Dates, birthdays and rules of a season; rules as JSON, checked as a whole."""

    class Meta:
        model = Season
        fields = (
            "code",
            "name",
            "division",
            "stage",
            "year",
            "opens_at",
            "closes_at",
            "born_from",
            "born_to",
            "confirm_days",
            "source",
            "contact",
            "rules",
        )
        widgets = {
            "rules": forms.Textarea(attrs={"rows": 18, "class": "form-control", "spellcheck": "false"}),
            **{
                name: forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
                for name in ("opens_at", "closes_at")
            },
            **{name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d") for name in ("born_from", "born_to")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        division = self.fields["division"]
        assert isinstance(division, forms.ModelChoiceField)
        division.queryset = division.queryset.filter(level="county") if division.queryset is not None else None


class BatchForm(forms.Form):
    """One batch."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    categories = forms.MultipleChoiceField(label=gettext_lazy("入学类别"), widget=forms.CheckboxSelectMultiple)
    divert = forms.BooleanField(label=gettext_lazy("统筹调剂到有余位的学校"), required=False)
    publishes_on = forms.DateField(label=gettext_lazy("公布日期"), widget=forms.DateInput(attrs={"type": "date"}))


@refusing
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a season; rules are taken over from the last one."""
    policy.check(request.user, MANAGE, zone=ZONE)
    last = Season.objects.order_by("-year", "-pk").first()
    initial = (
        {"rules": json.dumps(last.rules, ensure_ascii=False, indent=1)}
        if last is not None and request.method == "GET"
        else {}
    )
    form = SeasonForm(request.POST or None, initial={"rules": last.rules if last else {}} if initial else None)
    agency = me(request).agency
    if form.is_valid() and agency is not None:
        made = form.save(commit=False)
        made.office = agency
        if _done(form, lambda: seasons.prepare(made, me(request))):
            messages.success(request, _("已新建,请登记学校、学区和批次,再请另一位审定发布"))
            return HttpResponseRedirect(reverse("onething:enrolment-desk-season", args=[made.code]))
    return show(
        request,
        "form.html",
        {"form": form, "title": _("新建招生批次"), "back": reverse("onething:enrolment-desk")},
        status=422 if form.errors else 200,
    )


@refusing
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change a draft."""
    season = managed(request, code)
    back = reverse("onething:enrolment-desk-season", args=[code])
    form = SeasonForm(request.POST or None, instance=Season.objects.get(pk=season.pk))
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in form.Meta.fields if name != "code"}
        if _done(form, lambda: seasons.change(season, me(request), **given)):
            messages.success(request, _("已保存"))
            return HttpResponseRedirect(back)
    return show(
        request,
        "form.html",
        {"form": form, "title": _("招生批次与规则"), "back": back},
        status=422 if form.errors else 200,
    )


@refusing
@require_http_methods(["GET", "POST"])
def schools(request: HttpRequest, code: str) -> HttpResponse:
    """Replace schools and catchments by a CSV, one line for each stretch of street or compound."""
    season = managed(request, code)
    back, text, problem = reverse("onething:enrolment-desk-season", args=[code]), written(season), None
    if request.method == "POST":
        text = request.POST.get("text", "").replace("\x00", "")[:500_000]
        try:
            number = seasons.set_schools(season, rows_of(text), me(request))
        except REFUSALS as error:
            problem = error
        else:
            messages.success(request, _("已保存 %(number)s 所学校") % {"number": number})
            return HttpResponseRedirect(back)
    return show(
        request,
        "schools.html",
        {"season": season, "text": text, "problem": problem, "back": back, "heads": HEADS},
        status=422 if problem else 200,
    )


@refusing
@require_http_methods(["GET", "POST"])
def new_batch(request: HttpRequest, code: str) -> HttpResponse:
    """Add a batch."""
    season = managed(request, code)
    back = reverse("onething:enrolment-desk-season", args=[code])
    if season.state == Season.State.CLOSED:
        raise Http404
    form = BatchForm(request.POST or None)
    choices = form.fields["categories"]
    assert isinstance(choices, forms.MultipleChoiceField)
    choices.choices = [(each.code, each.name) for each in terms.read(season.rules).categories]
    if form.is_valid() and _done(form, lambda: seasons.plan_batch(season, me(request), **form.cleaned_data)):
        messages.success(request, _("已添加批次"))
        return HttpResponseRedirect(back)
    return show(
        request,
        "form.html",
        {"form": form, "title": _("添加录取批次"), "back": back},
        status=422 if form.errors else 200,
    )


def _done(form: Any, change: Any) -> bool:
    """Do it, or show at the form why not."""
    try:
        change()
    except REFUSALS as error:
        name = getattr(error, "field", "")
        form.add_error(name if name in form.fields else None, getattr(error, "sentence", str(error)))
        return False
    return True


def rows_of(text: str) -> list[dict[str, Any]]:
    """Return the schools of a CSV; raise ``enrolment.schools`` naming the line that is wrong."""
    found: dict[str, dict[str, Any]] = {}
    reader = csv.reader(io.StringIO(text))
    for number, cells in enumerate(reader, 1):
        if not any(cells) or cells[0] == HEADS[0]:
            continue
        given = dict(zip(HEADS, [cell.strip() for cell in cells] + [""] * len(HEADS), strict=False))
        try:
            row = found.setdefault(given["学校代码"], {
                "code": given["学校代码"], "name": given["学校名称"], "places": int(given["学位数"]), "diverts_to": given["调剂顺序"].split(), "catchments": [],
            })  # fmt: skip
            row["catchments"] += _line(given)
        except (ValueError, KeyError) as error:
            text = f"第 {number} 行有误:学校代码、名称、学位数必填,单双号填“单号”“双号”或留空,起止为数字"
            raise EnrolmentError("enrolment.schools", text, field="text") from error
    return list(found.values())


def _line(given: dict[str, str]) -> list[dict[str, Any]]:
    if not given["学校名称"]:
        raise ValueError("name")
    if given["小区"]:
        return [{"compound": given["小区"]}]
    if not given["道路"]:
        return []
    first, last = int(given["起"] or 1), int(given["止"] or LAST)
    if not 0 < first <= last <= LAST:
        raise ValueError("range")
    return [{"street": given["道路"], "parity": SIDES[given["单双号"]], "first": first, "last": last}]


def written(season: Season) -> str:
    """Return schools and catchments of a season as CSV."""
    made = io.StringIO()
    sheet = csv.writer(made, lineterminator="\n")
    sheet.writerow(HEADS)
    for school in season.schools.prefetch_related("catchments"):
        head = [school.code, school.name, school.places, " ".join(school.diverts_to)]
        lines = list(school.catchments.all())
        for line in lines:
            side = "" if line.parity == "all" else line.get_parity_display()
            sheet.writerow(
                [
                    *head,
                    line.street,
                    side,
                    line.first if line.street else "",
                    line.last if line.street and line.last < LAST else "",
                    line.compound,
                ]
            )
        if not lines:
            sheet.writerow([*head, "", "", "", "", ""])
    return made.getvalue()
