"""Who handles what goes between cities, and who asks."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import Grant, Role, User
from yizhantong.kernel.access.policy import Account, Refused
from yizhantong.kernel.cases import people
from yizhantong.kernel.divisions import clock
from yizhantong.zones.crossregion.config import HANDLE, ZONE
from yizhantong.zones.crossregion.errors import CrossingError
from yizhantong.zones.crossregion.models import Crossing


def handles(account: Account) -> bool:
    """Tell whether the account handles what goes between cities."""
    return isinstance(account, User) and account.is_staff and policy.may(account, HANDLE, zone=ZONE)


def check(account: Account | None) -> None:
    """Raise :class:`Refused` unless the account handles what goes between cities; None is the platform itself."""
    if account is not None and not handles(account):
        raise Refused(HANDLE)


def check_party(account: Account) -> None:
    """Raise :class:`CrossingError` ``not_a_party`` unless the account can make a request: a person, for himself or with a mandate, or a clerk."""
    if not handles(account) and (not isinstance(account, User) or account.person_id is None):
        raise CrossingError(
            "not_a_party", "当前账号没有实名,也不办理跨区通办业务,不能提交材料;请用本人或经办人的账号登录"
        )


def clerks() -> list[User]:
    """Return the accounts that handle what goes between cities today."""
    today = clock.today()
    roles = [role.pk for role in Role.objects.all() if HANDLE in role.permissions]
    grants = Grant.objects.filter(policy.current(today), role_id__in=roles, zone__in=["", ZONE], user__is_active=True)
    return list(User.objects.filter(pk__in=grants.values("user_id"), is_staff=True).order_by("pk"))


def visible(account: Account) -> QuerySet[Crossing]:
    """Return the crossings that an account sees.

    * who handles them: all;
    * who asks: those of his own cases, and of organisations whose mandate he holds today;
    * others: none.
    """
    found = Crossing.objects.select_related("partner", "case")
    if handles(account):
        return found
    if not isinstance(account, User) or account.person_id is None:
        return found.none()
    asked = Q(case__person_id=account.person_id) | Q(case__organisation_id__in=people.mandated(account))
    return found.filter(asked)


def source_of(account: Account | None) -> str:
    """Return the source of what an account does by hand."""
    return f"form:{account.username}"[:64] if isinstance(account, User) else "system"
