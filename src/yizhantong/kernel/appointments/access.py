"""Who may do what: those who come, clerks within reach of a hall, its managers."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.appointments.models import Appointment, Hall
from yizhantong.kernel.cases import people

SERVE, MANAGE = "appointments.serve", "appointments.manage"


def serves(account: policy.Account | None, hall: Hall) -> bool:
    """Tell whether the account may work at the hall's windows."""
    return account is not None and policy.reach(account, SERVE).includes(hall.agency_id, hall.division_id)


def manages(account: policy.Account | None, hall: Hall) -> bool:
    """Tell whether the account may change the hall."""
    return account is not None and policy.reach(account, MANAGE).includes(hall.agency_id, hall.division_id)


def check_serves(account: policy.Account | None, hall: Hall) -> None:
    """Raise :class:`~yizhantong.kernel.access.policy.Refused` unless the account works at the hall."""
    if not serves(account, hall):
        raise policy.Refused(SERVE, hall.division_id)


def check_manages(account: policy.Account | None, hall: Hall) -> None:
    """Raise :class:`~yizhantong.kernel.access.policy.Refused` unless the account manages the hall."""
    if not manages(account, hall):
        raise policy.Refused(MANAGE, hall.division_id)


def halls_of(account: policy.Account, permission: str = SERVE) -> QuerySet[Hall]:
    """Return the halls within the account's reach."""
    found = policy.reach(account, permission)
    if found.everywhere:
        return Hall.objects.all()
    return Hall.objects.filter(Q(division_id__in=found.divisions) | Q(agency_id__in=found.agencies))


def own(account: policy.Account) -> Q:
    """Return the condition on appointments that they are the account's own, or of an organisation that it acts for today."""
    if not isinstance(account, User) or not account.is_active or account.person_id is None:
        return Q(pk__in=[])
    return Q(person_id=account.person_id, organisation__isnull=True) | Q(organisation_id__in=people.mandated(account))


def is_own(account: policy.Account | None, appointment: Appointment) -> bool:
    """Tell whether it is the account's own appointment, or of an organisation that it acts for today."""
    return people.acts_for(account, appointment.organisation_id, appointment.person_id)


def visible_to(account: policy.Account) -> QuerySet[Appointment]:
    """Return the appointments that the account may see: its own, and those of the halls where it serves or manages."""
    halls = halls_of(account, SERVE) | halls_of(account, MANAGE)
    return Appointment.objects.filter(own(account) | Q(hall__in=halls.values("pk")))
