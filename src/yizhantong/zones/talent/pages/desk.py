"""For officers of the talent service: what waits, yearly checks, flats, fairs at the door."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock, tree
from yizhantong.web.paging import page_of
from yizhantong.zones.talent.actions import fairs, housing, recognition
from yizhantong.zones.talent.models import (
    Booth,
    Exam,
    Fair,
    Flat,
    Inspection,
    Instalment,
    Offer,
    Recheck,
    Reclaim,
    StationReview,
    Waiting,
)
from yizhantong.zones.talent.pages.common import doing, me, officers, show
from yizhantong.zones.talent.pages.reading import moment_of, number_of


@officers
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show how much waits in each part, each number leading there."""
    today = clock.today()
    counts = [
        (
            _("在办申请"),
            Case.objects.filter(zone="talent", state__in=["submitted", "accepted", "supplement"]).count(),
            reverse("web:desk"),
        ),
        (_("待年度核查"), Recheck.objects.filter(state="open").count(), reverse("talent:desk-checks")),
        (
            _("待拨付补贴"),
            Instalment.objects.filter(state="ready", due_on__lte=today).count(),
            reverse("talent:desk-money"),
        ),
        (_("待缴回"), Reclaim.objects.filter(state="decided").count(), reverse("talent:desk-money")),
        (_("公寓轮候"), Waiting.objects.filter(state="waiting").count(), reverse("talent:desk-housing")),
        (_("空置公寓"), Flat.objects.filter(state="free").count(), reverse("talent:desk-housing")),
        (_("待专家评分"), StationReview.objects.filter(state="asked").count(), reverse("talent:desk-stations")),
        (_("待检查工作站"), Inspection.objects.filter(state="open").count(), reverse("talent:desk-stations")),
        (
            _("待登记成绩的场次"),
            Exam.objects.filter(state="open", held_on__lte=today).count(),
            reverse("talent:desk-exams"),
        ),
    ]
    return show(request, "desk/home.html", {"counts": counts})


@officers
@require_http_methods(["GET", "POST"])
def checks(request: HttpRequest) -> HttpResponse:
    """Open a year's checks, and settle them one by one."""
    here, said, account = reverse("talent:desk-checks"), request.POST, me(request)
    if request.method == "POST" and said.get("do") == "open":
        return doing(
            request, lambda: recognition.open_rechecks(clock.today().year, account=account), _("本年度核查已开列"), here
        )
    if request.method == "POST":
        row = get_object_or_404(Recheck, pk=number_of(said.get("recheck")))
        given = {"employed": said.get("employed") == "yes", "resident": said.get("resident") == "yes"}
        evidence = said.get("evidence", "")
        return doing(
            request, lambda: recognition.settle_recheck(row, **given, evidence=evidence, account=account), _("核查已办结"), here
        )  # fmt: skip
    state = request.GET.get("state", "open")
    rows = Recheck.objects.filter(state=state).select_related("talent__person", "talent__employer", "done_by")
    context = {"page": page_of(request, rows, ("-year", "-id")), "state": state, "states": Recheck.State.choices}
    return show(request, "desk/checks.html", context)


@officers
@require_http_methods(["GET", "POST"])
def flats(request: HttpRequest) -> HttpResponse:
    """Show flats and queue; offer a free flat to the best place."""
    if request.method == "POST":
        flat = get_object_or_404(Flat, pk=number_of(request.POST.get("flat")))
        if (what := request.POST.get("do")) in ("close", "reopen"):
            use = lambda: housing.close_flat(flat, closed=what == "close", account=me(request))  # noqa: E731
            return doing(request, use, _("已办理"), reverse("talent:desk-housing"))
        change = lambda: housing.offer_next(flat, account=me(request))  # noqa: E731
        return doing(request, change, _("已按轮候顺序配租,并通知本人"), reverse("talent:desk-housing"))
    queue = (
        Waiting.objects.filter(state="waiting")
        .select_related("talent__person", "case")
        .order_by("rooms", "-points", "since", "pk")
    )
    context = {
        "page": page_of(request, Flat.objects.select_related("estate"), ("id",)), "queue": queue[:60],
        "offers": Offer.objects.filter(state="open").select_related("flat__estate", "waiting__talent__person").order_by("expires_at")[:60],
    }  # fmt: skip
    return show(request, "desk/housing.html", context)


@officers
@require_http_methods(["GET", "POST"])
def fair_list(request: HttpRequest) -> HttpResponse:
    """Plan fairs; at the door check people and employers in; close."""
    if request.method == "POST":
        return _fair_act(request)
    rows = Fair.objects.prefetch_related("taken__employer")
    context = {"page": page_of(request, rows, ("-starts_at", "-id"), 10), "units": tree.units()}
    return show(request, "desk/fairs.html", context)


def _unit(code: str) -> str:
    """Return the division asked for: the city, or one of its units."""
    return code if code in {unit.code for unit in tree.units()} else tree.root()


def _fair_act(request: HttpRequest) -> HttpResponse:
    said, account, here = request.POST, me(request), reverse("talent:desk-fairs")
    what = said.get("do")
    if what == "plan":
        return doing(
            request,
            lambda: fairs.plan(
                said.get("title", ""), said.get("place", ""), division=_unit(said.get("division", "")), starts_at=moment_of(said.get("starts_at"), "starts_at"),
                ends_at=moment_of(said.get("ends_at"), "ends_at"), booths=number_of(said.get("booths")),
                capacity=number_of(said.get("capacity")), account=account,
            ),
            _("招聘会已开放报名"),
            here,
        )  # fmt: skip
    if what == "booth":
        booth = get_object_or_404(Booth, pk=number_of(said.get("booth")))
        return doing(request, lambda: fairs.check_in_booth(booth, account=account), _("单位已签到"), here)
    fair = get_object_or_404(Fair, code=said.get("fair", ""))
    if what == "ticket":
        now = timezone.localtime(clock.now())
        return doing(
            request,
            lambda: fairs.check_in(fair, said.get("ticket", ""), account=account),
            _("签到成功 %s") % f"{now:%H:%M}",
            here,
        )
    cancelled = what == "cancel"
    return doing(request, lambda: fairs.close(fair, account=account, cancelled=cancelled), _("已办理"), here)
