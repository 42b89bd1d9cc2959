"""What waits in this zone, for the officers' first page and the review board."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.access import policy
from yizhantong.kernel.cases.models import CaseStep
from yizhantong.kernel.cases.queries import visible_to
from yizhantong.kernel.divisions import clock
from yizhantong.zones.policies.matters import JOINT
from yizhantong.zones.policies.models import (
    Application,
    AutomaticList,
    Budget,
    FollowUp,
    PaymentBatch,
    PolicyDocument,
    Recovery,
)

STAGES = (
    ("formal", _("形式审查")), ("joint", _("部门会审")), ("expert", _("专家评审")), ("decide", _("审核决定")),
    ("public_notice", _("公示")), ("funds", _("资金确认")), ("payment", _("资金拨付")),
)  # fmt: skip


def home() -> dict[str, Any]:
    """Return how much waits where, and the budgets of this year."""
    year = clock.today().year
    open_steps = CaseStep.objects.filter(zone="policies", done_at__isnull=True).values("code").annotate(n=Count("id"))
    waiting = {row["code"]: row["n"] for row in open_steps}
    waiting["joint"] = (
        Application.objects.filter(case__steps__code__in=JOINT, case__steps__done_at__isnull=True).distinct().count()
    )
    return {
        "year": year,
        "stages": [(code, name, waiting.get(code, 0)) for code, name in STAGES],
        "intake": waiting.get("intake", 0),
        "budgets": Budget.objects.filter(year=year).select_related("office"),
        "submitted": PolicyDocument.objects.filter(state="submitted").count(),
        "lists": AutomaticList.objects.filter(state="made").select_related("card"),
        "batches": PaymentBatch.objects.exclude(state__in=["done", "dropped"]).count(),
        "recoveries": Recovery.objects.filter(state="decided").count(),
        "results": FollowUp.objects.filter(state="reported").count(),
    }


def applications(account: policy.Account) -> QuerySet[Application]:
    """Return the applications whose case the account may see."""
    rows = Application.objects.filter(case__in=visible_to(account).values("pk"))
    return rows.select_related("case", "card", "organisation", "budget")


def board(account: policy.Account, stage: str) -> QuerySet[Application]:
    """Return the applications that wait in a stage (``joint`` is all three offices together)."""
    codes = list(JOINT) if stage == "joint" else [stage]
    waiting = CaseStep.objects.filter(code__in=codes, zone="policies", done_at__isnull=True).values("case")
    return applications(account).filter(case__in=waiting).order_by("case__due_at", "id")


def reviewed(rows: list[Application]) -> dict[int, Mapping[str, CaseStep]]:
    """Return, by case, the steps of the joint review: done with their outcome, or open."""
    found: dict[int, dict[str, CaseStep]] = {one.case_id: {} for one in rows}
    steps = (
        CaseStep.objects.filter(Q(case__in=list(found)), code__in=list(JOINT))
        .select_related("office", "done_by")
        .order_by("id")
    )
    for step in steps:
        found[step.case_id][step.code] = step
    return {case: steps for case, steps in found.items()}


def payable(account: policy.Account) -> QuerySet[Application]:
    """Return what is committed, waits for payment, and is in no batch."""
    waiting = CaseStep.objects.filter(code="payment", zone="policies", done_at__isnull=True).values("case")
    rows = applications(account).filter(money="committed", case__in=waiting).select_related("account")
    return rows.exclude(lines__state__in=["waiting", "paid"]).order_by("id")
