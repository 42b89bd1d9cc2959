"""Butlers: who serves whom, how loaded each of them is, and which of them an account sees."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger.standing import in_force
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.butler.access import management
from yizhantong.zones.butler.models import Assignment, Butler, PlanMember, VisitLog
from yizhantong.zones.butler.queries.facts import assignment_of


@dataclass(frozen=True, slots=True)
class Load:
    """A butler and what is on his shoulders: enterprises of how many he may serve, visits of this year, overdue ones."""

    butler: Butler
    enterprises: int
    visits: int
    overdue: int

    @property
    def share(self) -> int:
        """Return how full he is, in percent of his capacity."""
        return round(100 * self.enterprises / self.butler.capacity)


def visible_butlers(account: Account) -> QuerySet[Butler]:
    """Return the butlers that an account may look after.

    * a manager: those of his divisions and of his agency;
    * a butler: himself;
    * everyone else: none (an enterprise asks for its own by :func:`butler_for`).
    """
    reach = management(account)
    butlers = Butler.objects.select_related("agency", "account", "division")
    if reach.everywhere:
        return butlers
    own = Q(account_id=account.pk) if account.is_authenticated else Q(pk__in=[])
    return butlers.filter(Q(division_id__in=reach.divisions) | Q(agency_id__in=reach.agencies) | own)


def assignments() -> QuerySet[Assignment]:
    """Return the assignments that stand."""
    return in_force(Assignment.objects.all())


def enterprises_of(butler: Butler) -> QuerySet[Organisation]:
    """Return the enterprises that a butler serves now, by name."""
    served = assignments().filter(butler=butler.code)
    return Organisation.objects.filter(pk__in=served.values("enterprise_id")).order_by("name")


def serves(butler: Butler, enterprise: str) -> bool:
    """Tell whether the butler serves the enterprise now."""
    return assignments().filter(butler=butler.code, enterprise_id=enterprise).exists()


def butler_for(enterprise: str) -> Butler | None:
    """Return the enterprise's butler, with account and agency; None while it has none."""
    assignment = assignment_of(enterprise)
    if assignment is None:
        return None
    return Butler.objects.select_related("account", "agency").filter(pk=assignment.butler).first()


def butlers_for(enterprises: list[str]) -> dict[str, Butler]:
    """Return the butlers of several enterprises by their codes, in two queries."""
    codes = dict(assignments().filter(enterprise_id__in=enterprises).values_list("enterprise_id", "butler"))
    known = Butler.objects.select_related("account", "agency").in_bulk(list(codes.values()))
    return {enterprise: known[code] for enterprise, code in codes.items() if code in known}


def load_of(butlers: QuerySet[Butler], most: int = 500) -> list[Load]:
    """Return the load of butlers, the fullest first, in four queries whatever their number."""
    listed = list(butlers[:most])
    codes = [butler.pk for butler in listed]
    today = clock.today()
    served = dict(assignments().filter(butler__in=codes).values_list("butler").annotate(n=Count("pk")).order_by())
    year = VisitLog.objects.filter(butler_id__in=codes, day__year=today.year)
    visits = dict(year.values_list("butler_id").annotate(n=Count("pk")).order_by())
    late: dict[str, int] = {}
    owner = dict(assignments().filter(butler__in=codes).values_list("enterprise_id", "butler"))
    for enterprise in PlanMember.objects.filter(due_on__lt=today, plan__stopped_on=None).values_list(
        "enterprise_id", flat=True
    ):
        if (code := owner.get(enterprise)) is not None:
            late[code] = late.get(code, 0) + 1
    made = [Load(b, served.get(b.pk, 0), visits.get(b.pk, 0), late.get(b.pk, 0)) for b in listed]
    return sorted(made, key=lambda item: (-item.share, item.butler.pk))


def without_butler(account: Account, text: str = "", most: int = 50) -> list[Organisation]:
    """Return enterprises of the manager's divisions that have no butler, searched by name or code."""
    reach = management(account)
    found = Organisation.objects.filter(kind=Organisation.Kind.ENTERPRISE)
    if not reach.everywhere:
        found = found.filter(division_id__in=reach.divisions) if reach.divisions else found.none()
    if text:
        found = found.filter(Q(name__icontains=text) | Q(pk__istartswith=text))
    return list(found.exclude(pk__in=assignments().values("enterprise_id")).order_by("name")[:most])
