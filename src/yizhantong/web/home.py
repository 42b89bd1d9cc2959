"""What is on its way for somebody in any zone and is not a case of his own: offers, meetings, invitations, signatures, appointments.

A zone says so in its ``home.py``, found when my space is first asked for::

    @things("finance")
    def offers(account: Account, parties: Sequence[Party]) -> Iterable[Thing]: ...

A source answers from few queries, whatever there is, and says only what the account may see for those ``parties``. What waits for
the asker (``action`` is not empty) stands first, then by the day on which it is due.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.utils.module_loading import autodiscover_modules

from yizhantong.kernel.access.policy import Account
from yizhantong.web.casework.parties import Party


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing on its way: what it is, how it stands, what to do next and by when, and whose it is.

    ``action`` are the words of the button (empty: nothing is asked of the asker now), ``url`` where it leads. ``zone`` is the
    code of a zone, or ``appointments`` and the like for rooms of the kernel. ``case`` is the number of the case that it is about, if
    any: my space then tells it with the case, and not twice.
    """

    title: str
    state: str
    url: str
    zone: str
    action: str = ""
    whose: str = ""
    due: dt.date | None = None
    case: str = ""


Source = Callable[[Account, Sequence[Party]], Iterable[Thing]]
_SOURCES: dict[tuple[str, str], Source] = {}
_FAR = dt.date.max


def things(zone: str) -> Callable[[Source], Source]:
    """Register a source of a zone's things; one that is registered under a name already is refused (``ValueError``)."""

    def keep(source: Source) -> Source:
        key = (zone, f"{source.__module__}.{source.__qualname__}")
        if _SOURCES.setdefault(key, source) is not source:
            raise ValueError(f"things of {zone}: {key[1]} is registered already")
        return source

    return keep


@lru_cache(maxsize=1)
def _discover() -> None:
    autodiscover_modules("home")


def on_their_way(account: Account, parties: Sequence[Party]) -> list[Thing]:
    """Return everything of these parties, what waits for them first, then what is due soonest."""
    _discover()
    order = {zone: place for place, zone in enumerate(settings.ZONES)}
    found = [thing for source in _SOURCES.values() for thing in source(account, parties)] if parties else []
    return sorted(found, key=lambda one: (not one.action, one.due or _FAR, order.get(one.zone, len(order)), one.title))
