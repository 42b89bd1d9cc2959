"""What every page knows: the city, its day, the navigation and what the account may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.access import policy
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.divisions.models import City


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the main navigation; ``permission`` empty means that everyone sees it."""

    name: str
    label: Any
    permission: str = ""


NAVIGATION = (
    Entry("web:front", _("头版")),
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
        if entry.permission and not policy.may(request.user, entry.permission):
            continue
        url = reverse(entry.name)
        here = path == url if url == "/" else path.startswith(url)
        entries.append({"url": url, "label": entry.label, "here": here})
    city = City.objects.first()
    english = (get_language() or "").startswith("en")
    return {
        "city": city,
        "city_name": "" if city is None else city.name_en if english else city.name,
        "today": clock.today(),
        "demonstration": clock.demonstration_day() is not None,
        "navigation": entries,
    }
