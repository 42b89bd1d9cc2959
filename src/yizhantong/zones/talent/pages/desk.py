"""For officers of the talent service: what waits, yearly checks, flats, fairs at the door."""

from __future__ import annotations

from collections import Counter

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
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
from yizhantong.zones.talent.pages.common import attempt, doing, me, officers, show
from yizhantong.zones.talent.pages.reading import moment_of, number_of
from yizhantong.zones.talent.queries.checks import hanging, with_money
from yizhantong.zones.talent.templatetags.talent import yuan

SHOWN = 60
"""How many of a list are shown beside another one; all of them are in its file."""


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
    """Open a year's checks, and settle them one by one; each says what money hangs on it."""
    here, said, account = reverse("talent:desk-checks"), request.POST, me(request)
    if said.get("do") == "open":
        return doing(request, lambda: recognition.open_rechecks(clock.today().year, account=account), _opened, here)
    refusal = ""
    if request.method == "POST":
        done = _settle(request, f"{here}?{request.GET.urlencode()}")
        if not isinstance(done, str):
            return done
        refusal = done
    asked = request.GET
    state = asked.get("state") if asked.get("state") in Recheck.State.values else "open"
    rows = Recheck.objects.filter(state=state).select_related("talent__person", "talent__employer", "done_by")
    if words := asked.get("q", "").strip().replace("\x00", "")[:60]:
        rows = rows.filter(Q(talent__code__icontains=words) | Q(talent__person__name__icontains=words))
    if asked.get("money") and state == "open":
        rows = with_money(rows)
    page = page_of(request, rows, ("-year", "-id"))
    money = hanging(page.object_list)
    context = {
        "page": page, "state": state, "states": Recheck.State.choices, "asked": asked, "refusal": refusal, "said": said,
        "rows": [(row, money.get(row.pk), str(row.pk) == said.get("recheck")) for row in page],
    }  # fmt: skip
    return show(request, "desk/checks.html", context, status=422 if refusal else 200)


def _opened(count: int) -> str:
    return ngettext("本年度核查已开列,新增 %(n)s 名", "本年度核查已开列,新增 %(n)s 名", count) % {"n": count}


def _settle(request: HttpRequest, back: str) -> HttpResponse | str:
    """Settle a check; say what became of the money that hung on it."""
    said = request.POST
    row = get_object_or_404(Recheck.objects.select_related("talent__person"), pk=number_of(said.get("recheck")))
    given = {"employed": said.get("employed") == "yes", "resident": said.get("resident") == "yes"}
    hung = hanging([row]).get(row.pk)

    def told(done: Recheck) -> str:
        name = row.talent.person.name
        if done.state == Recheck.State.FAILED:
            return _("%(name)s 核查未通过,停发 %(yuan)s 元") % {"name": name, "yuan": yuan(hung.all_fen if hung else 0)}
        keys = [one.pk for one in hung.due] if hung else []
        ready = Instalment.objects.filter(pk__in=keys, state=Instalment.State.READY).values_list(
            "amount_fen", flat=True
        )
        return _("%(name)s 核查通过,待拨付 %(yuan)s 元") % {"name": name, "yuan": yuan(sum(ready))}

    settle = lambda: recognition.settle_recheck(row, **given, evidence=said.get("evidence", ""), account=me(request))  # noqa: E731
    return attempt(request, settle, told, back)


@officers
@require_http_methods(["GET", "POST"])
def flats(request: HttpRequest) -> HttpResponse:
    """Show flats and queue; offer a free flat to the best place."""
    here = reverse("talent:desk-housing")
    if request.method == "POST":
        flat = get_object_or_404(Flat, pk=number_of(request.POST.get("flat")))
        if (what := request.POST.get("do")) in ("close", "reopen"):
            use = lambda: housing.close_flat(flat, closed=what == "close", account=me(request))  # noqa: E731
            return doing(request, use, _("已办理"), here)
        return doing(request, lambda: housing.offer_next(flat, account=me(request)), _offered, here)
    open_ = Offer.objects.filter(state="open").select_related("flat__estate", "waiting__talent__person")
    context = {
        "page": page_of(request, Flat.objects.select_related("estate"), ("id",)), "queue": _queue(),
        "waiting": Waiting.objects.filter(state="waiting").count(), "offers": open_.order_by("expires_at")[:SHOWN],
        "kinds": Flat.objects.values("rooms").annotate(free=Count("pk", filter=Q(state="free")), all=Count("pk")).order_by("rooms"),
    }  # fmt: skip
    return show(request, "desk/housing.html", context)


def _offered(offer: Offer) -> str:
    named = {"name": offer.waiting.talent.person.name, "flat": offer.flat, "day": offer.last_day}
    return _("已配租给轮候第一位:%(name)s,%(flat)s;已通知本人在 %(day)s 前答复") % named


def _queue() -> list[tuple[int, Waiting]]:
    """Return the front of the queue, each with his place among those who want as many rooms."""
    rows = Waiting.objects.filter(state="waiting").select_related("talent__person", "case")
    places: Counter[int] = Counter()
    found = []
    for one in rows.order_by("rooms", "-points", "since", "pk")[:SHOWN]:
        places[one.rooms] += 1
        found.append((places[one.rooms], one))
    return found


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
