"""For officers: stations and their experts, inspections, examinations and results, the pool of experts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases.models import CaseStep
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.parties.models import Organisation
from yizhantong.web.paging import page_of
from yizhantong.zones.talent.actions import pool, stations, titles
from yizhantong.zones.talent.actions.common import organisation_of
from yizhantong.zones.talent.actions.posts import words
from yizhantong.zones.talent.config import settings
from yizhantong.zones.talent.models import Draw, Exam, Inspection, Level, PoolExpert, Sitting, Station, StationReview
from yizhantong.zones.talent.pages.common import attempt, me, officers, show
from yizhantong.zones.talent.pages.reading import day_of, number_of
from yizhantong.zones.talent.queries import papers, reviews


@officers
@require_http_methods(["GET", "POST"])
def station_list(request: HttpRequest) -> HttpResponse:
    """Draw experts for applications, inspect what stands, take plaques away."""
    refusal = ""
    if request.method == "POST":
        done = attempt(request, lambda: _station_act(request), _station_said, reverse("talent:desk-stations"))
        if not isinstance(done, str):
            return done
        refusal = done
    read = Prefetch("reviews", StationReview.objects.select_related("expert__account").order_by("pk"))
    page = page_of(request, Station.objects.select_related("organisation", "case").prefetch_related(read), ("-id",))
    steps = CaseStep.objects.filter(case__in=[one.case_id for one in page], code=stations.ONSITE, done_at=None)
    looking, certificates = set(steps.values_list("case_id", flat=True)), papers.of_stations(page.object_list)
    context = {
        "page": page, "sheet": settings().stations.sheet, "refusal": refusal, "said": request.POST,
        "rows": [
            (one, reviews.outcome(one, one.reviews.all()), one.case_id in looking, certificates.get(one.pk)) for one in page
        ],
        "inspections": [
            (row, [(line, _typed(request, f"inspection={row.pk}", f"mark.{line.code}")) for line in settings().stations.sheet.criteria],
             _typed(request, f"inspection={row.pk}", "opinion"))
            for row in Inspection.objects.filter(state="open").select_related("station__organisation").order_by("due_on")[:50]
        ],
    }  # fmt: skip
    return show(request, "desk/stations.html", context, status=422 if refusal else 200)


def _typed(request: HttpRequest, form: str, name: str) -> str:
    """Return what was typed in one of a page's forms, known by a hidden field ("inspection=3"); "" for all others."""
    field, _is, value = form.partition("=")
    return request.POST.get(name, "") if request.POST.get(field) == value else ""


def _station_said(done: Any) -> str:
    """Say what an act at the stations' page came to."""
    if isinstance(done, Draw):
        return ngettext("已抽取 %(n)s 位专家并通知", "已抽取 %(n)s 位专家并通知", len(done.chosen)) % {
            "n": len(done.chosen)
        }
    if isinstance(done, Inspection):
        return _("检查已办结:%(score)s 分,%(state)s") % {"score": done.score, "state": done.get_state_display()}
    return _("已办理")


@officers
@require_GET
def review_sheet(request: HttpRequest, number: int) -> HttpResponse:
    """Show all sheets of one station side by side, to print and file: marks, extremes dropped, the sum and mean, who stepped back and why."""
    station = get_object_or_404(Station.objects.select_related("organisation", "case"), pk=number)
    rows = list(station.reviews.select_related("expert__account").order_by("pk"))
    found, rules = reviews.outcome(station, rows), settings().stations
    step = CaseStep.objects.filter(case=station.case_id, code=stations.ONSITE, done_at=None).exists()
    draws = Draw.objects.filter(subject=station.case.number).order_by("pk")
    names = {one.pk: str(one) for one in PoolExpert.objects.select_related("account")}
    context = {
        "station": station, "reviews": rows, "outcome": found, "rules": rules, "today": clock.today(),
        "lines": [(line, [(mark.review.scores.get(line.code, ""), mark.dropped) for mark in found.marks]) for line in rules.sheet.criteria],
        "draws": [
            (one, [names.get(int(pk), "") for pk in one.chosen], [(names.get(out["expert"], ""), out["reason"]) for out in one.excluded],
             len(one.pool), pool.drawn_again(one))
            for one in draws
        ],
        "settles": step and found.mean is not None,
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
    """Open sessions, and enter results; what was typed is not lost."""
    refusal = ""
    if request.method == "POST":
        done = attempt(request, lambda: _exam_act(request), _exam_said, reverse("talent:desk-exams"))
        if not isinstance(done, str):
            return done
        refusal = done
    seated = Sitting.objects.filter(state="seated", exam__held_on__lte=clock.today()).select_related("exam", "person")
    asked = Sitting.objects.filter(state="asked", case__steps__code=titles.EXAM, case__steps__done_at=None)
    context = {
        "page": page_of(request, Exam.objects.select_related("centre"), ("-held_on", "-id")), "levels": Level.choices, "refusal": refusal,
        "said": request.POST if request.POST.get("do") == "open" else {}, "today": clock.today(),
        "seated": [
            (one, _typed(request, f"sitting={one.pk}", "theory"), _typed(request, f"sitting={one.pk}", "practice"))
            for one in seated.order_by("exam", "seat")[:200]
        ],
        "unseated": asked.select_related("person", "case").order_by("occupation", "level", "pk")[:50],
        "centres": Organisation.objects.filter(kind="institute").order_by("name")[:100],
    }  # fmt: skip
    return show(request, "desk/exams.html", context, status=422 if refusal else 200)


def _exam_said(done: Any) -> str:
    """Say what an act at the examinations' page came to."""
    if isinstance(done, Exam):
        return _("场次 %(code)s 已开放,已安排 %(n)s 个考位") % {"code": done.code, "n": done.taken}
    if isinstance(done, Sitting):
        named: dict[str, Any] = {"name": done.person.name, "state": done.get_state_display()}
        if done.theory is None:
            return _("%(name)s:%(state)s") % named
        named |= {"theory": done.theory, "practice": done.practice}
        return _("%(name)s:理论 %(theory)s、技能 %(practice)s,%(state)s") % named
    return _("场次已取消,%(n)s 人另行安排") % {"n": done}


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
    refusal = ""
    if request.method == "POST":
        done = attempt(request, lambda: _expert_act(request), _("专家库已更新"), reverse("talent:desk-experts"))
        if not isinstance(done, str):
            return done
        refusal = done
    rows = PoolExpert.objects.select_related("account", "employer").prefetch_related("conflicts__organisation")
    draws = [(one, pool.drawn_again(one)) for one in Draw.objects.order_by("-id")[:20]]
    context = {"page": page_of(request, rows, ("id",)), "draws": draws, "refusal": refusal, "said": request.POST}
    return show(request, "desk/experts.html", context, status=422 if refusal else 200)


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
