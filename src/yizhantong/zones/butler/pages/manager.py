"""The managers' pages: visit plans, the ladder, reviews of "no help possible", satisfaction by agency."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.policy import Refused
from yizhantong.kernel.divisions import clock, tree
from yizhantong.zones.butler.access import MANAGE, ZONE
from yizhantong.zones.butler.actions import appeals as appeal_actions
from yizhantong.zones.butler.actions import escalations as escalation_actions
from yizhantong.zones.butler.actions import visits as actions
from yizhantong.zones.butler.config import settings
from yizhantong.zones.butler.forms import PlanForm
from yizhantong.zones.butler.models import Escalation, UnableReview
from yizhantong.zones.butler.pages.common import REFUSALS, doing, me, page_of, refuse_at, refusing, show
from yizhantong.zones.butler.queries import appeals as appeal_queries
from yizhantong.zones.butler.queries import visits as queries


@refusing
@require_GET
def plans(request: HttpRequest) -> HttpResponse:
    """Show the plans of visits."""
    policy.check(request.user, MANAGE, zone=ZONE)
    page = page_of(request, queries.visible_plans(request.user))
    return show(request, "plans.html", {"page": page, "overdue": queries.overdue(request.user).count()})


@refusing
@require_http_methods(["GET", "POST"])
def new_plan(request: HttpRequest) -> HttpResponse:
    """Make a plan of visits."""
    policy.check(request.user, MANAGE, zone=ZONE)
    form = PlanForm(request.POST or None, initial={"starts_on": clock.today()})
    if form.is_valid():
        plan = form.save(commit=False)
        agency = me(request).agency
        if agency is None:
            form.add_error(None, _("当前账号没有所属机构,不能制定计划"))
        else:
            plan.agency, plan.division_id = agency, agency.division_id or tree.root()
            try:
                made = actions.make_plan(plan, form.cleaned_data["enterprises"], account=me(request))
            except REFUSALS as error:
                refuse_at(form, error, {"企业": "enterprises", "计划结束日": "ends_on"})
            else:
                messages.success(request, _("已制定计划"))
                return HttpResponseRedirect(reverse("butler:plan", args=[made.pk]))
    context = {"form": form, "title": _("制定走访计划"), "back": reverse("butler:plans")}
    return show(request, "form.html", context, status=422 if form.errors else 200)


@refusing
@require_GET
def plan(request: HttpRequest, number: int) -> HttpResponse:
    """Show one plan with its enterprises."""
    found = queries.visible_plans(request.user).filter(pk=number).first()
    if found is None:
        raise Http404
    members = found.members.select_related("enterprise").annotate(due=Coalesce("due_on", Value(dt.date.max)))
    page = page_of(request, members, ("due", "id"))
    return show(request, "plan.html", {"plan": found, "page": page})


@refusing
@require_POST
def stop_plan(request: HttpRequest, number: int) -> HttpResponse:
    """Stop a plan."""
    found = queries.visible_plans(request.user).filter(pk=number).first()
    if found is None:
        raise Http404
    back = reverse("butler:plan", args=[number])
    return doing(request, lambda: actions.stop_plan(found, account=me(request)), _("已停止"), back)


@refusing
@require_GET
def escalations(request: HttpRequest) -> HttpResponse:
    """Show the rungs that wait for an answer: a manager all of his, everyone else what he was told of."""
    if not me(request).is_staff:
        raise Refused(MANAGE)
    page = page_of(request, appeal_queries.open_escalations(request.user), ("due_at", "id"))
    for row in page:
        row.asker = appeal_queries.asker_of(row.case, request.user)
    labels = {rung.to: rung.label for rung in settings().ladder}
    context = {"page": page, "ladder": settings().ladder, "labels": labels, "now": clock.now()}
    return show(request, "escalations.html", context)


@refusing
@require_POST
def answer_escalation(request: HttpRequest, number: int) -> HttpResponse:
    """Say what is done about an escalated appeal."""
    found = get_object_or_404(Escalation.objects.select_related("case"), pk=number)
    text = request.POST.get("answer", "")
    change = lambda: escalation_actions.answer_escalation(found, text, account=me(request))  # noqa: E731
    return doing(request, change, _("已答复"), reverse("butler:escalations"))


@refusing
@require_GET
def reviews(request: HttpRequest) -> HttpResponse:
    """Show the endings as "no help possible" that wait for a review."""
    policy.check(request.user, MANAGE, zone=ZONE)
    page = page_of(request, appeal_queries.asked_reviews(request.user), ("proposed_at", "id"))
    for row in page:
        row.asker = appeal_queries.asker_of(row.case, request.user)
    return show(request, "reviews.html", {"page": page})


@refusing
@require_POST
def settle_review(request: HttpRequest, number: int) -> HttpResponse:
    """Approve or return one."""
    policy.check(request.user, MANAGE, zone=ZONE)
    found = get_object_or_404(UnableReview.objects.select_related("case"), pk=number)
    approve, remark = request.POST.get("what") == "approve", request.POST.get("remark", "")
    change = lambda: appeal_actions.settle_unable(found, approve=approve, remark=remark, account=me(request))  # noqa: E731
    return doing(request, change, _("已复核"), reverse("butler:reviews"))


@refusing
@require_GET
def satisfaction(request: HttpRequest) -> HttpResponse:
    """Show how enterprises rated what each agency ended."""
    policy.check(request.user, MANAGE, zone=ZONE)
    return show(request, "satisfaction.html", {"rows": appeal_queries.satisfaction(request.user)})
