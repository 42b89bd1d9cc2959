"""Who may manage a season, and whose child it is."""

from __future__ import annotations

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account, Refused
from yizhantong.zones.onething.enrolment.models import Season

ZONE = "onething"
MANAGE = "enrolment.manage"
ITEM = "onething.school"


def manages(account: Account, season: Season) -> bool:
    """Tell whether the account manages the season: its office's enrolment, or that of the division."""
    return (
        isinstance(account, User)
        and account.is_staff
        and policy.reach(account, MANAGE, ZONE).includes(season.office_id, season.division_id)
    )


def check_manages(account: Account | None, season: Season) -> None:
    """Raise ``Refused`` unless the account manages the season; None is the platform."""
    if account is not None and not manages(account, season):
        raise Refused(MANAGE, season.division_id)


def is_manager(account: Account) -> bool:
    """Tell whether the account manages any season."""
    return isinstance(account, User) and account.is_staff and bool(policy.reach(account, MANAGE, ZONE))
