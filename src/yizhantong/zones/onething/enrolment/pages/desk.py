"""The officer's desk: how far a season is, the queue of verification, the re-check, the lottery, the export."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.divisions import clock
from yizhantong.web.casework import refusals
from yizhantong.zones.onething.enrolment import terms
from yizhantong.zones.onething.enrolment.access import MANAGE, ZONE, check_manages, manages
from yizhantong.zones.onething.enrolment.actions import intake, seasons, verifying
from yizhantong.zones.onething.enrolment.actions.exporting import workbook
from yizhantong.zones.onething.enrolment.models import Child, School, Season
from yizhantong.zones.onething.enrolment.pages.common import PHASES, REFUSALS, doing, managed, me, refusing, show
from yizhantong.zones.onething.enrolment.queries import mine as queries
from yizhantong.zones.onething.enrolment.queries import seasons as season_queries

PER_PAGE = 50
ORDERING = {"在读兄姐": True, "落户年数": False, "房产年数": False, "居住证月数": False, "社保月数": False}
"""Facts that papers can show at the counter: whether they are yes or no, else a number."""
STEPS: dict[str, tuple[Callable[[Season, User], Any], str]] = {
    "publish": (seasons.publish, "已发布招生批次,摇号种子的摘要已公开"),
    "open-waiting": (lambda season, _account: intake.retry_stuck(season) + intake.open_waiting(500), "已立案"),
    "verify": (lambda season, account: verifying.verify_waiting(season, account, limit=500), "已核验"),
    "close-list": (seasons.close_list, "名单已确定"),
    "reveal": (seasons.reveal, "种子已公开,摇号数已生成"),
}


@refusing
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show the seasons that the account manages."""
    policy.check(request.user, MANAGE, zone=ZONE)
    now = clock.now()
    rows = [
        (one, PHASES[one.phase(now)]) for one in season_queries.visible_to(request.user) if manages(request.user, one)
    ]
    return show(request, "desk.html", {"rows": rows})


@refusing
@require_GET
def season(request: HttpRequest, code: str) -> HttpResponse:
    """Show how far a season is, its batches, and the queue of one state (keyset pages)."""
    found = managed(request, code)
    state = request.GET.get("state", "recheck")
    if state not in Child.State.values:
        raise Http404
    after = request.GET.get("after", "")
    rows = queries.of_season(found, state)
    rows = rows.filter(pk__gt=int(after)) if after.isdecimal() and len(after) < 19 else rows
    listed = list(rows[: PER_PAGE + 1])
    names = {each.code: each.name for each in terms.read(found.rules).categories}
    for row in listed:
        row.claimed_name, row.category_name = names.get(row.claimed, row.claimed), names.get(row.category, "")  # type: ignore[attr-defined]
    context = {
        "season": found, "label": PHASES[found.phase(clock.now())], "phase": found.phase(clock.now()), "standing": queries.standing(found), "state": state,
        "rows": listed[:PER_PAGE], "after": str(listed[PER_PAGE - 1].pk) if len(listed) > PER_PAGE else "", "batches": found.batches.order_by("number"),
        "problems": seasons.catchments_of(found).problems()[:50], "schools": found.schools.all(),
    }  # fmt: skip
    return show(request, "desk_season.html", context)


@refusing
@require_POST
def act(request: HttpRequest, code: str, what: str) -> HttpResponse:
    """Take one step of the season."""
    found = managed(request, code)
    if what not in STEPS:
        raise Http404
    step, said = STEPS[what]
    return doing(
        request, lambda: step(found, me(request)), said, reverse("onething:enrolment-desk-season", args=[code])
    )


@refusing
@require_http_methods(["GET", "POST"])
def recheck(request: HttpRequest, number: str) -> HttpResponse:
    """Show what could not be verified; settle it with the papers at hand, or refuse."""
    found = (
        Child.objects.select_related("case__person", "season__division", "school")
        .filter(case__number=number.replace("\x00", ""))
        .first()
    )
    if found is None:
        raise Http404
    check_manages(request.user, found.season)
    refusal, given = None, terms.read(found.season.rules)
    if request.method == "POST":
        said = {name: request.POST.get(name, "").replace("\x00", "") for name in ("category", "school", "opinion")}
        try:
            if request.POST.get("what") == "refuse":
                verifying.refuse_recheck(found, me(request), reason=said["opinion"])
            else:
                verifying.settle_recheck(found, me(request), **said, seen=_seen(request, given))
        except REFUSALS as error:
            refusal = refusals.of(error)
        else:
            messages.success(request, _("已办结复核"))
            return HttpResponseRedirect(reverse("onething:enrolment-desk-season", args=[found.season.code]))
    context = {
        "child": found, "season": found.season, "terms": given, "claimed": given.category(found.claimed), "refusal": refusal,
        "schools": School.objects.filter(season=found.season), "facts": _facts(given),
    }  # fmt: skip
    return show(request, "recheck.html", context, status=422 if refusal else 200)


def _facts(given: terms.Terms) -> list[tuple[str, str, bool]]:
    """Return the facts that order children within some category, as papers can show them: fact, label, whether it is yes or no."""
    found = {one.rule: one.name for category in given.categories for one in category.order if one.rule in ORDERING}
    return [(fact, label, ORDERING[fact]) for fact, label in found.items()]


def _seen(request: HttpRequest, given: terms.Terms) -> dict[str, Any]:
    """Return what the officer says that papers show; what was left empty is for the registers to say."""
    found: dict[str, Any] = {}
    for fact, _label, yes in _facts(given):
        text = request.POST.get(f"seen:{fact}", "").strip()
        if yes and text in ("yes", "no"):
            found[fact] = text == "yes"
        elif not yes and text.isdecimal() and len(text) < 4:
            found[fact] = int(text)
    return found


@refusing
@require_GET
def export(request: HttpRequest, code: str) -> HttpResponse:
    """Give the list of a season's children as XLSX; who took it is on record."""
    found = managed(request, code)
    content = workbook(found, me(request))
    answer = HttpResponse(content, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    answer["Content-Disposition"] = f'attachment; filename="{found.code}.xlsx"'
    return answer
