"""The knowledge base: finding, reading, writing, reviewing, and saying whether it was what one needed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yizhantong.kernel.access.policy import Refused
from yizhantong.zones.butler.actions import knowledge as actions
from yizhantong.zones.butler.config import settings
from yizhantong.zones.butler.forms import AnswerForm, kind_choices
from yizhantong.zones.butler.models import Answer
from yizhantong.zones.butler.pages.common import REFUSALS, doing, me, page_of, refuse_at, refusing, show
from yizhantong.zones.butler.queries import knowledge as queries
from yizhantong.zones.butler.queries.appeals import visible_appeals

FIELDS = {"诉求种类": "kind", "有效期至": "valid_until", "答复": "answer"}
JUDGED = "butler_judged"


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show answers, found by words or kind."""
    wanted, kind = request.GET.get("q", "").strip()[:80], request.GET.get("kind", "")
    answers = queries.visible_to(request.user)
    if kind in settings().kinds:
        answers = answers.filter(kind=kind)
    if wanted:
        found = queries.suggested(request.user, wanted, kind, most=20)
        words = answers.filter(question__icontains=wanted) | answers.filter(answer__icontains=wanted)
        answers = words | answers.filter(pk__in=[answer.pk for answer in found])
    page = page_of(request, answers.distinct())
    uses = queries.uses_of(answer.pk for answer in page)
    rows = [{"answer": answer, "use": uses.get(answer.pk)} for answer in page]
    context = {"page": page, "rows": rows, "q": wanted, "kind": kind, "kinds": kind_choices(_("全部种类"))}
    return show(request, "knowledge.html", context | {"writes": queries.may_write(request.user)})


@require_GET
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """Show one answer; ask whether it helped."""
    found = _visible(request, number)
    context = {
        "answer": found,
        "use": queries.uses_of([found.pk]).get(found.pk),
        "asked": found.pk not in request.session.get(JUDGED, []) and found.state == Answer.State.PUBLISHED,
        "writes": queries.may_write(request.user),
        "reviews": request.user.is_authenticated and queries.may_review(request.user, found),
        "own": request.user.is_authenticated and found.written_by_id == request.user.pk,
    }
    return show(request, "answer.html", context)


@refusing
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write an answer, from an appeal that was answered if one is given."""
    if not queries.may_write(request.user):
        raise Refused("cases.handle")
    case = visible_appeals(request.user).filter(number=request.GET.get("case", "")).first()
    initial: dict[str, object] = {}
    if case is not None:
        initial = {"question": case.title, "answer": case.reason, "kind": case.item_id.removeprefix("butler.")}
    form = AnswerForm(request.POST or None, initial=initial)
    if form.is_valid():
        values = _values(form)
        try:
            made = actions.write_answer(account=me(request), case_number=case.number if case else "", **values)
        except REFUSALS as error:
            refuse_at(form, error, FIELDS)
        else:
            messages.success(request, _("已保存,待另一人复核"))
            return HttpResponseRedirect(reverse("butler:answer", args=[made.pk]))
    context = {"form": form, "title": _("编写答复"), "back": reverse("butler:knowledge")}
    return show(request, "form.html", context, status=422 if form.errors else 200)


@refusing
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: int) -> HttpResponse:
    """Change an answer; it goes back to be reviewed."""
    if not queries.may_write(request.user):
        raise Refused("cases.handle")
    found = _visible(request, number)
    links = "\n".join(f"{link['title']} {link['url']}" for link in found.links)
    form = AnswerForm(request.POST or None, instance=found, initial={"links_text": links})
    if form.is_valid():
        try:
            actions.change_answer(found, account=me(request), **_values(form))
        except REFUSALS as error:
            refuse_at(form, error, FIELDS)
        else:
            messages.success(request, _("已保存,待另一人复核"))
            return HttpResponseRedirect(reverse("butler:answer", args=[number]))
    context = {"form": form, "title": _("修改答复"), "back": reverse("butler:answer", args=[number])}
    return show(request, "form.html", context, status=422 if form.errors else 200)


@refusing
@require_POST
def act(request: HttpRequest, number: int, what: str) -> HttpResponse:
    """Publish, return or retire an answer."""
    found = _visible(request, number)
    remark = request.POST.get("remark", "")
    changes = {
        "publish": (lambda: actions.publish_answer(found, account=me(request)), _("已发布")),
        "return": (lambda: actions.return_answer(found, remark, account=me(request)), _("已退回")),
        "retire": (lambda: actions.retire_answer(found, account=me(request)), _("已停用")),
    }
    if what not in changes:
        raise Http404
    change, said = changes[what]
    return doing(request, change, said, reverse("butler:answer", args=[number]))


@require_POST
def judge(request: HttpRequest, number: int) -> HttpResponse:
    """Count whether an answer was what somebody needed, once in a session."""
    found = _visible(request, number)
    judged = request.session.get(JUDGED, [])
    helpful = request.POST.get("helpful") == "yes"
    if found.pk not in judged:
        actions.judge_answer(found, helpful, account=request.user)
        request.session[JUDGED] = [*judged, found.pk][-200:]
    messages.success(
        request, _("谢谢。问题已解决,就不用再提诉求了。") if helpful else _("谢谢,我们会改进;您可以提出诉求。")
    )
    back = reverse("butler:answer", args=[number])
    if request.POST.get("back") == "new" and not helpful:
        back = reverse("butler:appeal-new")
    return HttpResponseRedirect(back)


def _visible(request: HttpRequest, number: int) -> Answer:
    found = queries.visible_to(request.user).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _values(form: AnswerForm) -> dict[str, Any]:
    data = dict(form.cleaned_data)
    return {"links": data.pop("links_text"), **data}
