"""What every page knows: the city, its day, the navigation and what the account may do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.access import policy
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.divisions.models import City
from yizhantong.web import desk_tabs


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the main navigation; ``permission`` empty means that everyone sees it for whom ``shown`` says so."""

    name: str
    label: Any
    permission: str = ""
    shown: Callable[[HttpRequest], bool] = lambda _request: True


def asks(request: HttpRequest) -> bool:
    """Tell whether my space is for this account: its person is known."""
    return getattr(request.user, "person_id", None) is not None


def works(request: HttpRequest) -> bool:
    """Tell whether the desk is for this account: an official who has to do with cases."""
    account = request.user
    return bool(getattr(account, "is_staff", False)) and any(policy.may(account, name) for name in DESK)


def makes(request: HttpRequest) -> bool:
    """Tell whether the builder of items is for this account."""
    return policy.may(request.user, "items.edit") or policy.may(request.user, "items.publish")


DESK = (
    "cases.view", "cases.intake", "cases.handle", "cases.decide", "cases.assign", "cases.supervise", "cases.rule",
)  # fmt: skip
"""Any of these permissions opens the desk."""
NAVIGATION = (
    Entry("web:front", _("头版")),
    Entry("web:services", _("办事")),
    Entry("web:my", _("我的"), shown=asks),
    Entry("web:desk", _("工作台"), shown=works),
    Entry("web:items", _("事项"), shown=makes),
    Entry("web:figures", _("数据")),
    Entry("web:ledgers", _("台账")),
    Entry("web:check", _("核稿")),
    Entry("web:briefs", _("简报")),
    Entry("web:proofs", _("验证")),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return what the base page needs."""
    path = request.path
    entries = []
    for entry in NAVIGATION:
        if (entry.permission and not policy.may(request.user, entry.permission)) or not entry.shown(request):
            continue
        url = reverse(entry.name)
        here = path == url if url == "/" else path.startswith(url)
        entries.append({"url": url, "label": entry.label, "here": here})
    entries += _only_room(request)
    city = _city(int(timezone.now().timestamp() // 10))
    english = (get_language() or "").startswith("en")
    return {
        "city_name": "" if city is None else city.name_en if english else city.name,
        "today": clock.today(),
        "demonstration": clock.demonstration_day() is not None,
        "navigation": entries,
        "desk_rights": {
            "intake": policy.may(request.user, "cases.intake"),
            "profiles": policy.may(request.user, "profiles.edit"),
            "serve": policy.may(request.user, "appointments.serve"),
        },
        "desk_rooms": lambda: desk_tabs.rooms(request.user),
    }


@lru_cache(maxsize=1)
def _city(_slot: int) -> City | None:
    """Return the city, looked up at most every ten seconds, as its day is."""
    return City.objects.first()


def _only_room(request: HttpRequest) -> list[dict[str, Any]]:
    """Return a zone's room as the desk of staff that has no other: a bank's officer, an expert."""
    if works(request):
        return []
    rooms = desk_tabs.rooms(request.user)
    return [{"url": room.url, "label": room.label, "here": request.path.startswith(room.url)} for room in rooms[:2]]
