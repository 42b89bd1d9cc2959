"""For everyone: what the service offers, posts, fairs, stations of skill masters, the rules of recognition."""

from __future__ import annotations

import segno
from django.db.models import Count, Q, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yizhantong.kernel.divisions import clock
from yizhantong.kernel.figures import figure
from yizhantong.kernel.figures.declare import Figure
from yizhantong.kernel.figures.queries import values
from yizhantong.kernel.figures.values import Value
from yizhantong.kernel.items.models import Item
from yizhantong.web.paging import page_of
from yizhantong.zones.talent.actions import fairs, hiring
from yizhantong.zones.talent.config import settings
from yizhantong.zones.talent.models import Candidacy, Fair, Post, Resume, RuleSet, Station, Vacancy, Visitor
from yizhantong.zones.talent.pages.common import doing, employers, me, show
from yizhantong.zones.talent.queries import papers, reviews

PUBLIC_STATIONS = (Station.State.STANDS, Station.State.WITHDRAWN, Station.State.ENDED)
FIGURES = ("talent.recognised", "talent.subsidies_paid", "talent.posts")


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show what can be asked for, the newest posts, the next fairs."""
    today = clock.today()
    context = {
        "items": Item.objects.filter(zone="talent", current__isnull=False).order_by("code"),
        "posts": Vacancy.objects.filter(state="open", closes_on__gte=today).select_related("employer").order_by("-published_on", "-id")[:6],
        "fairs": Fair.objects.filter(state="open", ends_at__gte=clock.now()).order_by("starts_at")[:3],
        "stations": Station.objects.filter(state="stands").count(), "values": _figures(),
    }  # fmt: skip
    return show(request, "index.html", context)


def _figures() -> list[tuple[Figure, Value]]:
    found = values(FIGURES)
    return [(figure(code), found[code]) for code in FIGURES]


@require_GET
def post_list(request: HttpRequest) -> HttpResponse:
    """Show the open posts, narrowed by words, education and pay."""
    rows = Vacancy.objects.filter(state="open", closes_on__gte=clock.today()).select_related("employer", "division")
    asked = request.GET
    if words := asked.get("q", "").strip().replace("\x00", ""):
        rows = rows.filter(
            Q(title__icontains=words) | Q(occupation__icontains=words) | Q(employer__name__icontains=words)
        )
    if asked.get("education") in Post.Education.values:
        rows = rows.filter(education=asked["education"])
    if asked.get("pay", "").isascii() and asked.get("pay", "").isdigit():
        rows = rows.filter(pay_to_fen__gte=min(int(asked["pay"]), 10**9) * 100)
    context = {
        "page": page_of(request, rows, ("-published_on", "-id")),
        "asked": asked,
        "educations": Post.Education.choices,
    }
    return show(request, "posts.html", context)


@require_http_methods(["GET", "POST"])
def post(request: HttpRequest, number: str) -> HttpResponse:
    """Show one post, how well it suits one's resume, and take an application."""
    found = get_object_or_404(Vacancy.objects.select_related("employer", "division"), number=number)
    if found.state in ("asked", "refused") and found.employer not in employers(request):
        raise Http404
    person = getattr(request.user, "person_id", None)
    resume = Resume.objects.filter(person_id=person).first() if person else None
    if request.method == "POST" and resume is not None:
        here = reverse("talent:post", args=[number])
        return doing(
            request, lambda: hiring.apply(found, resume, account=me(request)), _("已投递,用人单位可以看到您的姓名和电话"), here
        )  # fmt: skip
    context = {
        "post": found, "resume": resume, "fit": hiring.fit_of(found, resume) if resume is not None else None,
        "mine": Candidacy.objects.filter(vacancy=found, resume=resume).first() if resume is not None else None,
        "days": settings().consent_days,
    }  # fmt: skip
    return show(request, "post.html", context)


@require_GET
def fair_list(request: HttpRequest) -> HttpResponse:
    """Show fairs, the latest first, with what came of those that are over."""
    rows = Fair.objects.exclude(state="planned").annotate(
        booths_taken=Count("taken", filter=Q(taken__cancelled=False)), hired=Sum("taken__hired")
    )
    return show(request, "fairs.html", {"page": page_of(request, rows, ("-starts_at", "-id"))})


@require_http_methods(["GET", "POST"])
def fair(request: HttpRequest, code: str) -> HttpResponse:
    """Show one fair; let people register (a ticket to show at the door), and employers take a booth."""
    found = get_object_or_404(Fair, code=code)
    person = getattr(request.user, "person", None)
    firms = employers(request)
    here = reverse("talent:fair", args=[code])
    if request.method == "POST" and person is not None:
        if request.POST.get("do") in ("booth", "leave"):
            firm = next((one for one in firms if one.pk == request.POST.get("employer")), None)
            held = found.taken.filter(employer=firm, cancelled=False).first() if firm is not None else None
            if held is not None and request.POST["do"] == "leave":
                return doing(request, lambda: fairs.leave_booth(held, account=me(request)), _("展位已退"), here)
            if firm is not None:
                return doing(request, lambda: fairs.take_booth(found, firm, account=me(request)), _("展位已报名"), here)
        else:
            return doing(request, lambda: fairs.register(found, person, account=me(request)), _("报名成功"), here)
    mine = Visitor.objects.filter(fair=found, person=person).first() if person is not None else None
    code_svg = segno.make(mine.ticket, error="m", micro=False).svg_data_uri(scale=5) if mine is not None else ""
    booths = found.taken.filter(cancelled=False).select_related("employer").order_by("number")
    return show(
        request,
        "fair.html",
        {"fair": found, "mine": mine, "qr": code_svg, "booths": booths, "firms": firms, "person": person},
    )


@require_GET
def station_list(request: HttpRequest) -> HttpResponse:
    """Show the stations that stand, with plaque and term; and those withdrawn, with the reason."""
    rows = Station.objects.filter(state__in=PUBLIC_STATIONS).select_related("organisation")
    return show(request, "stations.html", {"page": page_of(request, rows, ("-id",)), "law": settings().stations.law})


@require_GET
def station(request: HttpRequest, plaque: str) -> HttpResponse:
    """Show one station: its plaque, what it has, how the experts' marks add up, its certificate to verify."""
    rows = Station.objects.filter(state__in=PUBLIC_STATIONS).select_related("organisation", "case")
    found = get_object_or_404(rows, plaque=plaque)
    rules = settings().stations
    context = {
        "station": found, "law": rules.law, "label": rules.label, "outcome": reviews.outcome(found),
        "rooms": [(label, found.rooms.get(code, "0")) for code, label in rules.rooms.items()],
        "paper": papers.of_stations([found]).get(found.pk),
    }  # fmt: skip
    return show(request, "station.html", context)


@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """Show the rules of recognition by year, with their source."""
    sets = list(RuleSet.objects.order_by("-year", "-version"))
    asked = request.GET.get("set", "")
    chosen = next((one for one in sets if str(one) == asked), sets[0] if sets else None)
    return show(
        request, "rules.html", {"sets": sets, "chosen": chosen, "plans": settings().plans, "settings": settings()}
    )
