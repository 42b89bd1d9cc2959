"""For officers of money: budgets with their bars, batches to the bank and back, recovery, results."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation

from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.divisions import clock
from yizhantong.zones.policies import settings
from yizhantong.zones.policies.actions import budgets, followups, payments, recovery
from yizhantong.zones.policies.errors import PolicyError
from yizhantong.zones.policies.forms import BudgetForm
from yizhantong.zones.policies.models import Application, Budget, BudgetEntry, FollowUp, PaymentBatch, Recovery
from yizhantong.zones.policies.pages.common import attempt, back, fill, page_of, staff
from yizhantong.zones.policies.queries import overview

WAN_FEN = 1_000_000
MOST_BYTES = 5 * 1024 * 1024
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@login_required
@require_http_methods(["GET", "POST"])
def budget_list(request: HttpRequest) -> HttpResponse:
    """Show budgets by year with what is reserved, committed, paid and free; open one, grant more."""
    user = staff(request)
    form = BudgetForm(
        request.POST if request.POST.get("do") == "open" else None,
        initial={"year": clock.today().year, "office": user.agency_id},
    )
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        fen = int(said["wan"] * WAN_FEN)
        made = fill(
            form,
            lambda: budgets.open_budget(
                said["code"], said["name"], year=said["year"], office=said["office"], total_fen=fen, account=user
            ),
        )
        if made is not None:
            return back(reverse("policies:desk-budgets"))
    elif request.POST.get("do") == "grant":
        one = get_object_or_404(Budget, pk=request.POST.get("budget"))
        attempt(
            request,
            _("已追加"),
            lambda: budgets.grant_more(
                one, fen_of(request.POST.get("wan", ""), WAN_FEN), reason=request.POST.get("reason", ""), account=user
            ),
        )
        return back(reverse("policies:desk-budgets"))
    context = {
        "rows": Budget.objects.select_related("office"), "form": form, "may": policy.may(user, "policies.budget", zone="policies"),
        "entries": BudgetEntry.objects.select_related("enterprise").order_by("-id")[:20],
    }  # fmt: skip
    return render(request, "policies/desk/budgets.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def batch_list(request: HttpRequest) -> HttpResponse:
    """Show what waits for payment and all batches; put what is chosen into a new one."""
    user = staff(request, "policies.pay")
    if request.method == "POST":
        chosen = Application.objects.filter(pk__in=request.POST.getlist("application"))
        office = user.agency
        if office is not None:
            attempt(
                request,
                _("批次已制单,请另一位资金管理员复核"),
                lambda: payments.make_batch(chosen, office=office, account=user),
            )
        return back(reverse("policies:desk-batches"))
    page = page_of(request, PaymentBatch.objects.select_related("office", "made_by", "approved_by"))
    context = {"page": page, "query": "", "waiting": overview.payable(request.user)[:300]}
    return render(request, "policies/desk/batches.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def batch(request: HttpRequest, number: str) -> HttpResponse:
    """Show a batch line by line; approve it, give it up, take the bank's return."""
    user = staff(request, "policies.pay")
    found = get_object_or_404(PaymentBatch.objects.select_related("office", "made_by", "approved_by"), number=number)
    if request.method == "POST":
        do = request.POST.get("do", "")
        if do == "approve":
            attempt(request, _("已复核"), lambda: payments.approve_batch(found, account=user))
        elif do == "drop":
            attempt(request, _("已作废"), lambda: payments.drop_batch(found, account=user))
        elif do == "return":
            _take_return(request, found, user)
        return back(reverse("policies:desk-batch", args=[found.number]))
    context = {
        "batch": found, "lines": found.lines.select_related("application__case", "application__card"),
        "returns": found.returns.select_related("imported_by").order_by("id"), "mine": found.made_by_id == user.pk,
    }  # fmt: skip
    return render(request, "policies/desk/batch.html", context)


def _take_return(request: HttpRequest, found: PaymentBatch, user: User) -> None:
    upload = request.FILES.get("file")

    def take() -> None:
        if not isinstance(upload, UploadedFile) or (upload.size or 0) > MOST_BYTES:
            raise PolicyError("policies.return_file", _("请选择银行回单文件(CSV 或 XLSX,不超过 5 MB)"))
        payments.take_return(found, upload.read(), upload.name or "", account=user)

    attempt(request, _("回单已处理;同一回单重复导入不会重复记账"), take)


@login_required
@require_POST
def bank_file(request: HttpRequest, number: str, form: str) -> HttpResponse:
    """Hand out the file for the bank; the batch counts as sent."""
    user = staff(request, "policies.pay")
    found = get_object_or_404(PaymentBatch, number=number)
    if form not in TYPES:
        raise Http404
    box: list[bytes] = []
    if not attempt(request, _("已生成银行文件"), lambda: box.append(payments.send_batch(found, form, account=user))):
        return back(reverse("policies:desk-batch", args=[found.number]))
    answer = HttpResponse(box[0], content_type=TYPES[form])
    answer["Content-Disposition"] = content_disposition_header(True, f"{found.number}.{form}") or ""
    answer["Cache-Control"] = "no-store"
    return answer


@login_required
@require_http_methods(["GET", "POST"])
def recovery_list(request: HttpRequest) -> HttpResponse:
    """Show recoveries; decide one for a paid case, enter what has come back, lift one."""
    user = staff(request, "policies.budget")
    if request.method == "POST":
        asked, do = request.POST, request.POST.get("do", "")
        if do == "decide":
            attempt(request, _("已作出追回决定并通知企业"), lambda: _decide(request, user))
        elif do in ("receive", "lift"):
            one = get_object_or_404(Recovery, pk=asked.get("recovery"))
            if do == "receive":
                attempt(
                    request,
                    _("已登记缴回,台账已红字冲销"),
                    lambda: recovery.receive_recovery(
                        one, on=_day(asked.get("on", "")), reference=asked.get("reference", ""), account=user
                    ),
                )
            else:
                attempt(
                    request,
                    _("已撤销"),
                    lambda: recovery.lift_recovery(one, reason=asked.get("reason", ""), account=user),
                )
        return back(reverse("policies:desk-recoveries"))
    rows = Recovery.objects.select_related(
        "application__case", "application__card", "application__organisation"
    ).order_by("state", "-id")
    return render(
        request,
        "policies/desk/recoveries.html",
        {
            "page": page_of(request, rows),
            "query": "",
            "today": clock.today(),
            "days": settings.of("recovery").get("days"),
        },
    )


def _decide(request: HttpRequest, user: User) -> None:
    number = request.POST.get("case", "").strip()
    found = Application.objects.filter(case__number=number).first()
    if found is None:
        raise PolicyError("policies.no_application", _("没有办件编号为“%(number)s”的政策申报") % {"number": number})
    asked = request.POST
    recovery.decide_recovery(
        found,
        fen_of(asked.get("yuan", ""), 100),
        reason=asked.get("reason", ""),
        law=asked.get("law", ""),
        account=user,
    )


@login_required
@require_http_methods(["GET", "POST"])
def result_list(request: HttpRequest) -> HttpResponse:
    """Show reports of results; confirm whether they reach their targets."""
    user = staff(request, "cases.handle", "policies.budget")
    if request.method == "POST":
        one = get_object_or_404(FollowUp, pk=request.POST.get("result"))
        attempt(request, _("已核实"), lambda: followups.check(one, met=request.POST.get("met") == "1", account=user))
        return back(reverse("policies:desk-results"))
    seen = overview.applications(request.user).values("pk")
    rows = FollowUp.objects.filter(application__in=seen).select_related(
        "application__case", "application__card", "application__organisation"
    )
    if state := request.GET.get("state"):
        rows = rows.filter(state=state)
    page = page_of(request, rows.order_by("due_on", "id"))
    shown = [
        (one, followups.reaches(one), [(metric, one.values.get(metric["code"])) for metric in one.metrics])
        for one in page.object_list
    ]
    context = {
        "page": page,
        "rows": shown,
        "query": "",
        "states": FollowUp.State.choices,
        "asked": request.GET,
        "today": clock.today(),
    }
    return render(request, "policies/desk/results.html", context)


def fen_of(text: str, factor: int) -> int:
    """Return an amount that was typed as 分."""
    try:
        return int(Decimal(text.replace(",", "").strip()) * factor)
    except (InvalidOperation, ValueError, OverflowError):
        raise PolicyError("policies.amount", _("请填写金额")) from None


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise PolicyError("policies.day", _("请填写日期")) from None
