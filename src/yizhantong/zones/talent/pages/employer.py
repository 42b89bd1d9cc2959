"""For an employer: its posts, blind candidates that fit, those who applied, interviews and offers, talents it employs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yizhantong.kernel.cases.people import mandated
from yizhantong.web.paging import page_of
from yizhantong.zones.talent.actions import hiring, posts
from yizhantong.zones.talent.models import Booth, Candidacy, Resume, Station, Talent, Vacancy
from yizhantong.zones.talent.pages.common import REFUSALS, doing, employers, me, show
from yizhantong.zones.talent.pages.reading import moment_of, number_of
from yizhantong.zones.talent.queries import matching, papers


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show the employer's posts, recognised people, booths and stations."""
    firms = employers(request)
    codes = [firm.pk for firm in firms]
    rows = Vacancy.objects.filter(employer__in=codes).select_related("employer")
    held = list(Station.objects.filter(organisation__in=codes).select_related("case").order_by("-pk")[:5])
    certificates = papers.of_stations(held)
    context = {
        "firms": firms, "page": page_of(request, rows, ("-id",)),
        "talents": Talent.objects.filter(employer__in=codes, state="holds").count(),
        "booths": Booth.objects.filter(employer__in=codes, cancelled=False).select_related("fair").order_by("-pk")[:5],
        "stations": [(one, certificates.get(one.pk)) for one in held],
    }  # fmt: skip
    return show(request, "employer.html", context)


@login_required
@require_GET
def candidates(request: HttpRequest, number: str) -> HttpResponse:
    """Show who applied for a post, and who would fit; names only where there is a consent."""
    vacancy = _vacancy(request, number)
    rows = vacancy.candidacies.select_related("resume__person").order_by("-id")[:100]
    seen = posts.shown_to(vacancy.employer_id)
    context = {"post": vacancy, "rows": [_row(one, seen) for one in rows], "matches": matching.candidates(vacancy)}
    return show(request, "candidates.html", context)


@login_required
@require_GET
def resume(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Look at a candidate for a post's employer: it is kept, and the candidate sees it."""
    vacancy = _vacancy(request, number)
    found = get_object_or_404(Resume.objects.select_related("person"), code=code)
    try:
        seen = posts.look(found, vacancy.employer, account=me(request))
    except REFUSALS as error:
        return doing(request, _raise(error), "", reverse("talent:candidates", args=[number]))
    return show(request, "candidate.html", {"seen": seen, "post": vacancy, "fit": hiring.fit_of(vacancy, found)})


@login_required
@require_POST
def act(request: HttpRequest, number: str, what: str) -> HttpResponse:
    """Invite, arrange an interview, offer, reject, or close the post."""
    vacancy = _vacancy(request, number)
    said, account = request.POST, me(request)
    back = reverse("talent:candidates", args=[number])
    if what == "close":
        return doing(request, lambda: posts.close(vacancy, account=account), _("岗位已结束"), back)
    if what == "invite":
        found = get_object_or_404(Resume.objects.select_related("person"), code=said.get("resume", ""))
        return doing(request, lambda: hiring.invite(vacancy, found, account=account), _("已发出邀请"), back)
    one = get_object_or_404(Candidacy, pk=number_of(said.get("candidacy")), vacancy=vacancy)
    changes: dict[str, Callable[[], Any]] = {
        "interview": lambda: hiring.interview(
            one, moment_of(said.get("at"), "at"), said.get("place", ""), account=account
        ),
        "offer": lambda: hiring.offer(one, posts.fen(said.get("pay", ""), "pay"), account=account),
        "reject": lambda: hiring.reject(one, said.get("reason", ""), account=account),
    }
    return (
        doing(request, changes[what], _("已办理"), back) if what in changes else show(request, "index.html", status=404)
    )


def _vacancy(request: HttpRequest, number: str) -> Vacancy:
    rows = Vacancy.objects.filter(employer__in=mandated(request.user)).select_related("employer")
    return get_object_or_404(rows, number=number)


def _row(one: Candidacy, seen: set[int]) -> dict[str, Any]:
    name = one.resume.person.name if one.resume_id in seen else ""
    return {"one": one, "name": name, "can": hiring.NEXT[one.state]}


def _raise(error: Exception) -> Callable[[], Any]:
    def again() -> None:
        raise error

    return again
