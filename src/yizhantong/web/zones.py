"""The zones as the shell finds them: the apps of the settings' list, in its order."""

from __future__ import annotations

import inspect
import sys
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.http import Http404
from django.urls import is_valid_path, reverse


@dataclass(frozen=True, slots=True)
class Zone:
    """One undertaking of the city: its code and its name."""

    code: str

    @property
    def name(self) -> Any:
        """Return the name as people know it."""
        return apps.get_app_config(self.code).verbose_name

    @property
    def lead(self) -> Any:
        """Return the line that tells people what they find there (empty: the zone has none)."""
        return getattr(apps.get_app_config(self.code), "lead", "")

    @property
    def about(self) -> str:
        """Return what the zone's own docstring says it is for (its first paragraph)."""
        module = sys.modules[apps.get_app_config(self.code).name]
        return (inspect.getdoc(module) or "").partition("\n\n")[0]

    @property
    def address(self) -> str:
        """Return the address of the zone's own pages, or of the page that the shell makes of its declarations."""
        own = f"/{self.code}/"
        return own if is_valid_path(own) else reverse("web:zone", args=[self.code])


ZONES = tuple(Zone(code) for code in settings.ZONES)
ROOMS = (*ZONES, Zone("cases"), Zone("appointments"))
"""The zones, and the kernel's own rooms that declare figures and ledgers."""


def zone(code: str) -> Zone:
    """Return the zone of that code; 404 when there is none."""
    for found in ROOMS:
        if found.code == code:
            return found
    raise Http404
