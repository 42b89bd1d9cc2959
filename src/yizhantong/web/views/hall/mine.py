"""My space: my things on their way with one next action each, what suits me, notices, drafts, my materials."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import people, queries
from yizhantong.kernel.cases.models import Case, CaseMaterial, CaseStep
from yizhantong.kernel.items import catalogue
from yizhantong.kernel.notices import queries as notices
from yizhantong.kernel.parties.models import Organisation
from yizhantong.web import acting, home
from yizhantong.web.casework import parties, suits
from yizhantong.web.casework.stations import NextAction, Station, next_action, stations
from yizhantong.web.views.hall.apply import me

ON_THEIR_WAY = 10
SIDE = 5
FEW = 6
"""So many things that ask nothing of anybody are shown at once; the others fold."""
PAGE = 30
MATERIALS = 100


@dataclass(frozen=True, slots=True)
class Thing:
    """One of my cases: its line of stations and the one next action."""

    case: Case
    stations: list[Station]
    next: NextAction


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show my space."""
    with people.reading():
        return render(request, "web/hall/my.html", _my_space(request, me(request)))


def _my_space(request: HttpRequest, account: User) -> dict[str, Any]:
    """Return what my space shows: what waits for me first, each thing once, however many rooms know of it."""
    choices = parties.acting_for(account)
    known = acting.narrowed(request, choices)
    own = queries.mine(account).filter(_of(known)) if acting.key_of(request) else queries.mine(account)
    going, ended, drafts = _three_kinds(own, queries.mine(account))
    coming = home.on_their_way(account, known)
    told = {one.case: one for one in coming if one.case}
    cards = [_with(thing_of(case), told.get(case.number)) for case in going]
    shown = {case.number for case in going}
    others = [one for one in coming if one.case not in shown]
    quiet = [one for one in others if not one.action]
    unread = notices.page(account, unread=True, size=notices.MOST_COUNTED + 1).notices
    return {
        "asking": [card for card in cards if card.next.url], "going": [card for card in cards if not card.next.url],
        "ended": [thing_of(case) for case in ended], "drafts": drafts, "parties": known,
        "enterprises": [firm for firm in (party.applicant for party in known) if isinstance(firm, Organisation) and firm.kind == Organisation.Kind.ENTERPRISE],
        "waiting": [one for one in others if one.action], "few": quiet[:FEW], "rest": quiet[FEW:],
        "acting": acting.key_of(request), "choices": choices, "suggestions": suits.suggestions(account, known),
        "notices": unread[:SIDE] if len(unread) >= SIDE else notices.page(account, size=SIDE).notices, "unread": len(unread),
    }  # fmt: skip


def _three_kinds(own: Any, everything: Any) -> tuple[list[Case], list[Case], list[Case]]:
    """Return the newest cases on their way, ended ones and drafts, in three queries.

    A part of a package is told by the package, unless something of it waits for the asker.
    """
    waits = CaseStep.objects.filter(case=OuterRef("pk"), done_at__isnull=True, waits_for=CaseStep.WaitsFor.APPLICANT)
    due = CaseMaterial.objects.filter(case=OuterRef("pk"), state=CaseMaterial.State.DUE)
    whole = Q(parent__isnull=True) | Q(state=Case.State.SUPPLEMENT) | Exists(waits) | Exists(due)
    over = Q(state__in=[Case.State.DRAFT, Case.State.CLOSED])
    wanted = (
        own.filter(whole).exclude(over).order_by("-id")[:ON_THEIR_WAY],
        own.filter(state=Case.State.CLOSED, parent__isnull=True).order_by("-id")[:SIDE],
        everything.filter(state=Case.State.DRAFT).order_by("-id")[:SIDE],
    )
    chosen = Q()
    for rows in wanted:
        chosen |= Q(pk__in=rows.values("pk"))
    found = list(with_parts(Case.objects.filter(chosen)).order_by("-id"))
    drafts = [case for case in found if case.state == Case.State.DRAFT]
    ended = [case for case in found if case.state == Case.State.CLOSED]
    return [case for case in found if case.state not in (Case.State.DRAFT, Case.State.CLOSED)], ended, drafts


def _with(thing: Thing, told: home.Thing | None) -> Thing:
    """Return a case's card as the zone that handles it elsewhere tells it: how it stands, what is asked, by when."""
    if told is None or thing.next.url:
        return thing
    return replace(thing, next=NextAction(told.state, told.action, told.url if told.action else "", told.due))


@login_required
@require_POST
def identity(request: HttpRequest) -> HttpResponse:
    """Work as one party from now on, or as everybody again."""
    party = acting.choose(request, request.POST.get("for", ""))
    messages.success(
        request, _("现在以“%(name)s”的身份办理") % {"name": party.name} if party else _("现在显示您能办理的全部事项")
    )
    return HttpResponseRedirect(reverse("web:my"))


@login_required
@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """Show all my cases, the newest first, page by page."""
    rows = with_parts(queries.mine(me(request))).exclude(state=Case.State.DRAFT).order_by("-id")
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(id__lt=int(before))
    found = list(rows[: PAGE + 1])
    after = found[PAGE - 1].pk if len(found) > PAGE else None
    return render(
        request, "web/hall/my_cases.html", {"things": [thing_of(case) for case in found[:PAGE]], "after": after}
    )


@login_required
@require_GET
def materials(request: HttpRequest) -> HttpResponse:
    """Show what I handed in, each file once, with the cases that it served and how far it is trusted."""
    account = me(request)
    rows = (
        CaseMaterial.objects.filter(case__in=queries.mine(account).values("pk"), file__isnull=False)
        .select_related("file", "case")
        .order_by("-id")[:MATERIALS]
    )
    by_content: dict[str, dict[str, Any]] = {}
    for row in rows:
        assert row.file is not None
        entry = by_content.setdefault(row.file.sha256, {"material": row, "cases": {}})
        entry["cases"].setdefault(row.case.number, row.case)
    return render(request, "web/hall/my_materials.html", {"entries": list(by_content.values())})


def thing_of(case: Case) -> Thing:
    """Return a case with its stations; steps, offices and materials must have been fetched with it."""
    steps = list(case.steps.all())
    ready = catalogue.content_of(case.version_id)
    return Thing(case, stations(case, steps, ready.flow), next_action(case, list(case.materials.all()), steps))


def _of(known: list[parties.Party]) -> Q:
    """Return the condition on cases of these parties."""
    firms = [party.applicant.pk for party in known if party.audience == "organisation"]
    people = [party.applicant.pk for party in known if party.audience == "person"]
    return Q(organisation__in=firms) | Q(person__in=people)


def with_parts(rows: Any) -> Any:
    """Return cases with what their stations show, fetched with them: two queries more."""
    steps = Prefetch("steps", CaseStep.objects.select_related("office"))
    return rows.select_related("item", "office", "organisation", "person").prefetch_related("materials", steps)


def visits(account: User) -> bool:
    """Tell whether my space is for this account: its person is known."""
    return account.person_id is not None
