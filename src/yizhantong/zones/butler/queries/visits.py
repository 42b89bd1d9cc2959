"""Visits: the plans, what is due when, and what was written, for those who may see it."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import clock
from yizhantong.zones.butler.access import butler_of, management
from yizhantong.zones.butler.models import Butler, PlanMember, VisitLog, VisitPlan
from yizhantong.zones.butler.queries.butlers import assignments, visible_butlers


def visible_visits(account: Account) -> QuerySet[VisitLog]:
    """Return the visits an account may read, newest first.

    * a manager: those of the butlers of his divisions and agency;
    * a butler: his own, and earlier ones at the enterprises that he serves now;
    * everyone else: none; enterprises see that they were visited in their own page, not what was written.
    """
    visits = VisitLog.objects.select_related("butler__account", "enterprise").order_by("-day", "uuid")
    butler = butler_of(account)
    allowed = Q(butler__in=visible_butlers(account))
    if butler is not None:
        allowed |= Q(enterprise__in=assignments().filter(butler=butler.code).values("enterprise_id"))
    elif not management(account):
        return visits.none()
    return visits.filter(allowed)


def visible_plans(account: Account) -> QuerySet[VisitPlan]:
    """Return the plans of a manager's divisions and agency, newest first; nobody else has a list of plans."""
    reach = management(account)
    plans = VisitPlan.objects.select_related("agency", "division").order_by("-id")
    if reach.everywhere:
        return plans
    return plans.filter(Q(division_id__in=reach.divisions) | Q(agency_id__in=reach.agencies))


def running() -> QuerySet[PlanMember]:
    """Return what is still to be visited by plans that run, the most urgent first."""
    members = PlanMember.objects.filter(due_on__isnull=False, plan__stopped_on=None)
    return members.select_related("plan", "enterprise").order_by("due_on", "id")


def due_for(butler: Butler, until: dt.date | None = None) -> QuerySet[PlanMember]:
    """Return what a butler has to visit by a day (today unless given), the most urgent first."""
    served = assignments().filter(butler=butler.code).values("enterprise_id")
    return running().filter(enterprise_id__in=served, due_on__lte=until or clock.today())


def upcoming(butler: Butler, days: int = 30) -> QuerySet[PlanMember]:
    """Return what a butler has to visit within some days, overdue ones included."""
    return due_for(butler, clock.today() + dt.timedelta(days=days))


def overdue(account: Account) -> QuerySet[PlanMember]:
    """Return what is overdue in a manager's plans; nothing for others."""
    plans = visible_plans(account)
    return running().filter(plan__in=plans.order_by().values("pk"), due_on__lt=clock.today())
