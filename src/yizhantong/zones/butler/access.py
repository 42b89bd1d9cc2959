"""Who an account is to the butler service: a manager over divisions and agencies, a butler, or somebody who acts for enterprises."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import Grant, Role, User
from yizhantong.kernel.access.policy import Account, Reach, Refused
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.parties.mandates import in_force
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.butler.models import Butler

ZONE = "butler"
SERVE = "butler.serve"
MANAGE = "butler.manage"


def management(account: Account) -> Reach:
    """Return over which divisions and agencies the account manages butlers."""
    return policy.reach(account, MANAGE, ZONE)


def check_manages(account: Account, agency: str | None, division: str) -> None:
    """Raise :class:`Refused` unless the account manages butlers of that agency or division."""
    if not management(account).includes(agency, division):
        raise Refused(MANAGE, division)


def butler_of(account: Account) -> Butler | None:
    """Return the butler whose account it is, if he is on duty and may still serve."""
    if not account.is_authenticated or not policy.may(account, SERVE, zone=ZONE):
        return None
    return Butler.objects.select_related("agency", "account").filter(account_id=account.pk, active=True).first()


def the_butler(account: Account) -> Butler:
    """Return the butler whose account it is; :class:`Refused` or ``butler.not_a_butler`` when it is none."""
    policy.check(account, SERVE, zone=ZONE)
    found = butler_of(account)
    if found is None:
        raise LedgerError("butler.not_a_butler", "当前账号还没有登记为管家,请由管家主管先登记")
    return found


def enterprises_acted_for(account: Account) -> QuerySet[Organisation]:
    """Return the organisations for which the account's person holds a mandate today."""
    if not isinstance(account, User) or account.person_id is None:
        return Organisation.objects.none()
    current = in_force(clock.today(), ZONE).filter(person_id=account.person_id)
    return Organisation.objects.filter(pk__in=current.values("organisation_id")).order_by("name")


def holders(permission: str, *, agency: str | None = None) -> list[User]:
    """Return the active accounts that hold a permission in this zone today: over the city, or for their own ``agency``.

    Roles are looked through in Python, because SQLite and PostgreSQL search JSON differently; a city has a few dozen.
    """
    today = clock.today()
    roles = [role.pk for role in Role.objects.all() if permission in role.permissions]
    grants = Grant.objects.filter(role_id__in=roles, zone__in=["", ZONE], user__is_active=True)
    grants = grants.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=today))
    grants = grants.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today))
    grants = grants.filter(scope=Grant.Scope.CITY) if agency is None else grants.filter(user__agency_id=agency)
    return list(User.objects.filter(pk__in=grants.values("user_id")).order_by("pk"))


def source_of(account: Account | None) -> str:
    """Return the ledger's source of what an account does by hand."""
    return f"form:{account.username}"[:64] if isinstance(account, User) else "system"
