"""What zones bring along when the platform is prepared: data of the city (``load.py``), cases of the sample city (``sample_cases.py``)."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.db import transaction

from yizhantong.kernel.ledger.sampling import SampleCity


def load_zones() -> None:
    """Run ``load()`` of every zone that has a ``load.py``; each may be run again."""
    for module in _modules("load"):
        module.load()


def play_cases(day: dt.date) -> dict[str, int]:
    """Play the sample's cases up to a day through the real actions, zone by zone; return how many each made (0: they are there already)."""
    city = SampleCity(day=day)
    return {module.__name__.split(".")[-2]: _played(module, city) for module in _modules("sample_cases")}


def _played(module: Any, city: SampleCity) -> int:
    """Play a zone's cases, all or none: one that was interrupted is played anew the next time."""
    with transaction.atomic():
        return int(module.play(city))


def _modules(name: str) -> list[Any]:
    found = [f"yizhantong.zones.{zone}.{name}" for zone in settings.ZONES]
    return [import_module(path) for path in found if find_spec(path)]
