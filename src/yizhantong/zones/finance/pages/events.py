"""Matching events: the office opens, invites, plans and publishes; each side answers, sees its own day, and goes there."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yizhantong.kernel.divisions import clock
from yizhantong.kernel.parties.models import Organisation
from yizhantong.web import calendars
from yizhantong.web.paging import page_of
from yizhantong.zones.finance import access
from yizhantong.zones.finance.events import actions, holding, planning, printing, queries
from yizhantong.zones.finance.forms.events import EventForm, InviteForm, OutcomeForm, ReplyForm, SlotsForm
from yizhantong.zones.finance.models import Invitation, Listing, MatchEvent, Talk
from yizhantong.zones.finance.pages.common import doing, done, form_page, me, refusing, show, taken

FOUND = 60
"""How many enterprises the page of invitations lists at once; a search finds the others."""


@refusing
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """List the events that one may see, the latest first."""
    found = queries.counted(queries.visible(me(request)))
    page = page_of(request, found, ("-day", "-id"), 20)
    return show(request, "events/index.html", {"page": page, "manages": access.manages(me(request))})


@refusing
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open an event."""
    access.check_manages(me(request))
    form = EventForm(request.POST or None)
    made = taken(form, lambda _data: actions.create(form.given(), account=me(request)))
    if made is not None:
        return done(request, _("已建立,请邀请企业和银行"), _at(made))
    return form_page(request, form, _("新建对接会"), reverse("finance:events"))


@refusing
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: int) -> HttpResponse:
    """Change what an event is."""
    access.check_manages(me(request))
    event = _visible(request, number)
    form = EventForm(request.POST or None, initial=EventForm.of(event))
    if taken(form, lambda _data: actions.change(event, form.given(), account=me(request))) is not None:
        return done(request, _("已保存"), _at(event))
    return form_page(request, form, _("修改对接会"), _at(event))


@refusing
@require_GET
def event(request: HttpRequest, number: int) -> HttpResponse:
    """Show an event: to the office with all answers and the board, to others their answer and their own day."""
    found = _visible(request, number)
    account = me(request)
    talks = queries.talks_for(found, account)
    invited = list(queries.invitations(found, account))
    context: dict[str, Any] = {"event": found, "talks": talks, "today": clock.today()}
    if not access.manages(account):
        days = [queries.Sheet(one, planning.of_party(talks, one)) for one in invited]
        return show(request, "events/party.html", context | {"days": days, "open": found.state in actions.OPEN})
    answers = {state: sum(one.state == state for one in invited) for state, _label in Invitation.State.choices}
    context |= {
        "invited": invited, "answers": answers, "board": queries.board(found, talks), "runs": found.runs.select_related("by")[:5],
        "without": _without(invited, talks), "open": found.state in actions.OPEN, "outcomes": _outcomes(talks),
    }  # fmt: skip
    return show(request, "events/office.html", context)


def _without(invited: list[Invitation], talks: list[Talk]) -> list[Invitation]:
    met = {pk for talk in talks for pk in (talk.enterprise_id, talk.bank_id)}
    return [one for one in invited if one.state == Invitation.State.ACCEPTED and one.pk not in met]


def _outcomes(talks: list[Talk]) -> list[tuple[Any, int]]:
    return [(label, sum(talk.outcome == code for talk in talks)) for code, label in Talk.Outcome.choices]


@refusing
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, number: int) -> HttpResponse:
    """Invite banks, and enterprises: those with an open need first, others by a search for their names."""
    access.check_manages(me(request))
    found = _visible(request, number)
    known = list(found.invitations.values_list("organisation_id", flat=True))
    words = request.GET.get("q", "").strip().replace("\x00", "")[:60]
    firms = Organisation.objects.filter(kind="enterprise").exclude(pk__in=known).order_by("name")
    seeking = Listing.objects.filter(state__in=[Listing.State.POOL, Listing.State.DEALING])
    firms = firms.filter(name__icontains=words) if words else firms.filter(pk__in=seeking.values("enterprise_id"))
    listed = firms.filter(pk__in=list(firms.values_list("pk", flat=True)[:FOUND]))
    if request.method == "POST":
        chosen = [code for code in request.POST.getlist("firms") if len(code) <= 18]
        listed = Organisation.objects.filter(kind="enterprise", pk__in=chosen[:500]).order_by("name")
    banks = Organisation.objects.filter(kind="bank").exclude(pk__in=known).order_by("name")
    form = InviteForm(banks, listed, request.POST or None)
    made = taken(form, lambda data: actions.invite(found, [*data["banks"], *data["firms"]], account=me(request)))
    if made is not None:
        return done(request, _("已邀请 %(n)d 家单位") % {"n": len(made)}, _at(found))
    context = {"event": found, "form": form, "words": words, "back": _at(found)}
    return show(request, "events/invite.html", context, status=422 if form.errors else 200)


@refusing
@require_http_methods(["GET", "POST"])
def reply(request: HttpRequest, number: int, invitation: int) -> HttpResponse:
    """Answer an invitation; the office may answer for a participant that told it otherwise."""
    one = _invitation(request, number, invitation)
    form = ReplyForm(one, list(queries.partners(one)), request.POST or None, initial=ReplyForm.of(one))
    if "decline" in request.POST:
        reason = request.POST.get("reason", "")
        return doing(request, lambda: actions.answer(one, None, reason=reason, account=me(request)), _("已回复:不参加"), _at(one.event))  # fmt: skip
    if taken(form, lambda _data: actions.answer(one, form.reply(), account=me(request))) is not None:
        return done(request, _("已回复:参加"), _at(one.event))
    context = {"event": one.event, "invitation": one, "form": form}
    return show(request, "events/reply.html", context, status=422 if form.errors else 200)


@refusing
@require_POST
def act(request: HttpRequest, number: int, what: str) -> HttpResponse:
    """Do one thing with an event: plan, publish, call off, close."""
    access.check_manages(me(request))
    found, account = _visible(request, number), me(request)
    ways = {
        "plan": (lambda: planning.plan(found, account=account), _("已编排,请核对后发布")),
        "publish": (lambda: planning.publish(found, account=account), _("已发布,并通知全部参会单位")),
        "call-off": (lambda: actions.call_off(found, request.POST.get("reason", ""), account=account), _("已取消,并通知受邀单位")),
        "close": (lambda: holding.close(found, account=account), _("对接会已结束")),
    }  # fmt: skip
    if what not in ways:
        raise Http404
    change, said = ways[what]
    return doing(request, change, said, _at(found))


@refusing
@require_POST
def leave(request: HttpRequest, number: int, invitation: int) -> HttpResponse:
    """Take a participant out of a published timetable."""
    one = _invitation(request, number, invitation)
    reason = request.POST.get("reason", "")
    return doing(request, lambda: planning.leave(one, reason, account=me(request)), _("已退出;其他单位的洽谈不变,空出的场次已重新安排"), _at(one.event))  # fmt: skip


@refusing
@require_http_methods(["GET", "POST"])
def slots(request: HttpRequest, number: int, invitation: int) -> HttpResponse:
    """Change when a participant can come after publication; meetings move only where they must."""
    access.check_manages(me(request))
    one = _invitation(request, number, invitation)
    initial = {"free": list(range(one.event.slots)) if one.free is None else one.free}
    form = SlotsForm(one.event, request.POST or None, initial=initial)
    run = taken(form, lambda data: planning.reschedule(one, data["free"], account=me(request)))
    if run is not None:
        said = _("已重新编排:%(kept)d 场不变,%(moved)d 场改时间,%(dropped)d 场取消") % {
            "kept": run.kept, "moved": run.moved, "dropped": run.dropped,
        }  # fmt: skip
        return done(request, said, _at(one.event))
    lead = _("%(name)s 原定的洽谈尽量不动,只有排不开的才改时间。") % {"name": one.organisation.name}
    return form_page(request, form, _("调整可参加场次"), _at(one.event), lead=lead)


@refusing
@require_POST
def arrive(request: HttpRequest, number: int, invitation: int) -> HttpResponse:
    """Note that a participant has come."""
    access.check_manages(me(request))
    one = _invitation(request, number, invitation)
    return doing(request, lambda: holding.arrive(one, account=me(request)), _("%(name)s 已签到") % {"name": one.organisation.name}, _at(one.event))  # fmt: skip


@refusing
@require_http_methods(["GET", "POST"])
def outcome(request: HttpRequest, number: int, talk: int) -> HttpResponse:
    """Record what came of a meeting."""
    found = _visible(request, number)
    account = me(request)
    one = next((each for each in queries.talks_for(found, account) if each.pk == talk), None)
    if one is None:
        raise Http404
    if not access.manages(account):
        access.check_works_for(account, one.bank.organisation_id)
    initial = {"outcome": one.outcome, "note": one.note, "intent": one.intent_fen and one.intent_fen / 1_000_000}
    form = OutcomeForm(request.POST or None, initial=initial)

    def keep(data: dict[str, Any]) -> Talk:
        fen = int(data["intent"] * 1_000_000) if data["intent"] is not None else None
        return holding.record(one, data["outcome"], note=data["note"], intent_fen=fen, account=account)

    kept = taken(form, keep)
    if kept is not None and kept.engagement_id is not None:
        return done(request, _("已登记,并进入本行对接"), _at(found))
    if kept is not None:
        return done(request, _("已登记洽谈结果"), _at(found))
    title = f"{one.enterprise.organisation.name} × {one.bank.organisation.name}"
    return form_page(request, form, title, _at(found), button=_("登记洽谈结果"))


@refusing
@require_GET
def programme(request: HttpRequest, number: int) -> HttpResponse:
    """Show the programme for printing: the whole board and a sheet for each participant (others: their own)."""
    found = _visible(request, number)
    talks = queries.talks_for(found, me(request))
    if not talks:
        raise Http404(_("还没有可以打印的日程"))
    context = {"event": found, "sheets": queries.sheets(found, talks, me(request))}
    if access.manages(me(request)):
        context["board"] = queries.board(found, talks)
    return show(request, "events/programme.html", context)


@refusing
@require_GET
def programme_pdf(request: HttpRequest, number: int) -> HttpResponse:
    """Hand out the programme as a PDF: to the office the whole, to others their own sheet."""
    found = _visible(request, number)
    talks = queries.talks_for(found, me(request))
    if not talks:
        raise Http404(_("还没有可以打印的日程"))
    content = printing.programme(found, talks, me(request))
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="event-{found.pk}.pdf"'
    return answer


@refusing
@require_GET
def calendar(request: HttpRequest, number: int) -> HttpResponse:
    """Hand out one's own meetings (the office: all) as a calendar file."""
    found = _visible(request, number)
    talks = queries.talks_for(found, me(request))
    entries = queries.entries(found, talks, me(request), host=request.get_host())
    return calendars.answer(entries, name=found.title, filename=f"event-{found.pk}.ics")


def _visible(request: HttpRequest, number: int) -> MatchEvent:
    return get_object_or_404(queries.visible(me(request)).select_related("host"), pk=number)


def _invitation(request: HttpRequest, number: int, invitation: int) -> Invitation:
    found = _visible(request, number)
    return get_object_or_404(queries.invitations(found, me(request)), pk=invitation)


def _at(event: MatchEvent) -> str:
    return reverse("finance:event", args=[event.pk])
