"""For officers: instalments that may be paid, batches to the bank and back, money asked back, the year's fund."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yizhantong.kernel.divisions import clock
from yizhantong.web.paging import page_of
from yizhantong.zones.talent.actions import paying, posts, subsidies
from yizhantong.zones.talent.errors import TalentError
from yizhantong.zones.talent.models import Fund, Instalment, PayBatch, Reclaim
from yizhantong.zones.talent.pages.common import REFUSALS, doing, me, officers, show
from yizhantong.zones.talent.pages.reading import number_of

MOST = 2 * 1024 * 1024


@officers
@require_http_methods(["GET", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """Show what may be paid, and put it into a batch; funds, batches, what is asked back."""
    here, said, account = reverse("talent:desk-money"), request.POST, me(request)
    if request.method == "POST" and said.get("do") == "fund":
        year = clock.today().year
        return doing(
            request,
            lambda: subsidies.grant_fund(year, posts.fen(said.get("yuan", ""), "yuan"), account=account),
            _("额度已追加"),
            here,
        )
    if request.method == "POST" and said.get("do") == "receive":
        back = get_object_or_404(Reclaim, pk=number_of(said.get("reclaim")))
        return doing(
            request,
            lambda: paying.receive(back, reference=said.get("reference", ""), account=account),
            _("缴回已登记"),
            here,
        )
    if request.method == "POST":
        keys = [number_of(one) for one in said.getlist("instalment")][:2000]
        chosen = list(Instalment.objects.filter(pk__in=keys))
        return doing(request, lambda: paying.make_batch(chosen, account=account), _("批次已制单,请另一人复核"), here)
    ready = Instalment.objects.filter(state="ready", due_on__lte=clock.today()).exclude(
        lines__state__in=["waiting", "paid"]
    )
    context = {
        "page": page_of(request, ready.select_related("award__talent__person", "fund"), ("due_on", "id"), 50), "funds": Fund.objects.all(),
        "batches": PayBatch.objects.select_related("made_by").order_by("-id")[:20],
        "reclaims": Reclaim.objects.select_related("instalment__award__talent__person").order_by("-id")[:20],
    }  # fmt: skip
    return show(request, "desk/money.html", context)


@officers
@require_http_methods(["GET", "POST"])
def batch(request: HttpRequest, number: str) -> HttpResponse:
    """Show one batch; approve it, give it up, take the bank's return, ask an instalment back."""
    found = get_object_or_404(PayBatch.objects.select_related("fund", "made_by", "approved_by"), number=number)
    if request.method == "POST":
        return _act(request, found)
    lines = found.lines.select_related("instalment__award__talent__person").order_by("ordinal")
    return show(request, "desk/batch.html", {"batch": found, "lines": lines, "returns": found.returns.order_by("-id")})


def _act(request: HttpRequest, found: PayBatch) -> HttpResponse:
    here, said, account = reverse("talent:desk-batch", args=[found.number]), request.POST, me(request)
    changes: dict[str, tuple[Callable[[], Any], str]] = {
        "approve": (lambda: paying.approve_batch(found, account=account), _("已复核")),
        "drop": (lambda: paying.drop_batch(found, account=account), _("批次已作废")),
        "return": (lambda: _return(request, found), _("回单已登记")),
        "reclaim": (lambda: _reclaim(request), _("已决定追回")),
    }
    if said.get("do") not in changes:
        return show(request, "desk/batch.html", {"batch": found}, status=400)
    change, told = changes[said["do"]]
    return doing(request, change, told, here)


def _return(request: HttpRequest, found: PayBatch) -> None:
    upload = request.FILES.get("file")
    if upload is None or not upload.size or upload.size > MOST:
        raise TalentError("talent.return_file", "请选择银行回单文件(CSV 或 XLSX,不超过 2 MB)", field="file")
    paying.take_return(found, upload.read(), upload.name or "", account=me(request))


def _reclaim(request: HttpRequest) -> None:
    one = get_object_or_404(Instalment, pk=number_of(request.POST.get("instalment")))
    paying.reclaim(one, reason=request.POST.get("reason", ""), law=request.POST.get("law", ""), account=me(request))


@officers
@require_POST
def bank_file(request: HttpRequest, number: str, form: str) -> HttpResponse:
    """Give the file for the bank; the batch counts as sent."""
    found = get_object_or_404(PayBatch, number=number)
    try:
        content = paying.send_batch(found, form, account=me(request))
    except REFUSALS as error:
        refusal = error

        def again() -> None:
            raise refusal

        return doing(request, again, "", reverse("talent:desk-batch", args=[number]))
    kinds = {
        "csv": "text/csv; charset=utf-8",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
    answer = HttpResponse(content, content_type=kinds[form])
    answer["Content-Disposition"] = f'attachment; filename="{number}.{form}"'
    return answer
