"""What an account reads of its own notices."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import QuerySet

from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.notices import wishes
from yizhantong.kernel.notices.errors import NoticeError
from yizhantong.kernel.notices.kinds import CHANNELS, Kind, kinds
from yizhantong.kernel.notices.models import Notice

MOST_COUNTED = 99
_CURSOR = re.compile(r"([ur])([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class Page:
    """A page of notices, unread first, each part newest first; ``after`` opens the next page, empty at the end."""

    notices: list[Notice]
    after: str


def visible_to(account: Account) -> QuerySet[Notice]:
    """Return the notices that an account may see: its own."""
    return Notice.objects.filter(account_id=account.pk) if account.is_authenticated else Notice.objects.none()


def unread_count(account: Account) -> int:
    """Return how many are unread, at most one more than :data:`MOST_COUNTED`; one query over an index of the unread."""
    unread = visible_to(account).filter(read_at__isnull=True)
    return unread.values("pk")[: MOST_COUNTED + 1].count()


def page(account: Account, *, kind: str = "", unread: bool = False, after: str = "", size: int = 30) -> Page:
    """Return one page; ``kind`` and ``unread`` narrow it down. Raises :class:`NoticeError` ``notices.cursor``."""
    part, before = _read(after)
    own = visible_to(account)
    if kind:
        own = own.filter(kind=kind)
    found: list[Notice] = []
    if part == "u":
        found = _newest(own.filter(read_at__isnull=True), before, size + 1)
        before = None
    if not unread and len(found) <= size:
        found += _newest(own.filter(read_at__isnull=False), before, size + 1 - len(found))
    kept = found[:size]
    return Page(kept, _write(kept[-1]) if len(found) > size else "")


def kinds_of(account: Account) -> list[Kind]:
    """Return the declared kinds of which the account has notices."""
    present = set(visible_to(account).order_by().values_list("kind", flat=True).distinct())
    return [kind for kind in kinds() if kind.code in present]


def modes_of(account: User) -> list[tuple[Kind, dict[str, str]]]:
    """Return for every kind the mode that holds by channel, as the database says now."""
    wanted = wishes.asked_now(account.pk)
    return [(kind, {channel: wishes.mode_of(kind, channel, wanted) for channel in CHANNELS}) for kind in kinds()]


def _newest(notices: QuerySet[Notice], before: int | None, size: int) -> list[Notice]:
    narrowed = notices if before is None else notices.filter(pk__lt=before)
    return list(narrowed.order_by("-pk")[:size])


def _read(after: str) -> tuple[str, int | None]:
    if not after:
        return "u", None
    if (found := _CURSOR.fullmatch(after)) is None:
        raise NoticeError("cursor", "翻页标记无法识别,请从第一页看起", "after")
    return found[1], int(found[2])


def _write(last: Notice) -> str:
    return f"{'u' if last.read_at is None else 'r'}{last.pk}"
