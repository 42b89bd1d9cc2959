"""For officers: stations and their experts, inspections, examinations and results, the pool of experts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yizhantong.kernel.access.models import User
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.parties.models import Organisation
from yizhantong.web.paging import page_of
from yizhantong.zones.talent.actions import pool, stations, titles
from yizhantong.zones.talent.actions.common import organisation_of
from yizhantong.zones.talent.actions.posts import words
from yizhantong.zones.talent.config import settings
from yizhantong.zones.talent.models import Draw, Exam, Inspection, Level, PoolExpert, Sitting, Station
from yizhantong.zones.talent.pages.common import doing, me, officers, show
from yizhantong.zones.talent.pages.reading import day_of, number_of


@officers
@require_http_methods(["GET", "POST"])
def station_list(request: HttpRequest) -> HttpResponse:
    """Draw experts for applications, inspect what stands, take plaques away."""
    here = reverse("talent:desk-stations")
    if request.method == "POST":
        return doing(request, lambda: _station_act(request), _("已办理"), here)
    rows = Station.objects.select_related("organisation", "case").prefetch_related("reviews__expert__account")
    context = {
        "page": page_of(request, rows, ("-id",)), "sheet": settings().stations.sheet,
        "inspections": Inspection.objects.filter(state="open").select_related("station__organisation").order_by("due_on")[:50],
        "draws": Draw.objects.order_by("-id")[:10],
    }  # fmt: skip
    return show(request, "desk/stations.html", context)


@officers
@require_GET
def review_sheet(request: HttpRequest, number: int) -> HttpResponse:
    """Show all sheets of one station side by side, to print and file: marks, extremes dropped, mean, who stepped back and why."""
    station = get_object_or_404(Station.objects.select_related("organisation", "case"), pk=number)
    reviews = list(station.reviews.select_related("expert__account").order_by("pk"))
    scored = [one for one in reviews if one.total is not None]
    rules = settings().stations
    context = {
        "station": station, "reviews": reviews, "scored": scored, "rules": rules, "today": clock.today(),
        "lines": [(line, [one.scores.get(line.code, "") for one in scored]) for line in rules.sheet.criteria],
        "rooms": [(label, station.rooms.get(code, "0")) for code, label in rules.rooms.items()],
        "draw": Draw.objects.filter(subject=station.case.number).order_by("pk").first(),
    }  # fmt: skip
    return show(request, "desk/review.html", context)


def _station_act(request: HttpRequest) -> Any:
    said, account = request.POST, me(request)
    if said.get("do") == "open":
        return stations.open_inspections(clock.today().year, account=account)
    if said.get("do") == "inspect":
        row = get_object_or_404(Inspection, pk=number_of(said.get("inspection")))
        marks = {line.code: said.get(f"mark.{line.code}", "") for line in settings().stations.sheet.criteria}
        return stations.inspect(row, marks, opinion=said.get("opinion", ""), account=account)
    station = get_object_or_404(Station, pk=number_of(said.get("station")))
    if said.get("do") == "draw":
        wanted = number_of(said.get("wanted")) or None
        return stations.ask_experts(station, wanted=wanted, account=account, seed=said.get("seed", ""))
    return stations.withdraw(station, reason=said.get("reason", ""), account=account)


@officers
@require_http_methods(["GET", "POST"])
def exam_list(request: HttpRequest) -> HttpResponse:
    """Open sessions, and enter results."""
    here = reverse("talent:desk-exams")
    if request.method == "POST":
        return doing(request, lambda: _exam_act(request), _("已办理"), here)
    rows = Exam.objects.select_related("centre")
    context = {
        "page": page_of(request, rows, ("-held_on", "-id")), "levels": Level.choices,
        "seated": Sitting.objects.filter(state="seated", exam__held_on__lte=clock.today()).select_related("exam", "person").order_by("exam", "seat")[:200],
        "centres": Organisation.objects.filter(kind="institute").order_by("name")[:100],
    }  # fmt: skip
    return show(request, "desk/exams.html", context)


def _exam_act(request: HttpRequest) -> Any:
    said, account = request.POST, me(request)
    if said.get("do") == "open":
        return titles.open_exam(
            said.get("occupation", ""), said.get("level", ""), centre=organisation_of(said.get("centre", ""), "centre"),
            place=said.get("place", ""), held_on=day_of(said.get("held_on"), "held_on"), seats=number_of(said.get("seats")), account=account,
        )  # fmt: skip
    if said.get("do") == "drop":
        exam = get_object_or_404(Exam, pk=number_of(said.get("exam")))
        return titles.drop_exam(exam, said.get("reason", ""), account=account)
    row = get_object_or_404(Sitting, pk=number_of(said.get("sitting")))
    absent = said.get("absent") == "on"
    return titles.enter_result(row, said.get("theory", ""), said.get("practice", ""), absent=absent, account=account)


@officers
@require_http_methods(["GET", "POST"])
def expert_list(request: HttpRequest) -> HttpResponse:
    """Enter and retire experts; show every draw with its seed, and that it gives the same again."""
    here = reverse("talent:desk-experts")
    if request.method == "POST":
        return doing(request, lambda: _expert_act(request), _("已办理"), here)
    rows = PoolExpert.objects.select_related("account", "employer").prefetch_related("conflicts__organisation")
    draws = [(one, pool.drawn_again(one)) for one in Draw.objects.order_by("-id")[:20]]
    return show(request, "desk/experts.html", {"page": page_of(request, rows, ("id",)), "draws": draws})


def _expert_act(request: HttpRequest) -> Any:
    said, account = request.POST, me(request)
    acts: dict[str, Callable[[], Any]] = {
        "enlist": lambda: pool.enlist(
            get_object_or_404(User, username=said.get("username", "").strip()), words(said.get("fields", "")),
            employer=organisation_of(said["employer"], "employer") if said.get("employer", "").strip() else None,
            weight=number_of(said.get("weight")) or 1, account=account,
        ),
        "retire": lambda: pool.retire(get_object_or_404(PoolExpert, pk=number_of(said.get("expert"))), account=account),
    }  # fmt: skip
    return acts.get(said.get("do", ""), acts["retire"])()
