"""The case on one screen, and everything that may be done with it: a refusal is shown beside the form that was refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import actions, people, queries
from yizhantong.kernel.cases.models import Case, CaseMaterial, CaseStep, Transfer
from yizhantong.kernel.cases.pinned import StepSpec
from yizhantong.kernel.ledger.audit import audit
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.web.casework import page, refusals
from yizhantong.web.casework.page import OWN, CasePage
from yizhantong.web.casework.refusals import REFUSALS, Refusal
from yizhantong.web.views.desk import doing, forms
from yizhantong.web.views.hall.apply import me

REVEAL = "personal.reveal"


@dataclass(frozen=True, slots=True)
class Offered:
    """One thing that may be done now, with its form; ``opened`` when it is the one at hand."""

    doing: doing.Doing
    form: forms.Doing
    step: CaseStep | None = None
    opened: bool = False

    @property
    def title(self) -> str:
        """Return what stands above the form."""
        return f"{self.step.name}" if self.step is not None else str(self.doing.label)


@login_required
@require_GET
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Show the case."""
    return _page(request, _found(request, number))


@login_required
@require_POST
def do(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Do something with the case."""
    kept, account = _found(request, number), me(request)
    found = kept.case
    if code == "ask_supplement":
        return _ask_supplement(request, found, account)
    what = doing.ALL.get(code)
    if what is None:
        raise Http404(_("没有这种操作"))
    form = what.form(request.POST, request.FILES, case=found)
    if what.code == "complete":
        _offer_outcomes(form, CasePage(kept, account), request.POST.get("step", ""))
    if not form.is_valid():
        return _page(request, kept, bound=(code, form), status=422)
    return _done(request, found, code, form, lambda: what.run(found, form.cleaned_data, account), str(what.label))


def _done(request: HttpRequest, found: Case, code: str, form: forms.Doing | None, run: Any, label: str) -> HttpResponse:
    number = found.number
    try:
        run()
    except REFUSALS as error:
        refusal = refusals.of(error, code)
        if form is not None and refusal.field in form.fields:
            form.add_error(refusal.field, refusal.sentence)
        fresh = _found(request, number)
        return _page(request, fresh, bound=(code, form), refusal=refusal, status=409 if refusal.who else 422)
    messages.success(request, _("已办理:%(what)s") % {"what": label})
    return HttpResponseRedirect(_next(request, number))


def _next(request: HttpRequest, number: str) -> str:
    return reverse("web:desk") if request.POST.get("back") else reverse("web:desk-case", args=[number])


def _ask_supplement(request: HttpRequest, found: Case, account: User) -> HttpResponse:
    """Tell all defects at once: what was ticked of materials and form, and what else was written."""
    given = request.POST
    defects = []
    for key in given.getlist("defect"):
        kind, _colon, code = key.partition(":")
        text = given.get(f"text:{key}", "").strip() or _("请重新提交")
        defects.append({"kind": kind, "code": code, "text": text})
    defects += [{"kind": "other", "code": "", "text": text.strip()} for text in given.getlist("other") if text.strip()]
    approver = (
        User.objects.filter(pk=given.get("approved_by") or 0).first()
        if given.get("approved_by", "").isdecimal()
        else None
    )
    return _done(
        request, found, "ask_supplement", None,
        lambda: actions.ask_supplement(found, defects, account=account, approved_by=approver), _("补正告知"),
    )  # fmt: skip


@login_required
@require_POST
def verify(request: HttpRequest, number: str, material: int) -> HttpResponse:
    """Check a material against its original: in order (trust B where the original was seen), or not."""
    found, account = _found(request, number).case, me(request)
    row = get_object_or_404(CaseMaterial, pk=material, case=found)
    ok = request.POST.get("ok") == "1"
    trust = "B" if ok and request.POST.get("original") else None
    return _done(
        request,
        found,
        "verify_material",
        None,
        lambda: actions.verify_material(row, ok, account, trust=trust),
        _("核对材料"),
    )


@login_required
@require_POST
def step(request: HttpRequest, number: str, pk: int, verb: str) -> HttpResponse:
    """Claim, release or assign a step."""
    found, account = _found(request, number).case, me(request)
    row = get_object_or_404(CaseStep.objects.select_related("case"), pk=pk, case=found)
    if verb == "assign":
        to = get_object_or_404(User, pk=request.POST.get("to") if request.POST.get("to", "").isdecimal() else 0)
        return _done(request, found, "assign", None, lambda: actions.assign(row, to, account), _("指派"))
    run = {"claim": actions.claim, "release": actions.release}.get(verb)
    if run is None:
        raise Http404(_("没有这种操作"))
    return _done(request, found, verb, None, lambda: run(row, account), _("领取") if verb == "claim" else _("退回待领"))


@login_required
@require_POST
def reveal(request: HttpRequest, number: str) -> HttpResponse:
    """Show personal values in clear, on purpose; it is an audit fact."""
    kept, account = _found(request, number), me(request)
    if not _may_reveal(account, kept.case):
        raise policy.Refused(REVEAL, kept.case.division_id)
    audit(account, AuditEvent.Event.REVEAL, f"case:{number}", why=request.POST.get("why", "")[:100])
    return _page(request, kept, revealed=True)


def _may_reveal(account: User, found: Case) -> bool:
    return policy.reach(account, REVEAL, found.zone).includes(found.office_id, found.division_id)


def _found(request: HttpRequest, number: str) -> queries.CasePage:
    found = page.find(me(request), number)
    if found is None:
        raise Http404(_("没有这个办件,或它不在您的范围内"))
    return found


def _page(
    request: HttpRequest, kept: queries.CasePage, *, bound: tuple[str, forms.Doing | None] | None = None,
    refusal: Refusal | None = None, revealed: bool = False, status: int = 200,
) -> HttpResponse:  # fmt: skip
    account, found = me(request), kept.case
    shown = CasePage(kept, account, revealed)
    offered = _offered(shown, bound)
    context = {
        "page": shown, "case": found, "refusal": refusal, "offered": offered, "bound": bound[0] if bound else "",
        "placed": refusal is not None and any(one.opened for one in offered),
        "supplement": _supplement(shown, request) if shown.may("ask_supplement") else None,
        "hands": _hands(shown), "message_form": _message(shown, bound), "revealed": revealed,
        "may_reveal": not revealed and _may_reveal(account, found),
        "may_verify": shown.may("verify_material"), "objections": _objections(shown, bound), "posted": request.POST,
    }  # fmt: skip
    return render(request, "web/desk/case.html", context, status=status)


def _offered(shown: CasePage, bound: tuple[str, forms.Doing | None] | None) -> list[Offered]:
    """Return the steps that the account may complete, then whatever else it may do now."""
    found = [*_completions(shown, bound)]
    for what in doing.LISTED:
        if not shown.may(what.asked) or not _makes_sense(shown, what.code):
            continue
        given = bound[1] if bound and bound[0] == what.code else None
        found.append(
            Offered(what, given or what.form(case=shown.case), opened=bound is not None and bound[0] == what.code)
        )
    return found


def _completions(shown: CasePage, bound: tuple[str, forms.Doing | None] | None) -> list[Offered]:
    found = []
    for row in shown.open_steps:
        if row.kind in OWN or _decides(shown, row) or not shown.may("complete", row):
            continue
        given = bound[1] if bound and bound[0] == "complete" else None
        mine = given is not None and given.data.get("step") == row.code
        form = (
            given
            if mine and given is not None
            else forms.Complete(case=shown.case, initial={"step": row.code}, auto_id=f"step{row.pk}_%s")
        )
        _offer_outcomes(form, shown, row.code)
        found.append(Offered(doing.COMPLETE, form, row, opened=mine or bound is None))
    return found


def _offer_outcomes(form: forms.Doing, shown: CasePage, code: str) -> None:
    spec: StepSpec | None = shown.version.steps.get(code)
    names = (
        {one: _(name) for one, name in spec.outcomes.items()}
        if spec is not None
        else {"pass": _("通过"), "fail": _("不通过")}
    )
    form.fields["outcome"].choices = list(names.items())  # type: ignore[attr-defined]


def _decides(shown: CasePage, row: CaseStep) -> bool:
    """Tell whether a step is done by deciding: granted or refused, and nothing between."""
    spec = shown.version.steps.get(row.code)
    return row.kind == "decision" and (spec is None or set(spec.outcomes) == {"pass", "fail"})


def _makes_sense(shown: CasePage, code: str) -> bool:
    """Tell whether there is something for the operation: the rules know states, this knows what is there."""
    running = any(row.ended_at is None for row in shown.found.procedures) if "procedure" in code else False
    noticed = any(row.ended_at is None for row in shown.found.notices) if "notice" in code else False
    asked = any(row.state == Transfer.State.ASKED for row in shown.found.transfers) if "transfer" in code else False
    options = shown.version.options
    sense = {
        "decide": lambda: any(_decides(shown, row) and shown.may("decide", row) for row in shown.open_steps),
        "close_answered": lambda: options.answer,
        "open_procedure": lambda: not running and not shown.case.stopped,
        "end_procedure": lambda: running,
        "open_notice": lambda: not noticed,
        "end_notice": lambda: noticed,
        "extend": lambda: shown.version.limit is not None and not shown.case.extended,
        "ask_transfer": lambda: options.transferable and not shown.found.transfers,
        "settle_transfer": lambda: asked,
        "rule_transfer": lambda: asked,
        "deliver": lambda: any(row.kind == "delivery" for row in shown.open_steps),
        "archive": lambda: shown.case.archived_at is None,
    }.get(code)
    return sense is None or sense()


def _supplement(shown: CasePage, request: HttpRequest) -> dict[str, Any]:
    """Return what the builder of a one-time notice shows: every material and every visible field, to be ticked."""
    ready = shown.version.ready
    again = len(shown.found.supplements) > 0
    approvers = people.able(shown.staff, shown.case.office_id or "", ("cases.decide",)) if again else []
    return {
        "materials": [spec for spec, _needed in ready.asked(shown.case.data)],
        "fields": [
            (code, element.name)
            for code, (_spec, element) in ready.fields.items()
            if code in ready.visible(shown.case.data)
        ],
        "again": again,
        "approvers": [user for user in approvers if user.pk != shown.account.pk],
        "ticked": request.POST.getlist("defect"),
        "others": [text for text in request.POST.getlist("other") if text] or [""],
    }


def _hands(shown: CasePage) -> dict[int, dict[str, Any]]:
    """Return for each open step who may be given it, and whether it may be claimed or put back."""
    found = {}
    for row in shown.open_steps:
        if row.waits_for != CaseStep.WaitsFor.OFFICE:
            continue
        found[row.pk] = {
            "claim": row.handler_id is None and shown.may("claim", row),
            "release": row.handler_id is not None and shown.may("release", row),
            "assign": people.able(shown.staff, row.office_id, (row.permission,)) if shown.may("assign", row) else [],
        }
    return found


def _message(shown: CasePage, bound: tuple[str, forms.Doing | None] | None) -> forms.Doing | None:
    if not (shown.may("write") or shown.may("write_internal")):
        return None
    given = bound[1] if bound and bound[0] == "write" else None
    return given or forms.Message(case=shown.case)


def _objections(shown: CasePage, bound: tuple[str, forms.Doing | None] | None) -> dict[int, forms.Doing]:
    """Return a form for each objection that waits for an answer."""
    if not any(notice.objections.all() for notice in shown.found.notices) or not shown.may("answer_objection"):
        return {}
    waiting = [one for notice in shown.found.notices for one in notice.objections.all() if one.state == "open"]
    given = bound[1] if bound and bound[0] == "answer_objection" else None
    return {
        one.pk: given if given is not None and given.data.get("objection") == str(one.pk)
        else forms.AnswerObjection(case=shown.case, initial={"objection": one.pk}, auto_id=f"objection{one.pk}_%s")
        for one in waiting
    }  # fmt: skip
