"""What accounts prefer, remembered for a short time: sending must not ask the database for every message.

An entry lives ``LIFE`` seconds in this process. A change made in another process is therefore heard of at most so late by
whoever writes deliveries; delivering itself asks again, so that nothing leaves the house against a wish.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping

from yizhantong.kernel.notices.kinds import Kind
from yizhantong.kernel.notices.models import Preference

LIFE = 30.0
MOST = 50_000

Wishes = Mapping[tuple[str, str], str]
_NONE: Wishes = {}
_known: dict[int, tuple[float, Wishes]] = {}


def wishes_of(accounts: Iterable[int]) -> dict[int, Wishes]:
    """Return the modes by (kind, channel) that accounts chose; at most one query, none when all are remembered."""
    now = time.monotonic()
    wanted = list(accounts)
    missing = [pk for pk in wanted if pk not in _known or _known[pk][0] < now]
    if missing:
        _load(missing, now)
    return {pk: _known[pk][1] if pk in _known else _NONE for pk in wanted}


def mode_of(kind: Kind, channel: str, wishes: Wishes) -> str:
    """Return the mode that holds for a kind and channel; a wish that the kind does not allow (any more) is not one."""
    chosen = wishes.get((kind.code, channel), "")
    return chosen if chosen in kind.modes(channel) else kind.defaults[channel]


def forget(account: int | None = None) -> None:
    """Forget what is remembered of an account, or of all."""
    if account is None:
        _known.clear()
    else:
        _known.pop(account, None)


def asked_now(account: int) -> Wishes:
    """Return an account's wishes as the database holds them now."""
    forget(account)
    return wishes_of([account])[account]


def _load(accounts: list[int], now: float) -> None:
    if len(_known) + len(accounts) > MOST:
        _known.clear()
    found: dict[int, dict[tuple[str, str], str]] = {}
    rows = Preference.objects.filter(account__in=accounts).values_list("account_id", "kind", "channel", "mode")
    for account, kind, channel, mode in rows:
        found.setdefault(account, {})[kind, channel] = mode
    for account in accounts:
        _known[account] = (now + LIFE, found.get(account, _NONE))
