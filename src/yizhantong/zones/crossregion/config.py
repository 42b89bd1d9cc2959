"""How long things may take between cities, and whom the sample's city knows; what differs by city stands in ``crossregion/`` of its folder."""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

from yizhantong.kernel.divisions import city, tree

ZONE = "crossregion"
HANDLE = "crossregion.handle"
SEND = {"proxy": "crossregion.proxy", "online": "crossregion.online", "joint": "crossregion.joint"}
"""Our own items, by mode, in which a request for another city comes in."""
TIMEOUT = float(os.environ.get("YZT_CROSSREGION_TIMEOUT", "20"))
"""Seconds until another city has to answer."""
SILENT = dt.timedelta(hours=float(os.environ.get("YZT_CROSSREGION_SILENT_HOURS", "24")))
"""How long a message may wait before the office that waits is told, and a lamp is lit."""
LAW = "国办发〔2020〕35号"
FILE = "crossregion/settings.toml"


def own_code() -> str:
    """Return this city's code in six digits (GB/T 2260)."""
    return os.environ.get("YZT_CROSSREGION_CODE") or tree.root().ljust(6, "0")[:6]


def own_name() -> str:
    """Return this city's name as other cities know it."""
    return os.environ.get("YZT_CROSSREGION_NAME") or tree.branches()[tree.root()].name


def said() -> dict[str, Any]:
    """Return what the city's folder says of cross-region handling: ``agency``, ``open`` (items by default)."""
    return dict(city.settings_of(FILE))


def renamed() -> bool:
    """Tell whether this instance plays another city than its folder's (a demonstration's twin)."""
    return "YZT_CROSSREGION_CODE" in os.environ
