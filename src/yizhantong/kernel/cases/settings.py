"""What may differ from city to city: ``settings.toml`` of this room, overridden by ``[cases]`` of the city's ``city.toml``."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources
from typing import Any

from yizhantong.kernel.divisions import city


def of(section: str) -> dict[str, Any]:
    """Return one section, the city's values over the packaged ones."""
    return _sections()[section]


def unconfirmed() -> dict[str, str]:
    """Return, by section, the sources that are marked 待核, to be shown beside what rests on them."""
    return {name: part["source"] for name, part in _sections().items() if "待核" in part.get("source", "")}


@lru_cache(maxsize=1)
def _sections() -> dict[str, dict[str, Any]]:
    path = resources.files("yizhantong.kernel.cases").joinpath("settings.toml")
    packaged = tomllib.loads(path.read_text(encoding="utf-8"))
    own = city.settings_of().get("cases", {})
    return {name: part | own.get(name, {}) for name, part in packaged.items()}
