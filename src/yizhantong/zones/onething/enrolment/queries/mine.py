"""What a parent sees of his own: receipts, children, places; what an officer sees of a season."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet

from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account
from yizhantong.zones.onething.enrolment.access import manages
from yizhantong.zones.onething.enrolment.models import Child, Intake, Placement, Season


def receipts(account: Account) -> QuerySet[Intake]:
    """Return what the account handed in, newest first."""
    if not isinstance(account, User):
        return Intake.objects.none()
    return Intake.objects.filter(account=account).select_related("season", "case").order_by("-id")


def child(account: Account, number: str) -> Child | None:
    """Return the child of a case: to who applied, and to those who manage the season; None to everybody else."""
    found = (
        Child.objects.select_related("case", "season__division", "season__office", "school")
        .filter(case__number=number)
        .first()
    )
    if found is None or not isinstance(account, User):
        return None
    own = account.person_id is not None and account.person_id == found.case.person_id
    return found if own or manages(account, found.season) else None


def children(account: Account) -> QuerySet[Child]:
    """Return the children for whom the account's person applied."""
    if not isinstance(account, User) or account.person_id is None:
        return Child.objects.none()
    return (
        Child.objects.filter(case__person_id=account.person_id)
        .select_related("case", "season", "school")
        .order_by("-id")
    )


def results(of: Child) -> list[Placement]:
    """Return the results of a child, newest first."""
    return list(of.placements.select_related("batch", "school", "child__season").order_by("-batch__number"))


def of_season(season: Season, state: str = "") -> QuerySet[Child]:
    """Return the children of a season, those that wait longest first."""
    rows = Child.objects.filter(season=season).select_related("case__person", "school").order_by("id")
    return rows.filter(state=state) if state else rows


def standing(season: Season) -> dict[str, Any]:
    """Return how far a season is: counts of children by state, of receipts that wait or failed."""
    states = dict(Child.objects.filter(season=season).values_list("state").annotate(number=Count("id")))
    waiting = Intake.objects.filter(season=season, state=Intake.State.WAITING)
    return {
        "states": [(code, label, states.get(code, 0)) for code, label in Child.State.choices], "waiting": waiting.count(),
        "stuck": waiting.filter(attempts__gte=5).count(), "refused": Intake.objects.filter(season=season, state=Intake.State.REFUSED).count(),
    }  # fmt: skip
