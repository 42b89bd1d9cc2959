"""For officers: what waits in each stage, the joint review at a glance, experts assigned, money set and shared out, notices."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yizhantong.kernel.cases.models import PublicNotice
from yizhantong.kernel.divisions import clock
from yizhantong.zones.policies import matters
from yizhantong.zones.policies.actions import applications, reviews
from yizhantong.zones.policies.errors import PolicyError
from yizhantong.zones.policies.models import Expert, PolicyCard
from yizhantong.zones.policies.pages.common import attempt, back, page_of, staff
from yizhantong.zones.policies.queries import eligibility, overview

HANDLERS = ("cases.handle", "cases.decide", "cases.view", "policies.budget", "policies.pay")


@login_required
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Show what waits in one stage; for the joint review what each of the three offices has said."""
    staff(request, *HANDLERS)
    stages = [(code, name) for code, name in overview.STAGES]
    stage = request.GET.get("stage", "joint")
    if stage not in dict(stages):
        stage = "joint"
    page = page_of(request, overview.board(request.user, stage))
    rows = list(page.object_list)
    steps = overview.reviewed(rows) if stage == "joint" else {}
    said = [(one, [steps.get(one.case_id, {}).get(code) for code in matters.JOINT]) for one in rows]
    short = (
        PolicyCard.objects.filter(pk__in={one.card_id for one in rows})
        if stage == "decide"
        else PolicyCard.objects.none()
    )
    context = {
        "stages": stages, "stage": stage, "page": page, "rows": said, "joint": list(matters.JOINT.values()),
        "query": f"stage={stage}", "shared": [card for card in short if card.benefit.get("shortage", "first") != "first"],
    }  # fmt: skip
    return render(request, "policies/desk/board.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def application(request: HttpRequest, number: int) -> HttpResponse:
    """Show the zone's side of one application: money, experts, notice."""
    user = staff(request, *HANDLERS)
    rows = overview.applications(request.user).select_related(
        "card__document", "card__stacking", "account", "organisation"
    )
    found = get_object_or_404(rows, pk=number)
    here = reverse("policies:desk-application", args=[found.pk])
    if request.method == "POST":
        asked = request.POST
        do = asked.get("do", "")
        if do == "amount":
            attempt(
                request,
                _("已核定"),
                lambda: applications.set_amount(
                    found, _fen(asked.get("yuan", "")), reason=asked.get("reason", ""), account=user
                ),
            )
        elif do == "experts":
            chosen = Expert.objects.filter(pk__in=asked.getlist("expert"), active=True)
            attempt(request, _("已指派专家"), lambda: reviews.assign_experts(found, chosen, account=user))
        elif do == "recall":
            one = get_object_or_404(found.reviews, pk=asked.get("review") or 0)
            attempt(request, _("已改派"), lambda: reviews.recall(one, asked.get("reason", ""), account=user))
        elif do == "announce":
            attempt(request, _("已发布公示"), lambda: applications.announce(found, account=user))
        return back(reverse("web:desk-case", args=[found.case.number]) if asked.get("back") == "case" else here)
    open_codes = set(found.case.steps.filter(done_at__isnull=True).values_list("code", flat=True))
    context = {
        "application": found, "benefit": eligibility.benefit_of(found.case.version_id), "open": open_codes,
        "reviews": reviews.given(found), "askable": reviews.askable_now(found),
        "lines": found.lines.select_related("batch").order_by("id"), "recoveries": found.recoveries.order_by("id"),
        "announced": PublicNotice.objects.filter(case=found.case).order_by("-id").first(),
        "verdict": eligibility.of_version(found.case.version_id, found.organisation_id),
    }  # fmt: skip
    return render(request, "policies/desk/application.html", context)


@login_required
@require_POST
def share(request: HttpRequest, number: str) -> HttpResponse:
    """Share the card's money out among all that wait for the decision."""
    user = staff(request, "policies.budget", "cases.decide")
    card = get_object_or_404(PolicyCard.objects.select_related("document", "budget"), number=number)
    attempt(
        request,
        _("已按规则分配,请逐件作出决定"),
        lambda: applications.share_out(card, clock.today().year, account=user),
    )
    return back(f"{reverse('policies:desk-board')}?stage=decide")


def _fen(text: str) -> int:
    try:
        return int(Decimal(text.replace(",", "")) * 100)
    except (InvalidOperation, ValueError, OverflowError):
        raise PolicyError("policies.amount", _("请填写金额(元)"), field="yuan") from None
