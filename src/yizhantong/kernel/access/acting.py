"""Who is acting: set while an action on accounts or grants runs, so that whoever records it knows by whom it was done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from yizhantong.kernel.access.models import User

_acting: ContextVar[User | None] = ContextVar("acting", default=None)


@contextmanager
def acting_as(account: User) -> Iterator[None]:
    """Name the account that acts until the block ends."""
    token = _acting.set(account)
    try:
        yield
    finally:
        _acting.reset(token)


def acting() -> User | None:
    """Return the account that acts now, or None for the platform itself."""
    return _acting.get()
