"""Where a change of this zone comes from, and who did it."""

from __future__ import annotations

from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account


def source_of(account: Account | None, given: str = "") -> str:
    """Return where a change comes from: what is given, or the account's form."""
    name = account.get_username() if account is not None else ""
    return (given or (f"form:{name}" if name else "system"))[:64]


def user(account: Account | None) -> User | None:
    """Return the account as one that can be kept beside a row; None is the platform itself."""
    return account if isinstance(account, User) else None
