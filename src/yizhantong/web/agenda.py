"""The city's calendar of deadlines: what ends, begins or takes place on which day, in any zone.

1. A zone says so in its ``agenda.py``, found when the calendar is first asked for::

       @deadlines("policies")
       def windows(first: date, last: date, account: Account) -> Iterable[Deadline]: ...

2. :func:`between` asks all of them for a stretch of days, as an account may see it, in order of days.
3. Pages show a month; a calendar program reads the same from a secret link (``views/agenda.py``), which its owner may revoke.

A source answers from few queries, whatever the number of days, and says only what its account may see: what is for everybody has
no ``whose``; what is one party's names it, and is "mine". Terms: 截止 (deadline), 公示 (public notice), 订阅 (feed).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import clock
from yizhantong.web.calendars import Event
from yizhantong.web.models import CalendarFeed

KINDS = {
    "application": _("申报期"), "notice": _("公示"), "enrolment": _("招生"), "fair": _("招聘与展会"), "meeting": _("对接会"),
    "appointment": _("预约"), "visit": _("走访"), "case": _("办件"), "other": _("其他"),
}  # fmt: skip
"""The kinds of deadlines; codes decide, names are shown."""
LONGEST = dt.timedelta(days=400)
"""The longest stretch that is asked for at once."""
MOST_FEEDS = 5
PAST, AHEAD = dt.timedelta(days=31), dt.timedelta(days=366)
"""How far a feed reaches back and ahead of today."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One entry: on ``day``, or from ``start`` to ``end`` (aware moments of that day), with the page that says more.

    ``zone`` is a zone's code, or ``cases``, ``items``, ``appointments`` for the kernel's own; ``kind`` one of :data:`KINDS`. ``whose`` names the party whose
    own affair it is, empty for what is everybody's. ``uid`` keeps its name in calendar programs; by default from address, day and title.
    """

    day: dt.date
    title: str
    url: str
    zone: str
    kind: str
    whose: str = ""
    uid: str = ""
    start: dt.datetime | None = None
    end: dt.datetime | None = None
    place: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no such kind of deadline: {self.kind}")

    @property
    def label(self) -> str:
        """Return the kind's name."""
        return str(KINDS[self.kind])

    @property
    def name(self) -> str:
        """Return what identifies the entry."""
        text = f"{self.zone} {self.url} {self.day} {self.title}"
        return self.uid or hashlib.sha256(text.encode()).hexdigest()[:32]


Source = Callable[[dt.date, dt.date, Account], Iterable[Deadline]]
_SOURCES: dict[tuple[str, str], Source] = {}


def deadlines(zone: str) -> Callable[[Source], Source]:
    """Register a source of a zone's deadlines; one that is registered under a name already is refused (``ValueError``)."""

    def keep(source: Source) -> Source:
        key = (zone, f"{source.__module__}.{source.__qualname__}")
        if _SOURCES.setdefault(key, source) is not source:
            raise ValueError(f"deadlines of {zone}: {key[1]} is registered already")
        return source

    return keep


@lru_cache(maxsize=1)
def _discover() -> None:
    import_module("yizhantong.web.casework.agenda")
    autodiscover_modules("agenda")


def zones() -> list[str]:
    """Return the codes of what has deadlines to tell, in the order of the zones, the kernel's own last."""
    _discover()
    present = {zone for zone, _name in _SOURCES}
    return [*(zone for zone in settings.ZONES if zone in present), *sorted(present - set(settings.ZONES))]


def between(
    first: dt.date, last: dt.date, account: Account, *, zone: str = "", kind: str = "", mine: bool = False
) -> list[Deadline]:
    """Return the deadlines from ``first`` to ``last``, both included, as the account may see them, by day, moment and title.

    ``ValueError`` for more than :data:`LONGEST` at once.
    """
    if last - first > LONGEST:
        raise ValueError(f"{first} to {last} is longer than {LONGEST.days} days")
    _discover()
    found = {
        (each.day, each.name): each
        for (code, _name), source in _SOURCES.items()
        if not zone or code == zone
        for each in source(first, last, account)
        if first <= each.day <= last and (not kind or each.kind == kind) and (not mine or each.whose)
    }
    return sorted(
        found.values(), key=lambda each: (each.day, each.start is not None, each.start or clock.now(), each.title)
    )


def events(found: Iterable[Deadline], *, host: str) -> Iterable[Event]:
    """Yield deadlines as entries of a calendar file; ``host`` is the platform's own, for names and addresses."""
    for each in found:
        yield Event(
            uid=f"{each.name}@{host}",
            title=each.title,
            start=each.start,
            end=each.end,
            day=None if each.start is not None else each.day,
            description=" · ".join(text for text in (each.label, each.whose) if text),
            url=settings.YZT_ADDRESS + each.url,
            place=each.place,
            busy=each.start is not None,
        )


# --- feeds ---------------------------------------------------------------------------------------------------------------


class AgendaError(Exception):
    """A change of feeds is refused; ``code`` is stable."""

    def __init__(self, code: str, sentence: str) -> None:
        self.code = f"agenda.{code}"
        self.sentence = sentence
        super().__init__(sentence)


@transaction.atomic
def make_feed(account: User, *, zone: str = "", kind: str = "", mine: bool = False) -> tuple[CalendarFeed, str]:
    """Make a feed of what the account sees, narrowed; return it with its key, which is shown once: only a digest is kept.

    :class:`AgendaError` ``agenda.too_many`` beyond :data:`MOST_FEEDS`, ``agenda.filter`` for a zone or kind that does not exist.
    """
    if (zone and zone not in zones()) or (kind and kind not in KINDS):
        raise AgendaError("filter", "没有这个专区或类别,请重新选择")
    User.objects.select_for_update().get(pk=account.pk)
    if CalendarFeed.objects.filter(account=account).count() >= MOST_FEEDS:
        raise AgendaError("too_many", f"最多同时有 {MOST_FEEDS} 个订阅链接,请先撤销不用的")
    key = secrets.token_urlsafe(24)
    made = CalendarFeed.objects.create(
        account=account, digest=_digest(key), zone=zone, kind=kind, mine=mine, made_at=clock.now()
    )
    return made, key


def revoke_feed(account: User, number: int) -> bool:
    """Revoke one of the account's own feeds: its link answers no more. Return whether there was one."""
    return CalendarFeed.objects.filter(account=account, pk=number).delete()[0] > 0


def feed_of(key: str) -> CalendarFeed | None:
    """Return the feed that a key opens, with its account; None when it was revoked, never was, or the account is shut."""
    found = CalendarFeed.objects.select_related("account").filter(digest=_digest(key), account__is_active=True)
    return found.first()


def read_feed(feed: CalendarFeed) -> list[Deadline]:
    """Return what a feed tells today."""
    today = clock.today()
    return between(today - PAST, today + AHEAD, feed.account, zone=feed.zone, kind=feed.kind, mine=feed.mine)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
