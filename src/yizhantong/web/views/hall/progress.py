"""Without an account: how far a case is, by number and query password; public notices and objections; rating by link."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from yizhantong.kernel.cases import actions, lookup
from yizhantong.kernel.cases.models import Case, PublicNotice
from yizhantong.kernel.divisions import clock
from yizhantong.web.casework import refusals
from yizhantong.web.casework.refusals import REFUSALS
from yizhantong.web.casework.stations import Station

PAGE = 30


class LookupForm(forms.Form):
    """Number and password of a case."""

    number = forms.CharField(label=gettext_lazy("办件编号"), max_length=32)
    password = forms.CharField(
        label=gettext_lazy("查询密码"),
        max_length=12,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )


class ObjectionForm(forms.Form):
    """Who objects, how to reach them, and why."""

    name = forms.CharField(label=gettext_lazy("姓名或单位"), max_length=64)
    contact = forms.CharField(
        label=gettext_lazy("联系方式"), max_length=100, help_text=gettext_lazy("只有办理单位看得到,加密保存。")
    )
    text = forms.CharField(label=gettext_lazy("异议内容"), max_length=2000, widget=forms.Textarea({"rows": 6}))


@require_http_methods(["GET", "POST"])
def progress(request: HttpRequest) -> HttpResponse:
    """Show how far a case is; wrong passwords are throttled for the number and for the address."""
    form = LookupForm(request.POST or None)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        try:
            found = lookup.progress(**form.cleaned_data)
        except REFUSALS as error:
            refusals.put(form, error)
        else:
            context |= {"case": found, "stations": told(found)}
    return render(request, "web/hall/progress.html", context, status=422 if form.errors else 200)


def told(found: lookup.Progress) -> list[Station]:
    """Return the line of stations of a public lookup: days and offices, no names."""
    line = [Station(_("提交申请"), "done", found.submitted_at)]
    line += [
        Station(stop.name, "done" if stop.until else "now", stop.until or stop.since, stop.office)
        for stop in found.stations
    ]
    if found.state == Case.State.CLOSED:
        good = found.outcome in (Case.Outcome.GRANTED, Case.Outcome.ANSWERED, Case.Outcome.PARTIAL)
        return [*line, Station(str(Case.Outcome(found.outcome).label), "done" if good else "stopped", found.closed_at)]
    return [*line, Station(_("办结"), "next", found.due_at)]


@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """Show public notices: those that run now first, then the ended ones by day."""
    today = clock.today()
    rows = PublicNotice.objects.filter(first_day__lte=today).select_related("case__office").order_by("-last_day", "-id")
    page = request.GET.get("before", "")
    if page:
        rows = _before(rows, page)
    found = list(rows[: PAGE + 1])
    after = f"{found[PAGE - 1].last_day:%Y%m%d}-{found[PAGE - 1].pk}" if len(found) > PAGE else ""
    context = {"notices": found[:PAGE], "after": after, "day": today}
    return render(request, "web/hall/public_notices.html", context)


def _before(rows: Any, cursor: str) -> Any:
    day, _dash, number = cursor.partition("-")
    try:
        last = dt.datetime.strptime(day, "%Y%m%d").date()
        return rows.filter(Q(last_day__lt=last) | Q(last_day=last, id__lt=int(number[:18])))
    except ValueError as error:
        raise Http404(_("翻页标记无法识别,请从第一页看起")) from error


@require_http_methods(["GET", "POST"])
def notice(request: HttpRequest, number: int) -> HttpResponse:
    """Show one public notice; anyone may object while it runs."""
    found = PublicNotice.objects.filter(pk=number, first_day__lte=clock.today()).select_related("case__office").first()
    if found is None:
        raise Http404(_("没有这个公示"))
    running = found.ended_at is None and found.last_day >= clock.today()
    form = ObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.object_to(found, **form.cleaned_data)
        except REFUSALS as error:
            refusals.put(form, error)
        else:
            messages.success(request, _("异议已收到,办理单位核实后会与您联系"))
            return HttpResponseRedirect(reverse("web:public-notice", args=[number]))
    context = {"notice": found, "running": running, "form": form}
    return render(request, "web/hall/public_notice.html", context, status=422 if form.errors else 200)
