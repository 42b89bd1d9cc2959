"""Who an account is to this zone: a bank's officer, the finance office, or somebody who acts for enterprises."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import Grant, Role, User
from yizhantong.kernel.access.policy import Account, Refused
from yizhantong.kernel.cases.people import mandated
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.parties.models import Mandate, Organisation
from yizhantong.zones.finance.errors import FinanceError

ZONE = "finance"
BANK = "finance.bank"
MANAGE = "finance.manage"


def bank_of(account: Account | None) -> Organisation | None:
    """Return the bank for which the account works today, or None."""
    if not isinstance(account, User) or account.agency is None or account.agency.kind != Organisation.Kind.BANK:
        return None
    return account.agency if policy.reach(account, BANK, ZONE).includes(account.agency_id) else None


def the_bank(account: Account | None) -> Organisation:
    """Return the bank for which the account works; ``Refused`` when it works for none."""
    found = bank_of(account)
    if found is None:
        raise Refused(BANK)
    return found


def works_for(account: Account | None, bank: str) -> bool:
    """Tell whether the account works for that bank today (None: the platform, which may act for any)."""
    if account is None:
        return True
    found = bank_of(account)
    return found is not None and found.pk == bank


def check_works_for(account: Account | None, bank: str) -> None:
    """Raise ``Refused`` unless the account works for that bank."""
    if not works_for(account, bank):
        raise Refused(BANK)


def manages(account: Account | None) -> bool:
    """Tell whether the account runs the matching for the finance office (None: the platform)."""
    return account is None or policy.may(account, MANAGE, zone=ZONE)


def check_manages(account: Account | None) -> None:
    """Raise ``Refused`` unless the account runs the matching."""
    if not manages(account):
        raise Refused(MANAGE)


def acts(account: Account | None, enterprise: str) -> bool:
    """Tell whether the account acts for the enterprise today (None: the platform)."""
    return account is None or enterprise in mandated(account, ZONE)


def check_acts(account: Account | None, enterprise: str) -> None:
    """Raise ``finance.not_your_enterprise`` unless the account acts for the enterprise."""
    if not acts(account, enterprise):
        text = "当前账号没有代表该企业;请由企业授权的经办人登录办理"
        raise FinanceError("finance.not_your_enterprise", text)


def enterprises_of(account: Account | None) -> QuerySet[Organisation]:
    """Return the enterprises for which the account acts today."""
    return Organisation.objects.filter(pk__in=mandated(account, ZONE)).order_by("name")


def person_of(account: Account | None) -> int | None:
    """Return the person behind the account, or None."""
    return account.person_id if isinstance(account, User) else None


def user_of(account: Account | None) -> User | None:
    """Return the account as what a row names; None for the platform."""
    return account if isinstance(account, User) else None


def source_of(account: Account | None) -> str:
    """Return the ledger's source of what an account does by hand."""
    return f"form:{account.username}"[:64] if isinstance(account, User) else "system"


def accounts_of_bank(bank: str) -> list[User]:
    """Return the active accounts that work for a bank today."""
    return list(_holders(BANK).filter(agency_id=bank))


def accounts_of_office() -> list[User]:
    """Return the active accounts that run the matching today."""
    return list(_holders(MANAGE))


def accounts_of_enterprise(enterprise: str) -> list[User]:
    """Return the active accounts that act for an enterprise today."""
    today = clock.today()
    current = Mandate.objects.filter(organisation_id=enterprise, valid_from__lte=today)
    current = current.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today))
    return list(User.objects.filter(person_id__in=current.values("person_id"), is_active=True).order_by("pk"))


def _holders(permission: str) -> QuerySet[User]:
    """Return who holds a permission; roles are looked through in Python, because engines search JSON differently."""
    roles = [role.pk for role in Role.objects.all() if permission in role.permissions]
    grants = Grant.objects.filter(policy.current(clock.today()), role_id__in=roles, zone__in=["", ZONE])
    return User.objects.filter(pk__in=grants.values("user_id"), is_active=True).order_by("pk")
