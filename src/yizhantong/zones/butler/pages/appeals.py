"""Appeals: writing one (with what the knowledge base knows already), reading one, and the few buttons that each of its people has."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.policy import Refused
from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases import people, rules
from yizhantong.kernel.cases.models import Case, CaseEvent
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.standing import in_force
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.butler.access import ZONE, butler_of, enterprises_acted_for, management
from yizhantong.zones.butler.actions import appeals as actions
from yizhantong.zones.butler.actions import endings
from yizhantong.zones.butler.config import settings
from yizhantong.zones.butler.forms import AppealForm, kind_choices
from yizhantong.zones.butler.models import Appeal, Duplicate, Ending
from yizhantong.zones.butler.pages.common import REFUSALS, doing, me, page_of, refuse_at, refusing, show
from yizhantong.zones.butler.queries import appeals as queries
from yizhantong.zones.butler.queries.butlers import enterprises_of
from yizhantong.zones.butler.queries.knowledge import suggested

STATES = {"open": gettext_lazy("办理中"), "closed": gettext_lazy("已办结"), "late": gettext_lazy("已超时")}
RATINGS = ((5, gettext_lazy("非常满意")), (4, gettext_lazy("满意")), (3, gettext_lazy("基本满意")), (2, gettext_lazy("不满意")), (1, gettext_lazy("非常不满意")))  # fmt: skip
FIELDS = {"诉求种类": "kind", "企业": "enterprise", "受理渠道": "channel"}
ELEMENTS = {"appeal_subject": "subject", "appeal_text": "text", "appeal_secret": "is_secret"}


@refusing
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show the appeals an account may see, filtered by state and kind."""
    from yizhantong.kernel.divisions import clock

    found = queries.with_progress(queries.visible_appeals(request.user))
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    if state in ("open", "late"):
        found = found.filter(state__in=queries.OPEN)
    if state == "late":
        found = found.filter(due_at__lt=clock.now())
    if state == "closed":
        found = found.filter(state=Case.State.CLOSED)
    if kind in settings().kinds:
        found = found.filter(item_id=settings().kinds[kind].item)
    page = page_of(request, found)
    for case in page:
        case.asker = queries.asker_of(case, request.user)
        case.kind_label = settings().label_of(case.item_id.removeprefix("butler."))
        case.late = case.state in queries.OPEN and case.due_at is not None and case.due_at < clock.now()
    context = {"page": page, "state": state, "kind": kind, "states": STATES, "kinds": kind_choices(_("全部种类"))}
    return show(request, "appeals.html", context | {"files": bool(_filing(request)[0])})


def _filing(request: HttpRequest) -> tuple[list[Organisation], list[tuple[str, Any]]]:
    """Return for which enterprises the account may file, and through which channels."""
    labels = dict(Appeal.Channel.choices)
    firms = {firm.pk: firm for firm in enterprises_acted_for(request.user)}
    channels = [Appeal.Channel.PLATFORM] if firms else []
    butler = butler_of(request.user)
    if butler is not None:
        firms |= {firm.pk: firm for firm in enterprises_of(butler)}
        channels.append(Appeal.Channel.BUTLER)
    if policy.may(request.user, rules.INTAKE, zone=ZONE):
        channels += [Appeal.Channel.HOTLINE, Appeal.Channel.WINDOW]
        code = (request.POST or request.GET).get("enterprise", "")
        firms |= {firm.pk: firm for firm in Organisation.objects.filter(pk=code, kind="enterprise")}
    return list(firms.values()), [(channel, labels[channel]) for channel in channels]


@refusing
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write an appeal. Before it is sent the page shows what the knowledge base answers; ``send`` sends it all the same."""
    firms, channels = _filing(request)
    if not channels:
        raise Refused("cases.intake")
    given = request.POST or None
    initial = {"enterprise": request.GET.get("enterprise", "")}
    form = AppealForm(firms, given, channels=channels if len(channels) > 1 else None, initial=initial)
    answers = []
    if form.is_valid():
        data = form.cleaned_data
        answers = suggested(request.user, f"{data['subject']}{data['text']}", data["kind"])
        if "send" in request.POST or not answers:
            case = _send(request, form, str(data.get("channel") or channels[0][0]))
            if case is not None:
                return HttpResponseRedirect(reverse("butler:appeal", args=[case.number]))
    key = request.POST.get("key") or uuid.uuid4().hex
    intake = policy.may(request.user, rules.INTAKE, zone=ZONE)
    context = {"form": form, "answers": answers, "key": key, "intake": intake, "firms": firms}
    return show(request, "appeal_new.html", context, status=422 if form.errors else 200)


def _send(request: HttpRequest, form: AppealForm, channel: str) -> Case | None:
    data = form.cleaned_data
    try:
        case = actions.file_appeal(
            Organisation.objects.get(pk=data["enterprise"]), kind=data["kind"], subject=data["subject"], text=data["text"],
            is_secret=data["is_secret"], channel=channel, account=me(request), key=request.POST.get("key", "")[:64] or None,
        )  # fmt: skip
    except REFUSALS as error:
        for element, text in getattr(error, "details", {}).get("errors", {}).items():
            form.add_error(ELEMENTS.get(element), str(text))
        if not form.errors:
            refuse_at(form, error, FIELDS)
        return None
    messages.success(request, _("已提交,编号 %(number)s") % {"number": case.number})
    return case


@refusing
@require_GET
def suggestions(request: HttpRequest) -> HttpResponse:
    """Return, as one types, what the knowledge base answers (a fragment for htmx)."""
    text = f"{request.GET.get('subject', '')}{request.GET.get('text', '')}"[:2000]
    answers = suggested(request.user, text, request.GET.get("kind", ""))
    return render(request, "butler/suggestions.html", {"answers": answers})


@refusing
@require_GET
def appeal(request: HttpRequest, number: str) -> HttpResponse:
    """Show one appeal with its way so far, and what the account can do now."""
    case = _visible(request, number)
    return show(request, "appeal.html", _context(request, case))


def _disputable(case: Case, ending: Ending | None) -> bool:
    """Tell whether the ending is one that may be disputed, and neither confirmed nor disputed before."""
    ended = case.outcome in (Case.Outcome.ANSWERED, Case.Outcome.NOT_ACCEPTED)
    return ended and not hasattr(case, "dispute") and (ending is None or ending.state != Ending.State.CONFIRMED)


def _context(request: HttpRequest, case: Case, **more: Any) -> dict[str, Any]:
    account = me(request)
    side = queries.beside(case)
    events = in_force(CaseEvent.objects.filter(number=case.number)).select_related("office").order_by("id")
    asks = people.acts_for(account, case.organisation_id, case.person_id, "butler")
    ending = side.ending
    can = {
        name: rules.may(account, name, case).ok
        for name in (
            "accept",
            "refuse_acceptance",
            "close_answered",
            "dispute",
            "rate",
            "withdraw",
            "extend",
            "write_internal",
        )
    }
    manages = management(account).includes(case.office_id, case.division_id)
    return {
        "case": case,
        "side": side,
        "events": events,
        "asks": asks,
        "asker": queries.asker_of(case, account),
        "withheld": queries.is_withheld(case, account),
        "can": can,
        "can_answer": can["close_answered"] and side.review is None and side.joint.status != "working",
        "can_confirm": asks and ending is not None and ending.state in (Ending.State.WAITING, Ending.State.UNCONFIRMED) and case.state == Case.State.CLOSED,
        "can_dispute": asks and can["dispute"] and _disputable(case, ending),
        "can_rate": asks and can["rate"] and case.rated is None and case.outcome == Case.Outcome.ANSWERED,
        "may_link": (manages or can["write_internal"]) and side.duplicate is None,
        "likely": queries.likely_duplicates(case, account) if manages or can["write_internal"] else [],
        "manages": manages,
        "reasons": settings().not_accepted.values(),
        "results": Case.Result.choices,
        "ratings": RATINGS,
        "staff": account.is_staff,
    } | more  # fmt: skip


@refusing
@require_POST
def act(request: HttpRequest, number: str, what: str) -> HttpResponse:
    """Do what a button of the page says."""
    case = _visible(request, number)
    if what == "reveal":
        return _reveal(request, case)
    changes = _changes(request, case)
    if what not in changes:
        raise Http404
    change, said = changes[what]
    return doing(request, change, said, reverse("butler:appeal", args=[number]))


def _changes(request: HttpRequest, case: Case) -> dict[str, tuple[Callable[[], Any], Any]]:
    given, account = request.POST, me(request)
    reason, law = given.get("reason", ""), given.get("law", "")
    return {
        "accept": (lambda: cases.accept(case, account=account), _("已受理")),
        "refuse": (
            lambda: actions.refuse_appeal(case, given.get("code", ""), remark=reason, account=account),
            _("已告知不予受理"),
        ),
        "answer": (
            lambda: actions.answer_appeal(case, result=given.get("result", ""), reason=reason, law=law, account=account),
            _("“无法解决”已提请复核") if given.get("result") == Case.Result.UNABLE else _("已答复办结,待企业确认"),
        ),
        "extend": (
            lambda: cases.extend(case, amount=_number(given.get("amount", "")), reason=reason, account=account),
            _("已延长办理期限"),
        ),
        "confirm": (lambda: endings.confirm(case, account=account), _("已确认,谢谢")),
        "dispute": (lambda: endings.dispute(case, reason, account=account), _("已提出异议,诉求重新办理")),
        "rate": (
            lambda: cases.rate(
                case, _number(given.get("rating", "")), comment=given.get("comment", ""), account=account,
                channel="web",
            ),
            _("已评价,谢谢"),
        ),
        "withdraw": (lambda: cases.withdraw(case, reason, account), _("已撤回")),
        "link": (lambda: _link(request, case), _("已关联")),
    }  # fmt: skip


def _link(request: HttpRequest, case: Case) -> Duplicate:
    other = queries.visible_appeals(request.user).filter(number=request.POST.get("original", "").strip()).first()
    if other is None:
        raise LedgerError("butler.duplicate", "没有这个编号的诉求,请核对", "原诉求")
    return actions.link_duplicate(case, other, reason=request.POST.get("reason", ""), account=me(request))


def _reveal(request: HttpRequest, case: Case) -> HttpResponse:
    """Show a withheld name, this once; reason and account are in the audit ledger."""
    name = actions.reveal_asker(case, request.POST.get("reason", ""), account=me(request))
    return show(request, "appeal.html", _context(request, case, asker=name, withheld=False, revealed=True))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _visible(request: HttpRequest, number: str) -> Case:
    found = queries.visible_appeals(request.user).filter(number=number).first()
    if found is None:
        raise Http404
    return found
