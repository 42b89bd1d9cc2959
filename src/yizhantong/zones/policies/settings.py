"""The city's own settings of policies: ``policies/settings.toml`` of its folder (offices of the joint review, reminders)."""

from __future__ import annotations

from typing import Any

from yizhantong.kernel.divisions import city
from yizhantong.zones.policies.errors import PolicyError

FILE = "policies/settings.toml"
ROLES = ("finance", "credit", "safety", "environment")


def of(section: str) -> dict[str, Any]:
    """Return one section of the settings."""
    found: dict[str, Any] = city.settings_of(FILE).get(section, {})
    return found


def offices() -> dict[str, str]:
    """Return the offices (GB 32100) by what they do for policies; a missing one is ``policies.office_missing``."""
    found = of("offices")
    for role in ROLES:
        if not found.get(role):
            raise PolicyError("policies.office_missing", f"城市数据 {FILE} 的 [offices] 缺少 {role},请补充机构代码")
    return found


def rows(name: str) -> list[dict[str, Any]]:
    """Return a list of the settings (``budgets``, ``groups``)."""
    return list(city.settings_of(FILE).get(name, []))
