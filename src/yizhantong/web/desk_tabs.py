"""The zones' own rooms for the staff: tabs of the desk that each zone registers, shown only to who may enter.

A zone says so in its ``desk_tabs.py``, found when the desk is first asked for::

    desk_tab("finance", "finance:listings", _("银企撮合"), "finance.manage")

An account that has no desk of its own (a bank's officer, an expert) gets its first tab as its desk in the main navigation.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import autodiscover_modules

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.policy import Account


@dataclass(frozen=True, slots=True)
class DeskTab:
    """One room of a zone: its address by name, its label, the permissions of which any opens it."""

    zone: str
    name: str
    label: Any
    permissions: tuple[str, ...]

    @property
    def url(self) -> str:
        """Return its address."""
        return reverse(self.name)


_TABS: dict[str, DeskTab] = {}


def desk_tab(zone: str, name: str, label: Any, *permissions: str) -> DeskTab:
    """Register a room of a zone; without a permission, or an address registered twice, it is refused (``ValueError``)."""
    if not permissions:
        raise ValueError(f"desk tab {name}: say which permission opens it")
    made = DeskTab(zone, name, label, permissions)
    if _TABS.setdefault(name, made) != made:
        raise ValueError(f"desk tab {name} is registered already")
    return made


@lru_cache(maxsize=1)
def _discover() -> None:
    autodiscover_modules("desk_tabs")


def rooms(account: Account) -> list[DeskTab]:
    """Return the rooms that a staff account may enter, in the order of the zones and of their registration."""
    if not getattr(account, "is_staff", False):
        return []
    _discover()
    order = {zone: place for place, zone in enumerate(settings.ZONES)}
    found = [tab for tab in _TABS.values() if any(policy.may(account, name, zone=tab.zone) for name in tab.permissions)]
    return sorted(found, key=lambda tab: order.get(tab.zone, len(order)))
