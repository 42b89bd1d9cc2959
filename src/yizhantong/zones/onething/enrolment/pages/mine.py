"""For parents: receipts, children, results with their explanation, confirming a place, the printed notice."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET, require_POST

from yizhantong.kernel.cases import queries as case_queries
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.files.queries import open_for
from yizhantong.web.views.hall.files import served
from yizhantong.zones.onething.enrolment import terms
from yizhantong.zones.onething.enrolment.access import ITEM
from yizhantong.zones.onething.enrolment.actions import confirming
from yizhantong.zones.onething.enrolment.models import Child, Placement
from yizhantong.zones.onething.enrolment.pages.common import doing, me, refusing, show
from yizhantong.zones.onething.enrolment.queries import mine as queries
from yizhantong.zones.onething.enrolment.queries.explaining import sentences

CHANGES = {
    "confirm": (confirming.confirm, _lazy("已确认学位")), "stay": (confirming.stay, _lazy("已确认学位,不再候补对应学校")),
    "decline": (confirming.decline, _lazy("已放弃学位")),
}  # fmt: skip


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show what the account handed in, its children, its drafts."""
    account = me(request)
    drafts = case_queries.mine(account).filter(item_id=ITEM, state=Case.State.DRAFT).order_by("-id")[:20]
    waiting = queries.receipts(account).exclude(state="opened")[:50]
    return show(
        request, "mine.html", {"receipts": waiting, "children": queries.children(account)[:50], "drafts": drafts}
    )


@login_required
@require_GET
def receipt(request: HttpRequest, receipt: str) -> HttpResponse:
    """Show how far a receipt is."""
    row = queries.receipts(request.user).filter(receipt=receipt.replace("\x00", "")).first()
    if row is None:
        raise Http404(_("没有这个收件编号"))
    return show(request, "receipt.html", {"row": row})


@login_required
@require_GET
def child(request: HttpRequest, number: str) -> HttpResponse:
    """Show a child: what was verified, the results and why."""
    found = _child(request, number)
    results = queries.results(found)
    given = terms.read(found.season.rules)
    names = {each.code: each.name for each in given.categories}
    context = {
        "child": found, "season": found.season, "results": [(one, sentences(one)) for one in results], "claimed": names.get(found.claimed, ""),
        "category": names.get(found.category, ""), "materials": given.category(found.claimed).materials, "today": clock.today(),
        "batches": found.season.batches.order_by("number"),
    }  # fmt: skip
    return show(request, "child.html", context)


@refusing
@require_POST
def act(request: HttpRequest, number: str, what: str) -> HttpResponse:
    """Confirm or decline the place."""
    found = _child(request, number)
    place = Placement.objects.filter(child=found, school__isnull=False).order_by("-batch__number").first()
    if what not in CHANGES or place is None:
        raise Http404
    change, said = CHANGES[what]
    back = reverse("onething:enrolment-child", args=[number])
    return doing(request, lambda: change(place, me(request)), said, back)


@refusing
@require_GET
def notice(request: HttpRequest, number: str) -> HttpResponse:
    """Give the printed notice (PDF)."""
    found = _child(request, number)
    place = Placement.objects.filter(child=found, state=Placement.State.CONFIRMED).first()
    if place is None:
        raise Http404(_("确认学位以后才能打印入学通知书"))
    issued = confirming.notice(place, me(request))
    if issued.stored is None:
        raise Http404(_("入学通知书正在生成,请稍后再打开"))
    opened = open_for(me(request), issued.stored, may=True)
    return served(opened.content, opened.media_type, opened.name, inline=True)


def _child(request: HttpRequest, number: str) -> Child:
    found = queries.child(request.user, number.replace("\x00", ""))
    if found is None:
        raise Http404(_("没有这名学生的报名,或不归当前账号查看"))
    return found
